"""What exploring the machine of shared payments found, as walks of their own."""

import pytest

from xingqu.kit import clock, signed_messages
from xingqu.trade.tests import test_shared_payment_machine as machine
from xingqu.trade.tests.shared_payments import START, build_house


@pytest.mark.django_db
def test_a_small_refund_that_comes_after_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit is back with the refund that names it, though an earlier part of the money is still on its way."""
    monkeypatch.setattr(signed_messages, "_http", lambda: machine.WIRE)
    with clock.frozen(START):
        machine.HOUSE[:] = [build_house()]
    walk = machine.SharedPayments()
    walk.some_orders([("plain",), ("other",)])
    walk.pay({0, 1}, "heard")
    walk.money_goes_back(0, 239)
    walk.worker_asks_and_gives_back("down")  # the gateway does not hear of the 2.39, which wait
    walk.money_goes_back(0, None)
    walk.worker_asks_and_gives_back("")
    [part] = walk.orders[0].parts
    assert (part.back, part.unit_is_back) == ("refunding", True)
    walk.orders_agree()
    walk.money_agrees()
    walk.teardown()
    assert part.back == "refunded"
