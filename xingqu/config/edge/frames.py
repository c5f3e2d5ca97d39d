"""Frames of server-sent events of live rooms."""

from collections.abc import Sequence

import orjson

from xingqu.kit import clock
from xingqu.live.contracts import RoomEventRow, RoomFigures

# A screen can't show more lines than this in one turn; the rest stands in the table.
CHAT_A_TURN = 20
RESET = b"event: reset\ndata: {}\n\n"
STILL_HERE = b": still here\n\n"


def encode_event(row: RoomEventRow) -> bytes:
    """The frame of one event. `late`: events of higher ids were told before it."""
    body = {"id": row.id, "kind": row.kind, "at_ms": row.at_ms, "actor_key": row.actor_key, "data": row.data}
    if row.is_late:
        body["late"] = True
    return b"id: %d\nevent: room\ndata: %s\n\n" % (row.id, orjson.dumps(body))


def encode_events(rows: Sequence[RoomEventRow], *, lines: int = CHAT_A_TURN) -> bytes:
    """One frame for each event; of the lines of chat the newest `lines`, and all of the host's, which are few."""
    shown = choose_lines(rows, lines)
    return b"".join(encode_event(row) for row in rows if row.kind != "chat" or row.id in shown)


def choose_lines(rows: Sequence[RoomEventRow], lines: int = CHAT_A_TURN) -> set[int]:
    """Ids of the lines of chat that are shown."""
    chats = [row for row in rows if row.kind == "chat"]
    return {row.id for row in chats[-lines:]} | {row.id for row in chats if row.data.get("host")}


def encode_figures(figures: RoomFigures) -> bytes:
    """Viewers, likes, stock and the site's time; without an id, the next one says it all."""
    stock = [{"product_id": product_id, "available": available} for product_id, available in figures.stock]
    body = {"at_ms": clock.now_ms(), "viewers": figures.viewers, "likes": figures.likes, "stock": stock}
    return b"event: figures\ndata: %s\n\n" % orjson.dumps(body)
