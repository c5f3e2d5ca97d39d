"""What a checkout costs, pure: wanted lines, today's offers and programmes in, a quote out. All sums are exact and never negative."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from xingqu.catalogue.contracts import NO_LIMIT, PurchaseLimit
from xingqu.kit.money import MAX_MINOR
from xingqu.programmes.contracts import (
    NO_PROGRAMMES,
    NOTHING_TAKEN,
    Bundle,
    Excess,
    FlashPrice,
    LimitedLine,
    Programmes,
    Taken,
    find_excess,
)
from xingqu.trade.domain.attribution import UNKNOWN
from xingqu.trade.domain.attribution import Attribution as Attribution
from xingqu.trade.domain.bundles import Sets, split_sets, ways_to_bundle, withheld_flash
from xingqu.trade.domain.discounts import PAYERS, CouponOption, Deduction, Hint, Kind, Part, PricedLine, find_best
from xingqu.trade.domain.freight import FREE, Arrival, Freight
from xingqu.trade.domain.freight_templates import Carriage, Load, carriage_minor, refusal
from xingqu.trade.domain.regions import Region


@dataclass(frozen=True, slots=True)
class WantedLine:
    sku_id: int
    quantity: int
    attribution: Attribution = UNKNOWN


@dataclass(frozen=True, slots=True)
class Offer:
    """A SKU as it is offered now."""

    sku_id: int
    product_id: int
    shop_id: int
    name: str
    option_text: str
    picture_url: str
    price_minor: int
    currency: str
    available: int
    sale_code: str
    can_buy: bool
    # Of the available units those that are not a campaign's: only they are sold at the usual price.
    general_available: int | None = None
    category_id: int = 0
    product_limit: PurchaseLimit = NO_LIMIT
    sku_limit: PurchaseLimit = NO_LIMIT

    def limited(self, quantity: int) -> LimitedLine:
        """So many units, as a purchase limit counts them."""
        return LimitedLine(self.sku_id, self.product_id, self.shop_id, quantity, self.product_limit, self.sku_limit)

    @property
    def most_per_order(self) -> int | None:
        """The most units that any order of anybody can have, None without a limit."""
        limits = (self.product_limit, self.sku_limit)
        return min((n for one in limits for n in (one.per_order, one.per_person) if n is not None), default=None)

    @property
    def usual_units(self) -> int:
        return self.available if self.general_available is None else self.general_available


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """`flash` is the flash price that the whole line has; `parts` are what discounts take off it, and who pays them."""

    offer: Offer
    quantity: int
    attribution: Attribution
    buyable: bool
    flash: FlashPrice | None = None
    parts: tuple[Part, ...] = ()

    @property
    def unit_price_minor(self) -> int:
        return self.offer.price_minor if self.flash is None else self.flash.price_minor

    @property
    def subtotal_minor(self) -> int:
        return self.unit_price_minor * self.quantity

    @property
    def campaign(self) -> str:
        """Whose units the line takes; nobody's are general stock."""
        return "" if self.flash is None else self.flash.campaign

    @property
    def occasion(self) -> str | None:
        """The activity that the line is bought in: ``flash_sale:7``, ``room_price:8``, ``prize:9``, ``bundle:2`` or
        ``full_reduction:3``."""
        if self.flash is not None:
            return f"{self.flash.kind}:{self.flash.sale_id}"
        if self.parts and self.parts[0].kind is Kind.BUNDLE:
            return f"bundle:{self.parts[0].programme_id}"
        reduction = next((part for part in self.parts if part.kind is Kind.FULL_REDUCTION), None)
        return None if reduction is None else f"full_reduction:{reduction.programme_id}"

    @property
    def discount_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts)

    @property
    def platform_discount_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts if part.payer == "platform")


