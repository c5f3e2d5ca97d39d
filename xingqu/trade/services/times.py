"""Changes of the dated rules. A rule is never changed: a later one takes over from its day on."""

from datetime import datetime

from xingqu.kit.errors import InvalidInput
from xingqu.trade.domain.times import TimeName
from xingqu.trade.models import TimeRule

LONGEST_S = 90 * 86_400


def add_time_rule(
    *, name: TimeName, seconds: int, effective_from: datetime, shop_id: int | None, category_id: int | None
) -> int:
    """Id of a new rule. Orders keep the deadlines they have. Raises InvalidInput for a length that can't be."""
    if not 60 <= seconds <= LONGEST_S:
        raise InvalidInput(field="seconds", expected=f"60 to {LONGEST_S}")
    return TimeRule.objects.create(
        name=name, seconds=seconds, effective_from=effective_from, shop_id=shop_id, category_id=category_id
    ).pk
