"""Request bodies, read in full before the web process hears of them.

A web worker answers one request at a time: were a body passed on as it comes, one slow sender would stop everyone else's
pages. Here waiting costs nothing; small bodies stay in memory, large ones go through a temporary file.
"""

import tempfile
from collections.abc import AsyncIterator
from typing import IO

from starlette.requests import ClientDisconnect, Request

MEMORY_BYTES = 512 * 1024
BLOCK_BYTES = 256 * 1024
RESUMABLE = "application/offset+octet-stream"


class BodyTooLarge(Exception):
    """The body is longer than any the site takes."""


class SpooledBody:
    """A body that has arrived, `size_bytes` long."""

    def __init__(self, file: IO[bytes], size_bytes: int) -> None:
        self._file = file
        self.size_bytes = size_bytes

    async def blocks(self) -> AsyncIterator[bytes]:
        """The bytes, once; the file is gone afterwards."""
        with self._file as file:
            file.seek(0)
            while block := file.read(BLOCK_BYTES):
                yield block

    def close(self) -> None:
        self._file.close()


async def spool_body(request: Request, *, limit_bytes: int) -> SpooledBody:
    """Read a request's body to its end.

    Of a resumable upload that breaks off, what has arrived is returned: those bytes count, that is what resuming is for.
    Raises ClientDisconnect for any other that breaks off, BodyTooLarge above `limit_bytes`.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise BodyTooLarge
    file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  (closed by SpooledBody)
    size_bytes = 0
    try:
        async for chunk in request.stream():
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise BodyTooLarge
            file.write(chunk)
    except ClientDisconnect:
        resumable = request.headers.get("content-type") == RESUMABLE and "upload-checksum" not in request.headers
        if not (resumable and size_bytes):
            file.close()
            raise
    except BodyTooLarge:
        file.close()
        raise
    return SpooledBody(file, size_bytes)
