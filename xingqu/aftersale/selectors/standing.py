"""Whether a buyer is in good standing: who is may have small amounts back without the merchant's review (极速退款)."""

from datetime import timedelta

from xingqu.aftersale.domain.rules import Rules
from xingqu.aftersale.domain.states import Fault
from xingqu.aftersale.models import Arbitration, Case
from xingqu.kit import clock
from xingqu.trade.selectors import received_orders

MONTH = timedelta(days=30)
MEMORY = timedelta(days=180)


def may_have_instant(*, case: Case, rules: Rules) -> bool:
    """Whether the rules grant this case at once: small, few a month, an experienced buyer, no verdict against them in half a year."""
    if not rules.instant or case.asked_minor > rules.instant_max_minor:
        return False
    now = clock.now()
    mine = Case.objects.filter(buyer_key=case.buyer_key).exclude(pk=case.pk)
    if mine.filter(instant=True, opened_at__gte=now - MONTH).count() >= rules.instant_monthly:
        return False
    lost = Arbitration.objects.filter(case__buyer_key=case.buyer_key, decided_at__gte=now - MEMORY, fault=Fault.BUYER)
    return not lost.exists() and received_orders(buyer_key=case.buyer_key) >= rules.instant_min_orders
