"""Passes a request on to the web process and streams the answer back."""

import gzip

import httpcore
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from xingqu.config.edge.bodies import BodyTooLarge, spool_body
from xingqu.kit.errors import TooLarge, error_body

# RFC 9110 §7.6.1: these concern one connection only.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
DROPPED = HOP_BY_HOP | {b"date", b"server"}  # the edge's own server writes these
FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"})
COMPRESS_FROM_BYTES = 1_400  # below one packet there is nothing to win
COMPRESS_LEVEL = 4


class WebProxy:
    """One pool of kept-alive connections to the web process."""

    def __init__(self, *, host: str, port: int, body_limit_bytes: int) -> None:
        self._body_limit_bytes = body_limit_bytes
        self._origin = httpcore.Origin(b"http", host.encode(), port)
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=256, max_keepalive_connections=64, keepalive_expiry=30.0, retries=1
        )

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def __call__(self, request: Request) -> Response:
        """The web process's answer; 503 with a retry hint while it is starting or restarting."""
        target = request.scope["raw_path"]
        if request.scope["query_string"]:
            target += b"?" + request.scope["query_string"]
        url = httpcore.URL(scheme=self._origin.scheme, host=self._origin.host, port=self._origin.port, target=target)
        try:
            body = await spool_body(request, limit_bytes=self._body_limit_bytes) if _has_body(request) else None
        except ClientDisconnect:
            return Response(status_code=499)
        except BodyTooLarge:
            refusal = TooLarge(field="body", expected=f"at most {self._body_limit_bytes} bytes")
            return JSONResponse(error_body(refusal), status_code=refusal.status)
        upstream = httpcore.Request(
            request.method,
            url,
            headers=_request_headers(request, None if body is None else body.size_bytes),
            content=None if body is None else body.blocks(),
            extensions={"timeout": {"connect": 5.0, "read": 120.0, "write": 120.0, "pool": 30.0}},
        )
        try:
            answer = await self._pool.handle_async_request(upstream)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
            return _unavailable()
        finally:
            if body is not None:
                body.close()
        try:
            return await _response(request, answer)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
            return _unavailable()  # the web process ended between the head of its answer and the body


async def _response(request: Request, answer: httpcore.Response) -> Response:
    headers = [(k.lower(), v) for k, v in answer.headers if k.lower() not in DROPPED]
    kind = dict(headers).get(b"content-type", b"")
    packed = b"content-encoding" in dict(headers)
    if kind.startswith(b"application/json") and not packed and "gzip" in request.headers.get("accept-encoding", ""):
        try:
            body = await answer.aread()
        finally:
            await answer.aclose()
        if len(body) >= COMPRESS_FROM_BYTES:
            body = gzip.compress(body, COMPRESS_LEVEL)
            headers.append((b"content-encoding", b"gzip"))
        headers = [(k, v) for k, v in headers if k != b"content-length"]
        headers += [(b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Encoding")]
        response = Response(body, status_code=answer.status)
        response.raw_headers = headers
        return response
    streaming = StreamingResponse(
        answer.aiter_stream(), status_code=answer.status, background=BackgroundTask(answer.aclose)
    )
    streaming.raw_headers = headers
    return streaming


def _request_headers(request: Request, body_bytes: int | None) -> list[tuple[bytes, bytes]]:
    dropped = HOP_BY_HOP | FORWARDED | ({b"content-length"} if body_bytes is not None else set())
    headers = [(k, v) for k, v in request.headers.raw if k.lower() not in dropped]
    if body_bytes is not None:
        headers.append((b"content-length", str(body_bytes).encode()))
    client = request.client.host if request.client else ""
    headers.append((b"x-forwarded-for", client.encode()))
    headers.append((b"x-forwarded-proto", request.url.scheme.encode()))
    return headers


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _unavailable() -> Response:
    error: dict[str, object] = {
        "code": "starting",
        "message": "The site is starting. Try again in a moment.",
        "field": None,
        "expected": None,
        "data": {},
    }
    return JSONResponse({"error": error}, status_code=503, headers={"retry-after": "2"})
