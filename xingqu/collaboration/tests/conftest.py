import pytest

from xingqu.alliance.tests.conftest import operator as operator
from xingqu.alliance.tests.conftest import wire as wire
from xingqu.settlement.tests.conftest import buyer as buyer
from xingqu.trade.tests.house import Shop, make_shop, make_sku


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def sku(shop: Shop) -> int:
    """100 units at 299.00."""
    return make_sku(shop, stock=100)
