"""Orders as their merchant sees them."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from xingqu.catalogue.selectors import shop_stock_summary
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.trade.domain.transitions import TO_SHIP, OrderState
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.selectors.offers import money
from xingqu.trade.selectors.orders import detail_of, order_cards

CSV_LIMIT = 10_000
CSV_COLUMNS = (
    "order_no",
    "state",
    "created_at",
    "paid_at",
    "ship_by",
    "shipped_at",
    "sku_id",
    "name",
    "option_text",
    "quantity",
    "subtotal",
    "payable",
    "currency",
    "recipient",
    "phone",
    "address",
    "note",
)
# Which figure is defined how; the client shows the text of the code.
DEFINITIONS = {
    "gmv_today": "gmv.paid_by_pay_time",
    "orders_today": "orders.paid_by_pay_time",
    "to_ship": "orders.paid_not_shipped",
    "late_to_ship": "orders.paid_not_shipped_past_deadline",
    "unpaid": "orders.unpaid",
    "low_stock": "skus.low_stock",
}
PAID_STATES = [
    OrderState.PAID,
    OrderState.PART_SHIPPED,
    OrderState.SHIPPED,
    OrderState.DONE,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
]


def find_orders(
    *, shop_id: int, state: str | None, q: str, since: datetime | None, until: datetime | None
) -> QuerySet[ShopOrder]:
    """A shop's orders. `state` is a state, ``to_ship`` (paid or part_shipped) or ``late_to_ship``; `q`
    finds number, recipient, phone or product name;
    `since` (inclusive) and `until` (exclusive) bound the time of ordering."""
    rows = ShopOrder.objects.filter(shop_id=shop_id)
    if state == "late_to_ship":
        rows = rows.filter(state__in=TO_SHIP, ship_by__lt=clock.now())
    elif state == "to_ship":
        rows = rows.filter(state__in=TO_SHIP)
    elif state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(Q(order_no=q) | Q(parent__order_no=q) | Q(search_text__icontains=q))
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lt=until)
    return rows


def merchant_page(
    rows: QuerySet[ShopOrder], *, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of a shop's orders, newest first, and the id to go on from."""
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("parent").order_by("-id")[: limit + 1])
    page = found[:limit]
    return _merchant_cards(page), page[-1].pk if len(found) > limit else None


def merchant_order(*, shop_id: int, order_no: str) -> dict[str, Any]:
    """A shop's own order with everything. Raises NotFound, also for another shop's."""
    order = ShopOrder.objects.select_related("parent").filter(shop_id=shop_id, order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order of this shop")
    return {**detail_of(order), **_merchant_fields(order)}


def merchant_counts(*, shop_id: int) -> dict[str, int]:
    """Number of a shop's orders by state."""
    rows = ShopOrder.objects.filter(shop_id=shop_id)
    counts = {row["state"]: row["n"] for row in rows.values("state").annotate(n=Count("id"))}
    return {
        "to_ship": sum(counts.get(state, 0) for state in TO_SHIP),
        "late_to_ship": rows.filter(state__in=TO_SHIP, ship_by__lt=clock.now()).count(),
        **{
            state: counts.get(state, 0) for state in ("unpaid", "shipped", "done", "refunding", "refunded", "cancelled")
        },
    }


def today(*, shop_id: int) -> dict[str, Any]:
    """What a merchant must do, and what was sold since midnight of the site's time zone."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    paid = ShopOrder.objects.filter(
        shop_id=shop_id, paid_at__gte=midnight, paid_at__lt=midnight + timedelta(days=1), state__in=PAID_STATES
    ).aggregate(gmv=Sum(F("payable_minor") + F("platform_discount_minor")), orders=Count("id"))
    counts = merchant_counts(shop_id=shop_id)
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


def orders_csv(rows: QuerySet[ShopOrder]) -> Iterator[str]:
    """Lines of a CSV file with one row an order line, newest order first, at most 10,000 orders; begins with a BOM for Excel."""
    yield "\ufeff" + _csv_row(CSV_COLUMNS)
    lines = OrderLine.objects.select_related("order", "order__parent")
    ids = list(rows.order_by("-id").values_list("id", flat=True)[:CSV_LIMIT])
    for start in range(0, len(ids), 500):
        for line in lines.filter(order_id__in=ids[start : start + 500]).order_by("-order_id", "id"):
            yield _csv_row(_csv_values(line))


def _csv_values(line: OrderLine) -> Sequence[object]:
    order, address = line.order, line.order.ship_to
    shown = order.state not in (OrderState.UNPAID, OrderState.CANCELLED)
    place = f"{address['province']}{address['city']}{address['district']}{address['detail']}"
    return (
        order.order_no,
        order.state,
        order.created_at.isoformat(),
        order.paid_at.isoformat() if order.paid_at else "",
        order.ship_by.isoformat() if order.ship_by else "",
        order.shipped_at.isoformat() if order.shipped_at else "",
        line.sku_id,
        line.name,
        line.option_text,
        line.quantity,
        line.subtotal_minor,
        order.payable_minor,
        order.currency,
        address["recipient"] if shown else mask_name(address["recipient"]),
        address["phone"] if shown else mask_phone(address["phone"]),
        place if shown else f"{address['province']}{address['city']}",
        order.note,
    )


def _csv_row(values: Sequence[object]) -> str:
    """One line; a text that a spreadsheet would take for a formula is quoted with an apostrophe."""
    buffer = io.StringIO()
    safe = [f"'{v}" if isinstance(v, str) and v[:1] in ("=", "+", "-", "@", "\t", "\r") else v for v in values]
    csv.writer(buffer).writerow(safe)
    return buffer.getvalue()


def mask_name(name: str) -> str:
    """First character and asterisks."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def mask_phone(phone: str) -> str:
    """All but the first three and the last two characters hidden."""
    return phone[:3] + "*" * max(len(phone) - 5, 0) + phone[-2:]


def _merchant_cards(orders: Sequence[ShopOrder]) -> list[dict[str, Any]]:
    return [
        {**card, "note": order.note, **_merchant_fields(order)}
        for card, order in zip(order_cards(orders), orders, strict=True)
    ]


def _merchant_fields(order: ShopOrder) -> dict[str, Any]:
    """What a merchant sees of the buyer: everything it takes to ship once the order is paid, a hint before."""
    address = order.ship_to
    shown = order.state not in (OrderState.UNPAID, OrderState.CANCELLED)
    late = order.state in TO_SHIP and order.ship_by is not None and order.ship_by < clock.now()
    fields: dict[str, Any] = {
        "buyer_name": address["recipient"] if shown else mask_name(address["recipient"]),
        "ship_by": order.ship_by,
        "shipped_at": order.shipped_at,
        "late": late,
    }
    if not shown:
        fields["address"] = {
            **address,
            "recipient": mask_name(address["recipient"]),
            "phone": mask_phone(address["phone"]),
            "detail": "",
        }
    return fields
