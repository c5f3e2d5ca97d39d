"""Buyers of presales are told before the rest can be paid, when it can, and before it is too late."""

from datetime import timedelta

from django.db.models import Q

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.trade.models import PresaleOrder, ShopOrder
from xingqu.trade.services.transition import person_id_of

SOON, CLOSING = timedelta(hours=1), timedelta(hours=3)
KINDS = ("presale_soon", "presale_open", "presale_closing")


def remind_presales(*, limit: int = 200) -> int:
    """Send the reminders that are due, the latest of each order once. Returns how many. For the worker."""
    now = clock.now()
    due = (
        Q(reminded__lt=3, final_until__lte=now + CLOSING)
        | Q(reminded__lt=2, final_from__lte=now)
        | Q(reminded__lt=1, final_from__lte=now + SOON)
    )
    rows = PresaleOrder.objects.filter(due, deposit_paid_at__isnull=False, ended="", reminded__lt=3)
    rows = rows.filter(parent__state="part_paid").order_by("final_from")
    return sum(_remind(row) for row in rows[:limit])


def _remind(row: PresaleOrder) -> bool:
    now = clock.now()
    stage = 3 if row.final_until <= now + CLOSING else 2 if row.final_from <= now else 1
    mine = PresaleOrder.objects.filter(pk=row.pk, reminded=row.reminded)
    if not mine.update(reminded=stage):
        return False
    order = ShopOrder.objects.select_related("parent").get(parent_id=row.parent_id)
    person_id = person_id_of(order.buyer_key)
    if person_id is None:
        return False
    notify(
        person_id=person_id,
        kind=KINDS[stage - 1],
        data={
            "order_no": order.order_no,
            "amount_minor": order.payable_minor - row.deposit_minor,
            "currency": order.currency,
            "by": (row.final_from if stage == 1 else row.final_until).isoformat(),
        },
    )
    return True
