"""Live rooms: what happens in one, to all who watch it, as server-sent events.

One reader of the table of events for all rooms and all connections of the process. An event is encoded once, and a connection
keeps nothing but its place in the room's ring of frames: a reader that stands still costs no memory, and one that was
away resumes by the id of the last event it saw.
"""

import asyncio
import contextlib
import logging
import random
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar
from uuid import uuid4

import anyio.to_thread
import orjson
from django.conf import settings
from django.db import close_old_connections
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from xingqu.accounts.http import GUEST_COOKIE, guest_key_of_cookie
from xingqu.config.edge.notices import person_of_session
from xingqu.kit.errors import NotFound, error_body
from xingqu.live import selectors, services
from xingqu.live.contracts import Arrival, RoomEventRow, RoomFigures

Result = TypeVar("Result")
log = logging.getLogger(__name__)
POLL_S = 0.25
FIGURES_S = 1.0
PRESENCE_S = 5.0
HEARTBEAT_S = 20.0
# Frames a room remembers for readers that are a little behind, and events told again to one that was away.
RING = 256
REPLAYED = 500
# Ids are given before a transaction commits: one that commits late is still found this far back.
LOOK_BACK = 200
REMEMBERED = 4_000
# A screen can't show more lines than this in one turn; the rest stands in the table.
CHAT_A_TURN = 20
LIKES_A_CALL = 50
LIKES_BODY_BYTES = 200


class Room:
    """Connections of one room: frames come in, each connection takes those it has not had."""

    def __init__(self) -> None:
        self.connections = 0
        self.frames: deque[bytes] = deque(maxlen=RING)
        self.count = 0
        self.news = asyncio.Event()
        self.figures: RoomFigures | None = None

    def tell(self, frame: bytes) -> None:
        """Give a frame to everybody."""
        self.frames.append(frame)
        self.count += 1
        news, self.news = self.news, asyncio.Event()
        news.set()

    def since(self, place: int) -> bytes | None:
        """Frames after `place` of `count`; None when the ring has forgotten them."""
        behind = self.count - place
        if behind > len(self.frames):
            return None
        return b"".join(list(self.frames)[len(self.frames) - behind :])


