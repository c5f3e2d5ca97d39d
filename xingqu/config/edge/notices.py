"""Notices as server-sent events: one reader of the table for all connections, resumed by `Last-Event-ID`."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from importlib import import_module

import anyio.to_thread
import orjson
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from xingqu.accounts import selectors
from xingqu.accounts.contracts import NoticeRow
from xingqu.accounts.sessions import signed_in_id
from xingqu.kit.errors import SignInRequired, error_body

log = logging.getLogger(__name__)
POLL_S = 0.4
HEARTBEAT_S = 20.0
QUEUE_LENGTH = 200
CONNECTIONS_PER_PERSON = 8


class NoticeStream:
    """Fans new notices out to the connections of the people they are for."""

    def __init__(self) -> None:
        self._queues: dict[int, set[asyncio.Queue[NoticeRow]]] = defaultdict(set)
        self._last_id = 0

    async def run(self) -> None:
        """Read new notices for as long as the process lives."""
        self._last_id = await anyio.to_thread.run_sync(selectors.last_notice_id)
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self._poll()
            except Exception:
                log.exception("reading notices failed; trying again")

    async def _poll(self) -> None:
        if not self._queues:
            return
        people, last_id = list(self._queues), self._last_id
        newest = await anyio.to_thread.run_sync(selectors.last_notice_id)
        if newest <= last_id:
            return
        rows = await anyio.to_thread.run_sync(_notices_after, last_id, people)
        for person_id, notice in rows:
            for queue in self._queues.get(person_id, ()):
                if queue.full():  # a reader that stands still catches up by its cursor when it reconnects
                    continue
                queue.put_nowait(notice)
        self._last_id = max((n.id for _, n in rows), default=newest) if len(rows) >= 500 else newest

    async def __call__(self, request: Request) -> Response:
        """A stream of the caller's notices. 401 for a guest, 429 beyond eight connections a person."""
        person_id = await anyio.to_thread.run_sync(person_of_session, request.cookies.get(settings.SESSION_COOKIE_NAME))
        if person_id is None:
            return JSONResponse(error_body(SignInRequired()), status_code=401)
        if len(self._queues[person_id]) >= CONNECTIONS_PER_PERSON:
            return JSONResponse({"error": {"code": "too_many_connections"}}, status_code=429)
        last = request.headers.get("last-event-id", "")
        cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None
        return StreamingResponse(
            self._events(person_id, cursor),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _events(self, person_id: int, cursor: int | None) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[NoticeRow] = asyncio.Queue(QUEUE_LENGTH)
        self._queues[person_id].add(queue)
        try:
            yield b"retry: 3000\n\n"
            sent = cursor or 0
            if cursor is not None:
                for _, notice in await anyio.to_thread.run_sync(_notices_after, cursor, [person_id]):
                    sent = notice.id
                    yield _frame(notice)
            while True:
                notice_or_none = None
                with contextlib.suppress(TimeoutError):
                    notice_or_none = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                if notice_or_none is None:
                    yield b": still here\n\n"
                elif notice_or_none.id > sent:
                    sent = notice_or_none.id
                    yield _frame(notice_or_none)
        finally:
            self._queues[person_id].discard(queue)
            if not self._queues[person_id]:
                del self._queues[person_id]


def _frame(notice: NoticeRow) -> bytes:
    body = {"id": notice.id, "kind": notice.kind, "data": notice.data, "created_at": notice.created_at}
    return b"id: %d\nevent: notice\ndata: %s\n\n" % (notice.id, orjson.dumps(body))


def _notices_after(last_id: int, people: list[int]) -> list[tuple[int, NoticeRow]]:
    close_old_connections()
    return selectors.notices_after(last_id=last_id, person_ids=people)


def person_of_session(session_key: str | None) -> int | None:
    """Person of a session cookie, checked as every request's is."""
    if not session_key:
        return None
    close_old_connections()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]
    return signed_in_id(request)
