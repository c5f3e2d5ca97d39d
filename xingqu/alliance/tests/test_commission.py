"""From an order to a creator's money: estimated, confirmed, settled, clawed back; and everything adds up."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingqu.accounts.models import Creator
from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.models import CommissionOrder
from xingqu.alliance.services.commission import decide_shares
from xingqu.alliance.services.plans import change_rate, close_plan, take_up
from xingqu.alliance.tests.house import buy_led, new_creator, offer, product_of, receive
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import ALLIANCE_FEE, TECH_SERVICE_FEE
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.models import Settlement
from xingqu.settlement.selectors.statements import shop_accounts, statement_lines
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.tests.house import give_back, later, money, settle
from xingqu.trade.contracts import LineShareTerms
from xingqu.trade.models import LineShare, OrderLine, OrderSharing
from xingqu.trade.services import share_order
from xingqu.trade.tests.house import Caller, Shop, make_sku

pytestmark = pytest.mark.django_db


def earned(creator_id: int, payee: str = "creator") -> int:
    return balance_minor(account=f"commission:{payee}:{creator_id}")


def differences() -> list[tuple[str, str, str]]:
    return [(row.kind, row.expected, row.found) for row in audit().differences.all()]


def test_estimated_confirmed_settled_and_clawed_back(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    offer(shop, sku, 2_000)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    row = CommissionOrder.objects.get()
    # A fifth of 299.00, less the platform's tenth of it.
    assert (row.state, row.estimated_minor, row.amount_minor, row.cost_minor) == ("paid", 5_382, 5_382, 5_980)
    receive(buyer, shop, order_no)
    row.refresh_from_db()
    assert (row.state, earned(creator_id), money(shop)) == ("confirmed", 0, {"receivable": 28_405})
    assert settle() == 1
    with later(days=9):
        deliver_due()
    row.refresh_from_db()
    assert (row.state, row.amount_minor) == ("settled", 5_382)
    assert (earned(creator_id), balance_minor(account=ALLIANCE_FEE), money(shop)) == (5_382, 598, {"balance": 22_425})
    give_back(order_no, 10_000, "a-third")
    row.refresh_from_db()
    # A fifth of 199.00 is left: 39.80, of it 3.98 the platform's.
    assert (row.amount_minor, row.cost_minor, row.base_minor, row.estimated_minor) == (3_582, 3_980, 19_900, 5_382)
    assert (earned(creator_id), balance_minor(account=ALLIANCE_FEE)) == (3_582, 398)
    # 199.00 less the fee of 5 % less the commission of 39.80.
    assert money(shop) == {"balance": 19_900 - 995 - 3_980}
    give_back(order_no, 19_900, "the-rest")
    row.refresh_from_db()
    assert (row.state, row.amount_minor, row.cost_minor) == ("refunded", 0, 0)
    assert (earned(creator_id), balance_minor(account=ALLIANCE_FEE), money(shop)) == (0, 0, {})
    assert check().problems == ()
    assert differences() == []


def test_a_statement_tells_of_commission(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    offer(shop, sku, 2_000)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    receive(buyer, shop, order_no)
    settle()
    give_back(order_no, 10_000, "a-third")
    now = clock.now()
    accounts = shop_accounts(shop.id)
    lines = statement_lines(accounts=accounts, since=now - timedelta(days=30), until=now + timedelta(days=30))
    told = [(line.kind, line.order_no, line.amount_minor) for line, _ in lines if "commission" in line.kind]
    assert sorted(told) == [("commission", order_no, -5_980), ("commission_back", order_no, 2_000)]


def test_the_rate_of_the_moment_it_was_ordered_counts(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    with clock.frozen(clock.now() - timedelta(days=3)):
        plan_id = offer(shop, sku, 2_000)
    parent = buyer.order((sku, 1))
    OrderLine.objects.update(attribution={"creator_id": creator_id})
    change_rate(
        shop_id=shop.id, plan_id=plan_id, commission_bp=3_000, person_id=1
    )  # at once, and too late for this order
    close_plan(shop_id=shop.id, plan_id=plan_id, person_id=1)
    buyer.pay(parent["order_no"])
    deliver_due()
    assert CommissionOrder.objects.values_list("commission_bp", "estimated_minor").get() == (2_000, 5_382)
    buy_led(buyer, creator_id, (sku, 1))  # closed from tomorrow: today's rise still counts
    assert CommissionOrder.objects.order_by("-id").values_list("commission_bp", flat=True)[0] == 3_000
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        buy_led(buyer, creator_id, (sku, 1))
    assert CommissionOrder.objects.count() == 2


def test_a_shop_pays_nothing_for_its_own_room(buyer: Caller, shop: Shop, sku: int) -> None:
    offer(shop, sku)
    own = Creator.objects.get(organisation_id=shop.id).pk
    order_no = buy_led(buyer, own, (sku, 1))
    assert not CommissionOrder.objects.exists()
    assert OrderSharing.objects.get().order.order_no == order_no
    receive(buyer, shop, order_no)
    assert (settle(), money(shop)) == (1, {"balance": 28_405})


def test_what_nobody_has_decided_is_not_settled(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    offer(shop, sku)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    CommissionOrder.objects.all().delete()
    LineShare.objects.all().delete()
    OrderSharing.objects.all().delete()  # as if the handler had not run yet
    receive(buyer, shop, order_no)
    assert settle() == 0
    assert Settlement.objects.values_list("state", "waits_for").get() == ("pending", "sharing_open")
    decide_shares(order_no=order_no, shop_id=shop.id, currency="CNY", paid_at=clock.now())
    assert settle(days=9) == 1
    assert earned(creator_id) == 5_382
    with pytest.raises(Conflict):
        share_order(order_no=order_no, terms={})
    assert earned(creator_id) == 5_382


def test_deciding_again_changes_nothing(buyer: Caller, shop: Shop, sku: int) -> None:
    creator_id, _ = new_creator()
    plan_id = offer(shop, sku)
    order_no = buy_led(buyer, creator_id, (sku, 2))
    before = list(CommissionOrder.objects.values())
    close_plan(shop_id=shop.id, plan_id=plan_id, person_id=1)
    decide_shares(order_no=order_no, shop_id=shop.id, currency="CNY", paid_at=clock.now())
    assert list(CommissionOrder.objects.values()) == before
    line_id = OrderLine.objects.get().pk
    other = LineShareTerms(creator_id=creator_id, reference="plan:1", commission_bp=1)
    for terms in ({}, {line_id: other}):
        with pytest.raises(Conflict):
            share_order(order_no=order_no, terms=terms)
    for wrong in (
        {line_id + 1: other},
        {line_id: LineShareTerms(creator_id=1, reference="x", commission_bp=1, mcn_bp=1)},
        {line_id: LineShareTerms(creator_id=1, reference="x", commission_bp=1, service_bp=1)},
        {line_id: LineShareTerms(creator_id=1, reference="x", commission_bp=10_001)},
    ):
        with pytest.raises(InvalidInput):
            share_order(order_no=order_no, terms=wrong)
    assert LineShare.objects.count() == 1


def test_a_colonel_s_activity_pays_both(buyer: Caller, shop: Shop, sku: int) -> None:
    colonel = create_organisation(owner_id=create_person(email="c@x.example", password=None), kind="mcn", name="团长")
    creator_id, _ = new_creator()
    offer(shop, sku, 1_000)
    activity = offer(shop, sku, 2_000, PlanKind.COLONEL, service_bp=500, colonel_id=colonel)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    assert CommissionOrder.objects.get().commission_bp == 1_000  # did not come by the colonel
    take_up(creator_id=creator_id, product_id=product_of(sku), plan_id=activity)
    order_no = buy_led(buyer, creator_id, (sku, 1))
    receive(buyer, shop, order_no)
    settle()
    # 59.80 and 14.95, of each a tenth (rounded down) is the platform's.
    assert (earned(creator_id), earned(colonel, "colonel")) == (5_980 - 598, 1_495 - 149)
    assert balance_minor(account=ALLIANCE_FEE) == 598 + 149
    assert differences() == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    price=st.integers(100, 50_000),
    commission=st.integers(100, 5_000),
    before=st.integers(0, 100),
    after=st.integers(0, 100),
    mcn_bp=st.integers(0, 10_000),
)
def test_everything_paid_is_somebody_s(
    db: None, shop: Shop, price: int, commission: int, before: int, after: int, mcn_bp: int
) -> None:
    """merchant + creator + agency + colonel + platform + buyer = paid, whatever goes back before and after the settlement."""
    buyer = Caller.new_person()
    sku = make_sku(shop, price_minor=price)
    creator_id, _ = new_creator()
    parent = buyer.order((sku, 1))
    order_no = str(parent["shop_orders"][0]["order_no"])
    line = OrderLine.objects.get(order__order_no=order_no)
    held = {"balance": money(shop).get("balance", 0)}
    fees = {code: balance_minor(account=code) for code in (ALLIANCE_FEE, TECH_SERVICE_FEE)}
    buyer.pay(parent["order_no"])
    share_order(
        order_no=order_no,
        terms={
            line.pk: LineShareTerms(
                creator_id=creator_id,
                reference="x",
                commission_bp=commission,
                mcn_id=creator_id,
                colonel_id=creator_id,
                service_bp=300,
                platform_bp=1_000,
                mcn_bp=mcn_bp,
            )
        },
    )
    deliver_due()
    receive(buyer, shop, order_no)
    first = price * before // 100
    if first:
        give_back(order_no, first, f"before-{order_no}")
    settle()
    second = (price - first) * after // 100
    if second:
        give_back(order_no, second, f"after-{order_no}")
    shares = [earned(creator_id, payee) for payee in ("creator", "mcn", "colonel")]
    fee = sum(balance_minor(account=code) - had for code, had in fees.items())
    merchant = money(shop).get("balance", 0) - held["balance"]
    assert min(shares) >= 0
    assert merchant + sum(shares) + fee + first + second == price
    assert check().problems == ()


def test_commission_never_lets_a_creator_see_another_s(buyer: Caller, shop: Shop, sku: int) -> None:
    """Two creators, two orders: each has its own."""
    offer(shop, sku)
    first, second = new_creator()[0], new_creator()[0]
    for creator_id, units in ((first, 1), (second, 2)):
        receive(buyer, shop, buy_led(buyer, creator_id, (sku, units)))
    settle()
    assert (earned(first), earned(second)) == (5_382, 10_764)
