"""The edge's addresses. Behind nginx or Caddy the same rules can be written there; see docs/decisions/0003."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import JSONResponse, RedirectResponse, Response  # noqa: E402
from starlette.routing import Mount, Route, WebSocketRoute  # noqa: E402

from xingqu.accounts.http import GUEST_COOKIE, GUEST_COOKIE_AGE_S, guest_cookie  # noqa: E402
from xingqu.config.edge.chats import ChatStream  # noqa: E402
from xingqu.config.edge.files import FrontEnd, MediaFiles  # noqa: E402
from xingqu.config.edge.notices import NoticeStream  # noqa: E402
from xingqu.config.edge.proxy import WebProxy  # noqa: E402
from xingqu.config.edge.pushing import PushGate  # noqa: E402
from xingqu.config.edge.recordings import recording  # noqa: E402
from xingqu.config.edge.rooms import RoomStream  # noqa: E402
from xingqu.config.edge.segments import LiveFiles  # noqa: E402
from xingqu.config.edge.speaking import ChatGate  # noqa: E402
from xingqu.kit.ids import new_key  # noqa: E402
from xingqu.kit.processes import allow_connections, settle_memory  # noqa: E402

PASSED_ON = ("/api/", "/_allauth/", "/admin/", "/sandbox-pay/", "/sandbox-bank/", "/sandbox-carrier/")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def name_guest(request: Request, response: Response) -> Response:
    """Give a browser that comes for the first time its guest key with the page.

    The page asks for several things at once; were the key only made with those, each would be answered to another guest.
    """
    is_page = "content-security-policy" in response.headers
    if is_page and GUEST_COOKIE not in request.cookies:
        response.set_cookie(
            GUEST_COOKIE,
            guest_cookie(new_key()),
            max_age=GUEST_COOKIE_AGE_S,
            httponly=True,
            samesite="lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        response.headers["cache-control"] = "private, no-cache"
    return response


def build_app() -> Starlette:
    """The application of the edge process."""
    environment = settings.ENVIRONMENT
    web_root = Path(environment.web_root).resolve()
    # A file's largest single body, and some room for what a form writes around it.
    body_limit_bytes = environment.upload_limit_bytes + 1_000_000
    proxy = WebProxy(host="127.0.0.1", port=environment.web_port, body_limit_bytes=body_limit_bytes)
    notices, chats, rooms, chat_gate = NoticeStream(), ChatStream(), RoomStream(), ChatGate(proxy)
    mall, workbench = FrontEnd(web_root / "mall"), FrontEnd(web_root / "workbench")

    async def page(request: Request) -> Response:
        path = request.url.path
        if path.startswith(PASSED_ON):
            return await proxy(request)
        if request.method not in ("GET", "HEAD"):
            return JSONResponse({"error": {"code": "method_not_allowed"}}, status_code=405)
        if path == "/workbench":
            return RedirectResponse("/workbench/", status_code=308)
        if path.startswith("/workbench/"):
            return workbench.response(request, path.removeprefix("/workbench/"))
        return name_guest(request, mall.response(request, path.lstrip("/")))

    async def health(request: Request) -> Response:
        return JSONResponse({"edge": "ok"})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        allow_connections()
        settle_memory()
        readers = [asyncio.create_task(stream.run()) for stream in (notices, chats, rooms, chat_gate)]
        yield
        for reader in readers:
            reader.cancel()
        await proxy.aclose()

    live_root = settings.HOME / "live"
    for folder in (settings.MEDIA_ROOT, settings.STATIC_ROOT, live_root):
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Starlette(
        routes=[
            Route("/rt/notices", notices.__call__, methods=["GET"]),
            Route("/rt/chats", chats.__call__, methods=["GET"]),
            Route("/rt/live/{room_id:int}", rooms, methods=["GET"]),
            WebSocketRoute("/rt/live-push", PushGate().__call__),
            Route("/rt/live-recordings/{ticket:str}", recording, methods=["GET"]),
            Route("/rt/live/{room_id:int}/likes", rooms.like, methods=["POST"]),
            Route("/api/v1/live/rooms/{room_id:int}/chat", chat_gate.__call__, methods=["POST"]),
            Route("/rt/health", health, methods=["GET"]),
            Mount("/media", MediaFiles(directory=settings.MEDIA_ROOT)),
            Mount("/live-media", LiveFiles(directory=live_root)),
            Mount("/static", MediaFiles(directory=settings.STATIC_ROOT)),
            Route("/{path:path}", page, methods=METHODS),
        ],
        lifespan=lifespan,
    )


app = build_app()
