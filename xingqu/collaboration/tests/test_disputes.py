"""Disputes and the clock."""

import pytest

from xingqu.collaboration.models import Collaboration
from xingqu.collaboration.services.running import run_due_collaborations, time_out
from xingqu.collaboration.tests.test_collaborations import Table
from xingqu.kit import clock
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Shop

pytestmark = pytest.mark.django_db


def test_no_clock_ends_a_dispute_and_none_waits_behind_it(shop: Shop, sku: int) -> None:
    table = Table(shop, sku)
    table.start()
    table.do("creator", "dispute", text="商家没有按约定备货")
    other = Table(shop, sku)
    other.invite()
    Collaboration.objects.filter(pk=table.row.pk).update(due_at=clock.now())
    with later(days=40):
        assert time_out(collab_no=table.no, at=clock.now()) is False
        assert run_due_collaborations(limit=1) == 1
    assert (table.row.state, table.money()[1], other.row.state) == ("disputed", 100_000, "lapsed")
