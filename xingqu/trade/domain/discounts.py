"""The best legal combination of discounts for priced lines, pure. The rules stand in decision record 0050.

Layers, one after the other: flash price (the line's price already), full-reduction of a shop, one coupon a shop, one
platform coupon. Thresholds are measured on the lines' prices before any layer; each layer takes from what the layers before
have left. So a layer that takes more never makes a later one take more than that less, and the best of each layer is the
best of all. That does not hold for coupons that are for some products only: what a shop's coupon takes elsewhere may leave
more for the platform's. Where somebody holds such coupons, the combinations of shop coupons are compared one by one. The
tests hold both against every combination.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from math import prod
from typing import Any, Literal

from xingqu.kit.money import split_by_largest_remainder
from xingqu.programmes.contracts import CouponTerms, FullReduction, HeldCoupon, PriceKind, Programmes

Payer = Literal["merchant", "platform"]


class Kind(StrEnum):
    FLASH_SALE = "flash_sale"
    BUNDLE = "bundle"
    PRESALE = "presale"
    FULL_REDUCTION = "full_reduction"
    SHOP_COUPON = "shop_coupon"
    PLATFORM_COUPON = "platform_coupon"


PAYERS: dict[Kind, Payer] = {
    Kind.FLASH_SALE: "merchant",
    Kind.BUNDLE: "merchant",
    Kind.PRESALE: "merchant",
    Kind.FULL_REDUCTION: "merchant",
    Kind.SHOP_COUPON: "merchant",
    Kind.PLATFORM_COUPON: "platform",
}
# A line at such a price takes no part in these, neither in their threshold nor in what they take off: at a flash price it has
# the merchant's lowest already; a live room's own price goes with the coupons that are dropped there; a prize is a present.
EXCLUDED_BY: dict[PriceKind, frozenset[Kind]] = {
    "flash_sale": frozenset({Kind.FULL_REDUCTION, Kind.SHOP_COUPON}),
    "room_price": frozenset({Kind.FULL_REDUCTION}),
    "prize": frozenset({Kind.FULL_REDUCTION, Kind.SHOP_COUPON, Kind.PLATFORM_COUPON}),
}
# The goods of each shop keep at least this price: payment providers take no payment of nothing.
FLOOR_MINOR = 1
# Combinations of shop coupons that are compared; beyond it only the best of each set of goods is.
MOST_COMBINATIONS = 2_000


@dataclass(frozen=True, slots=True)
class PricedLine:
    sku_id: int
    shop_id: int
    subtotal_minor: int
    is_flash: bool
    product_id: int = 0
    category_id: int = 0
    # Whose price it is, where it is one of limited units.
    price_kind: PriceKind = "flash_sale"


@dataclass(frozen=True, slots=True)
class Part:
    """What one discount takes off one line. `programme_id` is the full-reduction's or the claimed coupon's."""

    kind: Kind
    programme_id: int
    payer: Payer
    amount_minor: int

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "programme_id": self.programme_id,
            "payer": self.payer,
            "amount_minor": self.amount_minor,
        }


@dataclass(frozen=True, slots=True)
class Deduction:
    """A discount that applies: `amount_minor` is the sum of its parts over lines. `shop_id` None is the platform's."""

    kind: Kind
    programme_id: int
    shop_id: int | None
    name: str
    amount_minor: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CouponOption:
    """A coupon that the person holds: usable or why not; `saves_minor` is what it takes off in its layer.

    `reason`: threshold (with `missing_minor` of goods),
    new_customer_only, scope (for none of these goods), flash_only, currency, nothing_left.
    """

    coupon: HeldCoupon
    reason: str | None
    missing_minor: int
    saves_minor: int
    is_used: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that would lower the price, or would have: sign_in, flash_limit, flash_gone, room_price_limit,
    room_price_gone, room_price_over, full_reduction_next."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Discounts:
    parts: Mapping[int, tuple[Part, ...]]
    deductions: tuple[Deduction, ...]
    options: tuple[CouponOption, ...]
    hints: tuple[Hint, ...]


NO_DISCOUNTS = Discounts({}, (), (), ())


