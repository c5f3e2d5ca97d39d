"""Money that is asked for from two sides at once: whoever is first, every cent is in one place, and the auditor agrees."""

import threading
from collections.abc import Callable

import orjson
import pytest
from django.test import Client

from xingqu.accounts.services import create_person
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.kit.tests.threads import side_by_side
from xingqu.ledger.models import Journal
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.models import DepositChange, Settlement, Withdrawal
from xingqu.settlement.providers.protocol import PayoutReport
from xingqu.settlement.services import settling
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.deposits import decide_deposit, freeze_deposit, pay_deposit
from xingqu.settlement.services.payouts import decide
from xingqu.settlement.services.withdrawals import ask_withdrawal
from xingqu.settlement.tests.house import earn, money, ready_to_withdraw, settle
from xingqu.trade.contracts import RefundPart
from xingqu.trade.models import OrderLine, ParentOrder, Refund, ShopOrder
from xingqu.trade.providers.sandbox.messages import GATEWAY, sign
from xingqu.trade.services import refund_parts
from xingqu.trade.services.orders import cancel_order, confirm_receipt
from xingqu.trade.services.refunded import settle_refund
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db(transaction=True)
Ends = list[str | None]


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    return make_shop()


@pytest.fixture
def buyer(transactional_db: None) -> Caller:
    return Caller.new_person()


def at_once(*calls: Callable[[], object]) -> Ends:
    """Let all begin together; the kind of error that each ended with, sorted by its name."""
    start = threading.Barrier(len(calls), timeout=30)

    def begin(call: Callable[[], object]) -> None:
        start.wait()
        call()

    ends = side_by_side(*[lambda call=call: begin(call) for call in calls])
    return sorted((type(end).__name__ if end is not None else None for end in ends), key=lambda name: name or "")


def ask_back(order_no: str, amount_minor: int, reference: str = "r1") -> None:
    line = OrderLine.objects.get(order__order_no=order_no).pk
    refund_parts(order_no=order_no, parts=[RefundPart(line, amount_minor)], reason="x", reference=reference)


def assert_it_fits() -> None:
    finish_refunds()
    deliver_due()
    assert check().problems == ()
    assert audit().difference_count == 0


def test_settled_while_a_refund_is_asked_for(shop: Shop, buyer: Caller) -> None:
    order_no = earn(buyer, shop, make_sku(shop))
    planned, settled = Settlement.objects.get().pk, []
    ends = at_once(
        lambda: settled.append(settling._settle(planned, clock.now())),
        lambda: ask_back(order_no, 10_000),
    )
    assert ends == [None, None]
    row = Settlement.objects.get()
    assert (row.state, row.waits_for) in (("settled", ""), ("pending", "refund_pending"))
    assert settled == [row.state == "settled"]
    finish_refunds()
    settle()
    assert money(shop) == {"balance": 18_905}  # 199.00 less 5 %
    assert_it_fits()


def test_received_while_a_refund_comes_back(shop: Shop, buyer: Caller) -> None:
    order_no = buyer.buy((make_sku(shop), 1))
    parcel = {"carrier_code": "sf", "tracking_no": "SF000000000001"}
    shop.member().post(f"/shops/{shop.id}/orders/{order_no}/ship", parcel)
    ask_back(order_no, 10_000)
    refund, key = Refund.objects.select_related("payment").get(), buyer.key
    ends = at_once(lambda: settle_refund(refund), lambda: confirm_receipt(buyer_key=key, order_no=order_no))
    assert ends == [None, None]
    assert money(shop) == {"receivable": 18_905}
    assert balance_minor(account="fee:tech_service") == 995
    deliver_due()
    assert check().problems == ()
    assert audit().difference_count == 0


def test_all_of_the_balance_asked_for_twice(shop: Shop, buyer: Caller) -> None:
    earn(buyer, shop, make_sku(shop))
    settle()
    ready_to_withdraw(shop)

    def ask(key: str) -> str:
        return ask_withdrawal(shop_id=shop.id, amount_minor=20_000, person_id=shop.owner_id, key=key)

    assert at_once(lambda: ask("a" * 8), lambda: ask("b" * 8)) == [None, "NotEnoughBalance"]
    assert [row.amount_minor for row in Withdrawal.objects.all()] == [20_000]
    assert check().problems == ()


