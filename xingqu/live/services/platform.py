"""What the platform does with rooms: ends one, ends those of an account that may not go live, empties bags of who may not sell."""

from django.db import transaction

from xingqu.catalogue.selectors import cards
from xingqu.governance.contracts import Kind
from xingqu.governance.selectors import is_restricted
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.live.domain.states import OPEN
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom
from xingqu.live.services.rooms import end_explaining, finish_room
from xingqu.live.services.telling import tell_room


@retried
@transaction.atomic
def end_room_by_platform(*, room_id: int, reason: str) -> None:
    """End a room that is on air; what was recorded stays. For operators. Raises NotFound, WrongState."""
    if not LiveRoom.objects.select_for_update().filter(pk=room_id).exists():
        raise NotFound(field="room_id", expected="a live room")
    finish_room(room_id=room_id, action="end", reason="platform")
    LiveRoom.objects.filter(pk=room_id).update(ban_reason=reason)


@retried
@transaction.atomic
def end_rooms_of_restricted(*, creator_id: int) -> int:
    """End what is on air of an account that may not go live; returns how many. Nothing when it may again by now."""
    if not is_restricted(creator_id=creator_id, kind=Kind.LIVE):
        return 0
    rows = LiveRoom.objects.select_for_update().filter(creator_id=creator_id, state__in=OPEN)
    rooms = list(rows.values_list("pk", flat=True))
    for room_id in rooms:
        finish_room(room_id=room_id, action="end", reason="platform")
    return len(rooms)


@retried
@transaction.atomic
def empty_bags_of_restricted(*, creator_id: int) -> int:
    """Take other shops' products out of the bags of an account that may not sell; returns how many."""
    if not is_restricted(creator_id=creator_id, kind=Kind.SELLING):
        return 0
    rooms = LiveRoom.objects.select_for_update().filter(creator_id=creator_id, state__in=("scheduled", *OPEN))
    return sum(_empty(room) for room in rooms)


def _empty(room: LiveRoom) -> int:
    found = dict(LiveItem.objects.filter(room=room).values_list("pk", "product_id"))
    own = {pk for pk, card in cards(set(found.values())).items() if card.shop_id == room.shop_id}
    foreign = [pk for pk, product_id in found.items() if product_id not in own]
    if not foreign:
        return 0
    if LiveExplain.objects.filter(room=room, ended_at__isnull=True, item_id__in=foreign).exists():
        end_explaining(room_id=room.pk)
    LiveItem.objects.filter(pk__in=foreign).delete()
    tell_room(room_id=room.pk, kind="items", data={})
    return len(foreign)
