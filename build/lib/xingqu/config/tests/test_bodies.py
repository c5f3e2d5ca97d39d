"""Request bodies at the edge: read in full, kept when a resumable upload breaks off, refused when too large."""

import asyncio
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from xingqu.config.edge.bodies import MEMORY_BYTES, RESUMABLE, BodyTooLarge, spool_body

Message = dict[str, Any]


def request(messages: list[Message], **headers: str) -> Request:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "PATCH", "path": "/", "headers": named}, receive)


def part(data: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def read(incoming: Request, limit_bytes: int = 10**7) -> tuple[int, bytes]:
    async def run() -> tuple[int, bytes]:
        body = await spool_body(incoming, limit_bytes=limit_bytes)
        return body.size_bytes, b"".join([block async for block in body.blocks()])

    return asyncio.run(run())


@pytest.mark.parametrize("size", [0, 10, MEMORY_BYTES + 1])
def test_a_body_comes_out_as_it_went_in(size: int) -> None:
    data = bytes(i % 251 for i in range(size))
    half = size // 2
    assert read(request([part(data[:half], more=True), part(data[half:], more=False)])) == (size, data)


def test_what_arrived_of_a_resumable_upload_counts() -> None:
    broken = [part(b"abc", more=True), {"type": "http.disconnect"}]
    assert read(request(broken, content_type=RESUMABLE)) == (3, b"abc")


@pytest.mark.parametrize(
    "headers", [{}, {"content_type": "application/json"}, {"content_type": RESUMABLE, "upload_checksum": "sha1 x"}]
)
def test_any_other_broken_body_is_dropped(headers: dict[str, str]) -> None:
    with pytest.raises(ClientDisconnect):
        read(request([part(b"abc", more=True), {"type": "http.disconnect"}], **headers))


def test_too_much_is_refused_as_announced_and_as_sent() -> None:
    with pytest.raises(BodyTooLarge):
        read(request([], content_length="11"), limit_bytes=10)
    with pytest.raises(BodyTooLarge):
        read(request([part(b"x" * 6, more=True), part(b"x" * 6, more=False)]), limit_bytes=10)
    assert read(request([part(b"x" * 10, more=False)]), limit_bytes=10)[0] == 10
