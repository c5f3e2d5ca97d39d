"""Fixtures of the trade tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from xingqu.kit import signed_messages
from xingqu.trade.tests.gateways.base import Gateway
from xingqu.trade.tests.gateways.site import KINDS, set_up
from xingqu.trade.tests.house import Caller, Shop, Wire, make_shop, make_sku


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def sku(shop: Shop) -> int:
    """10 units at 299.00."""
    return make_sku(shop)


@pytest.fixture
def buyer(db: None) -> Caller:
    return Caller.new_person()


@pytest.fixture
def guest(db: None) -> Caller:
    return Caller()


@pytest.fixture(autouse=True)
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The way to the gateway."""
    made = Wire()
    monkeypatch.setattr(signed_messages, "_http", lambda: made)
    return made


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def gateway(request: pytest.FixtureRequest, settings: Any) -> Iterator[Gateway]:
    made: Gateway = request.param()
    set_up(settings, made)
    yield made
    made.stop()
    assert made.broken == []
