"""What can go back of an order."""

from collections.abc import Iterable

from xingqu.kit.errors import NotFound
from xingqu.trade.contracts import OrderLeft, Refundable, RefundableLine
from xingqu.trade.models import OrderLine, ShopOrder


def refundable_of(*, order_no: str) -> Refundable:
    """Lines and freight of a shop order, with what of them went back and what is on its way. Raises NotFound."""
    order = ShopOrder.objects.filter(order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    return refundable(order)


def refundable(order: ShopOrder) -> Refundable:
    """The same of an order that was read."""
    return Refundable(
        order_no=order.order_no,
        shop_id=order.shop_id,
        buyer_key=order.buyer_key,
        state=order.state,  # type: ignore[arg-type]  # the column holds one of the states
        currency=order.currency,
        lines=tuple(_line(line) for line in OrderLine.objects.filter(order=order).order_by("id")),
        freight_minor=order.freight_minor,
        freight_refunded_minor=order.freight_refunded_minor,
        freight_pending_minor=order.freight_pending_minor,
        open_cases=order.open_cases,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        done_at=order.done_at,
        settled_at=order.settled_at,
    )


def _line(line: OrderLine) -> RefundableLine:
    return RefundableLine(
        line_id=line.pk,
        sku_id=line.sku_id,
        product_id=line.product_id,
        name=line.name,
        option_text=line.option_text,
        picture_url=line.picture_url,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        paid_minor=line.subtotal_minor - line.discount_minor,
        refunded_minor=line.refunded_minor,
        refunded_quantity=line.refunded_quantity,
        pending_minor=line.pending_minor,
        pending_quantity=line.pending_quantity,
    )


def orders_left(*, order_nos: Iterable[str]) -> dict[str, OrderLeft]:
    """What of each order was paid and did not go back; unknown numbers are absent."""
    return {
        order.order_no: OrderLeft(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            state=order.state,  # type: ignore[arg-type]  # the column holds one of the states
            currency=order.currency,
            left_minor=order.payable_minor - order.refunded_minor,
            paid_at=order.paid_at,
        )
        for order in ShopOrder.objects.filter(order_no__in=list(order_nos))
    }
