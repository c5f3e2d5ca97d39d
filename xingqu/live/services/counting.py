"""Figures of a room by minute: who came, how many were there, what they did and bought.

Every statement adds to one row, so that several processes count side by side.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import execute
from xingqu.kit.transactions import retried
from xingqu.live.contracts import PRESENCE_FRESH, Arrival
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveItem, LiveRoom, LiveSale, RoomPresence, RoomShown, RoomVisitor

COUNTS = ("entries", "visitors", "likes", "clicks", "orders", "gmv_minor")
_ADD = (
    "INSERT INTO live_roomminute (room_id, minute, entries, visitors, viewers, likes, clicks, orders, gmv_minor)"
    " VALUES (%s, %s, %s, %s, 0, %s, %s, %s, %s) ON CONFLICT (room_id, minute) DO UPDATE SET "
    + ", ".join(f"{name} = live_roomminute.{name} + excluded.{name}" for name in COUNTS)
)
_MOST = (
    "INSERT INTO live_roomminute (room_id, minute, entries, visitors, viewers, likes, clicks, orders, gmv_minor)"
    " VALUES (%s, %s, 0, 0, %s, 0, 0, 0, 0) ON CONFLICT (room_id, minute) DO UPDATE SET viewers ="
    " CASE WHEN excluded.viewers > live_roomminute.viewers THEN excluded.viewers ELSE live_roomminute.viewers END"
)
_VISIT = "INSERT INTO live_roomvisitor (room_id, actor_key, first_at, watched_ms) VALUES {rows} ON CONFLICT DO NOTHING"
_CLICK = (
    "INSERT INTO live_roomclicks (room_id, product_id, clicks) VALUES (%s, %s, 1)"
    " ON CONFLICT (room_id, product_id) DO UPDATE SET clicks = live_roomclicks.clicks + 1"
)
_SHOW = (
    "INSERT INTO live_roomshown (room_id, actor_key, shown_at, entered) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
# A statement's worth; SQLite takes 32,766 values at most.
VISITS_AT_ONCE = 500
_PRESENT = (
    "INSERT INTO live_roompresence (edge, room_id, viewers, at) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (edge, room_id) DO UPDATE SET viewers = excluded.viewers, at = excluded.at"
)


@retried
@transaction.atomic
def record_arrivals(*, arrivals: Sequence[Arrival]) -> None:
    """Count entries, and visitors that come for the first time, of rooms that are on air."""
    now = clock.now()
    open_rooms = set(
        LiveRoom.objects.filter(pk__in={a.room_id for a in arrivals}, state__in=ON_AIR).values_list("id", flat=True)
    )
    entries = Counter(arrival.room_id for arrival in arrivals if arrival.room_id in open_rooms)
    visitors = {room_id: _add_visitors(room_id, arrivals, now) for room_id in sorted(entries)}
    for room_id in sorted(entries):
        add_to_minute(room_id=room_id, at=now, entries=entries[room_id], visitors=visitors[room_id])
        LiveRoom.objects.filter(pk=room_id).update(
            entry_count=F("entry_count") + entries[room_id], viewer_count=F("viewer_count") + visitors[room_id]
        )


def _add_visitors(room_id: int, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Write down who came; returns how many of them for the first time."""
    keys = sorted({arrival.actor_key for arrival in arrivals if arrival.room_id == room_id})
    count = 0
    for start in range(0, len(keys), VISITS_AT_ONCE):
        part = keys[start : start + VISITS_AT_ONCE]
        rows = ", ".join(["(%s, %s, %s, 0)"] * len(part))
        count += execute(_VISIT.format(rows=rows), [value for key in part for value in (room_id, key, now)])
    return count


@retried
@transaction.atomic
def record_likes(*, likes: Mapping[int, int]) -> None:
    """Add likes to rooms that are on air."""
    now = clock.now()
    for room_id, count in sorted(likes.items()):
        if LiveRoom.objects.filter(pk=room_id, state__in=ON_AIR).update(like_count=F("like_count") + count):
            add_to_minute(room_id=room_id, at=now, likes=count)


