"""Cases that speak of how a shop serves, in a period. Cases that their buyers took back are none."""

from collections import Counter
from datetime import datetime

from django.db.models import QuerySet

from xingqu.aftersale.domain.states import Fault, State
from xingqu.aftersale.models import Arbitration, Case

QUALITY_REASONS = ("quality", "not_as_described", "wrong_item", "missing_parts", "counterfeit", "damaged")
Found = list[tuple[str, datetime]]


def _opened(shop_id: int, since: datetime, until: datetime) -> QuerySet[Case]:
    rows = Case.objects.filter(shop_id=shop_id, opened_at__gte=since, opened_at__lt=until)
    return rows.exclude(state=State.CLOSED)


def quality_cases_between(*, shop_id: int, since: datetime, until: datetime) -> Found:
    """Cases opened for what the goods were, as (number, time), newest first."""
    rows = _opened(shop_id, since, until).filter(reason__in=QUALITY_REASONS).order_by("-id")
    return list(rows.values_list("case_no", "opened_at"))


def faults_between(*, shop_id: int, since: datetime, until: datetime) -> Found:
    """Cases in which the platform found the merchant at fault (纠纷商责), as (number, time of the verdict), newest first."""
    rows = Arbitration.objects.filter(
        case__shop_id=shop_id, decided_at__gte=since, decided_at__lt=until, fault=Fault.MERCHANT
    )
    return [(number, at) for number, at in rows.order_by("-id").values_list("case__case_no", "decided_at") if at]


def reasons_between(*, shop_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """How often each reason was given."""
    return dict(Counter(_opened(shop_id, since, until).values_list("reason", flat=True)))
