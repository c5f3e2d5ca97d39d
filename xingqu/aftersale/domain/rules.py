"""Periods and limits of after-sale: one typed set of values; operators set others from a date on (`AftersaleRules`). Pure."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from xingqu.kit.errors import InvalidInput
from xingqu.kit.money import MAX_MINOR

DAY_S = 86_400
HOUR_S = 3_600
LONGEST_S = 400 * DAY_S


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds (`_s`), whole days (`_days`), minor units of the order's currency (`_minor`).

    A case keeps the rules it was opened under to its end: nobody's time is shortened while it runs.
    """

    review_s: int = 48 * HOUR_S
    offer_s: int = 3 * DAY_S
    refused_s: int = 7 * DAY_S
    return_s: int = 7 * DAY_S
    confirm_s: int = 10 * DAY_S
    confirm_delivered_s: int = 2 * DAY_S  # from the carrier's report on
    ship_s: int = 3 * DAY_S
    receive_s: int = 10 * DAY_S
    receive_delivered_s: int = 3 * DAY_S
    handling_s: int = DAY_S
    evidence_s: int = 2 * DAY_S
    verdict_s: int = 3 * DAY_S
    apply_days: int = 15  # after receipt
    no_reason_days: int = 7
    repair_days: int = 365
    price_protection_days: int = 7  # after payment; 0: none
    pre_ship_auto: bool = True
    instant: bool = True
    instant_max_minor: int = 20_000
    instant_monthly: int = 3
    instant_min_orders: int = 2

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_rules(values: dict[str, Any]) -> Rules:
    """Rules of stored values; what a later release added has its default, what it dropped is left out."""
    known = {field.name for field in fields(Rules)}
    return replace(Rules(), **{name: value for name, value in values.items() if name in known})


def check_rules(rules: Rules) -> None:
    """Raises InvalidInput for the first value out of its range."""
    for name, value in rules.as_json().items():
        if isinstance(value, bool):
            continue
        least, most = _range_of(name)
        if not least <= value <= most:
            raise InvalidInput(field=name, expected=f"{least} to {most}")
    if rules.no_reason_days < 7:
        raise InvalidInput("The law gives buyers seven days.", field="no_reason_days", expected="7 or more")


def _range_of(name: str) -> tuple[int, int]:
    if name.endswith("_s"):
        return 60, LONGEST_S
    if name.endswith("_days"):
        return 0, 3_650
    return (0, MAX_MINOR) if name.endswith("_minor") else (0, 1_000_000)
