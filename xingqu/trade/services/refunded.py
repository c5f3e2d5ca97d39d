"""What follows when a refund has gone back: marks, books, stock, discounts, facts, all in one transaction."""

from django.db import transaction
from django.db.models import F

from xingqu.catalogue.services import return_stock
from xingqu.events.trade import OrderRefunded, RefundSettled
from xingqu.kit import clock
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.programmes.services import give_back_units, return_programmes
from xingqu.trade.domain.transitions import OrderState, Step
from xingqu.trade.models import OrderLine, Refund, RefundLine, ShopOrder
from xingqu.trade.services.books import book_refund, book_unapplied_refund
from xingqu.trade.services.shares import claw_back_shares
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

UNSHIPPED = (OrderState.PAID, OrderState.REFUNDING)


@retried
@transaction.atomic
def settle_refund(refund: Refund) -> bool:
    """The provider has sent the money back: everything that follows from it, once. False when it was done before."""
    now = clock.now()
    # The order's row first: receipt and settlement of the order must not pass in between.
    rows = ShopOrder.objects.select_for_update(no_key=True)
    order = None if refund.order_id is None else rows.get(pk=refund.order_id)
    if not Refund.objects.filter(pk=refund.pk, done=False).update(done=True, done_at=now):
        return False
    if order is None:
        book_unapplied_refund(refund)
        return True
    book_refund(refund, order)
    parts = list(RefundLine.objects.select_related("line").filter(refund=refund).order_by("id"))
    if order.settled_at is not None:
        claw_back_shares(order, refund, parts)
    freight = _mark(order, refund, parts)
    returned = [(part.line.sku_id, part.quantity) for part in parts if part.line is not None and part.quantity]
    if returned:
        return_stock(order_ref=order.hold_ref, lines=returned)
    if returned and order.has_programmes and order.state in UNSHIPPED:
        give_back_units(order_ref=order.parent.order_no, lines=returned)
    whole = _is_whole(order.pk) and move_orders(ids=[order.pk], step=Step.REFUND, at=now)
    _publish(order, refund, parts, freight, whole)
    if whole and order.state in UNSHIPPED:
        _end_unshipped(order)
    return True


def _mark(order: ShopOrder, refund: Refund, parts: list[RefundLine]) -> int:
    """Asked for becomes done, on the lines and the order. Returns the freight that went back."""
    freight = sum(part.amount_minor for part in parts if part.line is None)
    for part in parts:
        if part.line is not None:
            OrderLine.objects.filter(pk=part.line.pk).update(
                pending_minor=F("pending_minor") - part.amount_minor,
                refunded_minor=F("refunded_minor") + part.amount_minor,
                pending_quantity=F("pending_quantity") - part.quantity,
                refunded_quantity=F("refunded_quantity") + part.quantity,
            )
    ShopOrder.objects.filter(pk=order.pk).update(
        refunded_minor=F("refunded_minor") + refund.amount_minor,
        refunded_subsidy_minor=F("refunded_subsidy_minor") + refund.subsidy_minor,
        freight_pending_minor=F("freight_pending_minor") - freight,
        freight_refunded_minor=F("freight_refunded_minor") + freight,
    )
    return freight


def _is_whole(order_id: int) -> bool:
    """Whether all that was paid has gone back; of an order that nobody paid anything for, all units."""
    order = ShopOrder.objects.get(pk=order_id)
    if order.payable_minor + order.platform_discount_minor:
        return (order.refunded_minor, order.refunded_subsidy_minor) == (
            order.payable_minor,
            order.platform_discount_minor,
        )
    return not OrderLine.objects.filter(order_id=order_id, refunded_quantity__lt=F("quantity")).exists()


def _publish(order: ShopOrder, refund: Refund, parts: list[RefundLine], freight: int, whole: bool) -> None:
    publish(
        RefundSettled(
            refund_no=refund.refund_no,
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            reference=refund.reference or "",
            reason=refund.reason,
            amount_minor=refund.amount_minor,
            subsidy_minor=refund.subsidy_minor,
            currency=refund.currency,
            lines=tuple(
                (part.line.pk, part.line.sku_id, part.line.product_id, part.quantity, part.amount_minor)
                for part in parts
                if part.line is not None
            ),
            freight_minor=freight,
            whole=whole,
            refunded_at=clock.now(),
        )
    )


def _end_unshipped(order: ShopOrder) -> None:
    """An order that never left the store is over: its discounts come back."""
    if order.has_programmes:
        hold_names(f"refunds:{order.parent_id}")  # two parts at once must not both think the other stands
        siblings = ShopOrder.objects.filter(parent_id=order.parent_id)
        return_programmes(
            order_ref=order.parent.order_no,
            shop_id=order.shop_id,
            whole=not siblings.exclude(state=OrderState.REFUNDED).exists(),
        )
    lines, attributions, *_ = fact_lines([order.pk])[order.pk]
    publish(
        OrderRefunded(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            payable_minor=order.payable_minor,
            currency=order.currency,
            refunded_at=clock.now(),
            lines=lines,
            attributions=attributions,
        )
    )
