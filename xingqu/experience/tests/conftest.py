"""The same small house as in the trade tests."""

from xingqu.trade.tests.conftest import buyer, guest, shop, sku, wire

__all__ = ["buyer", "guest", "shop", "sku", "wire"]
