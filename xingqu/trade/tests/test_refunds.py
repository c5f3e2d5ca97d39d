"""Partial and multiple refunds, before and after receipt: nothing goes back twice, and every account pays what it should."""

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.models import Product
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.models import OutboxFact
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor, check
from xingqu.trade.contracts import RefundPart
from xingqu.trade.domain.errors import RefundDiffers, RefundTooHigh, WrongState
from xingqu.trade.domain.refunds import fee_due_minor, subsidy_share_minor
from xingqu.trade.models import OrderLine, Refund, RefundLine, ShopOrder
from xingqu.trade.providers.sandbox.models import SandboxTrade
from xingqu.trade.selectors import refundable_of, sold_counts
from xingqu.trade.services import everything_left, hold_settlement, refund_parts, release_settlement, split_amount
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_sku, stock_of
from xingqu.trade.tests.test_orders import ship
from xingqu.trade.tests.test_promotions import claim, coupon_body, operator

pytestmark = pytest.mark.django_db


def money(shop: Shop) -> dict[str, int]:
    accounts = {
        "provider": "provider:sandbox",
        "escrow": f"escrow:shop:{shop.id}",
        "receivable": f"receivable:shop:{shop.id}",
        "balance": f"balance:shop:{shop.id}",
        "fee": "fee:tech_service",
        "subsidy": "subsidy:platform",
    }
    return {name: minor for name, code in accounts.items() if (minor := balance_minor(account=code))}


def marks() -> list[tuple[int, ...]]:
    return [
        *OrderLine.objects.order_by("id").values_list(
            "refunded_minor", "pending_minor", "refunded_quantity", "pending_quantity"
        ),
        *ShopOrder.objects.order_by("id").values_list("freight_refunded_minor", "freight_pending_minor"),
        (Refund.objects.count(), RefundLine.objects.count()),
    ]


@pytest.fixture
def bought(buyer: Caller, shop: Shop, sku: int) -> str:
    """Two of 299.00, one of 10.00, and 8.00 freight: 616.00 paid."""
    shop.member().call("PUT", f"/shops/{shop.id}/freight", {"base_minor": 800, "remote_extra_minor": 0})
    return buyer.buy((sku, 2), (make_sku(shop, price_minor=1_000, name="纯棉素色枕套一对装"), 1))


def test_parts_go_back_one_after_the_other(buyer: Caller, shop: Shop, sku: int, bought: str) -> None:
    found = refundable_of(order_no=bought)
    quilt, pillow = found.lines
    assert (found.state, found.freight_minor, quilt.paid_minor, pillow.paid_minor) == ("paid", 800, 59_800, 1_000)
    ship(shop, bought)
    one = refund_parts(order_no=bought, parts=[RefundPart(quilt.line_id, 29_900, 1)], reason="尺寸不合", reference="c1")
    two = refund_parts(
        order_no=bought, parts=[RefundPart(pillow.line_id, 400), RefundPart(None, 800)], reason="破损", reference="c2"
    )
    assert one != two
    quilt = refundable_of(order_no=bought).lines[0]
    assert (quilt.pending_minor, quilt.refunded_minor, quilt.left_minor) == (29_900, 0, 29_900)
    assert money(shop) == {"provider": 61_600, "escrow": 61_600}
    assert finish_refunds() == 2
    assert money(shop) == {"provider": 30_500, "escrow": 30_500}
    assert (stock_of(sku), SandboxTrade.objects.get().refunded_minor) == ((9, 0), 31_100)
    found = refundable_of(order_no=bought)
    assert [(line.refunded_minor, line.refunded_quantity, line.pending_minor) for line in found.lines] == [
        (29_900, 1, 0),
        (400, 0, 0),
    ]
    assert (found.state, found.freight_refunded_minor, found.freight_left_minor) == ("shipped", 800, 0)
    facts = list(OutboxFact.objects.filter(name="RefundSettled").order_by("id").values_list("payload", flat=True))
    assert [(f["refund_no"], f["reference"], f["amount_minor"], f["freight_minor"], f["whole"]) for f in facts] == [
        (one, "c1", 29_900, 0, False),
        (two, "c2", 1_200, 800, False),
    ]
    assert facts[0]["lines"] == [[quilt.line_id, sku, quilt.product_id, 1, 29_900]]
    deliver_due()
    assert sold_counts(product_ids=[quilt.product_id]) == {quilt.product_id: 1}
    assert Product.objects.get(pk=quilt.product_id).sold_count == 1
    told = buyer.get("/notices")
    assert [n["data"]["amount_minor"] for n in told["items"] if n["kind"] == "order_refunded"] == [1_200, 29_900]
    assert check().problems == ()


