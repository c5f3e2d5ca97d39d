"""A site with simulated gateways, and a buyer's way through them."""

from datetime import timedelta
from typing import Any

from django.test import Client

from xingqu.kit import clock
from xingqu.ledger.models import Journal
from xingqu.trade.models import CallbackReceipt, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.protocol import RefundRequest
from xingqu.trade.services.openings import open_payments
from xingqu.trade.tests.gateways.alipay import AlipayGateway
from xingqu.trade.tests.gateways.base import Gateway
from xingqu.trade.tests.gateways.stripe import StripeGateway
from xingqu.trade.tests.gateways.wechat import WechatGateway
from xingqu.trade.tests.house import Caller

KINDS: tuple[type[Gateway], ...] = (AlipayGateway, WechatGateway, StripeGateway)


def set_up(settings: Any, *gateways: Gateway, **changes: Any) -> None:
    """A site that these gateways are set up for."""
    update = {name: value for gateway in gateways for name, value in gateway.settings().items()}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={**update, **changes})


def later(**delta: float) -> Any:
    return clock.frozen(clock.now() + timedelta(**delta))


def start(buyer: Caller, order_no: str, name: str, device: str = "desktop") -> dict[str, Any]:
    return dict(
        buyer.post(f"/orders/{order_no}/pay", {"provider": name, "return_url": "/pay/return", "device": device})
    )


def to_page(buyer: Caller, order_no: str, gateway: Gateway, device: str = "desktop") -> str:
    """A buyer goes to the provider's page. Returns the payment's number."""
    begun = start(buyer, order_no, gateway.name, device)
    url = begun["redirect_url"]
    if url.startswith("/pay/wait?"):
        open_payments()
        url = buyer.get(f"/payments/{begun['payment_no']}")["action"]["url"]
    assert gateway.arrive(url) == begun["payment_no"]
    return str(begun["payment_no"])


def send(gateway: Gateway, message: tuple[dict[str, str], bytes]) -> tuple[int, bytes]:
    headers, body = message
    kind = headers.pop("Content-Type")
    path = f"/api/v1/payments/callback/{gateway.name}"
    found = Client().generic("POST", path, body, content_type=kind, headers=headers)
    return found.status_code, found.content


def books() -> tuple[object, ...]:
    return (
        list(ShopOrder.objects.order_by("id").values_list("state", flat=True)),
        list(PaymentAttempt.objects.order_by("id").values_list("state", "outcome")),
        (Journal.objects.count(), Refund.objects.count(), CallbackReceipt.objects.count()),
    )


def acknowledged(gateway: Gateway, outcome: str) -> tuple[int, bytes]:
    return (200, b"success" if gateway.name == "alipay" else b'{"outcome":"%s"}' % outcome.encode())


def refund_of(gateway: Gateway, payment_no: str, refund_no: str, amount_minor: int) -> RefundRequest:
    attempt = PaymentAttempt.objects.get(payment_no=payment_no)
    return RefundRequest(refund_no, payment_no, amount_minor, "CNY", attempt.amount_minor, attempt.provider_reference)


def paid(gateway: Gateway, buyer: Caller, sku: int) -> str:
    payment_no = to_page(buyer, buyer.order((sku, 1))["order_no"], gateway)
    gateway.pay(payment_no)
    assert send(gateway, gateway.notice(payment_no))[0] == 200
    return payment_no
