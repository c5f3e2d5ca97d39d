"""The mall page: categories, products for this actor, a shelf for each strong interest, deals, what is new."""

from typing import Final

from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import ProductCardData
from xingqu.feed.contracts import ShelfSection
from xingqu.feed.filters import buyable
from xingqu.feed.hydrators import products
from xingqu.feed.sources import anchored, recommended
from xingqu.interest import selectors as interest
from xingqu.interest import services as interest_services

FOR_YOU: Final = 20
SHELF: Final = 10
SHELVES: Final = 3
SHELF_WEIGHT: Final = 0.2  # a weaker interest has no shelf of its own
DEALS_AMONG: Final = 200  # deals are looked for among so many of the most promising products
RANKED: Final = 60


def build(*, actor: Actor) -> list[ShelfSection]:
    """Sections from top to bottom; one without products is left out."""
    sections = [_categories(), *_shelves(actor), _deals(), _new(), _for_you(actor)]
    return [section for section in sections if section.products or section.categories]


def _categories() -> ShelfSection:
    tree = tuple(branch for branch in catalogue.category_tree() if branch["product_count"])
    return ShelfSection("categories", "categories", {}, (), tree)


def _for_you(actor: Actor) -> ShelfSection:
    ranked = recommended.fetch(actor=actor, surface="for_you", size=RANKED, exclude=())
    found = _cards(anchored.product_ids(page=ranked), FOR_YOU)
    if len(found) < FOR_YOU:
        best = interest.promising_products(limit=DEALS_AMONG)
        found = _cards([*(card.id for card in found), *best], FOR_YOU)
    shown = {product.id for product in found}
    places = [item.content_id for item in ranked.items if interest.product_shown_by(item.content_id) in shown]
    interest_services.record_served(actor=actor, page=ranked, content_ids=places, surface="mall")
    return ShelfSection("for_you_products", "for_you_products", {"personalised": int(ranked.personalised)}, found)


def _shelves(actor: Actor) -> list[ShelfSection]:
    known = interest.interest_tags(actor=actor)
    if not known.personalised:
        return []
    strong = [tag for tag in known.tags if tag.weight >= SHELF_WEIGHT and not tag.blocked][:SHELVES]
    return [
        ShelfSection(
            "interest_shelf",
            f"interest_{tag.horizon}",
            {"tag_id": tag.tag_id, "tag": tag.name, "tag_en": tag.name_en, "horizon": tag.horizon},
            _cards(interest.products_with_tag(tag_id=tag.tag_id, limit=2 * SHELF), SHELF),
        )
        for tag in strong
    ]


def _deals() -> ShelfSection:
    def saving(card: ProductCardData) -> float:
        return 1 - card.price_minor / card.list_price_minor if card.list_price_minor else 0.0

    candidates = _cards(interest.promising_products(limit=DEALS_AMONG), DEALS_AMONG)
    cheaper = sorted((card for card in candidates if saving(card) > 0), key=lambda card: (-saving(card), card.id))
    return ShelfSection("deals", "deals", {}, tuple(cheaper[:SHELF]))


def _new() -> ShelfSection:
    page = catalogue.product_page(category_id=None, sort="new", cursor=None, limit=SHELF)
    return ShelfSection("new", "new", {}, _cards(page.ids, SHELF))


def _cards(product_ids: list[int] | tuple[int, ...], limit: int) -> tuple[ProductCardData, ...]:
    return tuple(buyable.keep_products(products.hydrate(product_ids=product_ids))[:limit])
