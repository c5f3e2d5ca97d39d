"""Orders of the buyer."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import actor_of
from xingqu.kit.api import CursorText, Limit, ListOut, Number, cursor_id, page_of
from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.schemas import CancelIn, OrderCountsOut, PayableOut, ShopOrderDetailOut, ShopOrderOut, Tab
from xingqu.trade.selectors.orders import order_counts, order_detail, orders_page
from xingqu.trade.selectors.payments import payable_checkouts
from xingqu.trade.services import orders, presales

router = Router()


@router.get("/orders", response=ListOut[ShopOrderOut])
def list_orders(request: HttpRequest, tab: Tab = "all", cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """One's own orders, newest first."""
    items, last_id = orders_page(buyer_key=actor_of(request).key, tab=tab, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.get("/orders/counts", response=OrderCountsOut)
def count_orders(request: HttpRequest) -> Any:
    """Number of one's own orders by tab."""
    return order_counts(buyer_key=actor_of(request).key)


@router.get("/orders/payable", response=list[PayableOut])
def list_payable(request: HttpRequest) -> Any:
    """One's unpaid checkouts that `POST /payments` takes together, the first to run out first."""
    return payable_checkouts(buyer_key=actor_of(request).key)


@router.get("/orders/{order_no}", response=ShopOrderDetailOut)
def get_order(request: HttpRequest, order_no: Number) -> Any:
    """One's own order with address, amounts line by line, timeline and package."""
    return order_detail(buyer_key=actor_of(request).key, order_no=order_no)


@router.post("/orders/{order_no}/cancel", response=ShopOrderDetailOut)
def cancel_order(request: HttpRequest, order_no: Number, payload: CancelIn) -> Any:
    """Cancel an unpaid order, and with it the others of the same checkout (`pay_together`), or a presale order whose deposit
    comes back."""
    key = actor_of(request).key
    if orders.own_order(buyer_key=key, order_no=order_no).state == OrderState.PART_PAID:
        presales.cancel_reserved(buyer_key=key, order_no=order_no)
    else:
        orders.cancel_order(buyer_key=key, order_no=order_no, reason=payload.reason)
    return order_detail(buyer_key=key, order_no=_shop_order_no(key, order_no))


@router.post("/orders/{order_no}/confirm-receipt", response=ShopOrderDetailOut)
def confirm_receipt(request: HttpRequest, order_no: Number) -> Any:
    """The package has arrived."""
    key = actor_of(request).key
    orders.confirm_receipt(buyer_key=key, order_no=order_no)
    return order_detail(buyer_key=key, order_no=_shop_order_no(key, order_no))


def _shop_order_no(buyer_key: str, order_no: str) -> str:
    return orders.own_order(buyer_key=buyer_key, order_no=order_no).order_no
