"""Custody: money between two sides comes in and goes out once, never more than is there, and the auditor knows it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import balance_account, commission_account, custody_account
from xingqu.ledger.selectors import balance_minor
from xingqu.ledger.services import PostedDifferently
from xingqu.settlement.domain.errors import NotEnoughBalance
from xingqu.settlement.models import AuditDifference, CustodyMove
from xingqu.settlement.selectors.custody import custody_minor, custody_moves
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.services.custody import (
    give_from_custody,
    lapse_custody_payments,
    pay_into_custody,
    start_custody_payment,
)
from xingqu.settlement.tests.house import money, settle
from xingqu.trade.tests.house import Caller, Shop, deliver

pytestmark = pytest.mark.django_db
CREATOR = commission_account("creator", 7)


@pytest.fixture
def rich(earned: str) -> str:
    """A shop with 284.05 in its balance."""
    assert settle() == 1
    return earned


def found() -> list[tuple[str, str, str, str]]:
    rows = AuditDifference.objects.filter(run=audit()).order_by("id")
    return [(row.kind, row.reference, row.expected, row.found) for row in rows]


def put(shop: Shop, amount_minor: int, key: str = "fee") -> bool:
    return pay_into_custody(reference="C1", key=key, account=balance_account(shop.id), amount_minor=amount_minor)


def test_what_came_in_is_given_out_once(shop: Shop, rich: str) -> None:
    assert put(shop, 10_000) is True
    assert put(shop, 10_000) is False
    assert (money(shop), custody_minor(reference="C1")) == ({"balance": 18_405}, 10_000)
    shares = {CREATOR: 6_000, balance_account(shop.id): 1_000, commission_account("mcn", 1): 0}
    assert give_from_custody(reference="C1", key="first", shares=shares) is True
    assert give_from_custody(reference="C1", key="first", shares=shares) is False
    assert (custody_minor(reference="C1"), balance_minor(account=CREATOR)) == (3_000, 6_000)
    with pytest.raises(PostedDifferently), transaction.atomic():
        give_from_custody(reference="C1", key="first", shares={CREATOR: 1})
    assert [(row["key"], row["into"], row["amount_minor"]) for row in custody_moves(reference="C1")] == [
        ("fee", True, 10_000),
        ("first", False, 6_000),
        ("first", False, 1_000),
    ]
    assert found() == []


def test_no_more_goes_out_than_is_there(shop: Shop, rich: str) -> None:
    put(shop, 10_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        give_from_custody(reference="C1", key="first", shares={CREATOR: 10_001})
    with pytest.raises(IntegrityError), transaction.atomic():
        give_from_custody(reference="C2", key="first", shares={CREATOR: 1})
    assert (custody_minor(reference="C1"), balance_minor(account=CREATOR), CustodyMove.objects.count()) == (
        10_000,
        0,
        1,
    )


def test_a_balance_that_can_not_bear_it(shop: Shop, rich: str) -> None:
    with pytest.raises(NotEnoughBalance):
        put(shop, 28_406)
    assert (money(shop), CustodyMove.objects.count()) == ({"balance": 28_405}, 0)
    with pytest.raises(NotEnoughBalance):
        pay_into_custody(reference="C1", key="fee", account=CREATOR, amount_minor=1)


def test_paid_through_a_provider(shop: Shop, buyer: Caller) -> None:
    person_id = shop.owner_id
    _, url = start_custody_payment(
        reference="C1",
        person_id=person_id,
        amount_minor=5_000,
        provider=None,
        return_path="/workbench",
        language="zh",
        payer_ip="127.0.0.1",
    )
    with clock.frozen(clock.now() + timedelta(hours=3)):  # late, and taken all the same
        assert lapse_custody_payments() == 1
        assert custody_moves(reference="C1") == []
    buyer.confirm(url)
    deliver()
    deliver_due()
    assert custody_minor(reference="C1") == 5_000
    assert [(row["state"], row["amount_minor"]) for row in custody_moves(reference="C1")] == [("done", 5_000)]
    assert found() == []


def test_the_auditor_sees_what_was_changed(shop: Shop, rich: str) -> None:
    put(shop, 10_000)
    CustodyMove.objects.update(amount_minor=9_000)
    assert found() == [
        ("custody_booked", "C1", "-9000", "-10000"),
        ("account_total", f"{balance_account(shop.id)} CNY", "19405", "18405"),
        ("account_total", f"{custody_account('C1')} CNY", "9000", "10000"),
    ]