@retried
@transaction.atomic
def record_presence(*, edge: str, viewers: Mapping[int, int]) -> None:
    """Say how many connections this edge process has to each room. Rooms that are gone meanwhile are left out."""
    now = clock.now()
    known = set(LiveRoom.objects.filter(pk__in=viewers).values_list("id", flat=True))
    for room_id in sorted(known):
        execute(_PRESENT, [edge, room_id, viewers[room_id], now])
        present = RoomPresence.objects.filter(room_id=room_id, at__gt=now - PRESENCE_FRESH)
        total = sum(present.values_list("viewers", flat=True))
        execute(_MOST, [room_id, _minute(now), total])
    RoomPresence.objects.filter(at__lt=now - PRESENCE_FRESH * 4).delete()


@retried
@transaction.atomic
def record_click(*, room_id: int, product_id: int) -> None:
    """Somebody opened a product of the room's bag. Raises NotFound when it isn't one."""
    if not LiveItem.objects.filter(room_id=room_id, product_id=product_id).exists():
        raise NotFound
    if LiveRoom.objects.filter(pk=room_id, state__in=ON_AIR).exists():
        add_to_minute(room_id=room_id, at=clock.now(), clicks=1)
        execute(_CLICK, [room_id, product_id])


@retried
@transaction.atomic
def record_shown(*, room_id: int, actor_key: str) -> bool:
    """The feed has shown a room on air to somebody; each counts once, who is in it already does not. Returns whether it counted.

    Raises NotFound.
    """
    state = LiveRoom.objects.filter(pk=room_id).values_list("state", flat=True).first()
    if state is None:
        raise NotFound
    if state not in ON_AIR or RoomVisitor.objects.filter(room_id=room_id, actor_key=actor_key).exists():
        return False
    if not execute(_SHOW, [room_id, actor_key, clock.now(), False]):
        return False
    return bool(LiveRoom.objects.filter(pk=room_id).update(shown_count=F("shown_count") + 1))


def note_entry(*, room_id: int, actor_key: str) -> None:
    """Somebody came in, in the caller's transaction: of those to whom it was shown one more did, the first time."""
    if RoomShown.objects.filter(room_id=room_id, actor_key=actor_key, entered=False).update(entered=True):
        LiveRoom.objects.filter(pk=room_id).update(shown_entry_count=F("shown_entry_count") + 1)


def record_sale(
    *,
    room_id: int,
    order_no: str,
    shop_id: int,
    buyer_key: str,
    currency: str,
    lines: Sequence[tuple[int, int, int, int]],
    paid_at: datetime,
) -> bool:
    """Count the lines (sku, product, quantity, paid) of a paid order that a room sold, once; for the fact's transaction."""
    if not LiveRoom.objects.filter(pk=room_id).exists():
        return False
    amount_minor = sum(line[3] for line in lines)
    _, made = LiveSale.objects.get_or_create(
        room_id=room_id,
        order_no=order_no,
        defaults={
            "shop_id": shop_id,
            "buyer_key": buyer_key,
            "currency": currency,
            "amount_minor": amount_minor,
            "units": sum(line[2] for line in lines),
            "lines": [list(line) for line in lines],
            "paid_at": paid_at,
        },
    )
    if made:
        add_to_minute(room_id=room_id, at=paid_at, orders=1, gmv_minor=amount_minor)
    return made


def record_refund(*, order_no: str, refund_no: str, lines: Sequence[tuple[int, int]]) -> None:
    """Show refunded (SKU, amount) lines beside what rooms sold with this order, each refund once; for the fact's transaction.

    An order has one line a SKU: another SKU of the same product may be another room's, or nobody's.
    """
    for sale in LiveSale.objects.select_for_update().filter(order_no=order_no).order_by("pk"):
        left = {line[0]: line[3] for line in sale.lines}
        for told in sale.refunds:
            for sku_id, amount in told["lines"]:
                left[sku_id] = left.get(sku_id, 0) - amount
        mine = [[sku_id, min(amount, left[sku_id])] for sku_id, amount in lines if left.get(sku_id, 0) > 0 and amount]
        if not mine or any(told["refund_no"] == refund_no for told in sale.refunds):
            continue
        sale.refunds.append({"refund_no": refund_no, "lines": mine})
        sale.refunded_minor += sum(amount for _, amount in mine)
        sale.save(update_fields=["refunds", "refunded_minor"])


def add_to_minute(*, room_id: int, at: datetime, **counts: int) -> None:
    """Add to a room's row of the minute of `at`, in the caller's transaction."""
    execute(_ADD, [room_id, _minute(at), *(counts.get(name, 0) for name in COUNTS)])


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
