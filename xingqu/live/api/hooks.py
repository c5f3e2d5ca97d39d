"""What an external media server asks: nginx-rtmp (a form), SRS (JSON with `action`) or MediaMTX (JSON with `path`).

A refusal is 403 with a reason; whoever calls must carry the site's hook secret. See docs/guides/merchant.md.
"""

from typing import Any
from urllib.parse import parse_qs

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from ninja import Router

from xingqu.kit.api import Out
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.live import services

router = Router()


class LiveHookOut(Out):
    """SRS wants the code 0."""

    code: int


@router.post("/live/hooks/publish", response=LiveHookOut, auth=None)
def on_publish(request: HttpRequest, secret: str = "") -> Any:
    """A host wants to publish: 403 `live_stream_refused` refuses the stream."""
    name, key = _stream_of(request, secret)
    grant = services.open_stream(key=f"{name}?key={key}")
    services.confirm_stream(token=grant.token)
    return {"code": 0}


@router.post("/live/hooks/done", response=LiveHookOut, auth=None)
def on_publish_done(request: HttpRequest, secret: str = "") -> Any:
    """A host's stream is over."""
    name, key = _stream_of(request, secret)
    services.close_named_stream(key=f"{name}?key={key}")
    return {"code": 0}


@router.post("/live/hooks/update", response=LiveHookOut, auth=None)
def on_publish_update(request: HttpRequest, secret: str = "") -> Any:
    """A host's stream goes on (nginx-rtmp's `on_update`): 403 cuts it."""
    name, key = _stream_of(request, secret)
    services.beat_named_stream(key=f"{name}?key={key}")
    return {"code": 0}


def _stream_of(request: HttpRequest, secret: str) -> tuple[str, str]:
    environment = settings.ENVIRONMENT
    expected = environment.live_hook_secret.get_secret_value()
    if environment.live_backend != "external" or not expected or not constant_time_compare(secret, expected):
        raise NotFound
    body = _fields(request)
    name = str(body.get("name") or body.get("stream") or str(body.get("path") or "").rsplit("/", 1)[-1])
    query = str(body.get("param") or body.get("query") or "").lstrip("?")
    key = str(body.get("key") or (parse_qs(query).get("key") or [""])[0])
    if not name:
        raise InvalidInput(field="name", expected="the stream's name")
    return name, key


def _fields(request: HttpRequest) -> dict[str, Any]:
    if "json" in (request.content_type or ""):
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise InvalidInput(field="body", expected="JSON") from error
        if not isinstance(body, dict):
            raise InvalidInput(field="body", expected="a JSON object")
        return body
    return {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
