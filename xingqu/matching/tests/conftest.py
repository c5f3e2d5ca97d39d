import pytest

from xingqu.matching.selectors import arrays
from xingqu.matching.tests.house import Market, make_market
from xingqu.settlement.tests.conftest import buyer as buyer
from xingqu.settlement.tests.conftest import wire as wire


@pytest.fixture(autouse=True)
def fresh_arrays() -> None:
    """Each test reads the files of its own folder."""
    for file in (arrays.AUDIENCES, arrays.OFFERS, arrays.CREATORS):
        file.forget()


@pytest.fixture
def market(db: None) -> Market:
    return make_market()
