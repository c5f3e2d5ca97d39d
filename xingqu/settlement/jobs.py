"""What runs by the clock. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from xingqu.kit import clock
from xingqu.settlement.services.auditing import audit, last_run_at
from xingqu.settlement.services.custody import lapse_custody_payments
from xingqu.settlement.services.deposits import lapse_payments, sweep_evidence
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.services.settling import settle_due
from xingqu.settlement.services.standing import review_due


def audit_nightly() -> int | None:
    """Audit once a night, from the hour the settings name (of the site's time zone). Returns the differences found."""
    now = clock.now()
    start = timezone.localtime(now).replace(hour=settings.ENVIRONMENT.audit_hour, minute=0, second=0, microsecond=0)
    start = start if start <= now else start - timedelta(days=1)
    last = last_run_at()
    if last is not None and last >= start:
        return None
    return audit().difference_count


PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (5.0, settle_due),
    (2.0, carry_out_withdrawals),
    (300.0, audit_nightly),
    (30.0, review_due),
    (60.0, lapse_payments),
    (60.0, lapse_custody_payments),
    (3600.0, sweep_evidence),
]
