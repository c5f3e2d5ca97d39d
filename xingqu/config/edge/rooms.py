"""Live rooms: what happens in one, to all who watch it, as server-sent events.

One reader of the table of events for all rooms and all connections of the process. An event is encoded once, and who was away
resumes by the id of the last event it saw, out of memory. Where the site has a Redis for it, events come from there as soon as
they are committed, and the table is read for what that lost.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import uuid4

import anyio.to_thread
import orjson
from django.conf import settings
from django.db import close_old_connections
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from xingqu.accounts.http import GUEST_COOKIE, guest_key_of_cookie
from xingqu.config.edge.fanout import Fanout
from xingqu.config.edge.frames import RESET, STILL_HERE, encode_events, encode_figures
from xingqu.config.edge.listeners import Listener, Room
from xingqu.config.edge.memory import LINES_REPLAYED, NOTHING_NEW, REPLAYED
from xingqu.config.edge.notices import person_of_session
from xingqu.config.edge.tail import EventTail
from xingqu.kit import clock
from xingqu.kit.errors import NotFound, error_body
from xingqu.live import selectors, services
from xingqu.live.contracts import Arrival, RoomEventRow

Result = TypeVar("Result")
log = logging.getLogger(__name__)
# The table is read seldom while Redis tells of everything, or while nobody watches.
POLL_S, SELDOM_S = 0.1, 1.0
FIGURES_S = 1.0
PRESENCE_S = 5.0
HEARTBEAT_S = 20.0
# What a room remembers is kept for who comes back a moment after the last one left.
EMPTY_S = 60.0
# Ids before a cursor that are told again where memory does not reach: one of them may have committed late.
LOOK_BACK = 200
ARRIVALS_AT_ONCE = 2_000
LIKES_A_CALL = 50
LIKES_BODY_BYTES = 200


class RoomStream:
    """All rooms that somebody watches through this process."""

    def __init__(self) -> None:
        self._rooms: dict[int, Room] = {}
        self._tail = EventTail()
        self._next_poll_s = 0.0
        self._arrivals: list[Arrival] = []
        self._likes: Counter[int] = Counter()
        self._edge = uuid4().hex
        self._fanout = Fanout(self.take_told)

    async def run(self) -> None:
        """Read events, count who is there, for as long as the process lives."""
        self._tail.begin(await _read(selectors.newest_event_ids, limit=LOOK_BACK))
        fanout = asyncio.create_task(self._fanout.run())
        loops = ((POLL_S, self.poll), (FIGURES_S, self.tell_figures), (PRESENCE_S, self.say_presence))
        try:
            await asyncio.gather(*(_repeat(every_s, act) for every_s, act in loops))
        finally:
            fanout.cancel()

    async def poll(self) -> None:
        """Tell of what happened since the last time."""
        if time.monotonic() >= self._next_poll_s:
            await self._read_table()
        for room in list(self._rooms.values()):
            await room.tell_waiting()

    async def take_told(self, rows: list[RoomEventRow]) -> None:
        """Take events that another process told of. What came before them and is not known is read first."""
        if rows and self._tail.follows(rows[0].id):
            self._take(rows)
        else:
            await self._read_table()
        await asyncio.gather(
            *(self._rooms[pk].tell_waiting() for pk in {row.room_id for row in rows} & self._rooms.keys())
        )

    async def _read_table(self) -> None:
        is_seldom = self._fanout.is_up or not self._rooms
        self._next_poll_s = time.monotonic() + (SELDOM_S if is_seldom else 0)
        self._take(await _read(selectors.new_events, last_id=self._tail.last_id, missing=self._tail.missing()))

    def _take(self, rows: list[RoomEventRow]) -> None:
        for row in self._tail.take(rows):
            if row.room_id in self._rooms:
                self._rooms[row.room_id].waiting.append(row)

    async def tell_figures(self) -> None:
        """Write down who came and what was liked; tell viewers, likes and stock where they changed."""
        arrivals, self._arrivals = self._arrivals[:ARRIVALS_AT_ONCE], self._arrivals[ARRIVALS_AT_ONCE:]
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
                room.figures, room.has_new_figures = figures, True

    async def say_presence(self) -> None:
        """How many connections there are to each room, for all edges to add up; and a sign of life where nothing happened."""
        now_s = time.monotonic()
        viewers = {room_id: room.watching for room_id, room in self._rooms.items()}
        if viewers:
            await _read(services.record_presence, edge=self._edge, viewers=viewers)
        for room_id, room in list(self._rooms.items()):
            if room.listeners:
                room.empty_since_s = now_s
                if now_s - room.told_at_s > HEARTBEAT_S - PRESENCE_S:
                    await room.tell(STILL_HERE)
            elif now_s - room.empty_since_s > EMPTY_S:
                del self._rooms[room_id]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Events of a room after `?cursor=` (or Last-Event-ID), until the other end goes. 404 for a room that is not there."""
        request = Request(scope, receive)
        room_id = int(request.path_params["room_id"])
        if room_id not in self._rooms and not await _read(selectors.is_known, room_id=room_id):
            await JSONResponse(error_body(NotFound()), status_code=404)(scope, receive, send)
            return
        watches = request.query_params.get("as") != "desk"
        if watches and "last-event-id" not in request.headers:  # a line that broke is no second entry
            await self._note_arrival(request, room_id)
        last = request.headers.get("last-event-id") or request.query_params.get("cursor", "")
        cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.listen(room_id, cursor, receive, send, watches=watches)

    async def listen(
        self, room_id: int, cursor: int | None, receive: Receive, send: Send, *, watches: bool = True
    ) -> None:
        """Frames for one connection, for as long as it is open."""
        if room_id not in self._rooms:
            self._rooms[room_id] = Room()
            self._next_poll_s = 0.0
        room = self._rooms[room_id]
        room.watching += watches
        listener = Listener(send, room.count)
        try:
            missed = await self._replay(room_id, room, cursor) if cursor is not None else b""
            listener.place = room.count
            # Connections that were cut together come back one after the other.
            first = b"retry: %d\n\n" % random.randint(1_000, 5_000)
            if room.figures is not None:
                first += encode_figures(room.figures)
            await room.begin(listener, first + missed)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            room.watching -= watches
            room.listeners.discard(listener)

    async def _note_arrival(self, request: Request, room_id: int) -> None:
        session = request.cookies.get(settings.SESSION_COOKIE_NAME)
        person_id = await _read(person_of_session, session_key=session) if session else None
        guest_key = guest_key_of_cookie(request.cookies.get(GUEST_COOKIE))
        if person_id is not None:
            self._arrivals.append(Arrival(room_id, f"p{person_id}"))
        elif guest_key is not None:
            self._arrivals.append(Arrival(room_id, f"g{guest_key}"))

    async def _replay(self, room_id: int, room: Room, cursor: int) -> bytes:
        """What happened after the cursor; a little from before it as well, which the page knows by its ids."""
        if room.filling is None:
            room.filling = asyncio.ensure_future(self._fill(room_id, room))
        await asyncio.shield(room.filling)
        missed = room.memory.after(cursor)
        if missed is not None:
            return missed
        rows = await _read(selectors.events_after, last_id=cursor - LOOK_BACK, room_id=room_id, limit=REPLAYED + 1)
        if len(rows) > REPLAYED:
            return RESET
        return encode_events(rows, lines=LINES_REPLAYED) or NOTHING_NEW

    async def _fill(self, room_id: int, room: Room) -> None:
        try:
            rows = await _read(selectors.latest_events, room_id=room_id, limit=REPLAYED)
        except BaseException:
            room.filling = None
            raise
        # What this process has not told yet will be told to all.
        later = {row.id for row in room.waiting} | set(self._tail.missing())
        told = [row for row in rows if row.id <= self._tail.last_id and row.id not in later]
        room.memory.fill(told, now_ms=clock.now_ms(), complete=len(rows) < REPLAYED)

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
