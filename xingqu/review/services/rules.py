"""The rules of reviews, each set from a moment on."""

from datetime import datetime

from django.db import IntegrityError, transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.review.domain.rules import Rules, check_rules
from xingqu.review.models import ReviewRules


@transaction.atomic
def set_rules(*, person_id: int, rules: Rules, effective_from: datetime | None, note: str) -> int:
    """Make a set of rules that holds from a moment on (None: from now on); returns its id.

    The past can't be changed. Raises InvalidInput for a moment that is over or a value out of range, Conflict for a moment
    that has its rules already.
    """
    now = clock.now()
    begins = effective_from or now
    if begins < now:
        raise InvalidInput(field="effective_from", expected="a moment that is not over")
    check_rules(rules)
    try:
        with transaction.atomic():
            row = ReviewRules.objects.create(
                effective_from=begins, values=rules.as_json(), note=note, person_id=person_id, created_at=now
            )
    except IntegrityError as error:
        raise Conflict(field="effective_from", expected="a moment without rules of its own") from error
    return row.pk
