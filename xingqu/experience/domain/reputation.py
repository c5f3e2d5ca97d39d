"""A creator's reputation score (带货口碑分), level (等级) and credit (信用分): what is counted, and how it becomes points. Pure.

The score is the shop score's formula (see `formula`) over four parts: goods, after-sale, content, fulfilment.

    level  = the highest whose GMV, followers and score are all reached
    credit = max(0, 100 − Σ deductions of the last `credit_days`)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from typing import Any

from xingqu.experience.domain.formula import Indicator, check_indicators, weight_of
from xingqu.kit.errors import InvalidInput

PARTS = ("goods", "aftersale", "content", "fulfilment")
FULL_CREDIT = 100
MOST_LEVELS = 10

INDICATORS: dict[str, Indicator] = {
    "goods_stars": Indicator("goods", "stars", 0.7, 4.0, 4.9, 4.6, 20),
    "quality_return_rate": Indicator("goods", "share", 0.3, 0.05, 0.005, 0.015, 100),
    "misdescribed_rate": Indicator("aftersale", "share", 0.6, 0.02, 0.0, 0.004, 150),
    "fault_rate": Indicator("aftersale", "share", 0.4, 0.01, 0.0, 0.002, 200),
    "violation_rate": Indicator("content", "share", 0.7, 0.1, 0.0, 0.01, 20),
    "accepted_rate": Indicator("content", "share", 0.3, 0.6, 0.98, 0.9, 10),
    "kept_rate": Indicator("fulfilment", "share", 1.0, 0.6, 0.98, 0.9, 10),
}
# What happened -> the field of the rules that says what it takes from the credit.
DEDUCTIONS = {
    "sample_breach": "sample_breach_points",
    "collaboration_broken": "collaboration_broken_points",
    "general": "general_points",
    "serious": "serious_points",
}


@dataclass(frozen=True, slots=True)
class Level:
    """What a level asks for; the first entry is level 1, below it is level 0."""

    min_gmv_minor: int
    min_followers: int
    min_score: int


LEVELS = (
    Level(100_000, 100, 0),
    Level(1_000_000, 1_000, 60),
    Level(5_000_000, 5_000, 70),
    Level(20_000_000, 20_000, 75),
    Level(100_000_000, 100_000, 80),
    Level(500_000_000, 500_000, 85),
)


@dataclass(frozen=True, slots=True)
class ReputationRules:
    """What holds from a date on. Without `min_orders` received lines in `window_days` a creator has no score yet; GMV is what
    buyers received in `gmv_days` and did not get back. A serious violation counts as `serious_weight` in violation_rate."""

    window_days: int = 90
    gmv_days: int = 30
    credit_days: int = 180
    min_orders: int = 10
    serious_weight: int = 3
    goods_weight: float = 0.4
    aftersale_weight: float = 0.2
    content_weight: float = 0.2
    fulfilment_weight: float = 0.2
    sample_breach_points: int = 10
    collaboration_broken_points: int = 15
    general_points: int = 10
    serious_points: int = 30
    indicators: Mapping[str, Indicator] = field(default_factory=lambda: dict(INDICATORS))
    levels: Sequence[Level] = LEVELS

    def part_weight(self, part: str) -> float:
        weight: float = getattr(self, f"{part}_weight")
        return weight

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def level_of(*, gmv_minor: int, followers: int, score: float | None, rules: ReputationRules) -> int:
    """The highest level whose every condition is met; a creator without a score meets none that asks for one."""
    reached = 0
    for number, level in enumerate(rules.levels, start=1):
        scored = not level.min_score or (score is not None and score >= level.min_score)
        if gmv_minor >= level.min_gmv_minor and followers >= level.min_followers and scored:
            reached = number
    return reached


def credit_of(deeds: Iterable[str], rules: ReputationRules) -> int:
    """What is left of the credit after these deeds (names of `DEDUCTIONS`; others take nothing)."""
    taken = sum(getattr(rules, DEDUCTIONS[deed]) for deed in deeds if deed in DEDUCTIONS)
    return max(FULL_CREDIT - int(taken), 0)


def read_rules(values: Mapping[str, Any]) -> ReputationRules:
    """Rules of stored values; what a later release added has its default."""
    known = {one.name for one in fields(ReputationRules)} - {"indicators", "levels"}
    given = values.get("indicators", {})
    indicators = {name: Indicator(**{**asdict(one), **given.get(name, {})}) for name, one in INDICATORS.items()}
    levels = tuple(Level(**one) for one in values["levels"]) if "levels" in values else LEVELS
    plain = {name: value for name, value in values.items() if name in known}
    return ReputationRules(**plain, indicators=indicators, levels=levels)


def check_rules(rules: ReputationRules) -> None:
    """Raises InvalidInput for the first value that makes no score, level or credit."""
    ranges = {
        "window_days": (7, 365),
        "gmv_days": (7, 365),
        "credit_days": (7, 730),
        "min_orders": (1, 100_000),
        "serious_weight": (1, 100),
        **dict.fromkeys(DEDUCTIONS.values(), (0, FULL_CREDIT)),
    }
    for name, (least, most) in ranges.items():
        if not least <= getattr(rules, name) <= most:
            raise InvalidInput(field=name, expected=f"{least} to {most}")
    if any(rules.part_weight(part) < 0 for part in PARTS) or not any(rules.part_weight(part) for part in PARTS):
        raise InvalidInput(field="goods_weight", expected="no weight below 0, and one above")
    check_indicators(rules.indicators)
    if any(weight_of(part, rules) <= 0 for part in PARTS):
        raise InvalidInput(field="indicators", expected="a weight above 0 in each part")
    _check_levels(rules.levels)


def _check_levels(levels: Sequence[Level]) -> None:
    if not 1 <= len(levels) <= MOST_LEVELS:
        raise InvalidInput(field="levels", expected=f"1 to {MOST_LEVELS} levels")
    for below, above in pairwise(levels):
        pairs = (
            (below.min_gmv_minor, above.min_gmv_minor),
            (below.min_followers, above.min_followers),
            (below.min_score, above.min_score),
        )
        if any(low > high for low, high in pairs):
            raise InvalidInput(field="levels", expected="levels that ask for no less than the one below")
    if any(not 0 <= level.min_score <= 100 or min(level.min_gmv_minor, level.min_followers) < 0 for level in levels):
        raise InvalidInput(field="levels", expected="scores of 0 to 100, and nothing below 0")
