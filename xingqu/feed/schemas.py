"""API schemas of the feed, the mall page and search."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.content.contracts import ContentCardOut
from xingqu.kit.api import MoneyOut
from xingqu.live.contracts import LivePreviewOut

ChannelName = Literal[
    "covisit",
    "interest_tags",
    "fresh",
    "popular",
    "followed",
    "exploration",
    "sequence",
    "sessions",
    "taste",
    "clusters",
    "due",
    "content",
]
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


class FeedFlashOut(Schema):
    """What a product on a card costs in a flash sale, until `ends_at` and while units last."""

    product_id: int
    price: MoneyOut
    ends_at: datetime


class FeedItemOut(Schema):
    position: int
    content: ContentCardOut
    why: WhyOut
    ad: dict[str, Any] | None
    flash: list[FeedFlashOut]


class FeedOut(Schema):
    """A page of the feed. `exhausted`: nothing more may be shown for now."""

    request_id: str
    personalised: bool
    items: list[FeedItemOut]
    exhausted: bool


class LiveChancesOut(Schema):
    """How probable it is, by what is known of this viewer and of the room's visitors."""

    enter: float
    stay: float
    buy: float


class FeedLiveOut(LivePreviewOut):
    chances: LiveChancesOut


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


StageName = Literal["none", "entry", "growth", "breakout", "graduated", "unproven", "demoted"]
GateName = Literal["entered", "gathering", "proven", "poor", "used_up"]


class PoolOut(Schema):
    """Where a content stands in the traffic pools, and what its gate waits for. Rates lie in 0..1."""

    content_id: int
    stage: StageName
    why: GateName
    since: datetime
    impressions: int
    positives: int
    low: float
    high: float
    benchmark: float
    tolerated: float
    judged_from: int
    guaranteed: int | None
    due_at: datetime | None
    impressions_all: int
    positives_all: int


class PoolStepOut(Schema):
    at: datetime
    before: StageName
    after: StageName
    why: GateName
    impressions: int
    positives: int
    low: float
    high: float
    benchmark: float


class PoolDetailOut(Schema):
    """`pool` is null for a content that never was in a pool: published before there were any, or not yet."""

    pool: PoolOut | None
    steps: list[PoolStepOut]


class PoolListOut(Schema):
    items: list[PoolOut]


class AudienceTagOut(Schema):
    tag_id: int
    name: str
    name_en: str
    weight: float


class RateOut(Schema):
    """Of `impressions` (decayed), the share with an outcome; `low` and `high` hold it with 95 % confidence."""

    outcome: str
    count: float
    rate: float
    low: float
    high: float
    expected: float | None


class DayOut(Schema):
    day: date
    impressions: int
    watches: int
    product_clicks: int
    orders: int
    not_interested: int


class AudienceShareOut(Schema):
    """An interest: how many of those who took to the content share it, and of all who saw it."""

    tag_id: int
    name: str
    name_en: str
    of_takers: float
    of_all: float


class AudienceOut(Schema):
    """Groups of people; `saw` and `took_to` are null, and nothing is told, where they are fewer than `group_least`."""

    saw: int | None
    took_to: int | None
    group_least: int
    since: datetime | None
    shares: list[AudienceShareOut]


class ItemReachOut(PoolDetailOut):
    """One content to an operator: pool, decayed counts of outcomes, rates, days, audience, and what is seen besides."""

    content_id: int
    title: str
    visible: bool
    counts: dict[str, float]
    rates: list[RateOut]
    days: list[DayOut]
    people: AudienceOut
    audience: list[AudienceTagOut]
