import pytest

from xingqu.settlement.tests.conftest import buyer as buyer
from xingqu.settlement.tests.conftest import operator as operator
from xingqu.settlement.tests.conftest import wire as wire
from xingqu.trade.tests.house import Shop, make_shop, make_sku


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def sku(shop: Shop) -> int:
    return make_sku(shop)
