"""The fund makes good what a compensation costs the shop: not what the creators and the platform gave back of it."""

from datetime import timedelta

import pytest
from django.db.models import F

from xingqu.alliance.tests.house import buy_led, new_creator, offer, receive
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import PROTECTION_FUND
from xingqu.ledger.selectors import balance_minor
from xingqu.settlement.models import Compensation
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.compensations import penalise
from xingqu.settlement.services.deposits import pay_deposit
from xingqu.settlement.tests.house import earn, give_back, later, money, settle
from xingqu.trade.models import OrderSharing, Refund
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_sku
from xingqu.trade.tests.test_presale import offer as presale
from xingqu.trade.tests.test_presale import reserve

pytestmark = pytest.mark.django_db
# Of 299.00: less the fee of 5 % and a commission of 20 %.
EARNED = 22_425


def penalty(shop: Shop, order_no: str) -> None:
    """100.00 to the buyer out of the fund, into which 120.00 of the deposit go."""
    pay_deposit(shop_id=shop.id, amount_minor=12_000, person_id=1)
    penalise(
        shop_id=shop.id,
        amount_minor=12_000,
        reason="描述不符",
        evidence_ids=[],
        order_no=order_no,
        compensation_minor=10_000,
        person_id=1,
    )
    for _ in range(2):  # of two payments the second waits for the first
        Refund.objects.filter(done=False).update(due_at=clock.now())
        finish_refunds()
    deliver_due()


@pytest.mark.parametrize("settled", [True, False])
def test_a_compensation_leaves_the_shop_as_it_was(buyer: Caller, shop: Shop, sku: int, settled: bool) -> None:
    creator_id, _ = new_creator()
    offer(shop, sku, 2_000)
    first = buy_led(buyer, creator_id, (sku, 1))
    receive(buyer, shop, first)
    assert settle() == 1
    second = buy_led(buyer, creator_id, (sku, 1))
    receive(buyer, shop, second)
    penalty(shop, first if settled else second)
    # 100.00 less the fee of 5.00 that came back, less the commission of 20.00 that nobody has of it any more.
    assert (Compensation.objects.get().borne_minor, balance_minor(account=PROTECTION_FUND)) == (7_500, 4_500)
    assert settle() == 1
    with later(days=9):
        deliver_due()
    assert money(shop) == {"balance": 2 * EARNED - 12_000}
    assert [(row.kind, row.expected, row.found) for row in audit().differences.all()] == []


def test_an_order_that_was_paid_in_two_parts(buyer: Caller, shop: Shop, sku: int) -> None:
    """Its refund is two: the fund bears what both cost the shop."""
    earn(buyer, shop, sku)
    assert settle() == 1
    start = clock.now()
    presale(shop, make_sku(shop), start)
    order_no = reserve(buyer)["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    with clock.frozen(start + timedelta(days=2, hours=1)):
        buyer.pay(order_no)
        receive(buyer, shop, order_no)
        before = money(shop)
        penalty(shop, order_no)
        assert Refund.objects.filter(done=True).count() == 2
        assert Compensation.objects.get().borne_minor == 9_500
        after = money(shop)
        assert before["balance"] + before["receivable"] - 12_000 == after["balance"] + after["receivable"]
        assert [(row.kind, row.expected, row.found) for row in audit().differences.all()] == []


def test_the_auditor_compares_shares_with_their_journals(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    offer(shop, sku, 2_000)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    receive(buyer, shop, order_no)
    assert settle() == 1
    give_back(order_no, 10_000, "a-third")
    assert [row.kind for row in audit().differences.all()] == []
    OrderSharing.objects.update(shared_minor=F("shared_minor") + 1)
    told = {(row.kind, row.reference, row.expected, row.found) for row in audit().differences.all()}
    assert ("shares_booked", order_no, "3981", "3980") in told
