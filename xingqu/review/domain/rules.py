"""Periods of reviews: one typed set of values; operators set others from a date on (`ReviewRules`). Pure."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from xingqu.kit.errors import InvalidInput

DAY_S = 86_400
LONGEST_S = 400 * DAY_S


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds (`_s`), whole days (`_days`), numbers of reviews. A case keeps the rules it was opened under to its end.

    `default_good_days` after receipt a line that nobody reviewed gets the system's default good review; 0: never.
    """

    follow_up_days: int = 180  # after receipt
    default_good_days: int = 15
    reply_edit_s: int = DAY_S
    decide_s: int = 3 * DAY_S
    appeal_s: int = 7 * DAY_S
    statement_s: int = 3 * DAY_S
    appeal_decide_s: int = 5 * DAY_S
    aspect_min_mentions: int = 3  # an aspect is shown from so many on
    learn_min_texts: int = 200  # of praise and of blame each, before a model learns from them

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def read_rules(values: dict[str, Any]) -> Rules:
    """Rules of stored values; what a later release added has its default, what it dropped is left out."""
    known = {field.name for field in fields(Rules)}
    return replace(Rules(), **{name: value for name, value in values.items() if name in known})


def check_rules(rules: Rules) -> None:
    """Raises InvalidInput for the first value out of its range."""
    for name, value in rules.as_json().items():
        least, most = (60, LONGEST_S) if name.endswith("_s") else (1, 100_000)
        if name.endswith("_days"):
            least, most = 0, 3_650
        if not least <= value <= most:
            raise InvalidInput(field=name, expected=f"{least} to {most}")
