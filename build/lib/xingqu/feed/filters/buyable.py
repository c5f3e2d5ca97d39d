"""No content that sells only what cannot be bought."""

from collections.abc import Iterable, Mapping

from xingqu.catalogue.contracts import ProductCardData
from xingqu.content.contracts import ContentCardData


def keep(*, content_ids: Iterable[int], cards: Mapping[int, ContentCardData]) -> list[int]:
    """Ids of contents without products or with at least one that can be bought now, in order."""
    return [
        pk
        for pk in content_ids
        if not cards[pk].anchors or any(anchor.product.sale_state.can_buy for anchor in cards[pk].anchors)
    ]


def keep_products(products: Iterable[ProductCardData]) -> list[ProductCardData]:
    """Products that can be bought now, in order."""
    return [product for product in products if product.sale_state.can_buy]
