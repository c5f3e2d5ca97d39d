"""The sandbox's own promises, on which the tests of payments rest."""

from typing import Any

import pytest

from xingqu.trade.providers.sandbox import gateway
from xingqu.trade.providers.sandbox.models import SandboxRefund, SandboxTrade
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db


def test_the_gateway_gives_back_what_it_took_and_no_more(buyer: Caller, sku: int) -> None:
    payment_no = buyer.pay(buyer.order((sku, 1))["order_no"])

    def ask(number: str, amount_minor: Any, **changes: Any) -> str:
        content = {"refund_no": number, "payment_no": payment_no, "amount_minor": amount_minor, "currency": "CNY"}
        return str(gateway.answer_refund({**content, **changes})["state"])

    assert ask("R1", 29_900 - 1) == "succeeded"
    assert ask("R1", 29_900 - 1) == "succeeded"  # the same once more
    for refused in (
        ask("R1", 1),
        ask("R2", 2),
        ask("R3", 0),
        ask("R4", -5),
        ask("R5", 1.0),
        ask("R6", 1, currency="USD"),
    ):
        assert refused == "refused"
    assert ask("R7", 1) == "succeeded"
    assert ask("R8", 1) == "refused"
    assert SandboxTrade.objects.get().refunded_minor == 29_900
    assert sum(SandboxRefund.objects.values_list("amount_minor", flat=True)) == 29_900
