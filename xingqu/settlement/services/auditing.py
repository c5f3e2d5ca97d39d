"""The nightly auditor: goods, information and money must tell the same story of every order; what differs is a row."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.transactions import one_moment
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import AuditDifference, AuditRun
from xingqu.settlement.selectors.audit_accounts import Totals, look_at_totals
from xingqu.settlement.selectors.audit_deposits import look_at_deposit_payments
from xingqu.settlement.selectors.audit_journals import look_at_journals
from xingqu.settlement.selectors.audit_money import look_at_bank, look_at_bills, look_at_books, look_at_payments
from xingqu.settlement.selectors.audit_orders import look_at_covers, look_at_orders, look_at_shares
from xingqu.settlement.selectors.audit_taxes import look_at_taxes
from xingqu.settlement.selectors.custody import look_at_custody

Count = Callable[[str, int], None]


def audit() -> AuditRun:
    """Look at everything. What differs is looked at once more, so that what was just moving is not told as a difference."""
    run = AuditRun.objects.create(started_at=clock.now())
    checked: dict[str, int] = {}
    found = _look(lambda name, number: checked.update({name: checked.get(name, 0) + number}))
    if found:
        again = {_essence(difference) for difference in _look(lambda name, number: None)}
        found = [difference for difference in found if _essence(difference) in again]
    with transaction.atomic():
        AuditDifference.objects.bulk_create(
            [
                AuditDifference(
                    run=run,
                    flow=one.flow,
                    kind=one.kind,
                    reference=one.reference[:80],
                    shop_id=one.shop_id,
                    expected=one.expected[:200],
                    found=one.found[:200],
                )
                for one in found
            ],
            batch_size=500,
        )
        run.finished_at, run.difference_count, run.checked = clock.now(), len(found), checked
        run.save()
    return run


def last_run_at() -> datetime | None:
    """When the last audit began."""
    return AuditRun.objects.order_by("-started_at").values_list("started_at", flat=True).first()


def _essence(one: Difference) -> tuple[str, ...]:
    """What must be the same twice: of an account's sums, which go on moving on a busy site, by how much they differ."""
    if one.kind.startswith("account_"):
        return one.flow, one.kind, one.reference, str(int(one.found) - int(one.expected))
    return one.flow, one.kind, one.reference, one.expected, one.found


def _look(count: Count) -> list[Difference]:
    with one_moment():
        found = list(_look_at_records(count))
    return [*found, *look_at_bank(count)]


def _look_at_records(count: Count) -> Iterator[Difference]:
    totals = Totals()
    yield from look_at_books()
    yield from look_at_payments(count)
    yield from look_at_bills()
    yield from look_at_orders(count, totals)
    yield from look_at_covers(count, totals)
    yield from look_at_deposit_payments(count)
    yield from look_at_shares(count, totals)
    yield from look_at_custody(count, totals.expected)
    yield from look_at_taxes(count, totals.expected)
    yield from look_at_journals(count)
    yield from look_at_totals(totals)
