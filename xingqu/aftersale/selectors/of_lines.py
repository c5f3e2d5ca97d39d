"""Cases about given lines of orders. Cases that their buyers took back are none."""

from collections.abc import Sequence
from datetime import datetime

from xingqu.aftersale.domain.states import Fault, State
from xingqu.aftersale.models import CaseLine
from xingqu.aftersale.selectors.figures import QUALITY_REASONS

MISDESCRIBED = "not_as_described"


def cases_of_lines(*, line_ids: Sequence[int]) -> dict[str, list[tuple[str, int, datetime]]]:
    """(case number, line, when), newest first, by what it says: quality (of the goods), misdescribed, fault (the platform found
    the merchant at fault). A case can stand under two. At most 500 lines."""
    rows = CaseLine.objects.filter(line_id__in=list(line_ids)).exclude(case__state=State.CLOSED).order_by("-case_id")
    found: dict[str, list[tuple[str, int, datetime]]] = {"quality": [], "misdescribed": [], "fault": []}
    for number, line_id, reason, at in rows.values_list("case__case_no", "line_id", "case__reason", "case__opened_at"):
        if reason == MISDESCRIBED:
            found["misdescribed"].append((number, line_id, at))
        elif reason in QUALITY_REASONS:
            found["quality"].append((number, line_id, at))
    judged = rows.filter(case__rounds__fault=Fault.MERCHANT, case__rounds__decided_at__isnull=False).distinct()
    found["fault"] = list(judged.values_list("case__case_no", "line_id", "case__opened_at"))
    return found
