"""What other rooms may know of the catalogue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from ninja import Schema

from xingqu.kit.api import MoneyOut
from xingqu.kit.money import Money

SaleCode = Literal["on_sale", "sold_out", "offline", "not_approved", "banned", "deleted", "draft"]


@dataclass(frozen=True, slots=True)
class SaleState:
    """Whether a product can be bought: `code` says why, `can_buy` is true for ``on_sale`` only."""

    code: SaleCode
    can_buy: bool


SALE_STATES: dict[SaleCode, SaleState] = {
    code: SaleState(code=code, can_buy=code == "on_sale") for code in get_args(SaleCode)
}


@dataclass(frozen=True, slots=True)
class TagName:
    """A feature tag in both languages."""

    id: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CategoryCard:
    id: int
    parent_id: int | None
    name: str
    name_en: str
    slug: str
    cover_url: str


@dataclass(frozen=True, slots=True)
class ProductCardData:
    """A product as lists show it. `price_minor` is the lowest of the SKUs that can be bought (of all, when none can)."""

    id: int
    name: str
    short_name: str
    brief: str
    picture_url: str
    price_minor: int
    list_price_minor: int | None
    currency: str
    shop_id: int
    shop_name: str
    shop_name_en: str
    category_id: int
    feature_tags: tuple[TagName, ...]
    sold_count: int
    score: float | None
    review_count: int
    sale_state: SaleState
    available: int

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def list_price(self) -> Money | None:
        return None if self.list_price_minor is None else Money(self.list_price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class PurchaseLimit:
    """限购 of a product or a SKU: units in one order, and by one person in all orders of `days` days (None: ever).

    None is no limit.
    """

    per_order: int | None = None
    per_person: int | None = None
    days: int | None = None

    def __bool__(self) -> bool:
        return self.per_order is not None or self.per_person is not None


NO_LIMIT = PurchaseLimit()


@dataclass(frozen=True, slots=True)
class SkuOffer:
    """A SKU as a cart or checkout sees it. `version` is the product's; `available` units are free now, `general_available` of them
    without a campaign's (which are sold at its price only)."""

    sku_id: int
    product_id: int
    shop_id: int
    name: str
    option_text: str
    picture_url: str
    price_minor: int
    currency: str
    available: int
    general_available: int
    sale_state: SaleState
    version: int
    category_id: int
    feature_tag_ids: tuple[int, ...]
    # Of all SKUs of the product together, and of this one.
    product_limit: PurchaseLimit = NO_LIMIT
    sku_limit: PurchaseLimit = NO_LIMIT


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A product as ranking sees it. `feature_tags` are (tag id, weight 0..1), heaviest first."""

    product_id: int
    shop_id: int
    category_id: int
    price_minor: int
    currency: str
    sold_count: int
    score: float | None
    review_count: int
    can_buy: bool
    published_at: datetime | None
    updated_at: datetime
    feature_tags: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Ids in order, and the cursor of the next page or None."""

    ids: tuple[int, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Ids of one page of hits, best first; `facets` counts all hits by category: (category id, count)."""

    ids: tuple[int, ...]
    total: int
    next_cursor: str | None
    facets: tuple[tuple[int, int], ...]
    corrected_query: str | None
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for. `kind` is tag, category, word or product."""

    text: str
    kind: str


class SaleStateOut(Schema):
    code: SaleCode
    can_buy: bool


class FeatureTagOut(Schema):
    id: int
    name: str
    name_en: str


class ProductCardOut(Schema):
    """A product on a list. `price` is the lowest of the SKUs that can be bought now."""

    id: int
    name: str
    short_name: str
    brief: str
    picture_url: str
    price: MoneyOut
    list_price: MoneyOut | None
    shop_id: int
    shop_name: str
    shop_name_en: str
    category_id: int
    feature_tags: list[FeatureTagOut]
    sold_count: int
    score: float | None
    review_count: int
    sale_state: SaleStateOut


class PurchaseLimitOut(Schema):
    """限购: units in one order, and by one person in all orders of `days` days (null: ever). Null is no limit."""

    per_order: int | None
    per_person: int | None
    days: int | None
