"""What the edge reads several times a second: short SQL, one statement for all rooms."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.sql import fetch, read_time
from xingqu.live.contracts import PRESENCE_FRESH, RoomEventRow, RoomFigures
from xingqu.live.models import LiveExplain, LiveRoom, RoomPresence

_COLUMNS = "SELECT id, room_id, kind, actor_key, data, at, is_hidden FROM live_roomevent"
_AFTER = _COLUMNS + " WHERE room_id = %s AND id > %s AND NOT is_hidden ORDER BY id LIMIT %s"
_LATEST = _COLUMNS + " WHERE room_id = %s AND NOT is_hidden ORDER BY id DESC LIMIT %s"
_NEWEST_IDS = "SELECT id FROM live_roomevent ORDER BY id DESC LIMIT %s"
# As many new rows at once; missing ones beside them.
NEW_MOST = 2_000


def newest_event_ids(*, limit: int) -> list[int]:
    """Ids of the newest events of all rooms, ascending."""
    return [pk for (pk,) in fetch(_NEWEST_IDS, [limit])][::-1]


def new_events(*, last_id: int, missing: Sequence[int] = ()) -> list[RoomEventRow]:
    """Events of all rooms behind `last_id`, and those of `missing` that have appeared; hidden ones too, for their ids."""
    rows = fetch(_COLUMNS + " WHERE id > %s ORDER BY id LIMIT %s", [last_id, NEW_MOST])
    if missing:
        marks = ", ".join(["%s"] * len(missing))
        rows = [*fetch(f"{_COLUMNS} WHERE id IN ({marks})", list(missing)), *rows]
    return [_event(row) for row in rows]


def events_after(*, last_id: int, room_id: int, limit: int = 2_000) -> list[RoomEventRow]:
    """Events of a room in order. What was taken back (deleted lines) is left out."""
    return [_event(row) for row in fetch(_AFTER, [room_id, last_id, limit])]


def latest_events(*, room_id: int, limit: int) -> list[RoomEventRow]:
    """The newest events of a room, in order, without what was taken back."""
    return [_event(row) for row in fetch(_LATEST, [room_id, limit])][::-1]


def _event(row: tuple[Any, ...]) -> RoomEventRow:
    pk, room_id, kind, actor_key, data, at, is_hidden = row
    return RoomEventRow(
        id=pk,
        room_id=room_id,
        kind=kind,
        actor_key=actor_key,
        data=orjson.loads(data) if isinstance(data, str) else data,
        at_ms=int(read_time(at).timestamp() * 1000),
        is_hidden=bool(is_hidden),
    )


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
