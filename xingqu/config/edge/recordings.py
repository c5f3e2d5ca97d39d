"""Recordings of live rooms, for who has a ticket: files of gigabytes never pass through a web process."""

from pathlib import Path

from django.db import close_old_connections
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from xingqu.live import selectors


def _find(ticket: str) -> tuple[Path, str] | None:
    close_old_connections()
    return selectors.recording_of(ticket=ticket)


async def recording(request: Request) -> Response:
    """`GET /rt/live-recordings/{ticket}`: the file, or a part of it."""
    found = await run_in_threadpool(_find, request.path_params["ticket"])
    if found is None:
        return JSONResponse({"error": {"code": "not_found"}}, status_code=404)
    path, name = found
    headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
    return FileResponse(path, media_type="video/x-flv", filename=name, headers=headers)
