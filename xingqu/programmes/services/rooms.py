"""Prices that are a live room's own: they follow the room, which stands above and tells."""

from collections.abc import Collection

from django.db import transaction

from xingqu.kit.transactions import retried
from xingqu.programmes.contracts import PriceKind, State
from xingqu.programmes.models import Coupon, FlashSale, FlashWinner
from xingqu.programmes.services.campaigns import turn_campaigns


@retried
@transaction.atomic
def turn_room_sales(*, live_room_id: int, state: State, kinds: Collection[PriceKind]) -> int:
    """Put the prices of a live room on, off, or at an end, with their units in stock; returns how many sales changed."""
    rows = FlashSale.objects.filter(live_room_id=live_room_id, kind__in=kinds).exclude(state__in=("ended", state))
    ids = sorted(rows.values_list("pk", flat=True))
    changed = FlashSale.objects.filter(pk__in=ids).exclude(state="ended").update(state=state)
    turn_campaigns(sale_ids=ids)
    return changed


def end_room_coupons(*, live_room_id: int) -> int:
    """Coupons that were dropped into a room can be taken no more, in the caller's transaction; those taken stay valid."""
    rows = Coupon.objects.filter(live_room_id=live_room_id, is_prize=False, state="running")
    return rows.update(state="ended")


def name_winners(*, sale_id: int, person_ids: Collection[int]) -> None:
    """Who may have a prize, in the caller's transaction. Naming somebody twice is naming them once."""
    FlashWinner.objects.bulk_create(
        [FlashWinner(sale_id=sale_id, person_id=pk) for pk in sorted(person_ids)], ignore_conflicts=True
    )
