"""The endpoints. Work is done in threads, so that a slow disk holds up nobody else."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xingqu.standalone.engine import Engine
from xingqu.standalone.errors import Busy, EngineError, InvalidInput, KeyRequired, NotFound, TooLarge, WrongMethod
from xingqu.standalone.http.openapi import document
from xingqu.standalone.schema import TAG_LENGTH

log = logging.getLogger(__name__)
BODY_BYTES: Final = 16 << 20
IDS_IN_QUERY: Final = 200
_PREFERENCES: Final = {"personalised", "pin", "block", "reset"}
Handler = Callable[["Api", Request], Awaitable[Any]]


@dataclass(frozen=True)
class Api:
    """``key``: what callers must show; empty: nobody is asked."""

    engine: Engine
    key: str = ""

    async def handle(self, request: Request, handler: Handler, *, open_to_all: bool) -> Response:
        """Answer with JSON, whatever happens."""
        started_s = time.perf_counter()
        try:
            if self.key and not open_to_all and not hmac.compare_digest(_key_of(request).encode(), self.key.encode()):
                raise KeyRequired("an API key is needed", field="Authorization", expected="Bearer and the key")
            answer = await handler(self, request)
            response = answer if isinstance(answer, Response) else json_response(answer)
        except EngineError as error:
            response = error_response(error)
        except Exception:  # a fault of ours: the log has the details
            log.exception("%s %s", request.method, request.url.path)
            response = json_response({"error": _error("internal", "Something went wrong here.")}, status=500)
        self.engine.measures.took(f"http_{handler.__name__}", time.perf_counter() - started_s)
        self.engine.measures.happened("http_responses", label=str(response.status_code))
        return response


def build_app(engine: Engine, *, key: str = "") -> Starlette:
    """The application over an open engine; whoever opened it closes it."""
    api = Api(engine, key)

    def route(path: str, method: str, handler: Handler, *, open_to_all: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            return await api.handle(request, handler, open_to_all=open_to_all)

        return Route(path, endpoint, methods=[method])

    async def refused(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        if status == 405:
            return error_response(WrongMethod("this address takes another method", expected="see /openapi.json"))
        return error_response(NotFound("there is nothing at this address", expected="see /openapi.json"))

    routes = [
        route("/items", "PUT", put_items),
        route("/items/{id:path}", "DELETE", delete_item),
        route("/events", "POST", post_events),
        route("/recommend", "GET", get_recommend),
        route("/explain", "GET", get_explain),
        route("/people/{id:path}", "PATCH", patch_person),
        route("/people/{id:path}", "DELETE", delete_person),
        route("/health", "GET", get_health, open_to_all=True),
        route("/metrics", "GET", get_metrics),
        route("/openapi.json", "GET", get_openapi, open_to_all=True),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: refused})


async def put_items(api: Api, request: Request) -> Any:
    return await run_in_threadpool(api.engine.put_items, _batch(await _body(request), "items"))


async def post_events(api: Api, request: Request) -> Any:
    return await run_in_threadpool(api.engine.observe, _batch(await _body(request), "events"))


async def get_recommend(api: Api, request: Request) -> Any:
    known = {"person", "size", "surface", "seed_item", "exclude", "previous"}
    query = _query(request, known)
    return await run_in_threadpool(
        api.engine.recommend,
        query.get("person", ""),
        _whole(query.get("size", "10")),
        surface=query.get("surface", "for_you"),
        seed_item=query.get("seed_item", ""),
        exclude=_ids(query.get("exclude", ""), "exclude"),
        previous=_ids(query.get("previous", ""), "previous"),
    )


async def get_explain(api: Api, request: Request) -> Any:
    query = _query(request, {"person", "item"})
    return await run_in_threadpool(api.engine.explain, query.get("person", ""), query.get("item", ""))


async def patch_person(api: Api, request: Request) -> Any:
    given = await _body(request)
    if not isinstance(given, dict) or not set(given) <= _PREFERENCES:
        raise InvalidInput("not a set of preferences", field="", expected=", ".join(sorted(_PREFERENCES)))
    personalised = given.get("personalised")
    if personalised is not None and not isinstance(personalised, bool):
        raise InvalidInput("personalised is not valid", field="personalised", expected="true or false")
    tags = {name: _tags(given.get(name, []), name) for name in ("pin", "block", "reset")}
    person = request.path_params["id"]
    await run_in_threadpool(api.engine.set_preferences, person, personalised=personalised, **tags)
    return await run_in_threadpool(api.engine.explain, person)


async def delete_person(api: Api, request: Request) -> Any:
    return {"deleted": await run_in_threadpool(api.engine.delete_person, request.path_params["id"])}


async def delete_item(api: Api, request: Request) -> Any:
    return {"deleted": await run_in_threadpool(api.engine.delete_item, request.path_params["id"])}


async def get_health(api: Api, request: Request) -> Any:
    try:
        return await run_in_threadpool(api.engine.health)
    except Exception as error:
        log.exception("the store does not answer")
        raise Busy("the store does not answer") from error


async def get_metrics(api: Api, request: Request) -> Any:
    return Response(api.engine.metrics(), media_type="text/plain; version=0.0.4")


async def get_openapi(api: Api, request: Request) -> Any:
    return document(api.engine.settings)


def json_response(content: Any, *, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


def error_response(error: EngineError) -> Response:
    return json_response({"error": error.as_dict()}, status=error.status)


def _error(code: str, message: str) -> dict[str, str | None]:
    return {"code": code, "message": message, "field": None, "expected": None}


def _key_of(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")


async def _body(request: Request) -> Any:
    """The JSON of the body. Raises TooLarge before it is all read, InvalidInput."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES:
            raise TooLarge("the body is too large", field="", expected=f"at most {BODY_BYTES} bytes")
        parts.append(part)
    try:
        return orjson.loads(b"".join(parts))
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"the body is not JSON: {error}", field="", expected="JSON in UTF-8") from error


def _batch(given: Any, name: str) -> list[Any]:
    """A list, or an object that holds it under ``name``."""
    batch = given.get(name) if isinstance(given, dict) else given
    if not isinstance(batch, list):
        raise InvalidInput(f"{name} is not a list", field=name, expected=f'{{"{name}": [...]}}')
    return batch


def _query(request: Request, known: set[str]) -> dict[str, str]:
    for name in request.query_params:
        if name not in known:
            raise InvalidInput("no such parameter", field=name[:TAG_LENGTH], expected=", ".join(sorted(known)))
    return dict(request.query_params)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput("size is not a number", field="size", expected="a whole number")
    return int(text)


def _ids(text: str, field: str) -> list[str]:
    """Ids with commas between them."""
    ids = [part for part in text.split(",") if part]
    if len(ids) > IDS_IN_QUERY:
        raise InvalidInput(f"too many in {field}", field=field, expected=f"at most {IDS_IN_QUERY}")
    return ids


def _tags(given: Any, field: str) -> list[str]:
    if not isinstance(given, list) or len(given) > IDS_IN_QUERY or not all(isinstance(tag, str) for tag in given):
        raise InvalidInput(f"{field} is not a list of tags", field=field, expected=f"up to {IDS_IN_QUERY} strings")
    return given
