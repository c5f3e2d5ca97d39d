"""Orders as their buyers see them, and as the rooms above need them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch, read_time
from xingqu.trade.contracts import OrderLineRow, ShopOrderRow
from xingqu.trade.domain.discounts import Kind
from xingqu.trade.domain.next_step import Progress, buyer_actions, next_step
from xingqu.trade.domain.transitions import TO_SHIP, OrderState
from xingqu.trade.models import OrderEvent, OrderLine, PresaleOrder, ShopOrder
from xingqu.trade.selectors.offers import money, shop_cards

_PARENT = (
    "SELECT p.payable_minor, p.currency, p.expires_at, o.order_no, o.shop_id, o.payable_minor FROM trade_parentorder p"
    " JOIN trade_shoporder o ON o.parent_id = p.id WHERE p.buyer_key = %s AND p.order_no = %s ORDER BY o.id"
)
TABS: dict[str, Q] = {
    "all": Q(),
    "unpaid": Q(state__in=["unpaid", "part_paid"]),
    "to_ship": Q(state__in=["paid", "part_shipped"]),
    "shipped": Q(state="shipped"),
    "to_review": Q(state="done", reviewed=False),
    "done": Q(state="done"),
    "cancelled": Q(state__in=["cancelled", "refunding", "refunded"]),
}


def orders_page(
    *, buyer_key: str, tab: str, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """One page of a buyer's orders, newest first, and the id to go on from (None on the last page)."""
    rows = ShopOrder.objects.filter(TABS[tab], buyer_key=buyer_key)
    return take_page(rows, before_id=before_id, limit=limit)


