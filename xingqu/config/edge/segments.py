"""Segments and playlists of live streams, from the home folder."""

from pathlib import Path

from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class LiveFiles(StaticFiles):
    """A playlist changes every second; a segment never does, but is gone a while later."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        is_playlist = str(args[0]).endswith(".m3u8")
        response.headers["cache-control"] = "no-cache" if is_playlist else "public, max-age=3600, immutable"
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["content-security-policy"] = "default-src 'none'; sandbox"
        if is_playlist:
            response.headers["content-type"] = "application/vnd.apple.mpegurl"
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        if Path(path).suffix not in (".m3u8", ".m4s", ".mp4") or any(part[0] == "." for part in Path(path).parts):
            return PlainTextResponse("There is no such file.", status_code=404)
        return await super().get_response(path, scope)
