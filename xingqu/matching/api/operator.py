"""What operators see of matching."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts.selectors import operator_of
from xingqu.matching.schemas import LiftReportOut
from xingqu.matching.selectors.report import lift_report

router = Router()


@router.get("/platform/matching/lift", response=LiftReportOut)
def get_lift(request: HttpRequest, days: Annotated[int, Query(ge=7, le=365)] = 90) -> Any:
    """What recommending pools brought on the whole site. For operators."""
    operator_of(request)
    return lift_report(organisation_id=None, days=days)
