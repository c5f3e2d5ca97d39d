"""A shop's orders as a list: filters and pages by key, fast for a shop with a million of them.

Newest first by time of ordering. Every page starts at a key of an index, so that the hundredth costs what the first does. What
no index answers (a word, an amount, a source) is looked for in a window of orders a page: where few orders fit, a page is
shorter than asked, even empty, and the position to go on from says where its window ended.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.spreadsheets import Cell
from xingqu.kit.sql import fetch
from xingqu.trade.domain.transitions import TO_SHIP
from xingqu.trade.models import OrderLine, OrderMark, ParentOrder, ShopOrder
from xingqu.trade.selectors.attributions import EXPORTED, exported_fields
from xingqu.trade.selectors.merchant import merchant_fields, shown_address
from xingqu.trade.selectors.orders import order_cards

RARE_ORDERS = 2_000  # a product in fewer orders than this is looked up from its lines, a flag on fewer from its marks
WINDOW = 10_000  # orders that one page looks at for what no index answers
ORDER_NO = re.compile(r"[SP][0-9]{6}[0-9a-z]{6,12}")
EXPORT_CHUNK = 500
EXPORT_LIMIT = 200_000
EXPORT_COLUMNS = (
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
    "flag",
    "seller_note",
    *EXPORTED,
)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_WITH_MARKS = "SELECT COUNT(*) FROM (SELECT 1 FROM trade_ordermark WHERE shop_id = %s LIMIT %s) AS counted"
_OF_PRODUCT = "SELECT COUNT(*) FROM (SELECT 1 FROM trade_orderline WHERE product_id = %s LIMIT %s) AS counted"


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What of a shop's orders is wanted. `state` is a state, ``to_ship`` or ``late_to_ship``; `q` finds number, recipient,
    phone or product name; `since` (inclusive) and `until` (exclusive) bound the time of ordering; `like` is the number of
    an order whose buyer's orders are wanted; `flag` is a colour or ``any``; `source` is the last way to the product; the further
    ids and `campaign` are what the order is credited to."""

    state: str | None = None
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    product_id: int | None = None
    like: str | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    has_note: bool | None = None
    flag: str | None = None
    source: str | None = None
    creator_id: int | None = None
    content_id: int | None = None
    live_room_id: int | None = None
    ad_id: int | None = None
    campaign: str | None = None


Position = tuple[datetime, int]


