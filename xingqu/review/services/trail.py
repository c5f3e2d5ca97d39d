"""What is written down of every step."""

from typing import Any

from xingqu.kit import clock
from xingqu.review.domain.cases import Side
from xingqu.review.models import ReviewEvent


def note(
    *,
    review_id: int,
    step: str,
    side: Side | None,
    person_id: int | None,
    case_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write down a step, in the transaction that takes it."""
    ReviewEvent.objects.create(
        review_id=review_id,
        case_id=case_id,
        step=step,
        side=side.value if side is not None else "",
        person_id=person_id,
        data=data or {},
        at=clock.now(),
    )
