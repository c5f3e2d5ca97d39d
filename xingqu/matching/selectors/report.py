"""What recommending pools to creators brought, by what was held out by lot."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings

from xingqu.alliance.selectors.market import take_ups_between
from xingqu.kit import clock
from xingqu.matching.domain.holdout import Outcome, amount_difference, arm_figures, rate_difference
from xingqu.matching.domain.pools import Arm
from xingqu.matching.models import PoolMatch

PAIRS_MOST = 4_000


def lift_report(*, organisation_id: int | None, days: int) -> dict[str, Any]:
    """Of matches whose days of counting are over, made in the last `days`; of one owner, or of the whole site."""
    environment = settings.ENVIRONMENT
    counted = timedelta(days=environment.pool_outcome_days)
    until = clock.now() - counted
    rows = PoolMatch.objects.filter(matched_at__gte=until - timedelta(days=days), matched_at__lt=until)
    if organisation_id is not None:
        rows = rows.filter(pool__organisation_id=organisation_id)
    outcomes: dict[str, list[Outcome]] = {arm.value: [] for arm in Arm}
    for match in rows.order_by("-id")[:PAIRS_MOST]:
        taken, orders, amount = take_ups_between(
            creator_id=match.creator_id,
            product_ids=match.product_ids,
            since=match.matched_at,
            until=match.matched_at + counted,
        )
        outcomes[match.arm].append(Outcome(match.creator_id, taken, orders, amount))
    shown, held_out = outcomes[Arm.SHOWN], outcomes[Arm.HELD_OUT]
    figures = arm_figures(shown), arm_figures(held_out)
    waiting = PoolMatch.objects.filter(matched_at__gte=until)
    if organisation_id is not None:
        waiting = waiting.filter(pool__organisation_id=organisation_id)
    return {
        "days": days,
        "outcome_days": environment.pool_outcome_days,
        "held_out_bp": environment.pool_held_out_bp,
        "waiting": waiting.count(),
        "shown": asdict(figures[0]),
        "held_out": asdict(figures[1]),
        "rate_difference": asdict(rate_difference(*figures)),
        "amount_difference": asdict(amount_difference(shown, held_out)),
    }
