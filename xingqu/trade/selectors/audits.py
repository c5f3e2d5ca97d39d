"""Orders, payments and refunds as an auditor reads them: in pieces, with everything that must fit together."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q, Sum

from xingqu.trade.contracts import AuditedOrder, AuditedPayment, AuditedRefund, PaidCharge
from xingqu.trade.domain.transitions import OrderState, PaymentState, Phase
from xingqu.trade.models import (
    Charge,
    OrderLine,
    PaymentAttempt,
    PaymentShare,
    PresaleOrder,
    Refund,
    RefundLine,
    ShopOrder,
)

AT_ONCE = 500


def audited_orders() -> Iterator[list[AuditedOrder]]:
    """All shop orders that were ever paid, in pieces, oldest first."""
    last_id = 0
    while True:
        rows = list(ShopOrder.objects.filter(pk__gt=last_id, paid_at__isnull=False).order_by("id")[:AT_ONCE])
        if not rows:
            return
        yield _orders(rows)
        last_id = rows[-1].pk


def _orders(rows: list[ShopOrder]) -> list[AuditedOrder]:
    ids = [row.pk for row in rows]
    lines = {
        row["order"]: row
        for row in OrderLine.objects.filter(order_id__in=ids)
        .values("order")
        .annotate(
            units=Sum("quantity"),
            shipped=Sum("shipped_quantity"),
            returned=Sum("refunded_quantity"),
            refunded=Sum("refunded_minor"),
            subtotal=Sum("subtotal_minor"),
            discount=Sum("discount_minor"),
        )
    }
    refunds = {
        row["order"]: row
        for row in Refund.objects.filter(order_id__in=ids, done=True)
        .values("order")
        .annotate(amount=Sum("amount_minor"), subsidy=Sum("subsidy_minor"))
    }
    parts = dict(
        RefundLine.objects.filter(refund__order_id__in=ids, refund__done=True)
        .values_list("refund__order")
        .annotate(units=Sum("quantity"))
    )
    nothing: dict[str, int] = {"amount": 0, "subsidy": 0}
    return [
        AuditedOrder(
            order_no=row.order_no,
            shop_id=row.shop_id,
            state=row.state,  # type: ignore[arg-type]  # the column holds one of the states
            currency=row.currency,
            hold_ref=row.hold_ref,
            payable_minor=row.payable_minor,
            subsidy_minor=row.platform_discount_minor,
            lines_minor=lines[row.pk]["subtotal"] - lines[row.pk]["discount"] + row.freight_minor,
            refunded_minor=row.refunded_minor,
            refunded_subsidy_minor=row.refunded_subsidy_minor,
            lines_refunded_minor=lines[row.pk]["refunded"] + row.freight_refunded_minor,
            refunds_minor=refunds.get(row.pk, nothing)["amount"],
            refunds_subsidy_minor=refunds.get(row.pk, nothing)["subsidy"],
            income_minor=row.income_minor,
            fee_minor=row.fee_minor,
            fee_returned_minor=row.fee_returned_minor,
            units=lines[row.pk]["units"],
            shipped_units=lines[row.pk]["shipped"],
            returned_units=lines[row.pk]["returned"],
            refund_units=parts.get(row.pk) or 0,
            done_at=row.done_at,
            settled_at=row.settled_at,
        )
        for row in rows
    ]


def audited_payments() -> Iterator[list[AuditedPayment]]:
    """All attempts that succeeded, in pieces, with what of them found an order."""
    last_id = 0
    while True:
        rows = list(
            PaymentAttempt.objects.filter(pk__gt=last_id, state=PaymentState.SUCCEEDED)
            .select_related("parent")
            .order_by("id")[:AT_ONCE]
        )
        if not rows:
            return
        deposits, shared = _deposits(rows), _shared(rows)
        yield [
            AuditedPayment(
                payment_no=row.payment_no,
                provider=row.provider,
                order_no=row.parent.order_no,
                outcome=row.outcome,
                amount_minor=row.amount_minor,
                payable_minor=shared[row.pk] if row.phase == Phase.MERGED else _asked(row, deposits),
                currency=row.currency,
            )
            for row in rows
        ]
        last_id = rows[-1].pk


def _deposits(rows: list[PaymentAttempt]) -> dict[int, int]:
    ids = [row.parent_id for row in rows if row.phase in (Phase.DEPOSIT, Phase.FINAL)]
    return dict(PresaleOrder.objects.filter(parent_id__in=ids).values_list("parent_id", "deposit_minor"))


def _shared(rows: list[PaymentAttempt]) -> dict[int, int]:
    """What payments of several checkouts had to pay: all of those that they paid, and what was meant for the others."""
    sums: dict[int, int] = defaultdict(int)
    ids = [row.pk for row in rows if row.phase == Phase.MERGED]
    for share in PaymentShare.objects.filter(attempt_id__in=ids).select_related("parent"):
        sums[share.attempt_id] += share.parent.payable_minor if share.outcome == "applied" else share.amount_minor
    return sums


def captured_twice() -> list[str]:
    """Numbers of checkouts that a payment of their own and a share of another both paid. There are none."""
    rows = PaymentShare.objects.filter(outcome="applied", parent__payments__outcome="applied")
    return sorted(set(rows.values_list("parent__order_no", flat=True)))


def _asked(row: PaymentAttempt, deposits: dict[int, int]) -> int:
    """What a payment had to pay: all of its checkout, or a phase of it."""
    if row.phase == Phase.WHOLE:
        return row.parent.payable_minor
    deposit = deposits[row.parent_id]
    return deposit if row.phase == Phase.DEPOSIT else row.parent.payable_minor - deposit


def audited_deposits() -> list[tuple[int, str, int, int]]:
    """(shop, currency, deposits of reserved orders, deposits forfeited to the shop), in minor units."""
    rows = ShopOrder.objects.filter(parent__presale__isnull=False).values_list("shop_id", "currency")
    counted = rows.annotate(
        held=Sum("parent__presale__deposit_minor", filter=Q(state=OrderState.PART_PAID), default=0),
        lost=Sum("parent__presale__deposit_minor", filter=Q(parent__presale__ended="forfeited"), default=0),
    )
    return list(counted.order_by("shop_id", "currency"))


def ended_presales() -> list[tuple[str, int, str, int]]:
    """(order, shop, "forfeited" or "returned", deposit in minor units) of reserved orders that ended."""
    rows = ShopOrder.objects.filter(parent__presale__isnull=False).exclude(parent__presale__ended="")
    names = ("order_no", "shop_id", "parent__presale__ended", "parent__presale__deposit_minor")
    return list(rows.order_by("pk").values_list(*names))


def audited_providers() -> list[tuple[str, str, int]]:
    """(provider, currency, what buyers paid there less what went back, in minor units)"""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    paid = PaymentAttempt.objects.filter(state=PaymentState.SUCCEEDED).values_list("provider", "currency")
    back = Refund.objects.filter(done=True).values_list("payment__provider", "currency")
    for rows, sign in ((paid, 1), (back, -1)):
        for provider, currency, total in rows.annotate(total=Sum("amount_minor")).order_by():
            sums[provider, currency] += sign * total
    return [(provider, currency, minor) for (provider, currency), minor in sorted(sums.items())]


def unapplied_sums() -> dict[str, int]:
    """Currency -> minor units that found nothing to pay and have not gone back yet."""
    rows = Refund.objects.filter(done=False, order=None).values_list("currency").order_by()
    return dict(rows.annotate(total=Sum("amount_minor")))


def audited_refunds() -> Iterator[list[AuditedRefund]]:
    """All refunds that are done, in pieces."""
    last_id = 0
    while True:
        rows = list(
            Refund.objects.filter(Q(done=True), pk__gt=last_id)
            .select_related("payment", "order")
            .order_by("id")[:AT_ONCE]
        )
        if not rows:
            return
        yield [
            AuditedRefund(
                refund_no=row.refund_no,
                provider=row.payment.provider,
                order_no=row.order.order_no if row.order else "",
                amount_minor=row.amount_minor,
                currency=row.currency,
            )
            for row in rows
        ]
        last_id = rows[-1].pk


def paid_charges(*, kind: str) -> Iterator[PaidCharge]:
    """Charges that were paid into accounts of a kind (``deposit``), oldest first."""
    rows = Charge.objects.filter(account__startswith=f"{kind}:", parent__paid_at__isnull=False).select_related("parent")
    for row in rows.order_by("id").iterator(chunk_size=AT_ONCE):
        if row.parent.paid_at is not None:
            yield PaidCharge(
                row.reference, row.account, row.parent.payable_minor, row.parent.currency, row.parent.paid_at
            )
