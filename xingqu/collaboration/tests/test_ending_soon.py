"""Agreements that end soon are counted, for the to-dos of those who made them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from xingqu.collaboration.tests.test_collaborations import Table
from xingqu.kit import clock
from xingqu.trade.tests.house import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(shop: Shop, sku: int) -> Table:
    return Table(shop, sku)


def test_what_runs_and_ends_soon_is_counted(table: Table) -> None:
    """The terms that both have said yes to say when: here ten days from the first."""

    def ending() -> int:
        return int(table.desk.caller.get(f"{table.desk.path}/collaborations")["counts"]["ending"])

    table.invite()
    assert ending() == 0  # not agreed on yet
    table.do("creator", "accept", terms_version=1)
    if table.row.state == "funding":
        table.do("merchant", "fund")
    ends = date.fromisoformat(table.get()["terms"]["ends_on"])
    day = datetime.combine(ends, time(12), ZoneInfo(settings.TIME_ZONE))
    for days, told in ((31, 0), (30, 1), (0, 1), (-1, 0)):
        with clock.frozen(day - timedelta(days=days)):
            assert (days, ending()) == (days, told)
