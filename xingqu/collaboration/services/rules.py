"""Rules from a date on."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from xingqu.collaboration.domain.rules import check_rules, read_rules
from xingqu.collaboration.models import CollaborationRules
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.transactions import retried


@retried
@transaction.atomic
def add_rules(*, effective_from: datetime, values: dict[str, Any], note: str, person_id: int) -> int:
    """A set of rules for what is opened from a moment on; what is not named has its default. Returns its id.

    Raises InvalidInput for a moment that has passed or a value out of range, Conflict for a moment that has a set.
    """
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(field="effective_from", expected="now or later")
    rules = read_rules(values)
    check_rules(rules)
    try:
        with transaction.atomic():
            row = CollaborationRules.objects.create(
                effective_from=effective_from,
                values=rules.as_json(),
                note=note,
                created_by_id=person_id,
                created_at=now,
            )
    except IntegrityError as error:
        raise Conflict(field="effective_from", expected="a moment without a set of rules") from error
    return int(row.pk)
