"""The hot path asks the database a constant, small number of questions: more of them is a regression of speed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xingqu.kit.outbox import deliver_due
from xingqu.trade.tests.house import Caller, Shop, deliver, make_sku

pytestmark = pytest.mark.django_db
# Measured in November 2026, session and person (1) included; savepoints count. One question is whether any
# programme applies, one what led to the products,
# one whether the shop has freight templates, one whether a rule dates the time to ship.
# The facts of a paid order of three products: fan-out, one transaction of six handlers (20), and what
# alliance and live rooms ask (10).
LIMITS = {"cart": 10, "quote": 9, "checkout": 27, "pay": 3, "confirm": 4, "callback": 33, "facts": 30, "poll": 2}


def test_from_cart_to_paid(buyer: Caller, shop: Shop) -> None:
    skus = [make_sku(shop, price_minor=100 + number) for number in range(3)]
    buyer.address_id()
    counts: dict[str, int] = {}

    def counted(step: str, run):
        with CaptureQueriesContext(connection) as queries:
            found = run()
        counts[step] = len(queries)
        return found

    for sku in skus:
        counted("cart", lambda sku=sku: buyer.post("/cart/lines", {"sku_id": sku}, status=201))
    address_id = buyer.address_id()
    quote = counted("quote", lambda: buyer.post("/checkout/quote", {"address_id": address_id}))
    body = {"quote_token": quote["quote_token"], "address_id": address_id, "from_cart": True}
    parent = counted("checkout", lambda: buyer.post("/checkout", body, status=201, **{"Idempotency-Key": "k"}))
    deliver_due()  # what the goods were told of
    started = counted("pay", lambda: buyer.post(f"/orders/{parent['order_no']}/pay", {}))
    counted("confirm", lambda: buyer.confirm(started["redirect_url"]))
    counted("callback", deliver)
    counted("facts", deliver_due)
    counted("poll", lambda: buyer.get(f"/payments/{started['payment_no']}"))
    assert {step: count for step, count in counts.items() if count > LIMITS[step]} == {}, counts
