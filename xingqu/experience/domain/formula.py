"""The experience score: what is counted, and how it becomes points. Pure.

    shrunk = (sum + prior · prior_count) / (count + prior_count)
    points = 100 · clip((shrunk − floor) / (target − floor), 0, 1)
    part   = Σ weight · points / Σ weight        over its indicators
    score  = Σ part weight · part / Σ part weight

A shop with little to count stands near the prior instead of at 0 or 100. `floor` above `target`: less is better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Protocol

from xingqu.kit.errors import InvalidInput

PARTS = ("goods", "logistics", "service")


@dataclass(frozen=True, slots=True)
class Indicator:
    """`unit`: stars (1 to 5) or share (0 to 1). `prior_count` observations of `prior` are added to what was counted."""

    part: str
    unit: str
    weight: float
    floor: float
    target: float
    prior: float
    prior_count: float


INDICATORS: dict[str, Indicator] = {
    "goods_stars": Indicator("goods", "stars", 0.6, 4.0, 4.9, 4.6, 20),
    "quality_return_rate": Indicator("goods", "share", 0.4, 0.05, 0.005, 0.015, 100),
    "on_time_rate": Indicator("logistics", "share", 0.6, 0.9, 0.995, 0.97, 50),
    "logistics_stars": Indicator("logistics", "stars", 0.4, 4.0, 4.9, 4.6, 20),
    "fast_reply_rate": Indicator("service", "share", 0.4, 0.4, 0.9, 0.7, 20),
    "merchant_fault_rate": Indicator("service", "share", 0.3, 0.01, 0.0, 0.002, 200),
    "service_stars": Indicator("service", "stars", 0.3, 4.0, 4.9, 4.6, 20),
}


class Weighed(Protocol):
    """Rules of a score: its indicators, and what each part weighs."""

    @property
    def indicators(self) -> Mapping[str, Indicator]: ...

    def part_weight(self, part: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds from a date on. Without `min_orders` received in the window a shop has no score yet.

    Peers are shown from `peer_min_shops` shops of the category on: nobody's figures can be told from fewer.
    """

    window_days: int = 30
    min_orders: int = 10
    peer_min_shops: int = 5
    goods_weight: float = 0.5
    logistics_weight: float = 0.25
    service_weight: float = 0.25
    indicators: Mapping[str, Indicator] = field(default_factory=lambda: dict(INDICATORS))

    def part_weight(self, part: str) -> float:
        return {"goods": self.goods_weight, "logistics": self.logistics_weight, "service": self.service_weight}[part]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: stars or hits together, and of how many."""

    total: float
    count: int


@dataclass(frozen=True, slots=True)
class Points:
    """An indicator of a shop. `value` is the plain average, None of nothing; `loss`: what it costs the score, in points."""

    name: str
    total: float
    count: int
    value: float | None
    shrunk: float
    points: float
    loss: float


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100 each, one decimal."""

    score: float
    parts: dict[str, float]
    indicators: dict[str, Points]


def score_of(counted: Mapping[str, Counted], rules: Weighed, parts_of: Sequence[str] = PARTS) -> Score:
    """The score of what was counted, out of these parts; an indicator without anything counted stands at its prior."""
    total_weight = sum(rules.part_weight(part) for part in parts_of)
    weights = {part: weight_of(part, rules) for part in parts_of}
    found: dict[str, Points] = {}
    for name, indicator in rules.indicators.items():
        one = counted.get(name, Counted(0.0, 0))
        shrunk = (one.total + indicator.prior * indicator.prior_count) / (one.count + indicator.prior_count)
        points = 100 * min(max((shrunk - indicator.floor) / (indicator.target - indicator.floor), 0.0), 1.0)
        share = indicator.weight / weights[indicator.part] * rules.part_weight(indicator.part) / total_weight
        value = one.total / one.count if one.count else None
        found[name] = Points(
            name, one.total, one.count, value, shrunk, round(points, 1), round(share * (100 - points), 2)
        )
    parts = {
        part: sum(
            found[name].points * indicator.weight / weights[part]
            for name, indicator in rules.indicators.items()
            if indicator.part == part
        )
        for part in parts_of
    }
    score = sum(parts[part] * rules.part_weight(part) for part in parts_of) / total_weight
    return Score(round(score, 1), {part: round(value, 1) for part, value in parts.items()}, found)


def weight_of(part: str, rules: Weighed) -> float:
    return sum(one.weight for one in rules.indicators.values() if one.part == part)


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Rules of stored values; indicators that a later release added have their defaults."""
    known = {one.name for one in fields(Rules)} - {"indicators"}
    given = values.get("indicators", {})
    indicators = {name: Indicator(**{**asdict(one), **given.get(name, {})}) for name, one in INDICATORS.items()}
    return Rules(**{name: value for name, value in values.items() if name in known}, indicators=indicators)


def check_rules(rules: Rules) -> None:
    """Raises InvalidInput for the first value that makes no score."""
    for name, least, most in (("window_days", 7, 365), ("min_orders", 1, 100_000), ("peer_min_shops", 3, 1_000)):
        if not least <= getattr(rules, name) <= most:
            raise InvalidInput(field=name, expected=f"{least} to {most}")
    if any(rules.part_weight(part) < 0 for part in PARTS) or not any(rules.part_weight(part) for part in PARTS):
        raise InvalidInput(field="goods_weight", expected="no weight below 0, and one above")
    check_indicators(rules.indicators)
    if any(weight_of(part, rules) <= 0 for part in PARTS):
        raise InvalidInput(field="indicators", expected="a weight above 0 in each part")


def check_indicators(indicators: Mapping[str, Indicator]) -> None:
    """Raises InvalidInput for the first that makes no points."""
    for name, one in indicators.items():
        if one.floor == one.target:
            raise InvalidInput(field=f"{name}.floor", expected="another value than the target")
        if one.weight < 0 or one.prior_count <= 0:
            raise InvalidInput(field=f"{name}.weight", expected="a weight of 0 or more and a prior count above 0")
