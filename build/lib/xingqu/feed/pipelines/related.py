"""What surrounds a product: contents that show it, and products one may like as well."""

from typing import Final

from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import ProductCardData
from xingqu.content import selectors as content
from xingqu.content.contracts import ContentCardData
from xingqu.feed.filters import buyable
from xingqu.feed.hydrators import products
from xingqu.feed.sources import anchored, recommended
from xingqu.interest import selectors as interest
from xingqu.kit.errors import NotFound

SIMILAR: Final = 12
RANKED: Final = 40


def build(*, actor: Actor, product_id: int) -> tuple[list[ContentCardData], list[ProductCardData]]:
    """(contents that show the product, similar products that can be bought). Raises NotFound for an unknown product."""
    product = catalogue.cards([product_id]).get(product_id)
    if product is None:
        raise NotFound
    shown, _ = content.contents_of_product(product_id=product_id, viewer=actor)
    seed = interest.content_showing(product_id=product_id)
    near: list[int] = []
    if seed:
        page = recommended.fetch(actor=actor, surface="similar", size=RANKED, exclude=(), seed_content_id=seed)
        near = anchored.product_ids(page=page)
    for category_id in (product.category_id, None):  # neighbours on the shelf, should the engine know too few
        page_of = catalogue.product_page(category_id=category_id, sort="sales", cursor=None, limit=2 * SIMILAR)
        near += page_of.ids
    cards = buyable.keep_products(products.hydrate(product_ids=[pk for pk in near if pk != product_id]))
    return shown, cards[:SIMILAR]
