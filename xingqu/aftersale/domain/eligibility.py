"""Which kinds of after-sale an order allows now, pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from xingqu.aftersale.domain.rules import Rules
from xingqu.aftersale.domain.states import Kind

UNSHIPPED = frozenset({"paid", "part_shipped"})
ON_ITS_WAY = frozenset({"part_shipped", "shipped"})
# What may be asked for before the goods are received; the rest needs them in the buyer's hands.
BEFORE_RECEIPT = frozenset(
    {Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND, Kind.NO_REASON_RETURN, Kind.EXCHANGE, Kind.RESEND}
)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The part of an order that decides. `state` is trade's."""

    state: str
    paid_at: datetime | None
    done_at: datetime | None


def why_not(kind: Kind, order: OrderFacts, rules: Rules, now: datetime, *, promised: bool = True) -> str | None:
    """None when the kind is possible, else why not: ``state``, ``window`` (too late) or ``promise`` (`promised`: the product
    allows the seven-day return)."""
    if kind is Kind.PRICE_PROTECTION:
        if order.paid_at is None or order.state not in {*UNSHIPPED, "shipped", "done"}:
            return "state"
        return _window(order.paid_at, rules.price_protection_days, now)
    if kind is Kind.PRE_SHIP:
        return None if order.state in UNSHIPPED else "state"
    if order.state in ON_ITS_WAY:
        possible = kind in BEFORE_RECEIPT
    else:
        possible = order.state == "done"
    if not possible:
        return "state"
    if kind is Kind.NO_REASON_RETURN and not promised:
        return "promise"
    return _window(order.done_at, _days(kind, rules), now) if order.done_at is not None else None


def window_ends(kind: Kind, order: OrderFacts, rules: Rules) -> datetime | None:
    """Until when a kind can be asked for; None while its clock has not begun."""
    if kind is Kind.PRE_SHIP:
        return None
    start = order.paid_at if kind is Kind.PRICE_PROTECTION else order.done_at
    days = rules.price_protection_days if kind is Kind.PRICE_PROTECTION else _days(kind, rules)
    return None if start is None else start + timedelta(days=days)


def _days(kind: Kind, rules: Rules) -> int:
    return {Kind.NO_REASON_RETURN: rules.no_reason_days, Kind.REPAIR: rules.repair_days}.get(kind, rules.apply_days)


def _window(start: datetime, days: int, now: datetime) -> str | None:
    return None if now < start + timedelta(days=days) else "window"
