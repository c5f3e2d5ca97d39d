"""The book of days in service: written down with each snapshot, for who wants to see exposure over time."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from xingqu.interest.domain.days import DAY_MS, KEPT_DAYS, OUTCOMES, DayBook
from xingqu.interest.models import ContentDay

EPOCH: Final = date(1970, 1, 1)
_ROWS_AT_ONCE: Final = 200


@transaction.atomic
def write_days(book: DayBook, *, now_ms: int) -> None:
    """Write what changed since the last call, and forget what is too old. Repeating it changes nothing."""
    first = now_ms // DAY_MS - KEPT_DAYS
    book.forget_before(first)
    rows = [
        ContentDay(
            content_id=content_id,
            day=EPOCH + timedelta(days=day),
            **dict(zip(OUTCOMES, book.counts[content_id, day].tolist(), strict=True)),
        )
        for content_id, day in sorted(book.changed)
    ]
    if rows:
        ContentDay.objects.bulk_create(
            rows,
            batch_size=_ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=["content_id", "day"],
            update_fields=list(OUTCOMES),
        )
        ContentDay.objects.filter(day__lt=EPOCH + timedelta(days=first)).delete()
    book.changed.clear()
