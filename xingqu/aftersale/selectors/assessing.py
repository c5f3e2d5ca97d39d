"""What a buyer can ask for of their own order now, and the most that can go back for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from xingqu.aftersale.domain.amounts import Bought, price_fall, units_cap
from xingqu.aftersale.domain.eligibility import OrderFacts, why_not
from xingqu.aftersale.domain.errors import KindNotAllowed, NothingToRefund, UnitsTaken
from xingqu.aftersale.domain.rules import Rules
from xingqu.aftersale.domain.states import FINAL, PAYS_BACK, Kind, State
from xingqu.aftersale.models import Case, CaseLine
from xingqu.aftersale.selectors.prices import lowest_prices
from xingqu.catalogue.selectors import product_detail
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.trade.contracts import Refundable, RefundableLine, ShopOrderRow
from xingqu.trade.selectors import refundable_of, shop_order_for_buyer

WITH_FREIGHT = frozenset({Kind.PRE_SHIP, Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND})
# Units whose refund is on its way are counted by trade already.
_COUNTED_BY_TRADE = Q(case__state=State.REFUNDING) & (
    Q(case__kind=Kind.PRE_SHIP) | Q(case__goods_back=True) | Q(case__instant=True, case__needs_return=True)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of an order line."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Held:
    """What other open cases have of a line: its units, and money that they may still ask for."""

    units: int = 0
    reserved_minor: int = 0


@dataclass(frozen=True, slots=True)
class AssessedLine:
    """`cap_minor` is the most that can go back for these units; `lowest_minor` is the price it fell to (price protection)."""

    line: RefundableLine
    quantity: int
    cap_minor: int
    lowest_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    order: ShopOrderRow
    refundable: Refundable
    kind: Kind
    lines: tuple[AssessedLine, ...]
    freight_minor: int

    @property
    def max_minor(self) -> int:
        """The most that can go back; zero for kinds that send goods instead."""
        if self.kind not in PAYS_BACK:
            return 0
        return sum(line.cap_minor for line in self.lines) + self.freight_minor


def assess(
    *, buyer_key: str, order_no: str, kind: Kind, wanted: Sequence[Wanted], rules: Rules, except_case: int | None = None
) -> Assessment:
    """What this kind of case over these units may ask for; `except_case` is the id of a case that is asked for anew.

    Raises NotFound, InvalidInput (lines), KindNotAllowed, UnitsTaken, NothingToRefund.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    # Units first, money second: what goes over from an open case to trade in between is then counted twice, never not at all.
    held = held_by_cases(order_no=order_no, except_case=except_case)
    refundable = refundable_of(order_no=order_no)
    lines = {line.line_id: line for line in refundable.lines}
    if not wanted or len({part.line_id for part in wanted}) != len(wanted):
        raise InvalidInput(field="lines", expected="lines of this order, each once")
    if any(part.line_id not in lines for part in wanted):
        raise NotFound(field="lines", expected="lines of this order")
    require_kind(kind, order, rules, [lines[part.line_id].product_id for part in wanted])
    assessed: tuple[AssessedLine, ...]
    if kind is Kind.PRICE_PROTECTION:
        assessed = _price_protected(order, [lines[part.line_id] for part in wanted], held)
    else:
        assessed = tuple(_capped(kind, order, lines[part.line_id], part.quantity, held) for part in wanted)
    freight = freight_back(kind, refundable, assessed, held, except_case)
    assessment = Assessment(order, refundable, kind, assessed, freight)
    if kind in PAYS_BACK and assessment.max_minor == 0:
        raise NothingToRefund(field="lines", data={"kind": kind.value})
    return assessment


def require_kind(kind: Kind, order: ShopOrderRow, rules: Rules, product_ids: Sequence[int]) -> None:
    """Raises KindNotAllowed with the reason why."""
    promised = kind is not Kind.NO_REASON_RETURN or all(allows_return(product_id) for product_id in set(product_ids))
    why = why_not(kind, facts_of(order), rules, clock.now(), promised=promised)
    if why is not None:
        raise KindNotAllowed(field="kind", data={"kind": kind.value, "why": why, "state": order.state})


def allows_return(product_id: int) -> bool:
    """Whether the product takes part in the seven-day return (七天无理由退货)."""
    try:
        return "no_reason_return_7d" in product_detail(product_id=product_id)["promises"]
    except NotFound:
        return True  # the law's rule is the return; only a product that says otherwise is excepted


