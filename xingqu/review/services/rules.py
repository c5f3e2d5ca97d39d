"""The rules of reviews, each set from a moment on."""

from datetime import datetime

from django.db import transaction

from xingqu.kit.dated_rules import begin_set
from xingqu.review.domain.rules import Rules, check_rules
from xingqu.review.models import ReviewRules


@transaction.atomic
def set_rules(*, person_id: int, rules: Rules, effective_from: datetime | None, note: str) -> int:
    """Make a set of rules that holds from a moment on (None: from now on); returns its id.

    The past can't be changed. Raises InvalidInput for a moment that is over or a value out of range, Conflict for a moment
    that has its rules already.
    """
    check_rules(rules)
    return begin_set(ReviewRules, values=rules.as_json(), person_id=person_id, effective_from=effective_from, note=note)
