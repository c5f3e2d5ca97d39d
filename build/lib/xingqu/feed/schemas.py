"""API schemas of the feed, the mall page and search."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.content.contracts import ContentCardOut

ChannelName = Literal["covisit", "interest_tags", "fresh", "popular", "followed", "exploration", "sequence"]
HorizonName = Literal["instant", "mid", "long_term"]
WordsName = Literal["strong", "medium", "light"]


class WhyTagOut(Schema):
    """An interest tag that speaks for an item. `horizon`: where the interest comes from; `words`: its weight in words."""

    tag_id: int
    name: str
    name_en: str
    weight: float
    horizon: HorizonName
    words: WordsName


class WhyOut(Schema):
    tags: list[WhyTagOut]
    channel: ChannelName
    text_code: str


class FeedItemOut(Schema):
    position: int
    content: ContentCardOut
    why: WhyOut
    ad: dict[str, Any] | None


class FeedOut(Schema):
    """A page of the feed. `exhausted`: nothing more may be shown for now."""

    request_id: str
    personalised: bool
    items: list[FeedItemOut]
    exhausted: bool


class WhyDetailOut(Schema):
    """Why a content stood on a page. `propensity`: its probability at that place, given the places above."""

    content_id: int
    request_id: str
    served_at: datetime
    surface: str
    position: int
    personalised: bool
    channel: ChannelName
    text_code: str
    propensity: float
    repeated: bool
    tags: list[WhyTagOut]


class ShelfCategoryOut(Schema):
    id: int
    name: str
    name_en: str
    slug: str
    cover_url: str
    children: list[dict[str, Any]]
    product_count: int


class MallSectionOut(Schema):
    kind: Literal["categories", "for_you_products", "interest_shelf", "deals", "new"]
    title_code: str
    title_data: dict[str, Any]
    products: list[ProductCardOut]
    categories: list[ShelfCategoryOut]


class MallOut(Schema):
    sections: list[MallSectionOut]


class FacetOut(Schema):
    id: int
    name: str
    name_en: str
    count: int


class FacetsOut(Schema):
    categories: list[FacetOut]


class SearchOut(Schema):
    """`items` are the products or the contents, by `kind`; the list of the other kind is empty."""

    kind: Literal["products", "contents"]
    items: list[dict[str, Any]]
    products: list[ProductCardOut]
    contents: list[ContentCardOut]
    next_cursor: str | None
    total: int
    corrected_query: str | None
    suggestions: list[str]
    facets: FacetsOut


class SuggestionOut(Schema):
    text: str
    kind: str


class SuggestionsOut(Schema):
    items: list[SuggestionOut]


class RelatedOut(Schema):
    contents: list[ContentCardOut]
    similar: list[ProductCardOut]
