"""Chat of live rooms, gathered: what many viewers say at one moment is written in one transaction.

A web worker answers one request at a time and commits each line for itself. Lines at the API's own address come past here, so those of
a few hundredths of a second are checked and committed together, and each is answered after that commit.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import orjson
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest
from django.http import HttpResponse as DjangoResponse
from django.middleware.csrf import CsrfViewMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from xingqu.config.edge.notices import person_of_session
from xingqu.kit.errors import BusinessError, error_body
from xingqu.kit.ids import MAX_ID
from xingqu.kit.transactions import DatabaseBusy, is_passing
from xingqu.live import services
from xingqu.live.services import NewLine

log = logging.getLogger(__name__)
GATHER_S = 0.02
AT_ONCE = 200
# More than this waiting is more than can be answered in time.
WAITING_MOST = 5_000
BODY_BYTES, TEXT_MOST = 4_096, 100
Answer = int | BusinessError | None


@dataclass(slots=True)
class Said:
    """A line on its way into the table. Its session is read together with the others'."""

    room_id: int
    session: str
    text: str
    answer: "asyncio.Future[Answer]"


class ChatGate:
    """Takes lines of viewers; what it does not understand is passed on to the web process, which knows every rule."""

    def __init__(self, pass_on: Callable[[Request], Awaitable[Response]]) -> None:
        self._pass_on = pass_on
        self._waiting: list[Said] = []
        self._came = asyncio.Event()

    async def run(self) -> None:
        """Write what was said for as long as the process lives."""
        while True:
            await self._came.wait()
            if len(self._waiting) < AT_ONCE:
                await asyncio.sleep(GATHER_S)
            said, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            if not self._waiting:
                self._came.clear()
            try:
                answers = await anyio.to_thread.run_sync(post_lines, said)
            except Exception as error:
                if not is_passing(error):
                    log.exception("lines of chat were not written")
                answers = [DatabaseBusy()] * len(said)
            for one, answer in zip(said, answers, strict=True):
                if not one.answer.done():
                    one.answer.set_result(answer)

    async def __call__(self, request: Request) -> Response:
        """`POST /api/v1/live/rooms/{room_id}/chat` of a signed-in browser."""
        session = request.cookies.get(settings.SESSION_COOKIE_NAME)
        length = request.headers.get("content-length", "")
        plain = session and "authorization" not in request.headers and length.isdigit() and int(length) <= BODY_BYTES
        if not plain or not session:
            return await self._pass_on(request)
        try:
            text = read_text(await request.body())  # kept by the request, should it be passed on
        except ClientDisconnect:
            return Response(status_code=499)
        room_id = int(request.path_params["room_id"])
        if text is None or not 0 < room_id <= MAX_ID or not passes_csrf(request):
            return await self._pass_on(request)
        if len(self._waiting) >= WAITING_MOST:
            return refuse(DatabaseBusy())
        said = Said(room_id, session, text, asyncio.get_running_loop().create_future())
        self._waiting.append(said)
        self._came.set()
        answer = await said.answer
        if answer is None:  # nobody is signed in by this session
            return await self._pass_on(request)
        if isinstance(answer, BusinessError):
            return refuse(answer)
        return Response(orjson.dumps({"id": answer}), status_code=201, media_type="application/json")


def post_lines(said: list[Said]) -> list[Answer]:
    """Write lines; None for one whose session is nobody's."""
    close_old_connections()
    people = {session: person_of_session(session) for session in {one.session for one in said}}
    lines = [NewLine(one.room_id, person, one.text) for one in said if (person := people[one.session]) is not None]
    answers = iter(services.post_chats(lines=lines) if lines else [])
    return [None if people[one.session] is None else next(answers) for one in said]


def read_text(body: bytes) -> str | None:
    """The text of `{"text": ...}`; None for anything that the API might refuse as it stands."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    text = found.get("text") if isinstance(found, dict) and len(found) == 1 else None
    return text if isinstance(text, str) and len(text) <= TEXT_MOST and text.isprintable() else None


def passes_csrf(request: Request) -> bool:
    """Django's own check, of the same headers and cookies."""
    plain = HttpRequest()
    plain.method = "POST"
    plain.COOKIES = dict(request.cookies)
    names = {"host": "HTTP_HOST", "origin": "HTTP_ORIGIN", "referer": "HTTP_REFERER", "x-csrftoken": "HTTP_X_CSRFTOKEN"}
    plain.META = {meta: request.headers[name] for name, meta in names.items() if name in request.headers}
    plain.META["HTTP_X_FORWARDED_PROTO"] = request.url.scheme
    check: Any = CsrfViewMiddleware(lambda request: DjangoResponse())
    check.process_request(plain)
    return check.process_view(plain, None, (), {}) is None


def refuse(error: BusinessError) -> JSONResponse:
    """The refusal as the API words it."""
    headers = {"retry-after": str(error.retry_after_s)} if error.retry_after_s is not None else {}
    return JSONResponse(error_body(error), status_code=error.status, headers=headers)
