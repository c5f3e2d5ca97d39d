"""Cases of reported reviews, as each side may read them. Who reported a review is told to the platform alone."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Q

from xingqu.accounts.selectors import organisation_cards, person_labels
from xingqu.kit.errors import NotFound
from xingqu.review.domain.cases import Side, State
from xingqu.review.models import Review, ReviewCase, ReviewEvent, ReviewReport
from xingqu.review.selectors.reading import review_rows

CaseQueue = Literal["reports", "appeals", "waiting", "closed"]
QUEUES: dict[str, Q] = {
    "reports": Q(state=State.REPORTED),
    "appeals": Q(state=State.APPEALED),
    "waiting": Q(state__in=[State.KEPT, State.HIDDEN, State.STATEMENT]),
    "closed": Q(state=State.CLOSED),
}


def cases_of(*, review_ids: Sequence[int], side: Side) -> dict[int, dict[str, Any]]:
    """The last case of each review that has one, as the author or the shop may read it."""
    latest = {row.review_id: row for row in ReviewCase.objects.filter(review_id__in=review_ids).order_by("id")}
    told = _events([row.pk for row in latest.values()], side)
    return {review_id: {**_row(row), "timeline": told[row.pk]} for review_id, row in latest.items()}


def cases_page(*, queue: CaseQueue, after_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """One page of the operator's queue, the oldest first; of closed ones the newest."""
    rows = ReviewCase.objects.filter(QUEUES[queue]).select_related("review")
    if queue == "closed":
        rows = rows.order_by("-id") if after_id is None else rows.filter(pk__lt=after_id).order_by("-id")
    else:
        rows = rows.order_by("id") if after_id is None else rows.filter(pk__gt=after_id).order_by("id")
    found = list(rows[: limit + 1])
    page = found[:limit]
    return _platform_rows(page), page[-1].pk if len(found) > limit else None


def queue_counts() -> dict[str, int]:
    """How many cases stand in each queue of the platform."""
    return {name: ReviewCase.objects.filter(queue).count() for name, queue in QUEUES.items() if name != "closed"}


def case_for_platform(*, case_id: int) -> dict[str, Any]:
    """A case with everything. Raises NotFound."""
    row = ReviewCase.objects.select_related("review").filter(pk=case_id).first()
    if row is None:
        raise NotFound(field="case_id", expected="the id of a case")
    return _platform_rows([row])[0]


def _platform_rows(page: Sequence[ReviewCase]) -> list[dict[str, Any]]:
    told = _events([row.pk for row in page], Side.PLATFORM)
    shops = organisation_cards(ids={row.shop_id for row in page})
    reports: dict[int, list[ReviewReport]] = defaultdict(list)
    for report in ReviewReport.objects.filter(case__in=page).order_by("id"):
        reports[report.case_id].append(report)
    names = person_labels(ids={one.person_id for many in reports.values() for one in many})
    reviews: list[Review] = [row.review for row in page]
    return [
        {
            **_row(row),
            "timeline": told[row.pk],
            "review": {**shown, "order_no": review.order_no, "product_name": review.product_name},
            "shop_id": row.shop_id,
            "shop_name": shops[row.shop_id].name,
            "reports": [
                {
                    "by": names.get(one.person_id, ("", ""))[0],
                    "by_shop": one.shop_id is not None,
                    "reason": one.reason,
                    "text": one.text,
                    "created_at": one.created_at,
                }
                for one in reports[row.pk]
            ],
        }
        for row, review, shown in zip(page, reviews, review_rows(reviews), strict=True)
    ]


def _row(row: ReviewCase) -> dict[str, Any]:
    return {
        "id": row.pk,
        "review_id": row.review_id,
        "state": row.state,
        "hidden": row.hidden,
        "by_shop": row.by_shop,
        "appellant": row.appellant,
        "reason": row.reason,
        "note": row.note,
        "waiting_for": row.waiting_for,
        "due_at": row.due_at,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
    }


def _events(case_ids: Sequence[int], side: Side) -> dict[int, list[dict[str, Any]]]:
    """What happened in these cases. Reports of others than the shop are the platform's to know."""
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in ReviewEvent.objects.filter(case_id__in=case_ids).order_by("id"):
        if event.step == "report" and side != Side.PLATFORM and event.side != side:
            continue
        told[event.case_id or 0].append(
            {
                "step": event.step,
                "side": event.side or None,
                "text": str(event.data.get("text", "")),
                "reason": str(event.data.get("reason", "")),
                "at": event.at,
            }
        )
    return told


def trail_of(*, review_id: int) -> list[dict[str, Any]]:
    """Everything that was done to a review, oldest first. For operators."""
    rows = list(ReviewEvent.objects.filter(review_id=review_id).order_by("id"))
    names = person_labels(ids={row.person_id for row in rows if row.person_id is not None})
    return [
        {
            "step": row.step,
            "side": row.side or None,
            "person_name": names[row.person_id][0] if row.person_id in names else None,
            "text": str(row.data.get("text") or row.data.get("before") or ""),
            "reason": str(row.data.get("reason", "")),
            "at": row.at,
        }
        for row in rows
    ]