class _Remainder:
    """What is left of each line while layers take from it."""

    def __init__(self, lines: Sequence[PricedLine]) -> None:
        self.lines = lines
        self.left = {line.sku_id: line.subtotal_minor for line in lines}
        self.parts: dict[int, tuple[Part, ...]] = {}
        self.deductions: list[Deduction] = []

    def copy(self) -> "_Remainder":
        """The same, to try something on."""
        other = _Remainder(self.lines)
        other.left, other.parts, other.deductions = dict(self.left), dict(self.parts), list(self.deductions)
        return other

    @property
    def taken(self) -> int:
        return sum(deduction.amount_minor for deduction in self.deductions)

    def of(self, kind: Kind, shop_id: int | None, coupon: HeldCoupon | None = None) -> list[PricedLine]:
        """The lines that take part in a discount."""
        return [
            line
            for line in self.lines
            if shop_id in (None, line.shop_id)
            and not (line.is_flash and kind in EXCLUDED_BY[line.price_kind])
            and (coupon is None or coupon.covers(line.product_id, line.category_id))
        ]

    def room(self, lines: Iterable[PricedLine]) -> dict[int, int]:
        """How much these lines can give, by shop: all that is left, but never the shop's last minor unit."""
        rooms: dict[int, int] = {}
        for line in lines:
            rooms[line.shop_id] = rooms.get(line.shop_id, 0) + self.left[line.sku_id]
        for shop_id, given in rooms.items():
            whole = sum(self.left[line.sku_id] for line in self.lines if line.shop_id == shop_id)
            rooms[shop_id] = min(given, max(whole - FLOOR_MINOR, 0))
        return rooms

    def take(self, deduction: Deduction, coupon: HeldCoupon | None = None) -> None:
        """Split a deduction over its lines, first by shop, then by line, by what is left of each."""
        lines = self.of(deduction.kind, deduction.shop_id, coupon)
        rooms = self.room(lines)
        shares = split_by_largest_remainder(deduction.amount_minor, list(rooms.values()))
        for shop_id, share in zip(rooms, shares, strict=True):
            mine = [line for line in lines if line.shop_id == shop_id]
            amounts = split_by_largest_remainder(share, [self.left[line.sku_id] for line in mine])
            for line, amount in zip(mine, amounts, strict=True):
                if amount:
                    self._note(line.sku_id, deduction, amount)
        self.deductions.append(deduction)

    def _note(self, sku_id: int, deduction: Deduction, amount_minor: int) -> None:
        self.left[sku_id] -= amount_minor
        part = Part(deduction.kind, deduction.programme_id, PAYERS[deduction.kind], amount_minor)
        self.parts[sku_id] = (*self.parts.get(sku_id, ()), part)


def find_best(
    lines: Sequence[PricedLine], programmes: Programmes, *, currency: str, chosen: frozenset[int] | None
) -> Discounts:
    """The combination that takes most off, of all that are held and run; with `chosen`, of these claimed coupons only.

    Of coupons that save the same the one that runs out first is used.
    """
    if not lines or not (programmes.full_reductions or programmes.coupons):
        return NO_DISCOUNTS
    remainder = _Remainder(lines)
    hints: list[Hint] = []
    shop_ids = list(dict.fromkeys(line.shop_id for line in lines))
    for shop_id in shop_ids:
        offers = [o for o in programmes.full_reductions.get(shop_id, ()) if o.currency == currency]
        _reduce(remainder, shop_id, offers, hints)
    # What a shop's coupons save does not depend on another shop's.
    own = [
        [
            _look(remainder, Kind.SHOP_COUPON, shop_id, coupon, currency)
            for coupon in programmes.coupons
            if coupon.shop_id == shop_id
        ]
        for shop_id in shop_ids
    ]
    platform = [coupon for coupon in programmes.coupons if coupon.shop_id is None]
    best: tuple[_Remainder, list[CouponOption]] | None = None
    for picked in _combinations(remainder, own, platform, chosen):
        tried = remainder.copy()
        for option in picked:
            _use(tried, Kind.SHOP_COUPON, option)
        last = [_look(tried, Kind.PLATFORM_COUPON, None, coupon, currency) for coupon in platform]
        used = {id(option) for option in picked}
        if final := _allowed(last, chosen):
            _use(tried, Kind.PLATFORM_COUPON, final[0])
            used.add(id(final[0]))
        if best is None or tried.taken > best[0].taken:
            options = [replace(one, is_used=id(one) in used) for one in (*(o for few in own for o in few), *last)]
            best = tried, options
    assert best is not None  # no coupon at all is a combination too
    found, options = best
    return Discounts(found.parts, tuple(found.deductions), tuple(options), tuple(hints))


