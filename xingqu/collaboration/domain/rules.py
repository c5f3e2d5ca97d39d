"""Periods and limits of samples and collaborations: one typed set of values; operators set others from a date on. Pure."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from xingqu.kit.errors import InvalidInput

HOUR_S = 3_600
DAY_S = 86_400
LONGEST_S = 400 * DAY_S


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds (`_s`), days (`_days`), basis points (`_bp`), else counts. What was opened under a set keeps it to its end."""

    answer_s: int = 3 * DAY_S  # a shop answers an application
    pay_s: int = DAY_S  # a creator pays what an approved sample asks for
    ship_s: int = 3 * DAY_S
    travel_s: int = 10 * DAY_S  # until a parcel counts as arrived when no carrier says so
    confirm_s: int = 3 * DAY_S  # a shop looks at a declared work
    redo_s: int = 2 * DAY_S  # least time to try again after a declared work was refused
    extension_max_days: int = 15
    extensions: int = 2
    # Accounts of different creators that samples went to at one address or phone number, within the period.
    address_days: int = 30
    address_flag: int = 2
    address_refuse: int = 3
    offer_s: int = 3 * DAY_S  # an offer of terms waits
    fund_s: int = 3 * DAY_S  # a shop pays the slot fee
    settle_days: int = 15  # least time between the end and the last release
    evidence_s: int = 2 * DAY_S
    verdict_s: int = 3 * DAY_S
    break_off_bp: int = 3_000  # of the slot fee, to the creator, when the shop breaks off
    slot_platform_bp: int = 0  # of every slot fee that is released, to the platform
    slot_fee_max_minor: int = 100_000_000

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_rules(values: dict[str, Any]) -> Rules:
    """Rules of stored values; what a later release added has its default, what it dropped is left out."""
    known = {field.name for field in fields(Rules)}
    return replace(Rules(), **{name: value for name, value in values.items() if name in known})


def check_rules(rules: Rules) -> None:
    """Raises InvalidInput for the first value out of its range."""
    for name, value in rules.as_json().items():
        least, most = _range_of(name)
        if not least <= value <= most:
            raise InvalidInput(field=name, expected=f"{least} to {most}")
    if rules.address_refuse <= rules.address_flag:
        raise InvalidInput(field="address_refuse", expected="more than address_flag")


def _range_of(name: str) -> tuple[int, int]:
    if name.endswith("_s"):
        return 60, LONGEST_S
    if name.endswith("_bp"):
        return 0, 10_000
    if name.endswith("_minor"):
        return 1, 10_000_000_000
    return (1, 365) if name in ("address_days", "address_flag", "address_refuse") else (0, 365)
