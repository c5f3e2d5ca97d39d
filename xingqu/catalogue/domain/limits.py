"""What makes a purchase limit (限购) valid."""

from typing import NamedTuple

from xingqu.kit.errors import InvalidInput

MAX_LIMIT = 9_999
MAX_LIMIT_DAYS = 3_650


class Limit(NamedTuple):
    """Units in one order, and by one person in all orders of `days` days (None: ever). None is no limit."""

    per_order: int | None = None
    per_person: int | None = None
    days: int | None = None


def check_limit(limit: Limit, field: str) -> None:
    """Raises InvalidInput for a limit out of range, days without a limit by person, or an order of more than a person may."""
    for name, value, most in zip(Limit._fields, limit, (MAX_LIMIT, MAX_LIMIT, MAX_LIMIT_DAYS), strict=True):
        if value is not None and not 1 <= value <= most:
            raise InvalidInput(field=f"{field}.{name}", expected=f"1 to {most}, or none")
    if limit.per_person is None and limit.days is not None:
        raise InvalidInput(field=f"{field}.days", expected="days only with a limit per person")
    if limit.per_person is not None and limit.per_order is not None and limit.per_order > limit.per_person:
        raise InvalidInput(field=f"{field}.per_order", expected="at most the limit per person")
