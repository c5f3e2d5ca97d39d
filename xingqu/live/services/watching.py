"""What a viewer does in a room becomes known of them: coming in, and how long they watch what is explained."""

from django.db import transaction
from django.db.models import F

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.interest.services import tell
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom, RoomVisitor
from xingqu.live.services.counting import add_to_minute, note_entry

# A page tells every so often; more than this of one moment is not believed.
WATCH_MAX_MS = 60_000
BUCKET_MS = 10_000


def record_watch(*, actor: Actor, room_id: int, watched_ms: int, latency_ms: int | None = None) -> bool:
    """Somebody has watched a room for so long since they told last. Raises NotFound; a room that is not on air counts nothing.

    The first time of a room is a signal of coming in, each a signal of the time given to what is explained (else to the first
    product of the bag); at most one in ten seconds. `latency_ms`: how far behind the picture is. Returns whether it counted.
    """
    room = LiveRoom.objects.filter(pk=room_id).values_list("state", "creator_id").first()
    if room is None:
        raise NotFound
    state, creator_id = room
    if state not in ON_AIR:
        return False
    watched_ms = min(watched_ms, WATCH_MAX_MS)
    _add(room_id, actor.key, watched_ms, latency_ms)
    product_id = _shown_product(room_id)
    reference = f"live:{room_id}:{actor.key}"
    tell(
        actor=actor,
        kind=Signal.PRODUCT_CLICK,
        reference=f"{reference}:in",
        product_id=product_id,
        creator_id=creator_id,
    )
    if not watched_ms:
        return True
    return tell(
        actor=actor,
        kind=Signal.DWELL,
        reference=f"{reference}:{clock.now_ms() // BUCKET_MS}",
        product_id=product_id,
        creator_id=creator_id,
        value=watched_ms,
    )


@retried
@transaction.atomic
def _add(room_id: int, actor_key: str, watched_ms: int, latency_ms: int | None) -> None:
    now = clock.now()
    _, is_new = RoomVisitor.objects.get_or_create(room_id=room_id, actor_key=actor_key, defaults={"first_at": now})
    if is_new:  # told before the edge told of the arrival, which will not count this visitor again
        add_to_minute(room_id=room_id, at=now, visitors=1)
        LiveRoom.objects.filter(pk=room_id).update(viewer_count=F("viewer_count") + 1)
    note_entry(room_id=room_id, actor_key=actor_key)
    told = {} if latency_ms is None else {"latency_ms": latency_ms, "latency_at": now}
    visit = RoomVisitor.objects.filter(room_id=room_id, actor_key=actor_key)
    visit.update(watched_ms=F("watched_ms") + watched_ms, **told)


def _shown_product(room_id: int) -> int:
    shown = LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True).values_list("product_id", flat=True)
    bag = LiveItem.objects.filter(room_id=room_id).order_by("position").values_list("product_id", flat=True)
    return shown.first() or bag.first() or 0
