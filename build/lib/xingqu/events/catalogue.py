"""Facts that the catalogue publishes."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ProductListed:
    """A product can be found and bought from now on."""

    prompt: ClassVar[bool] = True
    product_id: int
    shop_id: int


@dataclass(frozen=True)
class ProductChanged:
    """Text, pictures, prices or tags of a listed product changed."""

    prompt: ClassVar[bool] = True
    product_id: int
    shop_id: int
    version: int


@dataclass(frozen=True)
class ProductDelisted:
    """A product left the shelf. `reason` is offline, deleted, rejected or banned."""

    prompt: ClassVar[bool] = True
    product_id: int
    shop_id: int
    reason: str


@dataclass(frozen=True)
class StockChanged:
    """A SKU ran out, came back, or was changed by its merchant. `available` units are free.

    Sales in between publish nothing: they would write a fact for each order line that nobody needs.
    """

    product_id: int
    sku_id: int
    available: int