def _combinations(
    remainder: _Remainder,
    own: Sequence[Sequence[CouponOption]],
    platform: Sequence[HeldCoupon],
    chosen: frozenset[int] | None,
) -> Iterable[Sequence[CouponOption]]:
    """Which coupons of the shops to try together: the best of each, and every other where that may be better."""
    usable = [_allowed(options, chosen) for options in own]
    if not platform or (
        not any(one.coupon.is_scoped for options in usable for one in options)
        and not any(coupon.is_scoped for coupon in platform)
    ):
        return [[options[0] for options in usable if options]]
    if prod(len(options) + 1 for options in usable) > MOST_COMBINATIONS:
        usable = [_best_by_goods(remainder, options) for options in usable]
    tried = product(*([*options, None] for options in usable))
    return (
        [one for one in picked if one is not None] for _, picked in zip(range(MOST_COMBINATIONS), tried, strict=False)
    )


def _best_by_goods(remainder: _Remainder, options: Sequence[CouponOption]) -> list[CouponOption]:
    found: dict[tuple[int, ...], CouponOption] = {}
    for option in options:
        lines = remainder.of(Kind.SHOP_COUPON, option.coupon.shop_id, option.coupon)
        found.setdefault(tuple(line.sku_id for line in lines), option)
    return list(found.values())


def _allowed(options: Sequence[CouponOption], chosen: frozenset[int] | None) -> list[CouponOption]:
    """The options that may be used, the one that saves most first; of equals the one that runs out first."""
    allowed = [one for one in options if one.saves_minor and (chosen is None or one.coupon.claimed_id in chosen)]
    return sorted(allowed, key=lambda option: -option.saves_minor)


def _use(remainder: _Remainder, kind: Kind, option: CouponOption) -> None:
    coupon = option.coupon
    data = {"threshold_minor": coupon.terms.threshold_minor, "rate_bp": coupon.terms.rate_bp}
    deduction = Deduction(kind, coupon.claimed_id, coupon.shop_id, coupon.name, option.saves_minor, data)
    remainder.take(deduction, coupon)


def coupon_minor(terms: CouponTerms, left_minor: int) -> int:
    """What a coupon takes off goods of which `left_minor` is left, before the floor; rounded down to a minor unit."""
    if terms.kind == "fixed":
        return terms.discount_minor
    amount = left_minor * terms.rate_bp // 10_000
    return amount if terms.cap_minor is None else min(amount, terms.cap_minor)


def _reduce(remainder: _Remainder, shop_id: int, offers: Sequence[FullReduction], hints: list[Hint]) -> None:
    """Apply the highest step that a shop's goods reach, of all its full-reductions."""
    lines = remainder.of(Kind.FULL_REDUCTION, shop_id)
    if not lines or not offers:
        return
    goods = sum(line.subtotal_minor for line in lines)
    steps = [(off, threshold, offer) for offer in offers for threshold, off in offer.steps]
    reached = max((step for step in steps if step[1] <= goods), key=lambda step: step[0], default=None)
    off = 0
    if reached is not None:
        off, threshold, offer = reached
        amount = min(off, sum(remainder.room(lines).values()))
        if amount:
            data = {"threshold_minor": threshold, "goods_minor": goods}
            remainder.take(Deduction(Kind.FULL_REDUCTION, offer.id, shop_id, offer.name, amount, data))
    ahead = min((step for step in steps if step[1] > goods and step[0] > off), key=lambda step: step[1], default=None)
    if ahead is not None:
        data = {"shop_id": shop_id, "missing_minor": ahead[1] - goods, "reduction_minor": ahead[0]}
        hints.append(Hint("full_reduction_next", data))


def _look(remainder: _Remainder, kind: Kind, shop_id: int | None, coupon: HeldCoupon, currency: str) -> CouponOption:
    lines = remainder.of(kind, shop_id, coupon)
    goods = sum(line.subtotal_minor for line in lines)
    missing = max(coupon.terms.threshold_minor - goods, 0)
    left = sum(remainder.left[line.sku_id] for line in lines)
    saves = min(coupon_minor(coupon.terms, left), sum(remainder.room(lines).values()))
    reason = None
    if coupon.currency != currency:
        reason = "currency"
    elif coupon.audience == "new_customer" and not coupon.is_new_customer:
        reason = "new_customer_only"
    elif not lines:
        reason = "flash_only" if remainder.of(Kind.PLATFORM_COUPON, shop_id, coupon) else "scope"
    elif missing:
        reason = "threshold"
    elif not saves:
        reason = "nothing_left"
    return CouponOption(coupon, reason, missing, 0 if reason else saves, is_used=False)
