"""What reading the presales' code found, as walks of their own."""

from datetime import timedelta

import pytest

from xingqu.catalogue.services import resolve_hold
from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.models import PaymentAttempt, PresaleOrder, Refund, ShopOrder
from xingqu.trade.services.presales import close_presales
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, make_shop, make_sku
from xingqu.trade.tests.test_presale import offer, reserve


@pytest.mark.django_db
def test_who_pays_the_rest_of_units_that_are_gone_loses_no_deposit(buyer: Caller) -> None:
    """The site was down for longer than the units were held, and somebody else has them."""
    shop, start = make_shop(), clock.now()
    offer(shop, make_sku(shop), start, allotment=1)
    order_no = reserve(buyer)["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    resolve_hold(order_ref=ShopOrder.objects.get().hold_ref, outcome="release")
    reserve(Caller.new_person(), key="other")
    with clock.frozen(start + timedelta(days=2, hours=1)):
        buyer.pay(order_no)
    late = PaymentAttempt.objects.get(phase="final")
    assert (late.outcome, ShopOrder.objects.get(order_no=order_no).state) == ("late", "part_paid")
    assert Refund.objects.get().amount_minor == late.amount_minor
    assert close_presales(now=start + timedelta(days=4)) == 1
    assert PresaleOrder.objects.get(parent__shop_orders__order_no=order_no).ended == "returned"
    for _ in range(2):
        Refund.objects.update(due_at=clock.now())
        finish_refunds()
    assert [balance_minor(account=f"{kind}:shop:{shop.id}") for kind in ("presale", "balance")] == [0, 0]
    assert (balance_minor(account="provider:sandbox"), check().problems) == (0, ())
