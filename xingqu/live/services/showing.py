"""The run of show (排品) and what is explained (讲解)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from xingqu.catalogue.selectors import cards
from xingqu.content.selectors import may_show
from xingqu.content.services import require_public_text
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import retried
from xingqu.live.domain.errors import ItemNotForSale, NotExplaining, TooManyItems, WrongState
from xingqu.live.domain.states import EXPLAINABLE, OPEN, PUSHABLE
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom
from xingqu.live.services.rooms import end_explaining, own_room
from xingqu.live.services.telling import tell_room


@dataclass(frozen=True, slots=True)
class NewItem:
    """A product for the run of show; `label` stands on its card."""

    product_id: int
    label: str = ""


@retried
@transaction.atomic
def add_items(*, shop_id: int, room_id: int, items: Sequence[NewItem]) -> list[int]:
    """Append products to the run of show, those that are in it already keep their place; returns their ids.

    They are the shop's own, or such as the account has the right to show (`content.may_show`). Raises NotFound, WrongState,
    InvalidInput for another's products, TooManyItems, TextRefused.
    """
    room = _changeable(shop_id, room_id)
    for label in {item.label for item in items if item.label}:
        require_public_text(text=label)
    wanted = list(dict.fromkeys(item.product_id for item in items))
    known = cards(wanted)
    mine = may_show(creator_id=room.creator_id, shop_id=shop_id, products=known)
    foreign = [pk for pk in wanted if pk not in mine]
    if foreign:
        expected = "products of this shop, or taken up by this account"
        raise InvalidInput(field="items", expected=expected, data={"product_ids": foreign})
    there = set(LiveItem.objects.filter(room_id=room_id).values_list("product_id", flat=True))
    new = [item for item in items if item.product_id not in there]
    limit = settings.ENVIRONMENT.live_items_max
    if len(there) + len(new) > limit:
        raise TooManyItems(expected=f"at most {limit} products")
    last = LiveItem.objects.filter(room_id=room_id).aggregate(last=Max("position"))["last"] or 0
    for position, item in enumerate({item.product_id: item for item in new}.values(), last + 1):
        LiveItem.objects.create(
            room_id=room_id,
            product_id=item.product_id,
            shop_id=known[item.product_id].shop_id,
            position=position,
            label=item.label,
        )
    _tell_items(room_id)
    rows = LiveItem.objects.filter(room_id=room_id, product_id__in=wanted).order_by("position")
    return list(rows.values_list("id", flat=True))


@retried
@transaction.atomic
def remove_item(*, shop_id: int, room_id: int, item_id: int) -> None:
    """Take a product out of the run of show; explaining it ends. Raises NotFound, WrongState."""
    _changeable(shop_id, room_id)
    item = _item(room_id, item_id)
    if LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True, item=item).exists():
        end_explaining(room_id=room_id)
    item.delete()
    _tell_items(room_id)


@retried
@transaction.atomic
def label_item(*, shop_id: int, room_id: int, item_id: int, label: str) -> None:
    """Say on a product's card what is good about it; empty: its name stands there. Raises NotFound, WrongState, TextRefused."""
    _changeable(shop_id, room_id)
    item = _item(room_id, item_id)
    if label:
        require_public_text(text=label)
    if item.label != label:
        LiveItem.objects.filter(pk=item.pk).update(label=label)
        _tell_items(room_id)


@retried
@transaction.atomic
def order_items(*, shop_id: int, room_id: int, item_ids: Sequence[int]) -> None:
    """Put the run of show into this order. Raises NotFound, WrongState, InvalidInput unless it is each item once."""
    _changeable(shop_id, room_id)
    rows = {row.pk: row for row in LiveItem.objects.filter(room_id=room_id)}
    if len(item_ids) != len(rows) or set(item_ids) != rows.keys():
        raise InvalidInput(field="item_ids", expected="every item of the run of show, once")
    for position, item_id in enumerate(item_ids, 1):
        rows[item_id].position = position
    LiveItem.objects.bulk_update(rows.values(), ["position"])
    _tell_items(room_id)