def test_after_receipt_the_merchant_pays_and_the_fee_comes_back(buyer: Caller, shop: Shop, bought: str) -> None:
    ship(shop, bought)
    quilt = refundable_of(order_no=bought).lines[0].line_id
    refund_parts(order_no=bought, parts=[RefundPart(quilt, 1_600)], reason="差价", reference="before")
    finish_refunds()
    buyer.post(f"/orders/{bought}/confirm-receipt")
    assert money(shop) == {"provider": 60_000, "receivable": 57_000, "fee": 3_000}
    refund_parts(order_no=bought, parts=[RefundPart(quilt, 10_001)], reason="瑕疵", reference="after")
    finish_refunds()
    # 5 % of the 499.99 that remain, rounded down in the merchant's favour.
    assert money(shop) == {"provider": 49_999, "receivable": 47_500, "fee": 2_499}
    refund_parts(
        order_no=bought, parts=everything_left(refundable_of(order_no=bought)), reason="退货", reference="rest"
    )
    finish_refunds()
    assert money(shop) == {}
    order = ShopOrder.objects.get()
    assert (order.state, order.fee_minor, order.fee_returned_minor) == ("refunded", 3_000, 3_000)
    assert OutboxFact.objects.filter(name="OrderRefunded").count() == 0
    assert OutboxFact.objects.filter(name="RefundSettled").latest("id").payload["whole"] is True
    assert check().problems == ()


def test_after_settlement_the_balance_pays_and_may_fall_below_zero(buyer: Caller, shop: Shop, bought: str) -> None:
    ship(shop, bought)
    buyer.post(f"/orders/{bought}/confirm-receipt")
    ShopOrder.objects.update(settled_at=ShopOrder.objects.get().done_at)
    line = refundable_of(order_no=bought).lines[0].line_id
    refund_parts(order_no=bought, parts=[RefundPart(line, 10_000)], reason="质量问题", reference="late")
    finish_refunds()
    assert money(shop) == {"provider": 51_600, "receivable": 58_520, "balance": -9_500, "fee": 2_580}


def test_a_whole_refund_in_parts_before_shipping_ends_the_order(
    buyer: Caller, shop: Shop, sku: int, bought: str
) -> None:
    line = refundable_of(order_no=bought).lines[0].line_id
    refund_parts(order_no=bought, parts=[RefundPart(line, 29_900, 1)], reason="少买一件", reference="c1")
    finish_refunds()
    assert (ShopOrder.objects.get().state, OutboxFact.objects.filter(name="OrderRefunded").count()) == ("paid", 0)
    assert OrderLine.objects.get(pk=line).to_ship_quantity == 1
    buyer.post(f"/orders/{bought}/refund", {"reason": "不要了"})
    assert finish_refunds() == 1
    assert (ShopOrder.objects.get().state, money(shop), stock_of(sku)) == ("refunded", {}, (10, 0))
    assert OutboxFact.objects.filter(name="OrderRefunded").count() == 1
    with pytest.raises(WrongState):
        refund_parts(order_no=bought, parts=[RefundPart(line, 1)], reason="x", reference="c2")