def facts_of(order: ShopOrderRow) -> OrderFacts:
    return OrderFacts(state=order.state, paid_at=order.paid_at, done_at=order.done_at)


def held_by_cases(*, order_no: str, except_case: int | None = None) -> dict[int, Held]:
    """By line id, what open cases of an order have."""
    rows = CaseLine.objects.filter(case__order_no=order_no).exclude(case__state__in=FINAL)
    if except_case is not None:
        rows = rows.exclude(case_id=except_case)
    sums = rows.values("line_id").annotate(
        units=Sum("quantity", filter=~_COUNTED_BY_TRADE),
        reserved=Sum("cap_minor", filter=~Q(case__state=State.REFUNDING)),
    )
    return {row["line_id"]: Held(row["units"] or 0, row["reserved"] or 0) for row in sums}


def units_claimed(*, order_no: str) -> dict[int, int]:
    """By line id, units in open cases that may still ask for their money or for goods instead."""
    rows = CaseLine.objects.filter(case__order_no=order_no).exclude(case__state__in=[*FINAL, State.REFUNDING])
    return {row["line_id"]: row["units"] for row in rows.values("line_id").annotate(units=Sum("quantity"))}


def free_units(kind: Kind, order: ShopOrderRow, line: RefundableLine, held: dict[int, Held]) -> int:
    """Units of a line that a new case of this kind may be about."""
    free = line.quantity - line.refunded_quantity - line.pending_quantity - held.get(line.line_id, Held()).units
    if kind is Kind.PRICE_PROTECTION:
        return max(free, 0)
    bought = next(row for row in order.lines if row.sku_id == line.sku_id)
    here = bought.to_ship_quantity if kind is Kind.PRE_SHIP else bought.shipped_quantity
    return max(min(free, here), 0)


def bought_of(line: RefundableLine, held: dict[int, Held]) -> Bought:
    mine = held.get(line.line_id, Held())
    return Bought(
        quantity=line.quantity,
        paid_minor=line.paid_minor,
        refunded_minor=line.refunded_minor + line.pending_minor,
        units_back=line.refunded_quantity + line.pending_quantity + mine.units,
        reserved_minor=mine.reserved_minor,
    )


def _capped(kind: Kind, order: ShopOrderRow, line: RefundableLine, units: int, held: dict[int, Held]) -> AssessedLine:
    free = free_units(kind, order, line, held)
    if not 1 <= units <= free:
        raise UnitsTaken(field="lines", expected=f"1 to {free} units", data={"line_id": line.line_id, "free": free})
    return AssessedLine(line, units, units_cap(bought_of(line, held), units))


def _price_protected(
    order: ShopOrderRow, lines: Sequence[RefundableLine], held: dict[int, Held]
) -> tuple[AssessedLine, ...]:
    """All remaining units of each line; a line with units in another open case must wait."""
    assert order.paid_at is not None
    lowest = lowest_prices(sku_ids=[line.sku_id for line in lines], since=order.paid_at)
    found = []
    for line in lines:
        free = free_units(Kind.PRICE_PROTECTION, order, line, held)
        if held.get(line.line_id, Held()).units or free == 0:
            raise UnitsTaken(field="lines", expected="no other case", data={"line_id": line.line_id, "free": free})
        low = lowest.get(line.sku_id)
        fall = 0 if low is None else price_fall(bought_of(line, held), lowest_minor=low)
        found.append(AssessedLine(line, free, fall, low))
    return tuple(found)


def freight_back(
    kind: Kind,
    refundable: Refundable,
    lines: Sequence[AssessedLine],
    held: dict[int, Held],
    except_case: int | None,
) -> int:
    """Freight goes back with the last of the goods, when nothing of the order stays or waits in another case."""
    if kind not in WITH_FREIGHT or held:
        return 0
    taken = {assessed.line.line_id: assessed.quantity for assessed in lines}
    everything = all(
        line.quantity - line.refunded_quantity - line.pending_quantity == taken.get(line.line_id, 0)
        for line in refundable.lines
    )
    reserved = Case.objects.filter(order_no=refundable.order_no).exclude(state__in=[*FINAL, State.REFUNDING])
    if except_case is not None:
        reserved = reserved.exclude(pk=except_case)
    waiting = reserved.aggregate(sum=Sum("freight_cap_minor"))["sum"] or 0
    return max(refundable.freight_left_minor - waiting, 0) if everything else 0
