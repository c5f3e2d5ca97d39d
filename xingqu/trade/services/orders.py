"""What happens to an order besides its payment and shipping: cancel, receive, review, merge of a guest's."""

import logging
from datetime import datetime

from django.db import transaction

from xingqu.catalogue.services import HoldResolved, resolve_hold
from xingqu.events.trade import OrderCancelled, OrderReceived
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.programmes.services import release_programmes
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.transitions import CancelReason, OrderState, Step
from xingqu.trade.models import ParentOrder, ShopOrder
from xingqu.trade.services.books import book_receipt
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

log = logging.getLogger(__name__)


@retried
@transaction.atomic
def cancel_order(*, buyer_key: str, order_no: str, reason: str) -> None:
    """Cancel an unpaid checkout: all shop orders that would be paid together. Raises NotFound, WrongState."""
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    if not cancel_parent(order.parent, CancelReason.BUYER, clock.now(), note=reason):
        raise WrongState(expected="an unpaid order", data={"state": order.state})


def expire_unpaid(*, now: datetime | None = None, limit: int = 200) -> int:
    """Cancel checkouts whose time to pay is over and release their stock. Returns how many. For the worker."""
    at = now or clock.now()
    due = ParentOrder.objects.filter(state=OrderState.UNPAID, expires_at__lte=at).order_by("expires_at")[:limit]
    expired = 0
    for parent in due:
        with transaction.atomic():
            expired += cancel_parent(parent, CancelReason.TIMEOUT, at)
    return expired


def cancel_parent(parent: ParentOrder, reason: CancelReason, at: datetime, *, note: str = "") -> bool:
    """Guarded: False when it was paid or cancelled in the meantime."""
    unpaid = ParentOrder.objects.filter(pk=parent.pk, state=OrderState.UNPAID)
    if not unpaid.update(state=OrderState.CANCELLED, cancel_reason=reason):
        return False
    orders = list(ShopOrder.objects.filter(parent=parent).order_by("shop_id"))
    if not orders:  # a charge
        return True
    step = Step.EXPIRE if reason is CancelReason.TIMEOUT else Step.CANCEL
    moved = move_orders(
        ids=[order.pk for order in orders],
        step=step,
        at=at,
        data={"reason": note} if note else {},
        cancel_reason=reason,
    )
    if not moved:
        raise RuntimeError(f"{parent.order_no} is unpaid but its shop orders are not")
    if any(order.has_programmes for order in orders):
        release_programmes(order_ref=parent.order_no)
    for order in orders:
        release_stock(order)
        publish(
            OrderCancelled(
                order_no=order.order_no,
                parent_order_no=parent.order_no,
                shop_id=order.shop_id,
                buyer_key=order.buyer_key,
                person_id=person_id_of(order.buyer_key),
                reason=reason,
            )
        )
    return True


def release_stock(order: ShopOrder) -> None:
    """Give the held units back; the catalogue may have done so when the hold ran out."""
    try:
        resolve_hold(order_ref=order.hold_ref, outcome="release")
    except HoldResolved:
        log.warning("the stock of cancelled order %s had been consumed", order.order_no)


@retried
@transaction.atomic
def confirm_receipt(*, buyer_key: str, order_no: str) -> None:
    """The buyer has it: the merchant has earned the money. Raises NotFound, WrongState."""
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    if not _receive(order, clock.now(), automatic=False):
        raise WrongState(expected="a shipped order", data={"state": order.state})


def receive_overdue(*, now: datetime | None = None, limit: int = 200) -> int:
    """Receive shipped orders whose time to confirm is over. Returns how many. For the worker."""
    at = now or clock.now()
    due = ShopOrder.objects.filter(state=OrderState.SHIPPED, receive_by__lte=at).order_by("receive_by")[:limit]
    received = 0
    for order in due:
        with transaction.atomic():
            # The buyer may have got more time, or a carrier may bring it back, since we looked.
            still_due = ShopOrder.objects.select_for_update(no_key=True).filter(pk=order.pk, receive_by__lte=at)
            received += still_due.exists() and _receive(order, at, automatic=True)
    return received


def _receive(order: ShopOrder, at: datetime, *, automatic: bool) -> bool:
    if not move_orders(ids=[order.pk], step=Step.RECEIVE, at=at, data={"automatic": automatic}):
        return False
    book_receipt(order)
    lines, attributions, *_ = fact_lines([order.pk])[order.pk]
    publish(
        OrderReceived(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            payable_minor=order.payable_minor,
            currency=order.currency,
            automatic=automatic,
            received_at=at,
            lines=lines,
            attributions=attributions,
        )
    )
    return True


def mark_reviewed(*, order_no: str) -> None:
    """Every line of a received order has its review."""
    ShopOrder.objects.filter(order_no=order_no, state=OrderState.DONE).update(reviewed=True)


def merge_orders(*, from_key: str, to_key: str) -> None:
    """Hand a guest's orders to the person they turned out to be. Idempotent."""
    ParentOrder.objects.filter(buyer_key=from_key).update(buyer_key=to_key)
    ShopOrder.objects.filter(buyer_key=from_key).update(buyer_key=to_key)


def own_order(*, buyer_key: str, order_no: str) -> ShopOrder:
    """The buyer's own shop order; the number of a parent order finds the first of its shop orders. Raises NotFound."""
    column = "parent__order_no" if order_no.startswith("P") else "order_no"
    rows = ShopOrder.objects.select_related("parent").filter(buyer_key=buyer_key, **{column: order_no})
    order = rows.order_by("id").first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of one of your orders")
    return order