def test_nothing_goes_back_twice(shop: Shop, bought: str) -> None:
    quilt, pillow = refundable_of(order_no=bought).lines
    refund_parts(order_no=bought, parts=[RefundPart(quilt.line_id, 50_000, 1)], reason="x", reference="c1")
    before = marks()
    for parts, left in (
        ([RefundPart(quilt.line_id, 9_801)], (9_800, 1)),
        ([RefundPart(quilt.line_id, 1, 2)], (9_800, 1)),
        ([RefundPart(pillow.line_id, 500), RefundPart(pillow.line_id, 501)], (1_000, 1)),
        ([RefundPart(pillow.line_id, 1), RefundPart(None, 801)], (800, 0)),
    ):
        with pytest.raises(RefundTooHigh) as refusal:
            refund_parts(order_no=bought, parts=parts, reason="x", reference="c2")
        assert (refusal.value.data["left_minor"], refusal.value.data["left_quantity"]) == left
        assert marks() == before
    finish_refunds()
    with pytest.raises(RefundTooHigh):
        refund_parts(order_no=bought, parts=[RefundPart(quilt.line_id, 9_801)], reason="x", reference="c2")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (OrderLine, {"refunded_minor": 59_801}),
        (OrderLine, {"pending_minor": -1}),
        (OrderLine, {"refunded_quantity": 3}),
        (ShopOrder, {"freight_refunded_minor": 801}),
        (ShopOrder, {"refunded_minor": 61_601}),
        (ShopOrder, {"refunded_subsidy_minor": 1}),
        (ShopOrder, {"fee_returned_minor": 1}),
    ],
)
def test_the_database_itself_keeps_refunds_below_what_was_paid(bought: str, model, change: dict[str, int]) -> None:
    first = model.objects.order_by("id").values_list("pk", flat=True)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=first).update(**change)
    assert model.objects.filter(pk=first, **change).count() == 0


def test_asking_again_is_the_same_refund(bought: str) -> None:
    line = refundable_of(order_no=bought).lines[0].line_id
    parts = [RefundPart(line, 100), RefundPart(None, 5)]
    number = refund_parts(order_no=bought, parts=parts, reason="x", reference="c1")
    before = marks()
    assert refund_parts(order_no=bought, parts=parts[::-1], reason="other words", reference="c1") == number
    with pytest.raises(RefundDiffers):
        refund_parts(order_no=bought, parts=[RefundPart(line, 101), RefundPart(None, 5)], reason="x", reference="c1")
    assert marks() == before
    finish_refunds()
    assert refund_parts(order_no=bought, parts=parts, reason="x", reference="c1") == number
    assert finish_refunds() == 0


def test_a_reference_is_of_one_order(buyer: Caller, sku: int, bought: str) -> None:
    other = buyer.buy((sku, 1))
    refund_parts(order_no=bought, parts=[RefundPart(None, 5)], reason="x", reference="c1")
    before = marks()
    with pytest.raises(RefundDiffers):
        refund_parts(order_no=other, parts=[RefundPart(None, 5)], reason="x", reference="c1")
    assert marks() == before


@pytest.mark.parametrize("parts", [[], [(1, 0, 0)], [(1, -1, 0)], [(1, 5, -1)], [(None, 5, 1)]])
def test_a_refund_is_of_something(bought: str, parts: list[tuple[int | None, int, int]]) -> None:
    line = refundable_of(order_no=bought).lines[0].line_id
    wanted = [RefundPart(line if part[0] else None, part[1], part[2]) for part in parts]
    with pytest.raises(InvalidInput):
        refund_parts(order_no=bought, parts=wanted, reason="x", reference="c1")
    assert Refund.objects.count() == 0


def test_lines_are_of_the_order(buyer: Caller, sku: int, bought: str) -> None:
    other = refundable_of(order_no=buyer.buy((sku, 1))).lines[0].line_id
    before = marks()
    with pytest.raises(NotFound):
        refund_parts(order_no=bought, parts=[RefundPart(other, 1)], reason="x", reference="c1")
    with pytest.raises(NotFound):
        refund_parts(order_no="S0", parts=[RefundPart(other, 1)], reason="x", reference="c1")
    with pytest.raises(NotFound):
        refundable_of(order_no="S0")
    assert marks() == before


@pytest.mark.parametrize("state", ["unpaid", "cancelled", "refunding", "refunded"])
def test_refunds_need_an_order_that_was_paid_and_is_not_over(bought: str, state: str) -> None:
    line = refundable_of(order_no=bought).lines[0].line_id
    ShopOrder.objects.update(state=state)
    before = marks()
    with pytest.raises(WrongState):
        refund_parts(order_no=bought, parts=[RefundPart(line, 1)], reason="x", reference="c1")
    assert marks() == before


