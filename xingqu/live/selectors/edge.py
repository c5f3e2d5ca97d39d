"""What the edge reads several times a second: short SQL, one statement for all rooms."""

from collections.abc import Iterable

import orjson

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.sql import fetch, fetch_one, read_time
from xingqu.live.contracts import PRESENCE_FRESH, RoomEventRow, RoomFigures
from xingqu.live.models import LiveExplain, LiveRoom, RoomPresence

_EVENTS = (
    "SELECT id, room_id, kind, actor_key, data, at FROM live_roomevent WHERE id > %s AND {rooms} AND NOT is_hidden"
    " ORDER BY id LIMIT %s"
)


def last_event_id() -> int:
    """Id of the newest event of all rooms, 0 without any."""
    row = fetch_one("SELECT max(id) FROM live_roomevent")
    return int(row[0] or 0) if row else 0


def events_after(*, last_id: int, room_id: int | None = None, limit: int = 2000) -> list[RoomEventRow]:
    """Events in order, of one room or of all. What was taken back (deleted lines) is left out."""
    rooms = "TRUE" if room_id is None else "room_id = %s"
    values = [last_id, limit] if room_id is None else [last_id, room_id, limit]
    return [
        RoomEventRow(
            id=pk,
            room_id=room,
            kind=kind,
            actor_key=actor_key,
            data=orjson.loads(data) if isinstance(data, str) else data,
            at_ms=int(read_time(at).timestamp() * 1000),
        )
        for pk, room, kind, actor_key, data, at in fetch(_EVENTS.format(rooms=rooms), values)
    ]


def room_figures(*, room_ids: Iterable[int]) -> dict[int, RoomFigures]:
    """Viewers over all edges, likes, and the stock of what is being explained. Four statements, whatever the number of rooms."""
    ids = list(room_ids)
    likes = dict(LiveRoom.objects.filter(pk__in=ids).values_list("id", "like_count"))
    viewers: dict[int, int] = dict.fromkeys(likes, 0)
    present = RoomPresence.objects.filter(room_id__in=ids, at__gt=clock.now() - PRESENCE_FRESH)
    for room_id, count in present.values_list("room_id", "viewers"):
        viewers[room_id] += count
    explained = dict(
        LiveExplain.objects.filter(room_id__in=ids, ended_at__isnull=True).values_list("room_id", "product_id")
    )
    known = cards(set(explained.values())) if explained else {}
    return {
        room_id: RoomFigures(
            room_id=room_id,
            viewers=viewers[room_id],
            likes=likes[room_id],
            stock=tuple(
                (pk, known[pk].available if known[pk].sale_state.can_buy else 0)
                for pk in [explained.get(room_id)]
                if pk is not None and pk in known
            ),
        )
        for room_id in likes
    }
