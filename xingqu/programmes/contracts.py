"""What other rooms may know of programmes: the terms on offer, and what a checkout takes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xingqu.catalogue.contracts import PurchaseLimit

CouponKind = Literal["fixed", "rate"]
Audience = Literal["everyone", "new_customer"]
State = Literal["running", "paused", "ended"]
Scope = Literal["all", "products", "categories"]
# What kind of price a campaign's units have: 秒杀, a live room's own (达人专属价), a prize of a lucky bag (福袋).
PriceKind = Literal["flash_sale", "room_price", "prize"]


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


@dataclass(frozen=True, slots=True)
class Bundle:
    """套装 of a shop: `items` are (SKU, units in one set); a set of them costs `price_minor`."""

    id: int
    shop_id: int
    name: str
    price_minor: int
    currency: str
    items: tuple[tuple[int, int], ...]
    ends_at: datetime


def flash_campaign(item_id: int) -> str:
    """The name that the units of a flash item have in stock."""
    return f"flash:{item_id}"


def presale_campaign(item_id: int) -> str:
    """The name that the units of a presale item have in stock."""
    return f"presale:{item_id}"


@dataclass(frozen=True, slots=True)
class PresaleTerms:
    """预售 of a SKU whose deposit can be paid now. Amounts are a unit's."""

    item_id: int
    presale_id: int
    shop_id: int
    sku_id: int
    price_minor: int
    deposit_minor: int
    counts_minor: int
    currency: str
    final_from: datetime
    final_until: datetime
    ship_days: int
    forfeits: bool

    @property
    def campaign(self) -> str:
        return presale_campaign(self.item_id)


@dataclass(frozen=True, slots=True)
class FlashPrice:
    """秒杀 of a SKU: `price_minor` while `left` units last, at most `limit_left` of them for this person.

    With a `live_room_id` it is for lines that this room is credited with.
    """

    item_id: int
    sale_id: int
    sku_id: int
    price_minor: int
    left: int
    limit_per_person: int
    limit_left: int
    ends_at: datetime
    kind: PriceKind = "flash_sale"
    live_room_id: int | None = None

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
    bundles: tuple[Bundle, ...] = ()
    # SKUs that had a price of the room they come from, which is not on any more.
    room_price_over: frozenset[int] = frozenset()


NO_PROGRAMMES = Programmes({}, {}, ())


@dataclass(frozen=True, slots=True)
class RoomSaleRow:
    """A price that a live room has for a SKU. `left` units can still be had; `state`: upcoming, running, paused, ended."""

    sale_id: int
    item_id: int
    kind: PriceKind
    shop_id: int
    product_id: int
    sku_id: int
    price_minor: int
    currency: str
    allotment: int
    left: int
    limit_per_person: int
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class ShopRoomSaleRow:
    """A price that a shop gave in a live room, its own or a creator's. `taken` units are in orders that stand."""

    live_room_id: int
    taken: int
    sale: RoomSaleRow


@dataclass(frozen=True, slots=True)
class RoomCouponRow:
    """A coupon that was dropped into a live room; `left` can still be taken, until `claim_until`."""

    coupon_id: int
    name: str
    threshold_minor: int
    discount_minor: int
    currency: str
    units: int
    left: int
    claim_until: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class LimitedLine:
    """Units of a SKU that an order takes and a purchase limit counts: its own, or its product's."""

    sku_id: int
    product_id: int
    shop_id: int
    quantity: int
    product_limit: PurchaseLimit
    sku_limit: PurchaseLimit

    @property
    def is_counted(self) -> bool:
        """Whether what a person has bought before matters."""
        return self.product_limit.per_person is not None or self.sku_limit.per_person is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """Units that somebody has bought within the limits' days, by product and by SKU; what is absent is 0."""

    products: Mapping[int, int]
    skus: Mapping[int, int]


NOTHING_TAKEN = Taken({}, {})


@dataclass(frozen=True, slots=True)
class Excess:
    """Why a line is more than a limit allows. `reason`: per_order, per_person or sign_in (only people can be counted).

    `scope` tells whose limit it is; `most` units can be had in this order, `taken` were bought before.
    """

    reason: Literal["per_order", "per_person", "sign_in"]
    scope: Literal["product", "sku"]
    limit: int
    days: int | None
    taken: int
    most: int


def find_excess(lines: Sequence[LimitedLine], taken: Taken | None) -> dict[int, Excess]:
    """Lines, by SKU, that with those before them are more than one may buy. `taken` is None for somebody who can't be counted."""
    found: dict[int, Excess] = {}
    in_order: dict[int, int] = {}
    for line in lines:
        before = in_order.get(line.product_id, 0)
        of_product = None if taken is None else taken.products.get(line.product_id, 0)
        of_sku = None if taken is None else taken.skus.get(line.sku_id, 0)
        excess = _excess(line, "product", line.product_limit, before, of_product) or _excess(
            line, "sku", line.sku_limit, 0, of_sku
        )
        if excess is None:
            in_order[line.product_id] = before + line.quantity
        else:
            found[line.sku_id] = excess
    return found


def _excess(
    line: LimitedLine, scope: Literal["product", "sku"], limit: PurchaseLimit, before: int, taken: int | None
) -> Excess | None:
    wanted = before + line.quantity
    if limit.per_order is not None and wanted > limit.per_order:
        return Excess("per_order", scope, limit.per_order, None, 0, max(limit.per_order - before, 0))
    if limit.per_person is None:
        return None
    if taken is None:
        return Excess("sign_in", scope, limit.per_person, limit.days, 0, 0)
    if taken + wanted > limit.per_person:
        most = max(limit.per_person - taken - before, 0)
        return Excess("per_person", scope, limit.per_person, limit.days, taken, most)
    return None


@dataclass(frozen=True, slots=True)
class Taking:
    """What an order takes: (claimed id, discount, shop id or None) of each coupon, (item id, units) of each flash price,
    and the lines that a purchase limit counts by person."""

    coupons: tuple[tuple[int, int, int | None], ...] = ()
    flash: tuple[tuple[int, int], ...] = ()
    limited: tuple[LimitedLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.coupons or self.flash or self.limited)
