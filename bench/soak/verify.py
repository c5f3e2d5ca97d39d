"""What must hold after a soak, asked of the database. Reads {kind: [numbers the site acknowledged]} from stdin, prints JSON."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import django


def waiting() -> dict[str, int]:
    """What is still on its way, by kind; nothing when the site has come to rest. Needs Django set up."""
    from xingqu.aftersale.models import Case
    from xingqu.kit.models import OutboxDelivery, OutboxFact
    from xingqu.settlement.models import Settlement, Withdrawal
    from xingqu.trade.models import Refund, ShopOrder
    from xingqu.trade.providers.sandbox.models import SandboxNotice

    counts = {
        "facts": OutboxFact.objects.filter(fanned_out=False).count(),
        "deliveries": OutboxDelivery.objects.filter(state="waiting").count(),
        "notices": SandboxNotice.objects.filter(done=False).count(),
        "refunds": Refund.objects.filter(done=False).count(),
        "withdrawals": Withdrawal.objects.filter(state="asked").count(),
        "settlements": Settlement.objects.filter(state="pending").count(),
        "cases": Case.objects.exclude(state__in=["success", "closed", "failed"]).count(),
        "orders": ShopOrder.objects.exclude(state__in=["done", "cancelled", "refunded"]).count(),
    }
    return {name: count for name, count in counts.items() if count}


def problems(told: dict[str, list[str]]) -> Iterator[str]:
    """Everything that does not hold, in words."""
    yield from _survived(told)
    yield from _once()
    yield from _sums()
    yield from _payouts()


def _survived(told: dict[str, list[str]]) -> Iterator[str]:
    """What the site said to have is there."""
    from xingqu.aftersale.models import Case
    from xingqu.settlement.models import Withdrawal
    from xingqu.trade.models import ParentOrder, PaymentAttempt, ShopOrder

    shipped = ShopOrder.objects.filter(lines__shipped_quantity__gt=0) | ShopOrder.objects.filter(state="refunded")
    there = {
        "orders": ParentOrder.objects.values_list("order_no", flat=True),
        "payments": PaymentAttempt.objects.filter(state="succeeded").values_list("payment_no", flat=True),
        "received": ShopOrder.objects.filter(state__in=["done", "refunded"]).values_list("order_no", flat=True),
        "shipped": shipped.values_list("order_no", flat=True),
        "cases": Case.objects.values_list("case_no", flat=True),
        "withdrawals": Withdrawal.objects.values_list("withdrawal_no", flat=True),
    }
    for kind, numbers in sorted(told.items()):
        lost = sorted(set(numbers) - set(there[kind]))
        if lost:
            yield f"{len(lost)} of {len(numbers)} acknowledged {kind} are lost: {', '.join(lost[:5])}"


def _once() -> Iterator[str]:
    """At most one payment of an order is applied; each hold, notice and payout comes to one end."""
    from django.db.models import Count, F

    from xingqu.catalogue.models import StockHold, StockLevel
    from xingqu.trade.models import ParentOrder

    twice = ParentOrder.objects.filter(payments__outcome="applied").annotate(n=Count("payments")).filter(n__gt=1)
    for parent in twice:
        yield f"order {parent.order_no} was paid {twice.count()} times"
    odd = StockLevel.objects.exclude(received=F("sold") + F("held") + F("free"))
    for level in odd:
        yield f"SKU {level.sku_id}: {level.received} received, {level.sold} sold, {level.held} held, {level.free} free"
    held = StockHold.objects.filter(state="held").count()
    if held:
        yield f"{held} holds are still held"


def _sums() -> Iterator[str]:
    """Parts are what was paid, and no more goes back than was paid."""
    from django.db.models import F, Sum

    from xingqu.trade.models import OrderLine, ParentOrder, PaymentAttempt, ShopOrder
    from xingqu.trade.providers.sandbox.models import SandboxTrade

    parts = (
        ParentOrder.objects.exclude(shop_orders=None)
        .annotate(parts=Sum("shop_orders__payable_minor"))
        .exclude(parts=F("payable_minor"))
    )
    yield from (f"order {row.order_no} is {row.payable_minor}, its parts are {row.parts}" for row in parts)
    lines = dict(
        OrderLine.objects.values_list("order_id").annotate(paid=Sum(F("subtotal_minor") - F("discount_minor")))
    )
    for order in ShopOrder.objects.iterator():
        if lines.get(order.pk, 0) + order.freight_minor != order.payable_minor:
            yield f"order {order.order_no} is {order.payable_minor}, its lines and freight are not"
        if order.refunded_minor > order.payable_minor:
            yield f"order {order.order_no} was {order.payable_minor}, {order.refunded_minor} went back"
    attempts = PaymentAttempt.objects.filter(state="succeeded").annotate(back=Sum("refunds__amount_minor"))
    for attempt in attempts:
        if (attempt.back or 0) > attempt.amount_minor:
            yield f"payment {attempt.payment_no} was {attempt.amount_minor}, {attempt.back} goes back"
    known = dict(attempts.values_list("payment_no", "back"))
    for trade in SandboxTrade.objects.filter(state="succeeded"):
        if trade.payment_no not in known:
            yield f"the gateway has {trade.amount_minor} of payment {trade.payment_no}, which we do not know of"
        elif (known[trade.payment_no] or 0) != trade.refunded_minor:
            yield f"payment {trade.payment_no}: {known[trade.payment_no]} went back, {trade.refunded_minor} at the gateway"


def _payouts() -> Iterator[str]:
    """The bank paid each withdrawal once, and nothing else."""
    from xingqu.settlement.models import Withdrawal
    from xingqu.settlement.providers.sandbox.models import BankPayout

    ours = dict(Withdrawal.objects.filter(state="paid").values_list("withdrawal_no", "amount_minor"))
    theirs = dict(BankPayout.objects.filter(state="paid").values_list("payout_no", "amount_minor"))
    for number in sorted(ours.keys() ^ theirs.keys()):
        yield f"withdrawal {number}: we say {ours.get(number)}, the bank says {theirs.get(number)}"


def _in_words(row: Any) -> str:
    return f"{row.flow} {row.kind} {row.reference}: {row.expected} / {row.found}"


def main() -> None:
    """Print {"waiting"}, or with `--all` {"waiting", "problems", "differences", "checked", "nights", "told", "audit"}.

    "differences" are those of an audit made now, "told" those of the audits on the way.
    """
    django.setup()
    found: dict[str, Any] = {"waiting": waiting()}
    if "--all" in sys.argv:
        from bench.trade.audit import audit as count_up
        from xingqu.settlement.models import AuditDifference, AuditRun
        from xingqu.settlement.services.auditing import audit

        nights = list(AuditRun.objects.values_list("difference_count", flat=True))
        told = [_in_words(row) for row in AuditDifference.objects.order_by("pk")[:50]]
        counted = count_up()
        run = audit()
        rows = AuditDifference.objects.filter(run=run)
        found |= {
            "problems": [*problems(json.load(sys.stdin)), *counted.pop("problems")],
            "differences": [_in_words(row) for row in rows[:50]],
            "checked": run.checked,
            "nights": nights,
            "told": told,
            "audit": counted,
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
