"""Search: products by the catalogue's index and what buyers say of them, contents by tag and word."""

from dataclasses import dataclass

from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import ProductCardData
from xingqu.content import selectors as content
from xingqu.content.contracts import ContentCardData
from xingqu.feed.hydrators import products
from xingqu.interest import selectors as interest


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and help when there are none."""

    products: tuple[ProductCardData, ...]
    contents: tuple[ContentCardData, ...]
    next_cursor: str | None
    total: int
    corrected_query: str | None
    suggestions: tuple[str, ...]
    facets: tuple[dict[str, int | str], ...]


def find_products(
    *,
    q: str,
    sort: str,
    category_id: int | None,
    min_price_minor: int | None,
    max_price_minor: int | None,
    cursor: str | None,
    limit: int,
) -> Found:
    """Products on the shelf that match, with counts by category."""
    page = catalogue.search_products(
        q=q,
        category_id=category_id,
        min_price_minor=min_price_minor,
        max_price_minor=max_price_minor,
        sort=sort,
        cursor=cursor,
        limit=limit,
        gains=lambda ids: interest.review_gains(product_ids=ids),
    )
    cards = catalogue.category_cards()
    facets: list[dict[str, int | str]] = [
        {"id": pk, "name": cards[pk].name, "name_en": cards[pk].name_en or cards[pk].name, "count": count}
        for pk, count in page.facets
        if pk in cards
    ]
    return Found(
        products=tuple(products.hydrate(product_ids=page.ids)),
        contents=(),
        next_cursor=page.next_cursor,
        total=page.total,
        corrected_query=page.corrected_query,
        suggestions=page.suggestions,
        facets=tuple(facets),
    )


def find_contents(*, actor: Actor, q: str, sort: str, cursor: str | None, limit: int) -> Found:
    """Published contents that carry a tag the words name, or have the words in title or caption.

    Contents know the orders `relevance` and `new`; the orders of products mean relevance here.
    """
    words = [item.text for item in catalogue.suggest(q=q) if item.kind == "tag"]
    tag_ids = catalogue.tag_ids_by_name([q, *q.split(), *words[:3]])
    cards, next_cursor, total = content.search_contents(
        q=q,
        tag_ids=list(tag_ids.values()),
        viewer=actor,
        sort="new" if sort == "new" else "relevance",
        cursor=cursor,
        limit=limit,
    )
    suggestions = () if cards or cursor else tuple(hot_words(limit=8))
    return Found((), tuple(cards), next_cursor, total, None, suggestions, ())


def hot_words(*, limit: int) -> list[str]:
    """Names of the tags that people deal with most these days."""
    tag_ids = interest.hot_tags(limit=limit)
    names = catalogue.tags_by_ids(tag_ids)
    return [names[pk].name for pk in tag_ids if pk in names]