def take_page(
    rows: QuerySet[ShopOrder], *, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of orders, newest first, as cards."""
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("parent").order_by("-id")[: limit + 1])
    page = found[:limit]
    return order_cards(page), page[-1].pk if len(found) > limit else None


def order_counts(*, buyer_key: str) -> dict[str, int]:
    """Number of a buyer's orders by tab."""
    return ShopOrder.objects.filter(buyer_key=buyer_key).aggregate(
        **{tab: Count("id", filter=condition) if tab != "all" else Count("id") for tab, condition in TABS.items()}
    )


def order_detail(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """A buyer's own order with everything. Raises NotFound."""
    order = ShopOrder.objects.select_related("parent").filter(buyer_key=buyer_key, order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of one of your orders")
    return detail_of(order)


def parent_order(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """A checkout as its answer shows it. Raises NotFound."""
    rows = fetch(_PARENT, [buyer_key, order_no])
    if not rows:
        raise NotFound
    total_minor, currency, expires_at, *_ = rows[0]
    cards = shop_cards(shop_ids=[shop_id for *_, shop_id, _ in rows])
    return {
        "order_no": order_no,
        "payable": money(total_minor, currency),
        "expires_at": read_time(expires_at),
        "shop_orders": [
            {"order_no": number, "shop": cards[shop_id], "payable": money(payable_minor, currency)}
            for *_, number, shop_id, payable_minor in rows
        ],
    }


def order_cards(orders: Sequence[ShopOrder]) -> list[dict[str, Any]]:
    """Orders as lists show them; two queries for all of them."""
    lines: dict[int, list[dict[str, Any]]] = {order.pk: [] for order in orders}
    currencies = {order.pk: order.currency for order in orders}
    for line in OrderLine.objects.filter(order_id__in=list(lines)).order_by("id"):
        lines[line.order_id].append(_line(line, currencies[line.order_id]))
    shops = shop_cards(shop_ids=[order.shop_id for order in orders])
    now = clock.now()
    presales = presales_of(orders)
    cards = []
    for order in orders:
        presale = presales.get(order.parent_id)
        step = next_step(progress_of(order, presale), now)
        cards.append(
            {
                "order_no": order.order_no,
                "parent_order_no": order.parent.order_no,
                "state": order.state,
                "shop": shops[order.shop_id],
                "lines": lines[order.pk],
                "payable": money(order.payable_minor, order.currency),
                "created_at": order.created_at,
                "paid_at": order.paid_at,
                "expires_at": order.expires_at,
                "next_step": {"code": step.code, "who": step.who, "by": step.by},
                "can": list(buyer_actions(progress_of(order, presale), now)),
                "presale": None if presale is None else present_presale(order, presale),
            }
        )
    return cards


def detail_of(order: ShopOrder) -> dict[str, Any]:
    """An order with address, amounts, timeline and package."""
    events = list(OrderEvent.objects.filter(order=order).order_by("at", "id"))
    shipped = _last_package(events)
    together = ShopOrder.objects.filter(parent_id=order.parent_id).exclude(pk=order.pk).order_by("id")
    amounts = [("goods", order.goods_minor), ("freight", order.freight_minor), *_discounts(order)]
    return {
        **order_cards([order])[0],
        "address": order.ship_to,
        "amounts": [{"code": code, "amount": money(amount, order.currency)} for code, amount in amounts],
        "timeline": [{"code": event.code, "at": event.at, "data": event.data} for event in events],
        "package": shipped,
        "note": order.note,
        "cancel_reason": order.cancel_reason,
        "refund_reason": order.refund_reason,
        "pay_together": list(together.values_list("order_no", flat=True)),
    }


def _last_package(events: Sequence[OrderEvent]) -> dict[str, Any] | None:
    """The package that went last, by the number it has now."""
    found: dict[str, Any] | None = None
    for event in events:
        told = {name: event.data.get(name) for name in ("carrier_code", "tracking_no")}
        if event.code in ("part_shipped", "shipped"):
            found = {**told, "shipped_at": event.at}
        elif event.code == "tracking_changed" and found is not None:
            before = event.data["before"]
            if before["tracking_no"] == found["tracking_no"]:
                found = {**told, "shipped_at": found["shipped_at"]}
    return found


def _discounts(order: ShopOrder) -> list[tuple[str, int]]:
    """Each kind of discount as a negative amount, in the order of the layers."""
    if not order.discount_minor:
        return []
    sums: dict[str, int] = {}
    for parts in OrderLine.objects.filter(order=order).order_by("id").values_list("discounts", flat=True):
        for part in parts:
            sums[part["kind"]] = sums.get(part["kind"], 0) - part["amount_minor"]
    return [(kind.value, sums[kind.value]) for kind in Kind if kind.value in sums]


def presales_of(orders: Sequence[ShopOrder]) -> dict[int, PresaleOrder]:
    """Terms of the presale orders among these, by parent; no query where there are none."""
    ids = [order.parent_id for order in orders if order.parent.is_presale]
    return {row.parent_id: row for row in PresaleOrder.objects.filter(parent_id__in=ids)} if ids else {}


def present_presale(order: ShopOrder, row: PresaleOrder) -> dict[str, Any]:
    """A presale's terms with what is still to be paid."""
    return {
        "deposit": money(row.deposit_minor, order.currency),
        "counts": money(row.counts_minor, order.currency),
        "final": money(order.payable_minor - row.deposit_minor, order.currency),
        "final_from": row.final_from,
        "final_until": row.final_until,
        "ship_days": row.ship_days,
        "forfeits": row.forfeits,
        "deposit_paid": row.deposit_paid_at is not None,
        "ended": row.ended,
    }


def progress_of(order: ShopOrder, presale: PresaleOrder | None = None) -> Progress:
    """The part of an order that decides what comes next."""
    return Progress(
        state=OrderState(order.state),
        reviewed=order.reviewed,
        expires_at=order.expires_at,
        ship_by=order.ship_by,
        receive_by=order.receive_by,
        final_from=None if presale is None else presale.final_from,
        returns_deposit=presale is not None and not presale.forfeits,
    )


def shop_order_for_shipping(*, shop_id: int, order_no: str) -> ShopOrderRow:
    """A shop's own order. Raises NotFound, also for another shop's."""
    return _row(ShopOrder.objects.select_related("parent").filter(shop_id=shop_id, order_no=order_no).first())


def shop_order_for_buyer(*, buyer_key: str, order_no: str) -> ShopOrderRow:
    """A buyer's own order. Raises NotFound, also for another's."""
    return _row(ShopOrder.objects.select_related("parent").filter(buyer_key=buyer_key, order_no=order_no).first())


def is_all_shipped(*, order_no: str) -> bool:
    """Whether nothing of an order is left to ship."""
    return ShopOrder.objects.filter(order_no=order_no).exclude(state__in=TO_SHIP).exists()


def received_orders(*, buyer_key: str) -> int:
    """How many orders a buyer has received and kept."""
    return ShopOrder.objects.filter(buyer_key=buyer_key, state=OrderState.DONE).count()


def sold_counts(*, product_ids: Iterable[int]) -> dict[int, int]:
    """Units sold by product: of paid orders that were not refunded. Products without a sale are absent."""
    rows = OrderLine.objects.filter(
        product_id__in=list(product_ids),
        order__state__in=[OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.DONE],
    )
    return {
        row["product_id"]: row["units"]
        for row in rows.values("product_id").annotate(units=Sum(F("quantity") - F("refunded_quantity")))
    }


def _row(order: ShopOrder | None) -> ShopOrderRow:
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order of yours")
    return ShopOrderRow(
        order_no=order.order_no,
        shop_id=order.shop_id,
        buyer_key=order.buyer_key,
        person_id=int(order.buyer_key[1:]) if order.buyer_key.startswith("p") else None,
        state=OrderState(order.state).value,
        reviewed=order.reviewed,
        currency=order.currency,
        payable_minor=order.payable_minor,
        created_at=order.created_at,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        done_at=order.done_at,
        receive_by=order.receive_by,
        ship_by=order.ship_by,
        address=order.ship_to,
        shipping_stopped=order.shipping_stopped_at is not None,
        receipt_extended=order.receipt_extended_at is not None,
        lines=tuple(
            OrderLineRow(
                sku_id=line.sku_id,
                product_id=line.product_id,
                name=line.name,
                option_text=line.option_text,
                picture_url=line.picture_url,
                unit_price_minor=line.unit_price_minor,
                quantity=line.quantity,
                subtotal_minor=line.subtotal_minor,
                shipped_quantity=line.shipped_quantity,
                to_ship_quantity=line.to_ship_quantity,
            )
            for line in OrderLine.objects.filter(order=order).order_by("id")
        ),
    )


def _line(line: OrderLine, currency: str) -> dict[str, Any]:
    return {
        "sku_id": line.sku_id,
        "product_id": line.product_id,
        "name": line.name,
        "option_text": line.option_text,
        "picture_url": line.picture_url,
        "unit_price": money(line.unit_price_minor, currency),
        "usual_price": None if line.usual_price_minor is None else money(line.usual_price_minor, currency),
        "quantity": line.quantity,
        "shipped_quantity": line.shipped_quantity,
        "to_ship_quantity": line.to_ship_quantity,
        "subtotal": money(line.subtotal_minor, currency),
        "discount": money(line.discount_minor, currency),
    }


def address_of_order(*, order_no: str) -> dict[str, Any]:
    """Where an order goes, whoever asks. Raises NotFound."""
    order = ShopOrder.objects.select_related("parent").filter(order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    return order.ship_to


def person_of_order(*, order_no: str) -> int | None:
    """The person whose order it is; None for a guest's, or none."""
    key = ShopOrder.objects.filter(order_no=order_no).values_list("buyer_key", flat=True).first() or ""
    return int(key[1:]) if key.startswith("p") else None


def orders_to_ship_between(*, since: datetime, until: datetime, limit: int) -> list[tuple[str, int, datetime]]:
    """(order number, shop id, ship by) of orders whose time to be shipped ends in a period, and that wait for nothing else."""
    rows = ShopOrder.objects.filter(
        state__in=TO_SHIP, shipping_stopped_at=None, ship_by__gte=since, ship_by__lt=until
    ).order_by("ship_by")
    found = rows.values_list("order_no", "shop_id", "ship_by")[:limit]
    return [(order_no, shop_id, ship_by) for order_no, shop_id, ship_by in found if ship_by is not None]


def shipping_figures(*, shop_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """Of a shop's orders that had to be shipped in a period: {due, in_time, late, open_late}; refunded ones do not count.

    `in_time` were all shipped by their deadline, `late` after it, `open_late` still are not.
    """
    rows = ShopOrder.objects.filter(shop_id=shop_id, ship_by__gte=since, ship_by__lt=until)
    in_time = Q(shipped_at__isnull=False, shipped_at__lte=F("ship_by"))
    late = Q(shipped_at__isnull=False, shipped_at__gt=F("ship_by"))
    found = rows.aggregate(
        in_time=Count("id", filter=in_time),
        late=Count("id", filter=late),
        open_late=Count("id", filter=Q(state__in=TO_SHIP)),
    )
    return {"due": sum(found.values()), **found}


def is_order_between(*, order_no: str, shop_id: int, buyer_key: str) -> bool:
    """Whether an order is one of this buyer at this shop."""
    return ShopOrder.objects.filter(order_no=order_no, shop_id=shop_id, buyer_key=buyer_key).exists()


def orders_between(
    *, shop_id: int, buyer_key: str, order_nos: Iterable[str] | None = None, limit: int = 10
) -> list[dict[str, Any]]:
    """A buyer's orders at a shop as cards, newest first; only those of `order_nos` when given."""
    rows = ShopOrder.objects.filter(shop_id=shop_id, buyer_key=buyer_key)
    if order_nos is not None:
        rows = rows.filter(order_no__in=list(order_nos))
    return order_cards(list(rows.select_related("parent").order_by("-id")[:limit]))
