"""The same small house as in the trade tests, and the way to the simulated carrier."""

from typing import Any

import pytest
from django.conf import settings

from xingqu.fulfilment.carriers.simulated import client as carrier_client
from xingqu.trade.tests.conftest import buyer, guest, shop, sku, wire
from xingqu.trade.tests.house import Wire

__all__ = ["buyer", "guest", "shop", "sku", "wire"]


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A site whose packages the simulated carrier knows."""
    changed: Any = settings.ENVIRONMENT.model_copy(update={"tracking_provider": "simulated"})
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    made = Wire()
    monkeypatch.setattr(carrier_client, "_http", lambda: made)
    return made