def test_one_withdrawal_clicked_four_times(shop: Shop, buyer: Caller) -> None:
    earn(buyer, shop, make_sku(shop))
    settle()
    ready_to_withdraw(shop)
    numbers: list[str] = []

    def ask() -> None:
        numbers.append(ask_withdrawal(shop_id=shop.id, amount_minor=10_000, person_id=shop.owner_id, key="once-once"))

    assert at_once(*[ask] * 4) == [None] * 4
    assert (len(numbers), len(set(numbers)), Withdrawal.objects.count()) == (4, 1, 1)
    report = PayoutReport(numbers[0], "paid", 10_000, "CNY", "T1", "")
    failed = PayoutReport(numbers[0], "failed", 10_000, "CNY", "T1", "x")
    told: list[bool] = []
    ends = at_once(
        *[lambda said=said: told.append(decide(withdrawal_no=numbers[0], report=said)) for said in (report, failed)]
    )
    assert (ends, sorted(told)) == ([None, None], [False, True])
    assert money(shop)["balance"] in (18_405, 28_405)
    assert check().problems == ()


def test_a_withdrawal_and_a_deposit_of_the_same_money(shop: Shop, buyer: Caller) -> None:
    earn(buyer, shop, make_sku(shop))
    settle()
    ready_to_withdraw(shop)
    common = {"shop_id": shop.id, "amount_minor": 20_000, "person_id": shop.owner_id}
    ends = at_once(lambda: ask_withdrawal(**common, key="a" * 8), lambda: pay_deposit(**common))  # type: ignore[arg-type]
    assert ends == [None, "NotEnoughBalance"]
    assert Withdrawal.objects.count() + DepositChange.objects.count() == 1
    assert_it_fits()


def test_a_freeze_is_decided_by_two_operators(shop: Shop, buyer: Caller) -> None:
    earn(buyer, shop, make_sku(shop))
    settle()
    person = create_person(email="operator@platform.example", password=None, is_operator=True)
    pay_deposit(shop_id=shop.id, amount_minor=5_000, person_id=shop.owner_id)
    freeze_deposit(shop_id=shop.id, amount_minor=5_000, reason="x", person_id=person)
    number = DepositChange.objects.get(state="frozen").change_no
    ends = at_once(
        *[
            lambda deduct=deduct: decide_deposit(change_no=number, deduct=deduct, person_id=person)
            for deduct in (True, False)
        ]
    )
    assert ends == [None, "AlreadyDecided"]
    assert balance_minor(account="fund:protection") + money(shop).get("deposit", 0) == 5_000
    assert_it_fits()


def test_a_notice_while_the_buyer_cancels(shop: Shop, buyer: Caller) -> None:
    sku = make_sku(shop)
    order_no = buyer.order((sku, 1))["order_no"]
    started = buyer.start_payment(order_no)
    buyer.confirm(started["redirect_url"], "never")
    fields = {"trade_no": "T1", "state": "succeeded", "amount_minor": 29_900, "currency": "CNY"}
    body = orjson.dumps({"event_id": "E1", "payment_no": started["payment_no"], **fields})
    key, path = buyer.key, "/api/v1/payments/callback/sandbox"

    def arrive() -> None:
        answer = Client().generic("POST", path, body, content_type="application/json", headers=sign(GATEWAY, body))
        assert answer.status_code == 200

    ends = at_once(arrive, lambda: cancel_order(buyer_key=key, order_no=order_no, reason=""))
    finish_refunds()
    if ParentOrder.objects.get().state == "paid":
        assert ends == [None, "WrongState"]
        assert (stock_of(sku), balance_minor(account="provider:sandbox")) == ((9, 0), 29_900)
    else:
        assert ends == [None, None]
        assert ParentOrder.objects.get().state == "cancelled"
        assert (stock_of(sku), balance_minor(account="provider:sandbox")) == ((10, 0), 0)
    assert_it_fits()


def test_receipt_confirmed_in_two_tabs(shop: Shop, buyer: Caller) -> None:
    order_no = buyer.buy((make_sku(shop), 1))
    parcel = {"carrier_code": "sf", "tracking_no": "SF000000000001"}
    shop.member().post(f"/shops/{shop.id}/orders/{order_no}/ship", parcel)
    key, journals = buyer.key, Journal.objects.count()
    ends = at_once(*[lambda: confirm_receipt(buyer_key=key, order_no=order_no)] * 2)
    assert ends == [None, "WrongState"]
    assert (ShopOrder.objects.get().state, Journal.objects.count()) == ("done", journals + 1)
    assert_it_fits()
