"""The gateway's pay page and its signed query and refund API."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from xingqu.kit import clock
from xingqu.kit.money import EXPONENTS
from xingqu.kit.signed_messages import BadMessage
from xingqu.trade.providers.sandbox import gateway
from xingqu.trade.providers.sandbox.messages import GATEWAY, PLATFORM, sign, verify

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "SGD": "S$", "JPY": "¥", "KRW": "₩"}
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "lang": "zh-CN",
        "title": "沙箱收银台",
        "notice": "模拟支付，不会产生真实扣款",
        "order": "订单号",
        "payment": "支付单号",
        "mode": "支付结果通知",
        "on-time": "准时送达",
        "late": "延迟送达",
        "twice": "送达两次",
        "never": "不送达（商家主动查询）",
        "confirm": "确认支付",
        "cancel": "放弃支付",
        "back": "返回商家",
        "paid": "已支付",
        "closed": "交易已关闭",
        "expired": "已超过支付时限",
        "bad": "支付链接无效",
        "bad_hint": "签名不正确或已过期，请返回商家重新发起支付。",
    },
    "en": {
        "lang": "en",
        "title": "Sandbox checkout",
        "notice": "A simulated payment. No money moves.",
        "order": "Order",
        "payment": "Payment",
        "mode": "Tell the merchant",
        "on-time": "On time",
        "late": "Late",
        "twice": "Twice",
        "never": "Never (the merchant has to ask)",
        "confirm": "Pay now",
        "cancel": "Cancel",
        "back": "Back to the merchant",
        "paid": "Paid",
        "closed": "This payment was closed",
        "expired": "The time to pay is over",
        "bad": "This payment link is not valid",
        "bad_hint": "The signature is wrong or too old. Go back to the merchant and start again.",
    },
}


@require_http_methods(["GET", "POST"])
@csrf_protect
def pay_page(request: HttpRequest) -> HttpResponse:
    """GET shows the payment, POST confirms or cancels it and sends the payer back."""
    fields = request.POST if request.method == "POST" else request.GET
    words = WORDS[_language(request, fields.get("lang", ""))]
    try:
        demand = gateway.read_demand(
            request=fields.get("request", ""), stamp=fields.get("time", ""), signature=fields.get("sign", "")
        )
    except (BadMessage, ValueError, KeyError, TypeError):
        return render(request, "sandbox_pay/pay.html", {"words": words, "bad": True}, status=400)
    if request.method == "POST":
        if fields.get("action") == "cancel":
            gateway.close(demand)
            return HttpResponseRedirect(_return_address(demand, "cancelled"))
        mode: gateway.Mode = next((mode for mode in gateway.MODES if mode == fields.get("mode")), "on-time")
        if gateway.pay(demand, mode):
            return HttpResponseRedirect(_return_address(demand, "paid"))
    state = gateway.trade_state(demand.payment_no)
    if state is None and demand.expires_at <= clock.now():
        state = "expired"
    status = 409 if request.method == "POST" else 200
    return render(request, "sandbox_pay/pay.html", _page(demand, state, words, fields), status=status)


@csrf_exempt
@require_POST
def query(request: HttpRequest) -> HttpResponse:
    """Signed query API."""
    return _answer(request, gateway.answer_query)


@csrf_exempt
@require_POST
def refund(request: HttpRequest) -> HttpResponse:
    """Signed refund API."""
    return _answer(request, gateway.answer_refund)


@csrf_exempt
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Signed API to end a payment that nobody has paid."""
    return _answer(request, gateway.answer_close)


@csrf_exempt
@require_POST
def bill(request: HttpRequest) -> HttpResponse:
    """Signed API of a day's payments and refunds."""
    return _answer(request, gateway.answer_bill)


def _answer(request: HttpRequest, act: Callable[[dict[str, Any]], dict[str, Any]]) -> HttpResponse:
    try:
        verify(PLATFORM, request.body, request.headers)
        content = orjson.loads(request.body)
        if not isinstance(content, dict):
            raise BadMessage("no object")
    except (BadMessage, ValueError):
        return HttpResponse(b'{"error":"invalid_signature"}', status=401, content_type="application/json")
    try:
        body = orjson.dumps(act(content))
    except ValueError:
        return HttpResponse(b'{"error":"invalid_input"}', status=400, content_type="application/json")
    return HttpResponse(body, content_type="application/json", headers=sign(GATEWAY, body))


def _language(request: HttpRequest, asked: str) -> str:
    wanted = asked or request.headers.get("Accept-Language", "")
    for part in wanted.lower().split(","):
        if part.strip()[:2] in WORDS:
            return part.strip()[:2]
    return "zh"


def _return_address(demand: gateway.Demand, result: str) -> str:
    path, mark, fragment = demand.return_path.partition("#")
    separator = "&" if "?" in path else "?"
    return f"{path}{separator}{urlencode({'payment_no': demand.payment_no, 'result': result})}{mark}{fragment}"


def _page(demand: gateway.Demand, state: str | None, words: dict[str, str], fields: Any) -> dict[str, Any]:
    exponent = EXPONENTS.get(demand.currency, 2)
    whole, part = divmod(demand.amount_minor, 10**exponent)
    return {
        "words": words,
        "demand": demand,
        "amount": f"{whole:,}" + (f".{part:0{exponent}d}" if exponent else ""),
        "symbol": SYMBOLS.get(demand.currency, demand.currency),
        "state_text": {"succeeded": words["paid"], "closed": words["closed"], "expired": words["expired"]}.get(
            state or "", ""
        ),
        "return_address": _return_address(demand, "paid" if state == "succeeded" else "cancelled"),
        "modes": [(mode, words[mode]) for mode in gateway.MODES],
        "hidden": [(name, fields.get(name, "")) for name in ("request", "time", "sign", "lang")],
    }
