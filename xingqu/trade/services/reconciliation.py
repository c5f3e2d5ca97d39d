"""Providers' bills against our books, a day at a time: fetched by the worker, compared, differences kept until resolved."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names
from xingqu.trade.domain.reconciling import Billed, Difference, compare, compare_ledger, missing_there
from xingqu.trade.models import Bill, BillDifference, BilledLine, PaymentAttempt, Refund
from xingqu.trade.providers import configured, get_provider
from xingqu.trade.providers.protocol import BILL_ZONE, BilledItem, BillNotReady, ProviderUnsure
from xingqu.trade.selectors.booked import booked_by_number, done_and_not_billed
from xingqu.trade.services.queries import ask_again

log = logging.getLogger(__name__)
BATCH = 500
RETRY = timedelta(minutes=30)
BILLS_A_ROUND = 2


def reconcile_due() -> int:
    """Fetch and compare the bills that are due. Returns how many were compared. For the worker."""
    plan_bills()
    now = clock.now()
    due = Bill.objects.filter(state=Bill.State.DUE, due_at__lte=now).order_by("due_at")[:BILLS_A_ROUND]
    return sum(_reconcile_mine(bill, now) for bill in due)


def plan_bills() -> None:
    """Make yesterday's bills due, and those of the days before that nobody has asked for, once it is late enough in the day."""
    now = clock.now()
    local = now.astimezone(BILL_ZONE)
    if local.time() < settings.ENVIRONMENT.payment_bill_after:
        return
    days = [local.date() - timedelta(days=back) for back in range(1, settings.ENVIRONMENT.payment_bill_days + 1)]
    known = set(Bill.objects.filter(day__in=days).values_list("provider", "day"))
    for provider in configured():
        missing = [day for day in days if (provider, day) not in known]
        if missing and PaymentAttempt.objects.filter(provider=provider).exists():
            rows = [Bill(provider=provider, day=day, due_at=now) for day in missing]
            Bill.objects.bulk_create(rows, ignore_conflicts=True)


def ask_for_bill(*, provider: str, day: date) -> None:
    """Have a day's bill fetched and compared (again) in the worker's next round. Raises InvalidInput for a day that is not
    over or a provider that is not set up."""
    _check(provider, day)
    now = clock.now()
    Bill.objects.get_or_create(provider=provider, day=day, defaults={"due_at": now})
    Bill.objects.filter(provider=provider, day=day).update(state=Bill.State.DUE, due_at=now, error="")


def reconcile_day(*, provider: str, day: date) -> int:
    """Fetch a day's bill now and compare it. Returns how many differences are open. Asks the provider: not for a web request.

    Raises InvalidInput as :func:`ask_for_bill`, ProviderUnsure when there is no bill to be had (yet).
    """
    _check(provider, day)
    bill, _ = Bill.objects.get_or_create(provider=provider, day=day, defaults={"due_at": clock.now()})
    _compare_with(bill, get_provider(provider).bill(day))
    return BillDifference.objects.filter(bill=bill, resolved_at=None).count()


def resolve_difference(*, difference_id: int, operator_id: int, note: str) -> None:
    """Somebody has looked into a difference and says what came of it. Raises NotFound; a second note replaces the first."""
    found = BillDifference.objects.filter(pk=difference_id)
    if not found.update(resolved_at=clock.now(), resolved_by=operator_id, note=note):
        raise NotFound


def _check(provider: str, day: date) -> None:
    if provider not in configured():
        raise InvalidInput(field="provider", expected=", ".join(configured()))
    if day >= clock.now().astimezone(BILL_ZONE).date():
        raise InvalidInput(field="day", expected="a day that is over")


def _reconcile_mine(bill: Bill, now: datetime) -> bool:
    mine = Bill.objects.filter(pk=bill.pk, state=Bill.State.DUE, tries=bill.tries)
    if not mine.update(tries=bill.tries + 1, due_at=now + RETRY):
        return False
    try:
        items = get_provider(bill.provider).bill(bill.day)
    except (ProviderUnsure, NotFound) as error:
        level = logging.INFO if isinstance(error, BillNotReady) else logging.WARNING
        log.log(level, "no bill of %s for %s yet: %s", bill.provider, bill.day, error)
        Bill.objects.filter(pk=bill.pk).update(error=str(error)[:300])
        return False
    _compare_with(bill, items)
    return True


