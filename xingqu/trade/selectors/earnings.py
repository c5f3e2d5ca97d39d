"""What merchants earned with orders, and what refunds took of it."""

from collections.abc import Iterable

from django.db.models import Count, Q, Sum

from xingqu.kit.errors import NotFound
from xingqu.trade.contracts import Earning, RefundAmounts
from xingqu.trade.models import Refund, ShopOrder


def net_minor(order: ShopOrder) -> int:
    """What is left for the merchant of a received order: earned, less the fee that was kept, less what went back since."""
    if order.done_at is None:
        return 0
    sold = order.payable_minor + order.platform_discount_minor
    back = order.refunded_minor + order.refunded_subsidy_minor - (sold - order.income_minor)
    return order.income_minor - back - (order.fee_minor - order.fee_returned_minor)


def earning_of(*, order_no: str) -> Earning:
    """Raises NotFound."""
    found = earnings_of(order_nos=[order_no])
    if not found:
        raise NotFound(field="order_no", expected="the number of an order")
    return found[order_no]


def earnings_of(*, order_nos: Iterable[str]) -> dict[str, Earning]:
    """Earnings by order number; unknown ones are absent."""
    return {
        order.order_no: Earning(
            order_no=order.order_no,
            shop_id=order.shop_id,
            currency=order.currency,
            paid_minor=order.payable_minor,
            subsidy_minor=order.platform_discount_minor,
            income_minor=order.income_minor,
            fee_minor=order.fee_minor,
            fee_returned_minor=order.fee_returned_minor,
            refunded_minor=order.refunded_minor + order.refunded_subsidy_minor,
            net_minor=net_minor(order),
            open_cases=order.open_cases,
            paid_at=order.paid_at,
            done_at=order.done_at,
            settled_at=order.settled_at,
        )
        for order in ShopOrder.objects.filter(order_no__in=list(order_nos))
    }


def refund_amounts(*, refund_nos: Iterable[str]) -> dict[str, RefundAmounts]:
    """Amounts of refunds by their number; unknown ones are absent."""
    rows = Refund.objects.filter(refund_no__in=list(refund_nos)).select_related("order")
    return {
        row.refund_no: RefundAmounts(
            row.refund_no, row.order.order_no if row.order else "", row.amount_minor, row.subsidy_minor
        )
        for row in rows
    }


def unearned_of(*, shop_id: int) -> tuple[int, int]:
    """(sum, number) of a shop's orders that are paid and not yet received: what buyers' money is waiting for."""
    rows = ShopOrder.objects.filter(
        Q(state__in=["paid", "part_shipped", "shipped", "refunding"]), shop_id=shop_id
    ).aggregate(
        paid=Sum("payable_minor"),
        subsidy=Sum("platform_discount_minor"),
        back=Sum("refunded_minor"),
        subsidy_back=Sum("refunded_subsidy_minor"),
        orders=Count("id"),
    )
    total = sum(rows[name] or 0 for name in ("paid", "subsidy")) - sum(
        rows[name] or 0 for name in ("back", "subsidy_back")
    )
    return total, rows["orders"]
