"""News of customer service conversations as server-sent events: to a buyer (person or guest) or to the members of a shop.

An event says in which conversation something was said; what was said is read through the API, which asks who is asking. A
reader that was away resumes by `Last-Event-ID`.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator
from typing import Any

import anyio.to_thread
import orjson
from django.conf import settings
from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from xingqu.accounts.http import GUEST_COOKIE, guest_key_of_cookie
from xingqu.accounts.selectors import require_membership
from xingqu.config.edge.notices import person_of_session
from xingqu.kit.errors import BusinessError, NotFound, SignInRequired, error_body
from xingqu.support import selectors

log = logging.getLogger(__name__)
POLL_S = 0.4
HEARTBEAT_S = 20.0
QUEUE_LENGTH = 200
CONNECTIONS_PER_KEY = 16
# Ids are given before a transaction commits: one that commits late is still found this far back.
LOOK_BACK = 200
REMEMBERED = 4_000


class ChatStream:
    """Fans news of messages out to the connections of their two sides."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)
        self._last_id = 0
        self._told: OrderedDict[int, None] = OrderedDict()

    async def run(self) -> None:
        """Read new messages for as long as the process lives."""
        self._last_id = await anyio.to_thread.run_sync(_last_id)
        for row in await anyio.to_thread.run_sync(_after, self._last_id - LOOK_BACK):
            self._told[row["id"]] = None
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self.poll()
            except Exception:
                log.exception("reading messages failed; trying again")

    async def poll(self) -> None:
        """Tell of what was said since the last time."""
        for row in await anyio.to_thread.run_sync(_after, self._last_id - LOOK_BACK):
            if row["id"] in self._told:
                continue
            self._told[row["id"]] = None
            self._last_id = max(self._last_id, row["id"])
            for key in (row["buyer_key"], f"shop{row['shop_id']}"):
                for queue in self._queues.get(key, ()):
                    if not queue.full():  # a reader that stands still catches up when it reconnects
                        queue.put_nowait(row)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    async def __call__(self, request: Request) -> Response:
        """News of the caller's own conversations, or with `?shop=` of a shop the caller is a member of."""
        try:
            key = await anyio.to_thread.run_sync(key_of, request)
        except BusinessError as error:
            return JSONResponse(error_body(error), status_code=error.status)
        if len(self._queues[key]) >= CONNECTIONS_PER_KEY:
            return JSONResponse({"error": {"code": "too_many_connections"}}, status_code=429)
        last = request.headers.get("last-event-id", "")
        cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else None
        return StreamingResponse(
            self.events(request, key, cursor),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def events(self, request: Request, key: str, cursor: int | None) -> AsyncIterator[bytes]:
        """Frames for one connection; it ends when its holder may no longer listen."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE_LENGTH)
        self._queues[key].add(queue)
        try:
            yield b"retry: 3000\n\n"
            if cursor is not None:
                for row in await anyio.to_thread.run_sync(_after, cursor):
                    if key in (row["buyer_key"], f"shop{row['shop_id']}"):
                        yield _frame(row)
            while True:
                row_or_none = None
                with contextlib.suppress(TimeoutError):
                    row_or_none = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                if row_or_none is not None:
                    yield _frame(row_or_none)
                    continue
                try:
                    if await anyio.to_thread.run_sync(key_of, request) != key:
                        return
                except BusinessError:  # signed out, or a member no more
                    return
                yield b": still here\n\n"
        finally:
            self._queues[key].discard(queue)
            if not self._queues[key]:
                del self._queues[key]


def key_of(request: Request) -> str:
    """Whose news this request may hear: ``p12``, ``g345`` or ``shop7``. Raises SignInRequired, NotFound."""
    close_old_connections()
    person_id = person_of_session(request.cookies.get(settings.SESSION_COOKIE_NAME))
    shop = request.query_params.get("shop")
    if shop is not None:
        if person_id is None:
            raise SignInRequired
        if not (shop.isascii() and shop.isdigit() and len(shop) < 16):
            raise NotFound
        require_membership(person_id=person_id, organisation_id=int(shop), permission="view", page="messages")
        return f"shop{int(shop)}"
    if person_id is not None:
        return f"p{person_id}"
    guest_key = guest_key_of_cookie(request.cookies.get(GUEST_COOKIE))
    if guest_key is None:
        raise SignInRequired
    return f"g{guest_key}"


def _frame(row: dict[str, Any]) -> bytes:
    body = {name: row[name] for name in ("id", "conversation_id", "shop_id", "sender")}
    return b"id: %d\nevent: message\ndata: %s\n\n" % (row["id"], orjson.dumps(body))


def _after(last_id: int) -> list[dict[str, Any]]:
    close_old_connections()
    return selectors.messages_after(last_id=last_id)


def _last_id() -> int:
    close_old_connections()
    return selectors.last_message_id()
