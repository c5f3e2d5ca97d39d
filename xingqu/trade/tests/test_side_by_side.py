"""What may not depend on one writer at a time: the same, and what belongs together, asked for by several at once."""

import threading

import orjson
import pytest
from django.db import transaction
from django.test import Client

from xingqu.accounts.models import Membership
from xingqu.accounts.selectors import require_membership
from xingqu.accounts.services import LastOwner, add_member, create_person
from xingqu.accounts.services.membership import remove_member
from xingqu.kit.tests.threads import side_by_side, while_open
from xingqu.ledger.models import Journal
from xingqu.ledger.selectors import balance_minor, check
from xingqu.ledger.services import post
from xingqu.trade.models import CallbackReceipt, CartLine, ParentOrder, PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers.sandbox.messages import GATEWAY, sign
from xingqu.trade.services import checkout
from xingqu.trade.services.cart import add_line
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> Shop:
    return make_shop()


def notice(payment_no: str, event_id: str) -> int:
    """Status of the answer to a gateway's notice that 299.00 were paid."""
    fields = {"trade_no": f"T{event_id}", "state": "succeeded", "amount_minor": 29900, "currency": "CNY"}
    body = orjson.dumps({"event_id": event_id, "payment_no": payment_no, **fields})
    path = "/api/v1/payments/callback/sandbox"
    found = Client().generic("POST", path, body, content_type="application/json", headers=sign(GATEWAY, body))
    return found.status_code


def test_one_checkout_of_the_last_unit_sent_four_times(house: Shop) -> None:
    sku_id = make_sku(house, stock=1)
    buyer = Caller.new_person()
    address_id = buyer.address_id()
    token = buyer.quote((sku_id, 1), address_id=address_id)["quote_token"]
    request = checkout.CheckoutRequest(quote_token=token, address_id=address_id, notes=(), from_cart=False)
    key, start, numbers = buyer.key, threading.Barrier(4, timeout=20), []

    def send() -> None:
        start.wait()
        numbers.append(checkout.place_order(buyer_key=key, idempotency_key="once", request=request))

    assert side_by_side(*[send] * 4) == [None] * 4
    assert len(numbers) == 4
    assert numbers[0] == ParentOrder.objects.get().order_no
    assert set(numbers) == {numbers[0]}
    assert stock_of(sku_id) == (1, 1)


def test_one_notice_that_arrives_four_times_at_once(house: Shop) -> None:
    buyer = Caller.new_person()
    order_no = buyer.order((make_sku(house), 1))["order_no"]
    payment_no = buyer.start_payment(order_no)["payment_no"]
    start, answers = threading.Barrier(4, timeout=20), []

    def arrive() -> None:
        start.wait()
        answers.append(notice(payment_no, "E1"))

    assert side_by_side(*[arrive] * 4) == [None] * 4
    assert answers == [200] * 4
    assert ShopOrder.objects.get().state == "paid"
    assert (CallbackReceipt.objects.count(), Journal.objects.count()) == (1, 1)
    assert balance_minor(account="provider:sandbox") == 29900


def test_two_payments_of_one_order_at_once(house: Shop) -> None:
    buyer = Caller.new_person()
    sku_id = make_sku(house)
    order_no = buyer.order((sku_id, 1))["order_no"]
    attempts = [buyer.start_payment(order_no)["payment_no"] for _ in range(2)]
    start = threading.Barrier(2, timeout=20)

    def arrive(place: int) -> None:
        start.wait()
        assert notice(attempts[place], f"E{place}") == 200

    assert side_by_side(lambda: arrive(0), lambda: arrive(1)) == [None, None]
    assert sorted(PaymentAttempt.objects.values_list("outcome", flat=True)) == ["applied", "duplicate"]
    assert [refund.amount_minor for refund in Refund.objects.all()] == [29900]
    assert stock_of(sku_id) == (9, 0)
    assert check().balanced


def test_postings_of_the_same_accounts_in_either_order(transactional_db: None) -> None:
    """Half of them go through forty pairs of accounts from the first to the last, the others from the last to the first."""
    pairs = [[(f"provider:p{pair}", 100), (f"escrow:shop:{pair}", -100)] for pair in range(1, 41)]
    _post([entry for pair in pairs for entry in pair], "first")
    start = threading.Barrier(4, timeout=20)

    def pay(number: int) -> None:
        start.wait()
        for step in range(8):
            entries = [entry for pair in (pairs if number % 2 else pairs[::-1]) for entry in pair]
            _post(entries, f"paid:{number}:{step}")

    assert side_by_side(*[lambda n=n: pay(n) for n in range(4)]) == [None] * 4
    assert {balance_minor(account=account) for pair in pairs for account, _ in pair} == {100 * (1 + 4 * 8)}
    assert check().balanced


def _post(entries: list[tuple[str, int]], key: str) -> None:
    with transaction.atomic():
        post(entries=entries, currency="CNY", reference="P1", idempotency_key=key)


def test_two_tabs_fill_one_cart(house: Shop) -> None:
    sku_id = make_sku(house)

    def put() -> None:
        with transaction.atomic():
            add_line(owner_key="p1", sku_id=sku_id, quantity=2)

    assert side_by_side(*[put] * 4) == [None] * 4
    assert list(CartLine.objects.values_list("owner_key", "quantity")) == [("p1", 8)]


def test_two_owners_remove_each_other(house: Shop) -> None:
    other = create_person(email="second@mail.example", password=None)
    change = add_member(organisation_id=house.id, email="second@mail.example", role="owner")
    first = Membership.objects.get(organisation_id=house.id, person_id=house.owner_id).pk

    cards = [
        require_membership(person_id=person_id, organisation_id=house.id, permission="members.write")
        for person_id in (other, house.owner_id)
    ]
    ends = while_open(
        lambda: remove_member(by=cards[0], member_id=first), lambda: remove_member(by=cards[1], member_id=change)
    )
    assert [type(end) for end in ends] == [type(None), LastOwner]
    left = Membership.objects.get(organisation_id=house.id)
    assert (left.role, left.person_id) == ("owner", other)
