"""What moved a shop's GMV: its change between two periods, divided among the factors that GMV is the product of.

GMV = visitors x conversion (buyers / visitors) x orders per buyer x value per order. The division is the additive LMDI-I of
B. W. Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33 (2005) 867-871: a factor that went
from x0 to x1 moved GMV by L(G1, G0) ln(x1 / x0), where L is the logarithmic mean. The parts sum to the change with nothing left
over, and none depends on the order in which the factors are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log
from typing import Final

WITH_VISITORS: Final = ("visitors", "conversion", "orders_per_buyer", "order_value")
WITHOUT_VISITORS: Final = ("buyers", "orders_per_buyer", "order_value")


@dataclass(frozen=True, slots=True)
class Sales:
    """What a period came to. `visitors` is None where they were not counted yet; else there are no fewer than buyers."""

    visitors: int | None
    buyers: int
    orders: int
    gmv_minor: int


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor in both periods (a value per order in minor units), and by how much it moved GMV; None where that is unknown."""

    code: str
    now: float | None
    before: float | None
    moved_minor: int | None


def explain_change(now: Sales, before: Sales) -> list[Factor]:
    """The factors of both periods and what each moved; the moves sum to the change of GMV to the cent.

    Without visitors of both periods the factors begin with buyers. Where one period sold nothing no factor is known to have
    moved anything: a ratio to nothing has no logarithm.
    """
    counted = now.visitors is not None and before.visitors is not None
    values, earlier = _values(now), _values(before)
    codes = WITH_VISITORS if counted else WITHOUT_VISITORS
    moved: dict[str, int] = {}
    if now.gmv_minor > 0 and before.gmv_minor > 0:
        mean = _logarithmic_mean(now.gmv_minor, before.gmv_minor)
        exact = {code: mean * log(values[code] / earlier[code]) for code in codes}
        moved = _whole(exact, now.gmv_minor - before.gmv_minor)
    return [Factor(code, values.get(code), earlier.get(code), moved.get(code)) for code in codes]


def _values(sales: Sales) -> dict[str, float]:
    """The factors of a period; a ratio to nothing is absent."""
    ratios = (
        ("conversion", sales.buyers, sales.visitors),
        ("orders_per_buyer", sales.orders, sales.buyers),
        ("order_value", sales.gmv_minor, sales.orders),
    )
    counts = (
        {"buyers": sales.buyers} if sales.visitors is None else {"visitors": sales.visitors, "buyers": sales.buyers}
    )
    return {**counts, **{code: above / below for code, above, below in ratios if below}}


def _logarithmic_mean(a: int, b: int) -> float:
    return float(a) if a == b else (a - b) / log(a / b)


def _whole(exact: Mapping[str, float], total: int) -> dict[str, int]:
    """Rounded down, and the cents that are missing to `total` to those that lost most by it."""
    parts = {code: floor(value) for code, value in exact.items()}
    missing = total - sum(parts.values())
    for code in sorted(exact, key=lambda one: parts[one] - exact[one])[:missing]:
        parts[code] += 1
    return parts
