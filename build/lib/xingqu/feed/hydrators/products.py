"""Product cards by id, in order."""

from collections.abc import Iterable

from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import ProductCardData


def hydrate(*, product_ids: Iterable[int]) -> list[ProductCardData]:
    """Cards in the order of the ids; unknown ids are left out."""
    wanted = list(dict.fromkeys(product_ids))
    found = catalogue.cards(wanted) if wanted else {}
    return [found[pk] for pk in wanted if pk in found]
