"""Streams out of browsers: a WebSocket, the stream key in its first message, then what the recorder makes.

The key is all that lets in (it is asked for by the desk, for who may change contents), so a page of another site gains nothing by
a person's cookies.
"""

import asyncio
import logging

import orjson
from django.conf import settings
from starlette.websockets import WebSocket, WebSocketDisconnect

from xingqu.live.domain.errors import StreamRefused
from xingqu.live.ingest.browser import BrowserPush, Recorded, read_mime
from xingqu.live.ingest.ffmpeg import ToolMissing
from xingqu.live.ingest.ports import HouseDesk, StreamDesk
from xingqu.live.ingest.publishing import IngestSettings
from xingqu.live.ingest.site import site_ingest

log = logging.getLogger(__name__)
HELLO_S = 10.0
HELLO_BYTES_MAX = 2_000
# A quarter of a second at most rates, many times over.
PIECE_BYTES_MAX = 4_000_000
PUSHES_MAX = 64
REFUSED, ENDED = 4403, 4000


class PushGate:
    """`WS /rt/live-push`. Closes with a code of the desk's words as reason."""

    def __init__(self, ingest: IngestSettings | None = None, desk: StreamDesk | None = None) -> None:
        self._ingest = ingest or site_ingest()
        self._desk = desk or HouseDesk()
        self._pushes = 0

    async def __call__(self, socket: WebSocket) -> None:
        await socket.accept()
        self._pushes += 1
        try:
            code, reason = await self._serve(socket)
            await socket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError):  # the browser left while it was told something
            return
        finally:
            self._pushes -= 1

    async def _serve(self, socket: WebSocket) -> tuple[int, str]:
        if settings.ENVIRONMENT.live_backend != "embedded":
            return REFUSED, "backend_off"
        if self._pushes > PUSHES_MAX:
            return REFUSED, "too_many"
        hello = await _hello(socket)
        if hello is None:
            return REFUSED, "protocol"
        key, recorded = hello
        push = BrowserPush(self._ingest, self._desk)
        try:
            reason = await push.run(
                lambda: _piece(socket), key=key, recorded=recorded, opened=lambda: socket.send_json({"state": "open"})
            )
        except StreamRefused as refusal:
            return REFUSED, str((refusal.data or {}).get("reason", "refused"))
        except ToolMissing as missing:
            log.error("%s", missing)
            return REFUSED, "no_ffmpeg"
        return ENDED, reason


async def _hello(socket: WebSocket) -> tuple[str, Recorded] | None:
    """The key and what will be sent, out of the first message; None for anything else."""
    try:
        async with asyncio.timeout(HELLO_S):
            text = (await socket.receive()).get("text")
        said = orjson.loads(text) if text and len(text) <= HELLO_BYTES_MAX else None
    except (TimeoutError, orjson.JSONDecodeError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("key"), str) or not isinstance(said.get("mime"), str):
        return None
    recorded = read_mime(said["mime"])
    return (said["key"], recorded) if recorded is not None else None


async def _piece(socket: WebSocket) -> bytes | None:
    """The next piece of the recorder; None when the browser has ended, or sends what no recorder does."""
    message = await socket.receive()
    data: bytes | None = message.get("bytes")
    return data if data and len(data) <= PIECE_BYTES_MAX else None
