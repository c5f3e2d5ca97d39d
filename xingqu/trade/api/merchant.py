"""Orders of a shop."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field, StringConstraints

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import AmountMinor, CursorText, Id, Limit, ListOut, Number, ShortText, decode_cursor, encode_cursor
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream
from xingqu.trade import services
from xingqu.trade.schemas import (
    FreightRuleIn,
    FreightRuleOut,
    MerchantCountsOut,
    MerchantOrderDetailOut,
    MerchantOrderOut,
    OrderMarkIn,
    State,
)
from xingqu.trade.selectors import merchant, merchant_list
from xingqu.trade.selectors.gmv_change import gmv_change
from xingqu.trade.selectors.merchant_counts import order_counts
from xingqu.trade.selectors.merchant_list import OrderQuery
from xingqu.trade.selectors.offers import freight_rules
from xingqu.trade.services.freight import set_freight_rule
from xingqu.trade.today_schemas import GmvChangeOut, PeriodName, TodayOut

router = Router()
FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _bounded(moment: datetime) -> datetime:
    """An aware time that every database can compare; one without a zone is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, FIRST_MOMENT), LAST_MOMENT)


Moment = Annotated[datetime, AfterValidator(_bounded)]


class OrderFilter(Schema):
    """`q` finds an order number, recipient, phone or product name; `from` and `to` bound the time of ordering; `like` is an
    order's number and finds the orders of its buyer; `source` is the last way to the product; `creator_id`, `content_id`,
    `live_room_id`, `ad_id` and `campaign` (such as ``flash_sale:7``) find what is credited to them."""

    state: State | Literal["to_ship", "late_to_ship"] | None = None
    q: ShortText = ""
    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    product_id: Id | None = None
    like: Number | None = None
    min_minor: AmountMinor | None = None
    max_minor: AmountMinor | None = None
    has_note: bool | None = None
    flag: Literal["any", "red", "yellow", "green", "blue", "purple"] | None = None
    source: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")] | None = None
    creator_id: Id | None = None
    content_id: Id | None = None
    live_room_id: Id | None = None
    ad_id: Id | None = None
    campaign: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}:[0-9]{1,18}$")] | None = None

    def query(self) -> OrderQuery:
        return OrderQuery(**self.dict())


@router.get("/shops/{shop_id}/orders", response=ListOut[MerchantOrderOut])
def list_shop_orders(
    request: HttpRequest,
    shop_id: Id,
    filters: Query[OrderFilter],
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's orders, newest first. A page of a search may be short, even empty, and not the last: go on while there is a
    cursor."""
    shop_of(request, shop_id, "view")
    position = decode_cursor(cursor, int, int)
    after = (merchant_list.from_microseconds(position[0]), position[1]) if position else None
    items, last = merchant_list.orders_page(shop_id=shop_id, query=filters.query(), after=after, limit=limit)
    following = encode_cursor(merchant_list.microseconds(last[0]), last[1]) if last is not None else None
    return {"items": items, "next_cursor": following}


@router.get("/shops/{shop_id}/orders.csv", response={200: Any})
def export_shop_orders(request: HttpRequest, shop_id: Id, filters: Query[OrderFilter]) -> Any:
    """The filtered list as a CSV file, one row an order line, amounts in minor units; at most 200,000 orders."""
    shop_of(request, shop_id, "orders.write")
    rows = merchant_list.export_rows(shop_id=shop_id, query=filters.query())
    headers = {"Content-Disposition": f'attachment; filename="orders-{shop_id}.csv"'}
    return StreamingHttpResponse(csv_stream(rows), content_type="text/csv; charset=utf-8", headers=headers)


@router.get("/shops/{shop_id}/orders.xlsx", response={200: Any})
def export_shop_orders_xlsx(request: HttpRequest, shop_id: Id, filters: Query[OrderFilter]) -> Any:
    """The same as an XLSX file; no cell of it is a formula."""
    shop_of(request, shop_id, "orders.write")
    rows = merchant_list.export_rows(shop_id=shop_id, query=filters.query())
    headers = {"Content-Disposition": f'attachment; filename="orders-{shop_id}.xlsx"'}
    return StreamingHttpResponse(xlsx_stream(rows, title="orders"), content_type=XLSX_TYPE, headers=headers)


@router.put("/shops/{shop_id}/orders/{order_no}/mark", response=MerchantOrderDetailOut)
def mark_order(request: HttpRequest, shop_id: Id, order_no: Number, payload: OrderMarkIn) -> Any:
    """Set the merchant's own flag and note on an order; its buyer never sees them."""
    member = shop_of(request, shop_id, "orders.write")
    services.mark_order(shop_id=shop_id, order_no=order_no, person_id=member.person_id, **payload.dict())
    return merchant.merchant_order(shop_id=shop_id, order_no=order_no)


@router.get("/shops/{shop_id}/orders/counts", response=MerchantCountsOut)
def count_shop_orders(request: HttpRequest, shop_id: Id) -> Any:
    """Number of a shop's orders by state."""
    shop_of(request, shop_id, "view")
    return order_counts(shop_id=shop_id)


@router.get("/shops/{shop_id}/orders/{order_no}", response=MerchantOrderDetailOut)
def get_shop_order(request: HttpRequest, shop_id: Id, order_no: Number) -> Any:
    """A shop's order with everything."""
    shop_of(request, shop_id, "view")
    return merchant.merchant_order(shop_id=shop_id, order_no=order_no)


@router.get("/shops/{shop_id}/today", response=TodayOut)
def get_today(request: HttpRequest, shop_id: Id) -> Any:
    """To-dos and sales of today."""
    shop_of(request, shop_id, "view")
    return merchant.today(shop_id=shop_id)


@router.get("/shops/{shop_id}/gmv-change", response=GmvChangeOut)
def get_gmv_change(request: HttpRequest, shop_id: Id, period: PeriodName = "today") -> Any:
    """GMV against the period before, up to the same time of day, and how much of the change each of its factors made."""
    shop_of(request, shop_id, "view")
    return gmv_change(shop_id=shop_id, period=period)


@router.get("/shops/{shop_id}/freight", response=FreightRuleOut)
def get_freight(request: HttpRequest, shop_id: Id) -> Any:
    """What the shop charges for delivery."""
    shop_of(request, shop_id, "view")
    return _freight(shop_id)


@router.put("/shops/{shop_id}/freight", response=FreightRuleOut)
def set_freight(request: HttpRequest, shop_id: Id, payload: FreightRuleIn) -> Any:
    """Set what the shop charges for delivery, from now on."""
    shop_of(request, shop_id, "shop.write")
    with transaction.atomic():
        set_freight_rule(shop_id=shop_id, **payload.dict())
    return _freight(shop_id)


def _freight(shop_id: int) -> dict[str, Any]:
    rule = freight_rules(shop_ids=[shop_id]).get(shop_id)
    return {
        "base_minor": rule.base_minor if rule else 0,
        "free_from_minor": rule.free_from_minor if rule else None,
        "remote_extra_minor": rule.remote_extra_minor if rule else 0,
    }
