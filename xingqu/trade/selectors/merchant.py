"""Orders as their merchant sees them."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Sum
from django.utils import timezone

from xingqu.catalogue.selectors import shop_stock_summary
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.trade.domain.transitions import PAID_STATES, TO_SHIP, OrderState
from xingqu.trade.models import OrderMark, ShopOrder
from xingqu.trade.selectors.attributions import line_attributions
from xingqu.trade.selectors.merchant_counts import order_counts
from xingqu.trade.selectors.offers import money
from xingqu.trade.selectors.orders import detail_of

# Which figure is defined how; the client shows the text of the code.
DEFINITIONS = {
    "gmv_today": "gmv.paid_by_pay_time",
    "orders_today": "orders.paid_by_pay_time",
    "to_ship": "orders.paid_not_shipped",
    "late_to_ship": "orders.paid_not_shipped_past_deadline",
    "unpaid": "orders.unpaid",
    "low_stock": "skus.low_stock",
}


def merchant_order(*, shop_id: int, order_no: str) -> dict[str, Any]:
    """A shop's own order with everything. Raises NotFound, also for another shop's."""
    order = ShopOrder.objects.select_related("parent").filter(shop_id=shop_id, order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order of this shop")
    mark = OrderMark.objects.filter(order=order).first()
    return {
        **detail_of(order),
        **merchant_fields(order),
        "attributions": line_attributions(order_id=order.pk),
        "flag": mark.flag if mark else "",
        "seller_note": mark.note if mark else "",
    }


def orders_to_ship(*, shop_id: int, limit: int) -> list[dict[str, Any]]:
    """Orders that wait to be shipped, the most urgent first: {order_no, ship_by, note, address, goods}, goods as (name, option,
    units left)."""
    rows = ShopOrder.objects.filter(shop_id=shop_id, state__in=TO_SHIP, shipping_stopped_at=None)
    return [
        {
            "order_no": order.order_no,
            "ship_by": order.ship_by,
            "note": order.note,
            "address": shown_address(order),
            "goods": [
                (line.name, line.option_text, line.to_ship_quantity)
                for line in order.lines.all()
                if line.to_ship_quantity
            ],
        }
        for order in rows.select_related("parent").prefetch_related("lines").order_by("ship_by", "id")[:limit]
    ]


def today(*, shop_id: int) -> dict[str, Any]:
    """What a merchant must do, and what was sold since midnight of the site's time zone."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    paid = ShopOrder.objects.filter(
        shop_id=shop_id, paid_at__gte=midnight, paid_at__lt=midnight + timedelta(days=1), state__in=PAID_STATES
    ).aggregate(gmv=Sum(F("payable_minor") + F("platform_discount_minor")), orders=Count("id"))
    counts = order_counts(shop_id=shop_id)
    return {
        "to_ship": counts["to_ship"],
        "late_to_ship": counts["late_to_ship"],
        "unpaid": counts["unpaid"],
        "low_stock": shop_stock_summary(shop_id=shop_id)["low_stock"],
        "gmv_today": money(paid["gmv"] or 0, "CNY"),
        "orders_today": paid["orders"],
        "day": midnight.date(),
        "definitions": DEFINITIONS,
    }


def mask_name(name: str) -> str:
    """First character and asterisks."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def mask_phone(phone: str) -> str:
    """All but the first three and the last two characters hidden."""
    return phone[:3] + "*" * max(len(phone) - 5, 0) + phone[-2:]


def merchant_fields(order: ShopOrder) -> dict[str, Any]:
    """What a merchant sees of the buyer: everything it takes to ship once the order is paid, a hint before."""
    late = order.state in TO_SHIP and order.ship_by is not None and order.ship_by < clock.now()
    address = shown_address(order)
    fields: dict[str, Any] = {
        "buyer_name": address["recipient"],
        "ship_by": order.ship_by,
        "shipped_at": order.shipped_at,
        "late": late,
    }
    return fields if _is_shown(order) else {**fields, "address": address}


def shown_address(order: ShopOrder) -> dict[str, Any]:
    """The address as its merchant may read it: whole once the order is paid, masked before and after a cancellation."""
    address: dict[str, Any] = order.ship_to
    if _is_shown(order):
        return address
    return {
        **address,
        "recipient": mask_name(address["recipient"]),
        "phone": mask_phone(address["phone"]),
        "detail": "",
    }


def _is_shown(order: ShopOrder) -> bool:
    return order.state not in (OrderState.UNPAID, OrderState.CANCELLED)
