"""Fixtures of the settlement tests."""

import pytest

from xingqu.kit import signed_messages
from xingqu.settlement.tests.house import earn
from xingqu.trade.tests.house import Caller, Shop, Wire, make_shop, make_sku


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def sku(shop: Shop) -> int:
    """100 units at 299.00."""
    return make_sku(shop, stock=100)


@pytest.fixture
def buyer(db: None) -> Caller:
    return Caller.new_person()


@pytest.fixture
def operator(db: None) -> Caller:
    from xingqu.accounts.services import create_person

    return Caller.signed_in(create_person(email="operator@platform.example", password=None, is_operator=True))


@pytest.fixture(autouse=True)
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The way to the payment gateway and to the bank."""
    made = Wire()
    monkeypatch.setattr(signed_messages, "_http", lambda: made)
    return made


@pytest.fixture
def earned(buyer: Caller, shop: Shop, sku: int) -> str:
    """An order of 299.00 that was received: 284.05 are the merchant's after the fee."""
    return earn(buyer, shop, sku)