@dataclass(frozen=True, slots=True)
class ShopQuote:
    """One merchant's part; totals count the buyable lines only."""

    shop_id: int
    lines: tuple[QuoteLine, ...]
    goods_minor: int
    freight_minor: int

    @property
    def discount_minor(self) -> int:
        return sum(line.discount_minor for line in self.lines)

    @property
    def platform_discount_minor(self) -> int:
        return sum(line.platform_discount_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.freight_minor - self.discount_minor


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line can't be bought as asked. `code`: not_found, not_for_sale, sold_out, currency_mismatch, not_deliverable,
    purchase_limit (`data`: the fields of :class:`Excess`)."""

    code: str
    sku_id: int
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    currency: str
    shops: tuple[ShopQuote, ...]
    problems: tuple[Problem, ...]
    arrival: Arrival | None = None
    deductions: tuple[Deduction, ...] = ()
    options: tuple[CouponOption, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def goods_minor(self) -> int:
        return sum(shop.goods_minor for shop in self.shops)

    @property
    def freight_minor(self) -> int:
        return sum(shop.freight_minor for shop in self.shops)

    @property
    def discount_minor(self) -> int:
        return sum(shop.discount_minor for shop in self.shops)

    @property
    def payable_minor(self) -> int:
        return sum(shop.total_minor for shop in self.shops)

    @property
    def lines(self) -> tuple[QuoteLine, ...]:
        return tuple(line for shop in self.shops for line in shop.lines)


PLAIN = Carriage(template=None)


class AmountTooLarge(ValueError):
    """The sum is beyond what one payment may be."""


def build_quote(
    wanted: Sequence[WantedLine],
    offers: Mapping[int, Offer],
    freight_rules: Mapping[int, Freight],
    *,
    province: Region | None = None,
    place: Sequence[Region] | None = None,
    carriages: Mapping[int, Carriage] | None = None,
    arrival: Arrival | None = None,
    programmes: Programmes = NO_PROGRAMMES,
    chosen: frozenset[int] | None = None,
    taken: Taken | None = NOTHING_TAKEN,
) -> Quote:
    """Quote of `wanted` (each SKU at most once), shops and lines in the order asked for.

    Lines that can't be bought are shown, listed in `problems`, and left out of the sums. Discounts as in decision 0050;
    `chosen` are the claimed coupons to use, None takes the best. `place` is the address's province, city and district
    (`province` alone, where nothing else is known); `carriages` tell by product id which freight template applies.
    `taken` is what the buyer has of goods with a purchase limit, None for a guest, who can't be counted. Raises AmountTooLarge.
    """
    way = Way(freight_rules, carriages or {}, place if place is not None else [province] if province else [])
    limited = [offers[one.sku_id].limited(one.quantity) for one in wanted if one.sku_id in offers]
    excess = find_excess(limited, taken)
    skus = {line.sku_id for line in wanted}
    found = []
    for withheld in withheld_flash(programmes.bundles, skus, programmes.flash.keys() & skus):
        draft = _draft(wanted, offers, way, _without_flash(programmes, withheld), excess)
        found += [_finish(draft, sets, way, programmes, arrival, chosen) for sets in _ways(draft, programmes.bundles)]
    quote = min(found, key=lambda one: (len(one.problems), one.payable_minor))
    if quote.payable_minor > MAX_MINOR:
        raise AmountTooLarge(f"{quote.payable_minor} is more than {MAX_MINOR}")
    return quote


def _without_flash(programmes: Programmes, withheld: frozenset[int]) -> Programmes:
    if not withheld:
        return programmes
    return replace(programmes, flash={pk: one for pk, one in programmes.flash.items() if pk not in withheld})


@dataclass(frozen=True, slots=True)
class _Draft:
    """A quote's lines with their prices, before sets and discounts."""

    currency: str
    by_shop: dict[int, list[QuoteLine]]
    problems: tuple[Problem, ...]
    hints: tuple[Hint, ...]

    @property
    def lines(self) -> list[QuoteLine]:
        return [line for lines in self.by_shop.values() for line in lines if line.buyable]


def _draft(
    wanted: Sequence[WantedLine],
    offers: Mapping[int, Offer],
    way: "Way",
    programmes: Programmes,
    excess: Mapping[int, Excess],
) -> _Draft:
    problems: list[Problem] = []
    hints = [Hint("sign_in")] if programmes.sign_in_lowers else []
    by_shop: dict[int, list[QuoteLine]] = {}
    currency = next((offers[line.sku_id].currency for line in wanted if line.sku_id in offers), "CNY")
    for line in wanted:
        offer = offers.get(line.sku_id)
        flash = _flash_price(line, offer, programmes, hints) if offer is not None else None
        problem = _problem(line, offer, currency, flash) or _undeliverable(offer, way) or _beyond_limit(line, excess)
        if problem is not None:
            problems.append(problem)
            flash = None
        if offer is not None:
            by_shop.setdefault(offer.shop_id, []).append(
                QuoteLine(offer, line.quantity, line.attribution, buyable=problem is None, flash=flash)
            )
    return _Draft(currency, by_shop, tuple(problems), tuple(hints))


def _ways(draft: _Draft, bundles: Sequence[Bundle]) -> Sequence[Sets]:
    """The ways to make up sets of the lines that have no flash price."""
    if not bundles:
        return [()]
    plain = [line for line in draft.lines if line.flash is None]
    return ways_to_bundle(
        [bundle for bundle in bundles if bundle.currency == draft.currency],
        {line.offer.sku_id: line.quantity for line in plain},
        {line.offer.sku_id: line.offer.price_minor for line in plain},
    )


def _finish(
    draft: _Draft,
    sets: Sets,
    way: "Way",
    programmes: Programmes,
    arrival: Arrival | None,
    chosen: frozenset[int] | None,
) -> Quote:
    """The quote of a draft with these sets: a set's price is a price, and what else lowers it is measured on it."""
    prices = {line.offer.sku_id: line.offer.price_minor for line in draft.lines}
    in_sets: dict[int, tuple[Part, ...]] = {}
    deductions = []
    for bundle, count in sets:
        off = split_sets(bundle, count, prices)
        for sku_id, amount in off.items():
            if amount:
                part = Part(Kind.BUNDLE, bundle.id, PAYERS[Kind.BUNDLE], amount)
                in_sets[sku_id] = (*in_sets.get(sku_id, ()), part)
        data = {"threshold_minor": bundle.price_minor, "sets": count}
        deductions.append(Deduction(Kind.BUNDLE, bundle.id, bundle.shop_id, bundle.name, sum(off.values()), data))
    priced = [
        _priced(line, sum(part.amount_minor for part in in_sets.get(line.offer.sku_id, ()))) for line in draft.lines
    ]
    found = find_best(priced, programmes, currency=draft.currency, chosen=chosen)
    shops = tuple(
        _shop_quote(
            shop_id,
            tuple(
                replace(line, parts=(*in_sets.get(line.offer.sku_id, ()), *found.parts.get(line.offer.sku_id, ())))
                for line in lines
            ),
            way,
        )
        for shop_id, lines in draft.by_shop.items()
    )
    return Quote(
        draft.currency,
        shops,
        draft.problems,
        arrival,
        (*deductions, *found.deductions),
        found.options,
        (*draft.hints, *found.hints),
    )


def _problem(line: WantedLine, offer: Offer | None, currency: str, flash: FlashPrice | None) -> Problem | None:
    if offer is None:
        return Problem("not_found", line.sku_id)
    if flash is None and (offer.sale_code == "sold_out" or (offer.can_buy and offer.usual_units < line.quantity)):
        return Problem("sold_out", line.sku_id, {"requested": line.quantity, "available": max(offer.usual_units, 0)})
    if not offer.can_buy and offer.sale_code != "sold_out":
        return Problem("not_for_sale", line.sku_id, {"sale_state": offer.sale_code})
    if offer.currency != currency:
        return Problem("currency_mismatch", line.sku_id, {"currency": offer.currency, "expected": currency})
    return None


def _beyond_limit(line: WantedLine, excess: Mapping[int, Excess]) -> Problem | None:
    found = excess.get(line.sku_id)
    return None if found is None else Problem("purchase_limit", line.sku_id, asdict(found))


@dataclass(frozen=True, slots=True)
class Way:
    """What bringing the goods depends on."""

    rules: Mapping[int, Freight]
    carriages: Mapping[int, Carriage]
    place: Sequence[Region]

    def carriage(self, offer: Offer) -> Carriage:
        return self.carriages.get(offer.product_id, PLAIN)


def _undeliverable(offer: Offer | None, way: Way) -> Problem | None:
    """The problem of a line whose template brings nothing to the address."""
    if offer is None:
        return None
    reason = refusal(way.carriage(offer), way.place)
    if reason is None:
        return None
    return Problem("not_deliverable", offer.sku_id, {"reason": reason, "region": way.place[0].name})


def _shop_quote(shop_id: int, lines: tuple[QuoteLine, ...], way: Way) -> ShopQuote:
    buyable = [line for line in lines if line.buyable]
    goods = sum(line.subtotal_minor for line in buyable)
    sent = [line for line in buyable if line.flash is None or line.flash.kind != "prize"]  # prizes: free of charge
    loads = [Load(way.carriage(line.offer), line.quantity, line.subtotal_minor) for line in sent]
    return ShopQuote(
        shop_id=shop_id,
        lines=lines,
        goods_minor=goods,
        freight_minor=carriage_minor(loads, way.rules.get(shop_id, FREE), way.place),
    )


def _priced(line: QuoteLine, in_sets_minor: int) -> PricedLine:
    return PricedLine(
        line.offer.sku_id,
        line.offer.shop_id,
        line.subtotal_minor - in_sets_minor,
        is_flash=line.flash is not None,
        product_id=line.offer.product_id,
        category_id=line.offer.category_id,
        price_kind="flash_sale" if line.flash is None else line.flash.kind,
    )


def _flash_price(line: WantedLine, offer: Offer, programmes: Programmes, hints: list[Hint]) -> FlashPrice | None:
    """The flash price of a whole line: when more units are asked for than it lasts, the line keeps its usual price."""
    flash = programmes.flash.get(line.sku_id)
    if flash is None or flash.price_minor >= offer.price_minor:
        if line.sku_id in programmes.room_price_over:
            hints.append(Hint("room_price_over", {"sku_id": line.sku_id}))
        return None
    most = min(flash.left, flash.limit_left)
    if line.quantity <= most:
        return flash
    name = "room_price" if flash.kind == "room_price" else "flash"
    code = f"{name}_gone" if flash.left == 0 else f"{name}_limit"
    hints.append(Hint(code, {"sku_id": line.sku_id, "most": most, "limit_per_person": flash.limit_per_person}))
    return None
