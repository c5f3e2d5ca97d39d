"""From receipt to settlement: the period runs, and when it is over and nothing holds it the money is the merchant's."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.settlement.domain.terms import due_at
from xingqu.settlement.models import Settlement
from xingqu.settlement.selectors.terms import active_hold, score_at, terms_at
from xingqu.trade.selectors import earning_of
from xingqu.trade.services import settle_order

log = logging.getLogger(__name__)
# What holds an order is looked at again after this long; what ends a hold makes it due at once.
LOOK_AGAIN = timedelta(minutes=10)


def plan_settlement(*, order_no: str, shop_id: int, currency: str, received_at: datetime) -> None:
    """The settlement period of a received order begins, under the rule and score of this moment. Idempotent."""
    terms, score = terms_at(at=received_at), score_at(shop_id=shop_id, at=received_at)
    due = due_at(terms, score=score, received_at=received_at)
    Settlement.objects.get_or_create(
        order_no=order_no,
        defaults={
            "shop_id": shop_id,
            "currency": currency,
            "received_at": received_at,
            "due_at": due,
            "look_at": due,
            "score": score,
            "days": terms.days_for(score),
            "net_minor": earning_of(order_no=order_no).net_minor,
        },
    )


def update_settlement(*, order_no: str) -> None:
    """A refund has changed what is to be settled. Idempotent; what is settled stays as it was."""
    Settlement.objects.filter(order_no=order_no, state=Settlement.State.PENDING).update(
        net_minor=earning_of(order_no=order_no).net_minor
    )


def settle_due(*, limit: int = 200) -> int:
    """Settle orders whose period is over. Returns how many. For the worker."""
    now = clock.now()
    due = Settlement.objects.filter(state=Settlement.State.PENDING, look_at__lte=now).order_by("look_at")
    return sum(_settle(pk, now) for pk in list(due.values_list("pk", flat=True)[:limit]))


@retried
@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    row = Settlement.objects.select_for_update(no_key=True).get(pk=pk)
    if row.state != Settlement.State.PENDING:
        return False
    hold_names(f"risk-hold:{row.shop_id}")  # a hold that is being placed comes first, or sees the order settled
    if active_hold(shop_id=row.shop_id, order_no=row.order_no) is not None:
        return _wait(row, "risk_hold", now)
    result = settle_order(order_no=row.order_no)
    if result.outcome == "refunded":
        row.state, row.net_minor, row.waits_for = Settlement.State.VOID, 0, ""
        row.save(update_fields=["state", "net_minor", "waits_for"])
        return False
    if result.outcome in ("open_case", "refund_pending", "sharing_open"):
        return _wait(row, result.outcome, now)
    if result.outcome not in ("settled", "already"):
        log.error("order %s is to be settled but is %s", row.order_no, result.outcome)
        return _wait(row, "", now)
    row.state, row.net_minor, row.waits_for = Settlement.State.SETTLED, result.net_minor, ""
    row.settled_at = result.settled_at
    row.save(update_fields=["state", "net_minor", "waits_for", "settled_at"])
    return True


def _wait(row: Settlement, reason: str, now: datetime) -> bool:
    first = row.waits_for != reason
    row.waits_for, row.look_at = reason, now + LOOK_AGAIN
    row.save(update_fields=["waits_for", "look_at"])
    if first and reason == "risk_hold":
        notify(organisation_id=row.shop_id, kind="settlement_on_hold", data={"order_no": row.order_no})
    return False
