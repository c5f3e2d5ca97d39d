"""Fixtures of the invoice tests."""

import pytest

from xingqu.accounts.services import create_person
from xingqu.kit import signed_messages
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
    return Caller.signed_in(create_person(email="operator@platform.example", password=None, is_operator=True))


@pytest.fixture(autouse=True)
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    monkeypatch.setattr(signed_messages, "_http", lambda: made)
    return made
