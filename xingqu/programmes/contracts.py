"""What other rooms may know of programmes: the terms on offer, and what a checkout takes of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CouponKind = Literal["fixed", "rate"]
Audience = Literal["everyone", "new_customer"]
State = Literal["running", "paused", "ended"]
Scope = Literal["all", "products", "categories"]


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon takes off goods of at least `threshold_minor`.

    `fixed`: `discount_minor`. `rate`: `rate_bp` basis points of the goods, at most `cap_minor` where there is one.
    """

    kind: CouponKind
    threshold_minor: int
    discount_minor: int
    rate_bp: int
    cap_minor: int | None


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon that somebody has claimed and not used. `shop_id` is None for the platform's, which the platform pays."""

    claimed_id: int
    coupon_id: int
    shop_id: int | None
    name: str
    terms: CouponTerms
    currency: str
    audience: Audience
    is_new_customer: bool
    valid_from: datetime
    valid_until: datetime
    # What it is for: these products, or these categories with all below them; everything when both are None.
    product_ids: frozenset[int] | None = None
    category_ids: frozenset[int] | None = None

    @property
    def is_scoped(self) -> bool:
        return self.product_ids is not None or self.category_ids is not None

    def covers(self, product_id: int, category_id: int) -> bool:
        """Whether it is for this product."""
        if self.product_ids is not None:
            return product_id in self.product_ids
        return self.category_ids is None or category_id in self.category_ids


@dataclass(frozen=True, slots=True)
class FullReduction:
    """满减 of a shop: (threshold, reduction) steps in minor units, ascending; the highest step reached counts once."""

    id: int
    shop_id: int
    name: str
    steps: tuple[tuple[int, int], ...]
    currency: str
    ends_at: datetime


def flash_campaign(item_id: int) -> str:
    """The name that the units of a flash item have in stock."""
    return f"flash:{item_id}"


@dataclass(frozen=True, slots=True)
class FlashPrice:
    """秒杀 of a SKU: `price_minor` while `left` units last, at most `limit_left` of them for this person."""

    item_id: int
    sale_id: int
    sku_id: int
    price_minor: int
    left: int
    limit_per_person: int
    limit_left: int
    ends_at: datetime

    @property
    def campaign(self) -> str:
        return flash_campaign(self.item_id)


@dataclass(frozen=True, slots=True)
class Programmes:
    """Everything that may lower a quote: by SKU, by shop, and what the person holds, soonest to run out first."""

    flash: dict[int, FlashPrice]
    full_reductions: dict[int, tuple[FullReduction, ...]]
    coupons: tuple[HeldCoupon, ...]
    # A guest is told that signing in would lower the price; flash prices and coupons are counted by person.
    sign_in_lowers: bool = False


NO_PROGRAMMES = Programmes({}, {}, ())


@dataclass(frozen=True, slots=True)
class Taking:
    """What an order takes: (claimed id, discount, shop id or None) of each coupon, (item id, units) of each flash price."""

    coupons: tuple[tuple[int, int, int | None], ...] = ()
    flash: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.coupons or self.flash)
