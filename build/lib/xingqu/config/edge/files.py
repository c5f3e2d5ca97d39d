"""Files: the two front ends (kept compressed in memory) and media (from the disk, with ranges)."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"
PACKED_SUFFIX = ".br"  # the build writes `x.js.br` beside `x.js`
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
# The pages load nothing from elsewhere; video is played from blobs by the media source extension.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; font-src 'self' data:; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)


@dataclass(frozen=True, slots=True)
class Built:
    """One file of a front end's build; `packed` are its other forms by content coding, the smallest first."""

    body: bytes
    packed: tuple[tuple[str, bytes], ...]
    media_type: str
    etag: str
    cache_control: str


class FrontEnd:
    """A built single-page application: its files, and its first page for every other address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Built] = {}
        self._loaded_for = 0

    def response(self, request: Request, path: str) -> Response:
        """The file at `path`, else the application's first page; 404 for a missing asset; 503 before a build."""
        self._load()
        built = self._files.get(path)
        if built is None and Path(path).suffix and "/" in path:
            return PlainTextResponse("There is no such file.", status_code=404)
        built = built or self._files.get("index.html")
        if built is None:
            return PlainTextResponse("The front end has not been built. `make web` builds it.", status_code=503)
        headers = {"etag": built.etag, "cache-control": built.cache_control, "vary": "Accept-Encoding"}
        if built.media_type == "text/html":
            headers["content-security-policy"] = CONTENT_SECURITY_POLICY
            headers["referrer-policy"] = "same-origin"
            headers["x-content-type-options"] = "nosniff"
        if request.headers.get("if-none-match") == built.etag:
            return Response(status_code=304, headers=headers)
        body = built.body
        accepted = accepted_codings(request.headers.get("accept-encoding", ""))
        for coding, packed in built.packed:
            if coding in accepted:
                body = packed
                headers["content-encoding"] = coding
                break
        return Response(body, media_type=built.media_type, headers=headers)

    def _load(self) -> None:
        """Read the build into memory, again when it has been rebuilt."""
        index = self._folder / "index.html"
        stamp = index.stat().st_mtime_ns if index.is_file() else 0
        if stamp == self._loaded_for:
            return
        self._files = {
            str(path.relative_to(self._folder)): _read(path, self._folder)
            for path in self._folder.rglob("*")
            if path.is_file() and path.suffix != PACKED_SUFFIX
        }
        self._loaded_for = stamp


def _read(path: Path, folder: Path) -> Built:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = [("gzip", gzip.compress(body, 9))] if media_type.startswith(COMPRESSIBLE) else []
    by_build = path.with_name(path.name + PACKED_SUFFIX)
    if by_build.is_file():
        packed.append(("br", by_build.read_bytes()))
    hashed = path.relative_to(folder).parts[0] == "assets"  # Vite puts a digest into these names
    return Built(
        body=body,
        packed=tuple(sorted((form for form in packed if len(form[1]) < len(body)), key=lambda form: len(form[1]))),
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        cache_control=FOREVER if hashed else "no-cache",
    )


def accepted_codings(header: str) -> set[str]:
    """Content codings that an Accept-Encoding header names and doesn't refuse (RFC 9110 §12.5.3)."""
    found = set()
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() and weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(coding.strip())
    return found


class MediaFiles(StaticFiles):
    """Media never change under one address: a new upload has a new one."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = FOREVER
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["content-security-policy"] = "default-src 'none'; sandbox"
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") for part in Path(path).parts):
            return PlainTextResponse("There is no such file.", status_code=404)
        return await super().get_response(path, scope)
