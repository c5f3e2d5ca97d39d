"""预售: a deposit, then the rest, in one order; what becomes of the deposit, and money back over both payments."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.programmes.contracts import presale_campaign
from xingqu.programmes.models import CouponUse, PresaleItem
from xingqu.programmes.services import turn_presales
from xingqu.trade.contracts import RefundPart
from xingqu.trade.models import OrderLine, ParentOrder, PaymentAttempt, PresaleOrder, Refund, RefundLine, ShopOrder
from xingqu.trade.selectors import audited_deposits
from xingqu.trade.services.captures import spread
from xingqu.trade.services.orders import expire_unpaid
from xingqu.trade.services.presale_notices import remind_presales
from xingqu.trade.services.presales import close_presales
from xingqu.trade.services.refunds import ask_refund, finish_refunds, refund_parts
from xingqu.trade.tests.house import Caller, Shop, deliver, make_shop, make_sku, stock_of
from xingqu.trade.tests.test_promotions import claim, offer_coupon

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def start(db: None) -> datetime:
    return clock.now()


def offer(shop: Shop, sku: int, start: datetime, *, status: int = 201, **changes: Any) -> Any:
    item = {"sku_id": sku, "price_minor": 20_000, "deposit_minor": 3_000, "counts_minor": 5_000, "allotment": 3}
    body = {
        "name": "双11预售",
        "deposit_from": (start - HOUR).isoformat(),
        "deposit_until": (start + DAY).isoformat(),
        "final_from": (start + 2 * DAY).isoformat(),
        "final_until": (start + 3 * DAY).isoformat(),
        "ship_days": 7,
        **{name: value for name, value in changes.items() if name not in item},
        "items": [item | {name: value for name, value in changes.items() if name in item}],
    }
    return shop.member().post(f"/shops/{shop.id}/presales", body, status=status)


def reserve(buyer: Caller, quantity: int = 1, key: str = "k", *, status: int = 201) -> Any:
    body = {"quantity": quantity, "address_id": buyer.address_id()}
    item = PresaleItem.objects.latest("pk").pk
    return buyer.post(f"/presales/{item}/orders", body, status=status, **{"Idempotency-Key": key})


def units() -> tuple[int, int, int]:
    campaign = presale_campaign(PresaleItem.objects.get().pk)
    return allotments_of(campaigns=[campaign])[campaign]


def test_a_deposit_then_the_rest_with_a_coupon(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    product_id = PresaleItem.objects.get().product_id
    [shown] = buyer.get(f"/products/{product_id}/presales")
    assert (shown["left"], shown["final"]["amount_minor"]) == (3, 15_000)
    parent = reserve(buyer, 2)
    assert reserve(buyer, 2)["order_no"] == parent["order_no"]
    assert reserve(buyer, 1, status=422)["error"]["code"] == "idempotency_key_reused"
    order_no = parent["shop_orders"][0]["order_no"]
    # 2 × 200.00, the deposit of 2 × 30.00 counts as 2 × 50.00.
    assert parent["payable"]["amount_minor"] == 36_000
    buyer.pay(order_no)
    assert PaymentAttempt.objects.get().amount_minor == 6_000
    order = buyer.get(f"/orders/{order_no}")
    assert (order["state"], order["next_step"]["code"], order["can"]) == ("part_paid", "final_opens", [])
    assert (balance_minor(account=f"presale:shop:{shop.id}"), units()) == (6_000, (1, 2, 0))
    assert buyer.post(f"/orders/{order_no}/pay", {}, status=409)["error"]["code"] == "wrong_state"
    claim(buyer, offer_coupon(shop, threshold_minor=30_000))
    assert buyer.call("PUT", f"/orders/{order_no}/final", {}, status=409)["error"]["code"] == "wrong_state"
    with clock.frozen(start + 2 * DAY + HOUR):
        final = buyer.call("PUT", f"/orders/{order_no}/final", {})
        assert final["order"]["presale"]["final"]["amount_minor"] == 30_000 - 3_000
        assert final["order"]["can"] == ["pay"]
        buyer.pay(order_no)
        order = ShopOrder.objects.get()
        assert (order.state, order.payable_minor, order.ship_by) == ("paid", 33_000, clock.now() + timedelta(days=7))
    assert [(one.phase, one.amount_minor) for one in PaymentAttempt.objects.order_by("pk")] == [
        ("deposit", 6_000),
        ("final", 27_000),
    ]
    assert (units(), stock_of(sku)) == ((1, 0, 2), (8, 0))
    assert balance_minor(account=f"presale:shop:{shop.id}") == 0
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 33_000 == balance_minor(account="provider:sandbox")
    assert check().problems == ()
    amounts = [(a["code"], a["amount"]["amount_minor"]) for a in buyer.get(f"/orders/{order_no}")["amounts"]]
    assert amounts == [("goods", 40_000), ("freight", 0), ("presale", -4_000), ("shop_coupon", -3_000)]
    assert CouponUse.objects.get().state == "used"


def _paid(buyer: Caller, start: datetime, quantity: int = 1) -> ShopOrder:
    order_no = reserve(buyer, quantity)["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    with clock.frozen(start + 2 * DAY + HOUR):
        buyer.pay(order_no)
    return ShopOrder.objects.get(order_no=order_no)


def test_money_back_over_both_payments(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    order = _paid(buyer, start, 2)
    line = OrderLine.objects.get()
    part = [RefundPart(line.pk, 10_001, 1)]
    number = refund_parts(order_no=order.order_no, parts=part, reason="少一件", reference="case:1")
    assert refund_parts(order_no=order.order_no, parts=part, reason="少一件", reference="case:1") == number
    # 36,000 paid: 30,000 and 6,000. Of 10,001 that is 8,334.17 and 1,666.83.
    split = {one.payment.phase: one.amount_minor for one in Refund.objects.select_related("payment")}
    assert split == {"final": 8_334, "deposit": 1_667}
    # The one that carries the reference is the last.
    assert Refund.objects.get(refund_no=number).reference == "case:1"
    # It waits for the other, also when its own turn comes first.
    Refund.objects.filter(reference="case:1#2").update(due_at=clock.now() + DAY)
    finish_refunds()
    assert not Refund.objects.filter(done=True).exists()
    Refund.objects.filter(reference="case:1#2").update(due_at=clock.now())
    finish_refunds()
    assert Refund.objects.filter(done=True, reference="case:1#2").exists()
    Refund.objects.filter(done=False).update(due_at=clock.now())
    finish_refunds()
    assert Refund.objects.filter(done=True).count() == 2
    assert balance_minor(account=f"escrow:shop:{shop.id}") == 36_000 - 10_001
    ask_refund(buyer_key=buyer.key, order_no=order.order_no, reason="不要了")
    for _ in range(2):
        Refund.objects.filter(done=False).update(due_at=clock.now())
        finish_refunds()
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("refunded", 36_000)
    for attempt in PaymentAttempt.objects.all():
        assert sum(one.amount_minor for one in attempt.refunds.all()) == attempt.amount_minor
    assert (balance_minor(account="provider:sandbox"), stock_of(sku)) == (0, (10, 0))
    assert check().problems == ()


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.lists(st.integers(0, 10**9), min_size=1, max_size=3))
def test_spread_keeps_both_sums(amounts: list[int], lefts: list[int]) -> None:
    lefts[0] += max(sum(amounts) - sum(lefts), 0)
    rows = [RefundLine(line_id=n, amount_minor=a, subsidy_minor=n, quantity=1) for n, a in enumerate(amounts)]
    found = spread(rows, [(PaymentAttempt(amount_minor=left), left) for left in lefts])
    assert all(sum(row.amount_minor for row in mine) <= payment.amount_minor for payment, mine in found)
    for n, amount in enumerate(amounts):
        mine = [row for _, part in found for row in part if row.line_id == n]
        assert (sum(row.amount_minor for row in mine), sum(row.quantity for row in mine)) == (amount, 1)
        assert sum(row.subsidy_minor for row in mine) == n


@pytest.mark.parametrize("forfeits", [True, False])
def test_the_rest_is_not_paid(buyer: Caller, shop: Shop, sku: int, start: datetime, forfeits: bool) -> None:
    offer(shop, sku, start, forfeits=forfeits)
    order_no = reserve(buyer)["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    with clock.frozen(start + 3 * DAY + timedelta(minutes=10)):
        assert close_presales() == 0  # a payment made in time may still be heard of
    with clock.frozen(start + 3 * DAY + HOUR):
        assert buyer.post(f"/orders/{order_no}/pay", {}, status=409)["error"]["code"] == "order_expired"
        assert close_presales() == 1
        assert close_presales() == 0
        turn_presales()
        finish_refunds()
    order = buyer.get(f"/orders/{order_no}")
    ended = "forfeited" if forfeits else "returned"
    assert (order["state"], order["presale"]["ended"]) == ("cancelled", ended)
    assert balance_minor(account=f"balance:shop:{shop.id}") == (3_000 if forfeits else 0)
    assert balance_minor(account="provider:sandbox") == (3_000 if forfeits else 0)
    assert audited_deposits() == [(shop.id, "CNY", 0, 3_000 if forfeits else 0)]
    for account in (f"presale:shop:{shop.id}", "unapplied:buyers"):
        assert balance_minor(account=account) == 0
    assert stock_of(sku) == (10, 0)
    assert check().problems == ()


def test_who_may_give_up_a_reserved_order(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    order_no = reserve(buyer)["shop_orders"][0]["order_no"]
    buyer.pay(order_no)
    assert buyer.post(f"/orders/{order_no}/cancel", {}, status=409)["error"]["code"] == "wrong_state"
    path = f"/shops/{shop.id}/orders/{order_no}/return-deposit"
    other = make_shop()
    other.member().post(path, status=404)
    other.member().post(f"/shops/{other.id}/orders/{order_no}/return-deposit", status=404)
    assert ShopOrder.objects.get().state == "part_paid"
    assert shop.member().post(path)["state"] == "cancelled"
    assert shop.member().post(path, status=409)["error"]["code"] == "wrong_state"
    finish_refunds()
    assert (balance_minor(account="provider:sandbox"), units()) == (0, (3, 0, 0))


def test_a_payment_that_no_longer_fits_goes_back(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    order_no = reserve(buyer)["shop_orders"][0]["order_no"]
    first, second = buyer.start_payment(order_no), buyer.start_payment(order_no)
    for one in (first, second):
        buyer.confirm(one["redirect_url"])
    deliver()
    assert sorted(PaymentAttempt.objects.values_list("outcome", flat=True)) == ["applied", "duplicate"]
    assert balance_minor(account=f"presale:shop:{shop.id}") == 3_000
    claim(buyer, offer_coupon(shop, threshold_minor=10_000))
    with clock.frozen(start + 2 * DAY + HOUR):
        stale = buyer.start_payment(order_no)  # 150.00, before the coupon
        buyer.call("PUT", f"/orders/{order_no}/final", {})
        buyer.confirm(stale["redirect_url"])
        deliver()
        assert ShopOrder.objects.get().state == "part_paid"
        second = buyer.start_payment(order_no)
        buyer.pay(order_no)
        buyer.confirm(second["redirect_url"])
        deliver()
        finish_refunds()
    outcomes = sorted(PaymentAttempt.objects.values_list("phase", "outcome"))
    assert outcomes == [
        ("deposit", "applied"),
        ("deposit", "duplicate"),
        ("final", "applied"),
        ("final", "duplicate"),
        ("final", "late"),
    ]
    assert ShopOrder.objects.get().state == "paid"
    assert (
        balance_minor(account="provider:sandbox") == 3_000 + 12_000 == balance_minor(account=f"escrow:shop:{shop.id}")
    )
    assert balance_minor(account="unapplied:buyers") == 0


def test_the_database_captures_a_phase_once(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    _paid(buyer, start)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentAttempt.objects.filter(phase="final").update(phase="deposit")
    assert sorted(PaymentAttempt.objects.values_list("phase", flat=True)) == ["deposit", "final"]


def test_no_more_than_the_allotment_and_back_when_unpaid(
    buyer: Caller, shop: Shop, sku: int, start: datetime, settings: Any
) -> None:
    offer(shop, sku, start)
    reserve(buyer, 2)
    error = reserve(Caller.new_person(), 2, status=409)["error"]
    assert (error["code"], units(), ParentOrder.objects.count()) == ("sold_out", (1, 2, 0), 1)
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s + 1)):
        assert expire_unpaid() == 1
    assert (units(), PresaleOrder.objects.get().deposit_paid_at) == ((3, 0, 0), None)
    with clock.frozen(start + 2 * DAY):
        turn_presales()
        assert reserve(Caller.new_person(), 1, status=404)["error"]["field"] == "item_id"
    assert units() == (0, 0, 0)


def test_buyers_are_reminded_once_of_each(buyer: Caller, shop: Shop, sku: int, start: datetime) -> None:
    offer(shop, sku, start)
    buyer.pay(reserve(buyer)["order_no"])
    for when in (start, start + 2 * DAY - HOUR / 2, start + 2 * DAY, start + 3 * DAY - HOUR):
        with clock.frozen(when):
            remind_presales()
            assert remind_presales() == 0
    kinds = [one["kind"] for one in buyer.get("/notices")["items"] if one["kind"].startswith("presale")]
    assert kinds == ["presale_closing", "presale_open", "presale_soon"]


def test_terms_and_strangers(shop: Shop, sku: int, guest: Caller, start: datetime) -> None:
    other = make_shop()
    foreign = make_sku(other)
    assert offer(shop, foreign, start, status=422)["error"]["field"] == "items"
    assert offer(shop, sku, start, counts_minor=2_999, status=422)["error"]["field"] == "items"
    assert offer(shop, sku, start, final_from=start.isoformat(), status=422)["error"]["field"] == "final_from"
    made = offer(shop, sku, start)[0]
    assert offer(shop, sku, start, status=409)["error"]["code"] == "flash_sale_overlaps"
    other.member().call("PATCH", f"/shops/{shop.id}/presales/{made['id']}", {"state": "ended"}, status=404)
    other.member().call("PATCH", f"/shops/{other.id}/presales/{made['id']}", {"state": "ended"}, status=404)
    other.member().get(f"/shops/{shop.id}/presales", status=404)
    assert [one["state"] for one in shop.member().get(f"/shops/{shop.id}/presales")] == ["running"]
    assert reserve(guest, status=401)["error"]["code"] == "sign_in_required"