class RoomStream:
    """All rooms that somebody watches through this process."""

    def __init__(self) -> None:
        self._rooms: dict[int, Room] = {}
        self._last_id = 0
        self._told: OrderedDict[int, None] = OrderedDict()
        self._arrivals: list[Arrival] = []
        self._likes: Counter[int] = Counter()
        self._edge = uuid4().hex

    async def run(self) -> None:
        """Read events, count who is there, for as long as the process lives."""
        self._last_id = await _read(selectors.last_event_id)
        loops = ((POLL_S, self.poll), (FIGURES_S, self.tell_figures), (PRESENCE_S, self.say_presence))
        await asyncio.gather(*(_repeat(every_s, act) for every_s, act in loops))

    async def poll(self) -> None:
        """Tell of what happened since the last time."""
        first = self._last_id - LOOK_BACK
        fresh: dict[int, list[RoomEventRow]] = {}
        for row in await _read(selectors.events_after, last_id=first):
            if row.id in self._told:
                continue
            is_old = row.id <= self._last_id and not self._told
            self._told[row.id] = None
            self._last_id = max(self._last_id, row.id)
            if not is_old and row.room_id in self._rooms:
                fresh.setdefault(row.room_id, []).append(row)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        for room_id, rows in fresh.items():
            self._rooms[room_id].tell(encode_events(rows))

    async def tell_figures(self) -> None:
        """Write down who came and what was liked; tell viewers, likes and stock where they changed."""
        arrivals, self._arrivals = self._arrivals, []
        likes, self._likes = self._likes, Counter()
        if arrivals:
            await _read(services.record_arrivals, arrivals=arrivals)
        if likes:
            await _read(services.record_likes, likes=likes)
        if not self._rooms:
            return
        for room_id, figures in (await _read(selectors.room_figures, room_ids=list(self._rooms))).items():
            room = self._rooms.get(room_id)
            if room is not None and room.figures != figures:
                room.figures = figures
                room.tell(encode_figures(figures))

    async def say_presence(self) -> None:
        """How many connections there are to each room, for all edges to add up."""
        viewers = {room_id: room.connections for room_id, room in self._rooms.items()}
        if viewers:
            await _read(services.record_presence, edge=self._edge, viewers=viewers)
        for room_id in [pk for pk, count in viewers.items() if not count and not self._rooms[pk].connections]:
            del self._rooms[room_id]

    async def __call__(self, request: Request) -> Response:
        """Events of a room after `?cursor=` (or Last-Event-ID). 404 for a room that is not there."""
        room_id = int(request.path_params["room_id"])
        person_id, known = await anyio.to_thread.run_sync(_who, request, room_id)
        guest_key = guest_key_of_cookie(request.cookies.get(GUEST_COOKIE))
        if not known:
            return JSONResponse(error_body(NotFound()), status_code=404)
        watches = request.query_params.get("as") != "desk"
        if watches and (person_id is not None or guest_key is not None):
            key = f"p{person_id}" if person_id is not None else f"g{guest_key}"
            if "last-event-id" not in request.headers:  # a line that broke is no second entry
                self._arrivals.append(Arrival(room_id, key))
        last = request.headers.get("last-event-id") or request.query_params.get("cursor", "")
        cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None
        return StreamingResponse(
            self.events(room_id, cursor, watches=watches),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def events(self, room_id: int, cursor: int | None, *, watches: bool = True) -> AsyncIterator[bytes]:
        """Frames for one connection, for as long as it is open."""
        room = self._rooms.setdefault(room_id, Room())
        room.connections += watches
        place = room.count
        try:
            # Connections that were cut together come back one after the other.
            yield b"retry: %d\n\n" % random.randint(1_000, 5_000)
            if room.figures is not None:
                yield encode_figures(room.figures)
            if cursor is not None:
                yield await self._replay(room_id, cursor)
            while True:
                news = room.news
                if place == room.count:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), HEARTBEAT_S)
                frames = room.since(place)
                place = room.count
                # Too far behind: what was missed is read again by the page.
                yield b"event: reset\ndata: {}\n\n" if frames is None else frames or b": still here\n\n"
        finally:
            room.connections -= watches

    async def _replay(self, room_id: int, cursor: int) -> bytes:
        """What happened after the cursor; a little from before it as well, which the page knows by its ids."""
        rows = await _read(selectors.events_after, last_id=cursor - LOOK_BACK, room_id=room_id, limit=REPLAYED + 1)
        if len(rows) > REPLAYED:
            return b"event: reset\ndata: {}\n\n"
        return encode_events(rows, all_lines=True) if rows else b": nothing new\n\n"

    async def like(self, request: Request) -> Response:
        """`{"count": n}` likes; added up and written once a second. A like that is lost is not missed."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return JSONResponse({"error": {"code": "forbidden"}}, status_code=403)
        try:
            body = b""
            async for part in request.stream():
                body += part
                if len(body) > LIKES_BODY_BYTES:
                    raise ValueError
            count = int(orjson.loads(body)["count"])
            if not 1 <= count <= LIKES_A_CALL:
                raise ValueError
        except ClientDisconnect:
            return Response(status_code=499)
        except (ValueError, KeyError, TypeError):
            expected = f"1 to {LIKES_A_CALL}"
            return JSONResponse({"error": {"code": "invalid_input", "field": "count", "expected": expected}}, 422)
        room_id = int(request.path_params["room_id"])
        if room_id in self._rooms:  # who likes a room watches it
            self._likes[room_id] += count
        return Response(status_code=204)


def encode_events(rows: list[RoomEventRow], *, all_lines: bool = False) -> bytes:
    """One frame for each event; lines of chat that came together are one, the newest `CHAT_A_TURN` of them."""
    chats = [row for row in rows if row.kind == "chat"]
    shown = {row.id for row in (chats if all_lines else chats[-CHAT_A_TURN:])}
    # The host's own lines are few and never left out.
    shown |= {row.id for row in chats if row.data.get("host")}
    return b"".join(_frame(row) for row in rows if row.kind != "chat" or row.id in shown)


def encode_figures(figures: RoomFigures) -> bytes:
    """Viewers, likes and stock; without an id, the next one says it all."""
    stock = [{"product_id": product_id, "available": available} for product_id, available in figures.stock]
    body = {"viewers": figures.viewers, "likes": figures.likes, "stock": stock}
    return b"event: figures\ndata: %s\n\n" % orjson.dumps(body)


def _frame(row: RoomEventRow) -> bytes:
    body = {"id": row.id, "kind": row.kind, "at_ms": row.at_ms, "actor_key": row.actor_key, "data": row.data}
    return b"id: %d\nevent: room\ndata: %s\n\n" % (row.id, orjson.dumps(body))


def _who(request: Request, room_id: int) -> tuple[int | None, bool]:
    close_old_connections()
    return person_of_session(request.cookies.get(settings.SESSION_COOKIE_NAME)), selectors.is_known(room_id=room_id)


async def _read(call: Callable[..., Result], **named: Any) -> Result:
    """A call that uses the database, on a thread."""

    def run() -> Result:
        close_old_connections()
        return call(**named)

    return await anyio.to_thread.run_sync(run)


async def _repeat(every_s: float, act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await act()
        except Exception:
            log.exception("a live room's %s failed; trying again", getattr(act, "__name__", act))