def test_the_platforms_share_goes_back_with_the_buyers(buyer: Caller, shop: Shop, sku: int) -> None:
    claim(buyer, operator().post("/platform/coupons", coupon_body(discount_minor=1_000), status=201)["id"])
    order_no = buyer.buy((sku, 1))
    assert money(shop) == {"provider": 28_900, "escrow": 29_900, "subsidy": 1_000}
    line = refundable_of(order_no=order_no).lines[0]
    for number, amount in enumerate((9_633, 9_633, 9_634)):
        refund_parts(
            order_no=order_no, parts=[RefundPart(line.line_id, amount)], reason="x", reference=f"third{number}"
        )
    assert [refund.subsidy_minor for refund in Refund.objects.order_by("id")] == [333, 333, 334]
    assert finish_refunds() == 3
    assert (money(shop), ShopOrder.objects.get().state) == ({}, "refunded")


def test_what_the_platform_paid_alone_goes_back_by_units(buyer: Caller, shop: Shop, sku: int) -> None:
    order_no = buyer.buy((sku, 2))
    line = OrderLine.objects.get()
    paid_by_platform = [{"kind": "platform_coupon", "programme_id": 1, "payer": "platform", "amount_minor": 59_800}]
    OrderLine.objects.filter(pk=line.pk).update(discount_minor=59_800, discounts=paid_by_platform)
    ShopOrder.objects.update(discount_minor=59_800, platform_discount_minor=59_800, payable_minor=0)
    refund_parts(order_no=order_no, parts=[RefundPart(line.pk, 0, 1)], reason="x", reference="c1")
    assert Refund.objects.get().subsidy_minor == 29_900


def test_cases_hold_the_settlement(bought: str) -> None:
    hold_settlement(order_no=bought)
    hold_settlement(order_no=bought)
    release_settlement(order_no=bought)
    assert refundable_of(order_no=bought).open_cases == 1
    release_settlement(order_no=bought)
    with pytest.raises(Conflict):
        release_settlement(order_no=bought)
    assert refundable_of(order_no=bought).open_cases == 0
    for call in (hold_settlement, release_settlement):
        with pytest.raises(NotFound):
            call(order_no="S0")


def test_an_amount_is_spread_over_lines_by_largest_remainder(bought: str) -> None:
    found = refundable_of(order_no=bought)
    parts = split_amount(refundable=found, amount_minor=10_000, with_freight=True)
    assert [(part.line_id, part.amount_minor) for part in parts] == [
        (found.lines[0].line_id, 9_708),
        (found.lines[1].line_id, 162),
        (None, 130),
    ]
    assert sum(part.amount_minor for part in split_amount(refundable=found, amount_minor=60_800)) == 60_800
    with pytest.raises(ValueError, match="more than is left"):
        split_amount(refundable=found, amount_minor=60_801)


@given(subsidy=st.integers(0, 10**6), paid=st.integers(0, 10**6), bought=st.integers(1, 50), cuts=st.data())
def test_shares_sum_to_the_whole_subsidy(subsidy: int, paid: int, bought: int, cuts: st.DataObject) -> None:
    shares, money_back, units_back = [], 0, 0
    while (money_back, units_back) != (paid, bought):
        amount = cuts.draw(st.integers(0, paid - money_back))
        quantity = cuts.draw(st.integers(0, bought - units_back))
        if not amount and not quantity:
            amount, quantity = paid - money_back, bought - units_back
        share = subsidy_share_minor(
            subsidy_minor=subsidy,
            paid_minor=paid,
            before_minor=money_back,
            amount_minor=amount,
            quantity=quantity,
            units=(units_back, bought),
        )
        assert share >= 0
        shares.append(share)
        money_back, units_back = money_back + amount, units_back + quantity
    assert sum(shares) == subsidy


@given(fee_bp=st.integers(0, 10_000), income=st.integers(0, 10**7), back=st.integers(0, 10**7))
def test_the_fee_that_remains_is_between_nothing_and_all(fee_bp: int, income: int, back: int) -> None:
    fee = income * fee_bp // 10_000
    returned = min(back, income)
    due = fee_due_minor(fee_minor=fee, income_minor=income, returned_minor=returned)
    assert 0 <= due <= fee
    assert fee_due_minor(fee_minor=fee, income_minor=income, returned_minor=income) == 0
    assert income - returned - due >= 0