def _compare_with(bill: Bill, items: list[BilledItem]) -> None:
    """Keep the bill's lines and its differences; heal what asking the provider can heal."""
    with transaction.atomic():
        hold_names(f"bill:{bill.provider}:{bill.day}")
        _store(bill, items)
        _keep(bill, _differences(bill))
    unsettled = BillDifference.objects.filter(bill=bill, kind="state", resolved_at=None)
    payments = list(unsettled.filter(subject="payment").values_list("key", flat=True))
    if ask_again(payment_nos=payments):
        with transaction.atomic():
            hold_names(f"bill:{bill.provider}:{bill.day}")
            _keep(bill, _differences(bill))
    numbers = unsettled.filter(subject="refund").values_list("key", flat=True)
    Refund.objects.filter(refund_no__in=list(numbers), done=False).update(due_at=clock.now())


def _store(bill: Bill, items: list[BilledItem]) -> None:
    BilledLine.objects.filter(bill=bill).delete()
    rows = iter(items)
    while batch := list(islice(rows, BATCH)):
        BilledLine.objects.bulk_create(
            [
                BilledLine(
                    bill=bill,
                    kind=item.kind,
                    number=item.number[:64],
                    reference=item.reference[:80],
                    amount_minor=item.amount_minor,
                    currency=item.currency,
                    fee_minor=item.fee_minor,
                    under_way=item.under_way,
                    at=item.at,
                )
                for item in batch
            ]
        )
    sums: dict[str, Counter[str]] = {}
    for item in items:
        of = sums.setdefault(item.currency, Counter(paid=0, refunded=0, fee=0))
        of["paid" if item.kind == "payment" else "refunded"] += item.amount_minor
        of["fee"] += item.fee_minor
    Bill.objects.filter(pk=bill.pk).update(
        state=Bill.State.COMPARED, error="", line_count=len(items), sums=sums, compared_at=clock.now()
    )


def _differences(bill: Bill) -> list[Difference]:
    lines = BilledLine.objects.filter(bill=bill)
    often = lines.exclude(number="").values_list("kind", "number").annotate(times=Count("id")).filter(times__gt=1)
    repeated = Counter({(kind, number): times for kind, number, times in often})
    found: list[Difference] = []
    for batch in _batches(lines):
        booked = booked_by_number(provider=bill.provider, numbers=[(line.kind, line.number) for line in batch])
        found += compare([_billed(line) for line in batch], booked, repeated)
        found += [wrong for ours in booked.values() if ours.is_done and (wrong := compare_ledger(ours))]
    for kind, ours in done_and_not_billed(provider=bill.provider, day=bill.day):
        found.append(missing_there(kind, ours))
        if wrong := compare_ledger(ours):
            found.append(wrong)
    return found


def _batches(lines: QuerySet[BilledLine]) -> Iterator[list[BilledLine]]:
    rows = iter(lines.order_by("id").iterator(BATCH))
    while batch := list(islice(rows, BATCH)):
        yield batch


def _billed(line: BilledLine) -> Billed:
    return Billed(line.kind, line.number, line.reference, line.amount_minor, line.currency, line.under_way)


def _keep(bill: Bill, found: list[Difference]) -> None:
    """New differences are added, those that hold no more resolve themselves, a person's word stays as it is."""
    now = clock.now()
    known = {(row.subject, row.key, row.kind): row for row in BillDifference.objects.filter(bill=bill)}
    current = {(one.subject, one.key[:80], one.kind) for one in found}
    BillDifference.objects.bulk_create(
        [_row(bill, one, now) for one in found if (one.subject, one.key[:80], one.kind) not in known]
    )
    by_itself = BillDifference.objects.filter(resolved_by=None)
    again = [row.pk for place, row in known.items() if place in current]
    by_itself.filter(pk__in=again).update(resolved_at=None)
    over = [row.pk for place, row in known.items() if place not in current]
    by_itself.filter(pk__in=over, resolved_at=None).update(resolved_at=now)
    # What another day's bill was lacking may stand in this one.
    numbers = BilledLine.objects.filter(bill=bill).exclude(number="").values("number")
    late = by_itself.filter(bill__provider=bill.provider, kind="missing_there", resolved_at=None, key__in=numbers)
    late.exclude(bill=bill).update(resolved_at=now)


def _row(bill: Bill, one: Difference, now: datetime) -> BillDifference:
    return BillDifference(
        bill=bill,
        kind=one.kind,
        subject=one.subject,
        key=one.key[:80],
        reference=one.reference[:80],
        order_no=one.order_no,
        currency=one.currency,
        ours_minor=one.ours_minor,
        theirs_minor=one.theirs_minor,
        ours_state=one.ours_state,
        theirs_state=one.theirs_state,
        found_at=now,
    )
