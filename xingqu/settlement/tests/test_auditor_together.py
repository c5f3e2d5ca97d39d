"""The auditor and one payment of several orders."""

import pytest
from django.db import connection

from xingqu.settlement.models import AuditDifference
from xingqu.settlement.services.auditing import audit
from xingqu.trade.models import PaymentShare
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, deliver

pytestmark = pytest.mark.django_db
WITHOUT_REFUSAL = {
    "sqlite": ["DROP TRIGGER trade_paymentshare_captured_update"],
    "postgresql": ["SET CONSTRAINTS ALL IMMEDIATE", "ALTER TABLE trade_paymentshare DISABLE TRIGGER USER"],
}


def found() -> list[tuple[str, str, str]]:
    run = audit()
    return list(AuditDifference.objects.filter(run=run).order_by("id").values_list("kind", "expected", "found"))


def test_a_share_that_was_paid_twice_is_found(buyer: Caller, sku: int) -> None:
    numbers = [buyer.order((sku, units))["order_no"] for units in (1, 2)]
    pay = buyer.post("/payments", {"order_nos": numbers})
    buyer.pay(numbers[0])
    buyer.confirm(pay["redirect_url"])
    deliver()
    finish_refunds()
    assert found() == []
    # Somebody says, past the database's own refusal, that the share which went back paid the order, too.
    with connection.cursor() as cursor:
        for statement in WITHOUT_REFUSAL[connection.vendor]:
            cursor.execute(statement)
    PaymentShare.objects.update(outcome="applied")
    assert found() == [("captured_twice", "one payment", "two")]
    PaymentShare.objects.filter(parent__order_no=numbers[0]).update(outcome="duplicate", amount_minor=1)
    assert found() == [("paid_amount", "59801", "89700")]
