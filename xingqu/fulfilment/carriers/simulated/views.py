"""The simulated carrier's signed API."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingqu.fulfilment.carriers.simulated import carrier
from xingqu.fulfilment.carriers.simulated.messages import (
    CARRIER,
    PLATFORM,
    SIGNATURE_HEADER,
    TIME_HEADER,
    BadMessage,
    sign,
    verify,
)

ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "watch": carrier.answer_watch,
    "query": carrier.answer_query,
    "waybill": carrier.answer_waybill,
    "pickup-quote": carrier.answer_pickup_quote,
    "pickup": carrier.answer_pickup,
    "turn-back": carrier.answer_turn_back,
}


@csrf_exempt
@require_POST
def answer(request: HttpRequest, action: str) -> HttpResponse:
    """One signed question, one signed answer."""
    act = ACTIONS.get(action)
    if act is None:
        return HttpResponse(b'{"error":"not_found"}', status=404, content_type="application/json")
    try:
        verify(PLATFORM, request.body, request.headers.get(TIME_HEADER, ""), request.headers.get(SIGNATURE_HEADER, ""))
        content = orjson.loads(request.body)
        if not isinstance(content, dict):
            raise BadMessage("no object")
    except (BadMessage, ValueError):
        return HttpResponse(b'{"error":"invalid_signature"}', status=401, content_type="application/json")
    body = orjson.dumps(act(content))
    return HttpResponse(body, content_type="application/json", headers=sign(CARRIER, body))
