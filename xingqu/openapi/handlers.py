"""Facts become entries of the shop's log of changes. Each runs once a fact, in one transaction with the mark that it ran."""

from collections.abc import Callable
from typing import Any

from xingqu.events.aftersale import CaseChanged, CaseClosed, CaseOpened
from xingqu.events.catalogue import ProductChanged, ProductDelisted, ProductListed
from xingqu.events.fulfilment import PackageShipped
from xingqu.events.review import ReviewPublished
from xingqu.events.trade import OrderCancelled, OrderPaid, OrderReceived, OrderRefunded, OrderShipped, RefundSettled
from xingqu.openapi.services.changes import append_change


def log_order_paid(fact: OrderPaid) -> None:
    data = {"payable_minor": fact.payable_minor, "currency": fact.currency, "ship_by": fact.ship_by.isoformat()}
    append_change(shop_id=fact.shop_id, topic="order.paid", reference=fact.order_no, data=data)


def log_order_shipped(fact: OrderShipped) -> None:
    append_change(shop_id=fact.shop_id, topic="order.shipped", reference=fact.order_no, data={})


def log_order_received(fact: OrderReceived) -> None:
    data = {"automatic": fact.automatic}
    append_change(shop_id=fact.shop_id, topic="order.received", reference=fact.order_no, data=data)


def log_order_cancelled(fact: OrderCancelled) -> None:
    data = {"reason": fact.reason}
    append_change(shop_id=fact.shop_id, topic="order.cancelled", reference=fact.order_no, data=data)


def log_order_refunded(fact: OrderRefunded) -> None:
    append_change(shop_id=fact.shop_id, topic="order.refunded", reference=fact.order_no, data={})


def log_refund_settled(fact: RefundSettled) -> None:
    data = {"order_no": fact.order_no, "amount_minor": fact.amount_minor, "currency": fact.currency}
    append_change(shop_id=fact.shop_id, topic="refund.settled", reference=fact.refund_no, data=data)


def log_package_shipped(fact: PackageShipped) -> None:
    data = {"carrier_code": fact.carrier_code, "tracking_no": fact.tracking_no}
    append_change(shop_id=fact.shop_id, topic="package.shipped", reference=fact.order_no, data=data)


def log_product_listed(fact: ProductListed) -> None:
    append_change(shop_id=fact.shop_id, topic="product.listed", reference=str(fact.product_id), data={})


def log_product_changed(fact: ProductChanged) -> None:
    data = {"version": fact.version}
    append_change(shop_id=fact.shop_id, topic="product.changed", reference=str(fact.product_id), data=data)


def log_product_delisted(fact: ProductDelisted) -> None:
    data = {"reason": fact.reason}
    append_change(shop_id=fact.shop_id, topic="product.delisted", reference=str(fact.product_id), data=data)


def log_review_published(fact: ReviewPublished) -> None:
    data = {"order_no": fact.order_no, "product_id": fact.product_id, "goods_score": fact.goods_score}
    append_change(shop_id=fact.shop_id, topic="review.published", reference=str(fact.review_id), data=data)


def log_case_opened(fact: CaseOpened) -> None:
    data = {"order_no": fact.order_no, "kind": fact.kind, "state": fact.state}
    append_change(shop_id=fact.shop_id, topic="aftersale.opened", reference=fact.case_no, data=data)


def log_case_changed(fact: CaseChanged) -> None:
    due = fact.due_at.isoformat() if fact.due_at else None
    data = {"order_no": fact.order_no, "state": fact.state, "waiting_for": fact.waiting_for, "due_at": due}
    append_change(shop_id=fact.shop_id, topic="aftersale.changed", reference=fact.case_no, data=data)


def log_case_closed(fact: CaseClosed) -> None:
    data = {"order_no": fact.order_no, "state": fact.state, "refunded_minor": fact.refunded_minor}
    append_change(shop_id=fact.shop_id, topic="aftersale.closed", reference=fact.case_no, data=data)


LOGGED: dict[type[Any], Callable[[Any], None]] = {
    OrderPaid: log_order_paid,
    OrderShipped: log_order_shipped,
    OrderReceived: log_order_received,
    OrderCancelled: log_order_cancelled,
    OrderRefunded: log_order_refunded,
    RefundSettled: log_refund_settled,
    PackageShipped: log_package_shipped,
    ProductListed: log_product_listed,
    ProductChanged: log_product_changed,
    ProductDelisted: log_product_delisted,
    ReviewPublished: log_review_published,
    CaseOpened: log_case_opened,
    CaseChanged: log_case_changed,
    CaseClosed: log_case_closed,
}