@retried
@transaction.atomic
def explain_item(*, shop_id: int, room_id: int, item_id: int) -> None:
    """Explain a product: its card pops up for all viewers, and what was explained before is not any more.

    Raises NotFound, WrongState, ItemNotForSale for what is sold out, taken off or banned. Explaining what is explained is no step.
    """
    room = own_room(shop_id=shop_id, room_id=room_id)
    if room.state not in EXPLAINABLE:
        raise WrongState(data={"state": room.state})
    item = _item(room_id, item_id)
    card = cards([item.product_id]).get(item.product_id)
    if card is None or not card.sale_state.can_buy:
        raise ItemNotForSale(field="item_id", data={"sale_state": card.sale_state.code if card else "deleted"})
    if not may_show(creator_id=room.creator_id, shop_id=room.shop_id, products={card.id: card}):
        raise ItemNotForSale(field="item_id", data={"sale_state": "not_taken_up"})
    if LiveExplain.objects.filter(room_id=room_id, item=item, ended_at__isnull=True).exists():
        return
    end_explaining(room_id=room_id)
    LiveExplain.objects.create(room_id=room_id, item=item, product_id=item.product_id, started_at=clock.now())
    tell_room(room_id=room_id, kind="explain", data={"item_id": item.pk, "product_id": item.product_id})


@retried
@transaction.atomic
def stop_explaining(*, shop_id: int, room_id: int, item_id: int) -> None:
    """Take the pop-up away. Raises NotFound, NotExplaining."""
    own_room(shop_id=shop_id, room_id=room_id)
    _item(room_id, item_id)
    if not LiveExplain.objects.filter(room_id=room_id, item_id=item_id, ended_at__isnull=True).exists():
        raise NotExplaining
    end_explaining(room_id=room_id)


@retried
@transaction.atomic
def withdraw_product(*, product_id: int) -> int:
    """Stop explaining a product that left the shelf, in every room; returns in how many. For the handler of that fact."""
    rooms = LiveExplain.objects.filter(product_id=product_id, ended_at__isnull=True).values_list("room_id", flat=True)
    return sum(end_explaining(room_id=room_id) for room_id in list(rooms))


def stop_unsellable() -> int:
    """Stop explaining what has sold out, can't be bought for another reason, or may not be shown any more; returns how many."""
    running = list(
        LiveExplain.objects.filter(ended_at__isnull=True, room__state__in=OPEN).values_list(
            "room_id", "product_id", "room__creator_id", "room__shop_id"
        )
    )
    if not running:
        return 0
    known = cards({row[1] for row in running})
    count = 0
    for room_id, product_id, creator_id, shop_id in running:
        mine = {pk: known[pk] for pk in (product_id,) if pk in known and known[pk].sale_state.can_buy}
        if not may_show(creator_id=creator_id, shop_id=shop_id, products=mine):
            count += _stop_product(room_id, product_id)
    return count


@retried
@transaction.atomic
def _stop_product(room_id: int, product_id: int) -> int:
    LiveRoom.objects.select_for_update().get(pk=room_id)
    if not LiveExplain.objects.filter(room_id=room_id, product_id=product_id, ended_at__isnull=True).exists():
        return 0
    return int(end_explaining(room_id=room_id))


def _changeable(shop_id: int, room_id: int) -> LiveRoom:
    room = own_room(shop_id=shop_id, room_id=room_id)
    if room.state not in PUSHABLE:
        raise WrongState(data={"state": room.state})
    return room


def _item(room_id: int, item_id: int) -> LiveItem:
    item = LiveItem.objects.filter(pk=item_id, room_id=room_id).first()
    if item is None:
        raise NotFound
    return item


def _tell_items(room_id: int) -> None:
    """The list itself is read again by who shows it: one event however long it is."""
    tell_room(room_id=room_id, kind="items", data={})