def orders_page(
    *, shop_id: int, query: OrderQuery, after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    """A page of a shop's orders, newest first, and the position to go on from, None at the end. A page of a filter that no index
    answers may be shorter than `limit` and not the last."""
    edge = _edge(shop_id, query, after) if _needs_window(shop_id, query) else None
    found = _newest(shop_id, query, after, limit + 1, edge)
    page = found[:limit]
    marks = {mark.order_id: mark for mark in OrderMark.objects.filter(order_id__in=[order.pk for order in page])}
    items = [
        {**card, "note": order.note, **merchant_fields(order), **mark_fields(marks.get(order.pk))}
        for card, order in zip(order_cards(page), page, strict=True)
    ]
    return items, (page[-1].created_at, page[-1].pk) if len(found) > limit else edge


def mark_fields(mark: OrderMark | None) -> dict[str, str]:
    """The seller's own flag and note, empty without."""
    return {"flag": mark.flag if mark else "", "seller_note": mark.note if mark else ""}


def export_rows(*, shop_id: int, query: OrderQuery) -> Iterator[Sequence[Cell]]:
    """The header and one row an order line, newest order first, read in chunks; at most 200,000 orders."""
    yield EXPORT_COLUMNS
    after: Position | None = None
    for _ in range(EXPORT_LIMIT // EXPORT_CHUNK):
        orders = _newest(shop_id, query, after, EXPORT_CHUNK)
        if not orders:
            return
        yield from _export_chunk(orders)
        if len(orders) < EXPORT_CHUNK:
            return
        after = (orders[-1].created_at, orders[-1].pk)


def _newest(
    shop_id: int, query: OrderQuery, after: Position | None, limit: int, edge: Position | None = None
) -> list[ShopOrder]:
    """The first `limit` orders after a position and down to `edge`. Several states are read one by one, each along its own
    index, and merged."""
    states = _states(query.state)
    rows = _after(_filtered(shop_id, query), after)
    if edge is not None:
        moment, last_id = edge
        rows = rows.filter(created_at__gte=moment).filter(Q(created_at__gt=moment) | Q(pk__gte=last_id))
    rows = rows.select_related("parent").order_by("-created_at", "-id")
    if not states:
        return list(rows[:limit])
    found = [order for state in states for order in rows.filter(state=state)[:limit]]
    return sorted(found, key=lambda order: (order.created_at, order.pk), reverse=True)[:limit]


def _needs_window(shop_id: int, query: OrderQuery) -> bool:
    """Whether rows have to be looked at one by one, and not only a few of them that an index names."""
    if query.like is not None or _is_order_no(query.q):
        return False
    if (query.product_id is not None and _is_rare(query.product_id)) or (query.flag and _has_few_marks(shop_id)):
        return False
    bounds = (query.min_minor, query.max_minor, query.has_note, query.product_id, query.flag, *_credits(query).values())
    return bool(query.q) or query.state == "late_to_ship" or any(bound is not None for bound in bounds)


def _credits(query: OrderQuery) -> dict[str, Any]:
    """What of the lines' attribution is asked for, by its name there."""
    names = ("creator_id", "content_id", "live_room_id", "ad_id", "campaign")
    return {"surface": query.source, **{name: getattr(query, name) for name in names}}


def _is_rare(product_id: int) -> bool:
    ((count,),) = fetch(_OF_PRODUCT, [product_id, RARE_ORDERS], fresh_plan=True)
    return int(count) < RARE_ORDERS


def _has_few_marks(shop_id: int) -> bool:
    ((count,),) = fetch(_WITH_MARKS, [shop_id, RARE_ORDERS], fresh_plan=True)
    return int(count) < RARE_ORDERS


def _edge(shop_id: int, query: OrderQuery, after: Position | None) -> Position | None:
    """The last order of the window after a position, None when all that is left fits into it. Read from an index alone."""
    rows = _after(_between(ShopOrder.objects.filter(shop_id=shop_id), query), after)
    keys = rows.order_by("-created_at", "-id").values_list("created_at", "pk")
    parts = [keys.filter(state=state) for state in _states(query.state)] or [keys]
    # With several states the newest edge: what lies behind it in one of them would otherwise come before it in another.
    return max((edge for part in parts for edge in part[WINDOW - 1 : WINDOW]), default=None)


def _after(rows: QuerySet[ShopOrder], position: Position | None) -> QuerySet[ShopOrder]:
    if position is None:
        return rows
    moment, last_id = position
    return rows.filter(created_at__lte=moment).filter(Q(created_at__lt=moment) | Q(pk__lt=last_id))


def _between(rows: QuerySet[ShopOrder], query: OrderQuery) -> QuerySet[ShopOrder]:
    if query.since is not None:
        rows = rows.filter(created_at__gte=query.since)
    return rows if query.until is None else rows.filter(created_at__lt=query.until)


def _states(state: str | None) -> tuple[str, ...]:
    if state in ("to_ship", "late_to_ship"):
        return TO_SHIP
    return (state,) if state else ()


def _filtered(shop_id: int, query: OrderQuery) -> QuerySet[ShopOrder]:
    rows = _between(ShopOrder.objects.filter(shop_id=shop_id), query)
    if query.state == "late_to_ship":
        rows = rows.filter(ship_by__lt=clock.now())
    if query.q:
        rows = rows.filter(_matches(shop_id, query.q))
    if query.min_minor is not None:
        rows = rows.filter(payable_minor__gte=query.min_minor)
    if query.max_minor is not None:
        rows = rows.filter(payable_minor__lte=query.max_minor)
    if query.has_note is not None:
        rows = rows.exclude(note="") if query.has_note else rows.filter(note="")
    if query.like is not None:
        rows = rows.filter(buyer_key=_buyer_of(shop_id, query.like))
    if query.flag is not None:
        rows = _flagged(rows, shop_id, query.flag)
    return _of_lines(rows, query)


def _flagged(rows: QuerySet[ShopOrder], shop_id: int, flag: str) -> QuerySet[ShopOrder]:
    marks = OrderMark.objects.filter(shop_id=shop_id)
    marks = marks.exclude(flag="") if flag == "any" else marks.filter(flag=flag)
    if _has_few_marks(shop_id):
        return rows.filter(pk__in=marks.values("order_id"))
    return rows.filter(Exists(marks.filter(order_id=OuterRef("pk"))))


def _of_lines(rows: QuerySet[ShopOrder], query: OrderQuery) -> QuerySet[ShopOrder]:
    lines = OrderLine.objects.filter(order_id=OuterRef("pk"))
    credits = {f"attribution__{name}": value for name, value in _credits(query).items() if value is not None}
    if credits:
        rows = rows.filter(Exists(lines.filter(**credits)))
    if query.product_id is not None:
        if _is_rare(query.product_id):
            ids = OrderLine.objects.filter(product_id=query.product_id).values_list("order_id", flat=True)
            return rows.filter(pk__in=sorted(set(ids)))
        rows = rows.filter(Exists(lines.filter(product_id=query.product_id)))
    return rows


def _matches(shop_id: int, text: str) -> Q:
    """What looks like an order number is looked up by its key alone; anything else is searched for in what the order says."""
    if not _is_order_no(text):
        return Q(search_text__icontains=text)
    # Asked one after the other: each has a key of its own, which their union would not use.
    own = ShopOrder.objects.filter(shop_id=shop_id)
    ids = [
        *own.filter(order_no=text).values_list("pk", flat=True),
        *own.filter(parent__in=ParentOrder.objects.filter(order_no=text)).values_list("pk", flat=True),
    ]
    return Q(pk__in=ids)


def _is_order_no(text: str) -> bool:
    return ORDER_NO.fullmatch(text) is not None


def _buyer_of(shop_id: int, order_no: str) -> str:
    key = ShopOrder.objects.filter(shop_id=shop_id, order_no=order_no).values_list("buyer_key", flat=True).first()
    if key is None:
        raise NotFound(field="like", expected="the number of an order of this shop")
    return key


def _export_chunk(orders: Sequence[ShopOrder]) -> Iterator[Sequence[Cell]]:
    ids = [order.pk for order in orders]
    marks = {mark.order_id: mark for mark in OrderMark.objects.filter(order_id__in=ids)}
    lines: dict[int, list[OrderLine]] = {pk: [] for pk in ids}
    for line in OrderLine.objects.filter(order_id__in=ids).order_by("id"):
        lines[line.order_id].append(line)
    for order in orders:
        for line in lines[order.pk]:
            yield _export_values(order, line, mark_fields(marks.get(order.pk)))


def _export_values(order: ShopOrder, line: OrderLine, mark: dict[str, str]) -> Sequence[Cell]:
    address = shown_address(order)
    return (
        order.order_no,
        order.state,
        order.created_at,
        order.paid_at,
        order.ship_by,
        order.shipped_at,
        line.sku_id,
        line.name,
        line.option_text,
        line.quantity,
        line.subtotal_minor,
        order.payable_minor,
        order.currency,
        address["recipient"],
        address["phone"],
        f"{address['province']}{address['city']}{address['district']}{address['detail']}",
        order.note,
        mark["flag"],
        mark["seller_note"],
        *exported_fields(line.attribution).values(),
    )


def microseconds(moment: datetime) -> int:
    """A time as a whole number, for cursors."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """The time of :func:`microseconds`."""
    return _EPOCH + timedelta(microseconds=value)
