"""Looks over orders, stock, books and gateway after a benchmark or a crash, and prints what it found as JSON."""

import json
import sys
from typing import Any

import django


def audit() -> dict[str, Any]:
    """Counts, and `problems`: everything that does not fit together. Needs Django set up."""
    from django.db.models import Count, F, Sum

    from xingqu.catalogue.models import StockHold, StockLevel
    from xingqu.kit.models import OutboxDelivery, OutboxFact
    from xingqu.ledger.selectors import balances, check
    from xingqu.settlement.models import DepositChange
    from xingqu.trade.models import OrderLine, ParentOrder, Refund, ShopOrder
    from xingqu.trade.providers.sandbox.models import SandboxTrade

    problems = list(check().problems)
    states = dict(ShopOrder.objects.values_list("state").annotate(n=Count("id")))
    by_account = {row.account: row.balance_minor for row in balances()}
    charged = SandboxTrade.objects.filter(state="succeeded").aggregate(
        paid=Sum("amount_minor"), back=Sum("refunded_minor")
    )
    at_gateway = (charged["paid"] or 0) - (charged["back"] or 0)
    booked = by_account.get("provider:sandbox", 0)
    paid = ShopOrder.objects.exclude(state__in=["unpaid", "cancelled"])  # once at least: some or all may have gone back
    kept_minor = paid.aggregate(total=Sum(F("payable_minor") - F("refunded_minor")))["total"] or 0
    deposits = DepositChange.objects.filter(kind=DepositChange.Kind.PAYMENT, state=DepositChange.State.DONE)
    deposited_minor = deposits.aggregate(total=Sum("amount_minor"))["total"] or 0
    if booked != kept_minor + deposited_minor + by_account.get("unapplied:buyers", 0):
        problems.append(f"the books have {booked} at the provider, orders that are paid sum to {kept_minor}")
    double = (
        ParentOrder.objects.filter(payments__outcome="applied").annotate(n=Count("payments")).filter(n__gt=1).count()
    )
    if double:
        problems.append(f"{double} orders were paid twice")
    sold = dict(OrderLine.objects.filter(order__in=paid).values_list("sku_id").annotate(units=Sum("quantity")))
    holds = dict(StockHold.objects.filter(state="held").values_list("sku_id").annotate(units=Sum("quantity")))
    for sku_id, held in StockLevel.objects.values_list("sku_id").annotate(units=Sum("held")):
        if held != holds.get(sku_id, 0):
            problems.append(f"SKU {sku_id} holds {held}, its holds sum to {holds.get(sku_id, 0)}")
    consumed = dict(
        StockHold.objects.filter(state__in=["consumed", "returned"])
        .values_list("sku_id")
        .annotate(units=Sum("quantity"))
    )
    if consumed != sold:
        problems.append("units taken from stock differ from units in orders that were paid")
    return {
        "states": states,
        "paid_parents": list(ParentOrder.objects.filter(state="paid").values_list("order_no", flat=True)),
        "at_gateway_minor": at_gateway,
        "booked_minor": booked,
        "kept_minor": kept_minor,
        "refunds_waiting": Refund.objects.filter(done=False).count(),
        "facts_waiting": OutboxFact.objects.filter(fanned_out=False).count()
        + OutboxDelivery.objects.filter(state="waiting").count(),
        "deliveries_dead": OutboxDelivery.objects.filter(state="dead").count(),
        "oversold_skus": StockLevel.objects.exclude(received=F("sold") + F("held") + F("free")).count(),
        "problems": problems,
    }


if __name__ == "__main__":
    django.setup()
    json.dump(audit(), sys.stdout)
