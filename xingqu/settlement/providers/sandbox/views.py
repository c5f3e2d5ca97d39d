"""The bank's signed API."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingqu.kit.signed_messages import BadMessage
from xingqu.settlement.providers.sandbox import bank
from xingqu.settlement.providers.sandbox.messages import BANK, PLATFORM, sign, verify


@csrf_exempt
@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Pay once a number."""
    return _answer(request, bank.pay)


@csrf_exempt
@require_POST
def payouts(request: HttpRequest) -> HttpResponse:
    """The bank's list."""
    return _answer(request, bank.payouts)


def _answer(request: HttpRequest, act: Callable[[dict[str, Any]], dict[str, Any]]) -> HttpResponse:
    try:
        verify(PLATFORM, request.body, request.headers)
        found = act(orjson.loads(request.body))
    except BadMessage:
        return HttpResponse(status=401)
    except bank.AnswerLost:
        return HttpResponse(status=504)
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=422)
    body = orjson.dumps(found)
    return HttpResponse(body, content_type="application/json", headers=sign(BANK, body))
