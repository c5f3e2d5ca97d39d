"""Connections of one room, and how a frame gets to all of them.

There is no task and no queue a connection: one loop hands the same bytes to each connection's `send`, which as a rule writes
them to the socket at once. A connection that can't take more, because its other end stands still, goes on in a task of its own
and is left out meanwhile; afterwards it takes what it missed from the room's ring, or is told to read the room anew.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any

from starlette.types import Message, Send

from xingqu.config.edge.frames import RESET, encode_events, encode_figures
from xingqu.config.edge.memory import Memory
from xingqu.live.contracts import RoomEventRow, RoomFigures

log = logging.getLogger(__name__)
# Frames a room remembers for connections that are a little behind.
RING = 256
# After so many connections the process looks after everything else for a moment.
AT_ONCE = 250
# What is not urgent (chat, figures) comes in turns, and rests twice as long as telling took: a large room has a third of the time.
TURN_S = 0.25
REST, REST_MOST_S = 2.0, 2.0


class Listener:
    """One connection. `place` is how many of the room's frames it has; `is_busy` while its last one is still being sent."""

    __slots__ = ("is_busy", "place", "send")

    def __init__(self, send: Send, place: int) -> None:
        self.send = send
        self.place = place
        self.is_busy = True


class Room:
    """Connections of one room: frames come in, each connection gets those it has not had."""

    def __init__(self) -> None:
        self.watching = 0
        self.listeners: set[Listener] = set()
        self.memory = Memory()
        self.filling: asyncio.Future[None] | None = None
        self.figures: RoomFigures | None = None
        self.frames: deque[bytes] = deque(maxlen=RING)
        self.count = 0
        self.waiting: list[RoomEventRow] = []
        self.has_new_figures = False
        self.told_at_s = 0.0
        self.took_s = 0.0
        self.empty_since_s = time.monotonic()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def may_rest(self) -> bool:
        """Whether what is not urgent should wait a little longer."""
        return time.monotonic() < self.told_at_s + min(REST_MOST_S, max(TURN_S, self.took_s * (1 + REST)))

    async def tell_waiting(self) -> None:
        """Tell what waits: at once what was done, in turns what was said and counted."""
        is_urgent = any(row.kind != "chat" for row in self.waiting)
        if not (self.waiting or self.has_new_figures) or (self.may_rest and not is_urgent):
            return
        rows, self.waiting = self.waiting, []
        figures = encode_figures(self.figures) if self.has_new_figures and self.figures is not None else b""
        self.has_new_figures = False
        self.memory.keep(rows)
        if frame := figures + encode_events(rows):
            await self.tell(frame)

    async def tell(self, frame: bytes) -> None:
        """Give a frame to everybody."""
        started_s = self.told_at_s = time.monotonic()
        self.frames.append(frame)
        self.count += 1
        message: Message = {"type": "http.response.body", "body": frame, "more_body": True}
        for number, listener in enumerate(list(self.listeners), 1):
            self._push(listener, message)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        self.took_s = time.monotonic() - started_s

    def since(self, place: int) -> bytes | None:
        """Frames after `place` of `count`; None when the ring has forgotten them."""
        behind = self.count - place
        if behind > len(self.frames):
            return None
        return b"".join(list(self.frames)[len(self.frames) - behind :])

    async def begin(self, listener: Listener, first: bytes) -> None:
        """Send a new connection its first bytes; from then on it hears what the others hear."""
        self.listeners.add(listener)
        await listener.send({"type": "http.response.body", "body": first, "more_body": True})
        await self._catch_up(listener)

    def _push(self, listener: Listener, message: Message) -> None:
        if listener.is_busy or listener.place == self.count:
            return
        if listener.place != self.count - 1:
            message = self._missed(listener)
        listener.place = self.count
        sending: Coroutine[Any, Any, None] = listener.send(message)  # type: ignore[assignment]
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:
            log.debug("a connection broke", exc_info=True)
            self.listeners.discard(listener)
            return
        listener.is_busy = True
        task = asyncio.create_task(self._finish(listener, sending, waits_for))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _missed(self, listener: Listener) -> Message:
        frames = self.since(listener.place)
        return {"type": "http.response.body", "body": RESET if frames is None else frames, "more_body": True}

    async def _finish(self, listener: Listener, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        with suppress(Exception):  # the connection broke: whoever holds it is told so by `receive`
            await _Rest(sending, waits_for)
            await self._catch_up(listener)

    async def _catch_up(self, listener: Listener) -> None:
        while listener.place != self.count:
            message = self._missed(listener)
            listener.place = self.count
            await listener.send(message)
        listener.is_busy = False


class _Rest:
    """What is left of a coroutine that was begun by hand and now waits for a future."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        while True:
            try:
                try:
                    yield self._waits_for
                except BaseException as error:
                    self._waits_for = self._coroutine.throw(error)
                else:
                    self._waits_for = self._coroutine.send(None)
            except StopIteration:
                return
