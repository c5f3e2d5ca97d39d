"""Presale orders: reserved with a deposit, and the coupons of the rest."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import actor_of, person_of, shop_of
from xingqu.kit.api import Id, Number
from xingqu.trade.contracts import MerchantOrderDetailOut
from xingqu.trade.presale_schemas import FinalIn, FinalOut, PresaleOrderIn
from xingqu.trade.schemas import ParentOrderOut
from xingqu.trade.selectors import merchant
from xingqu.trade.selectors.orders import order_detail, parent_order
from xingqu.trade.selectors.quotes import present_option
from xingqu.trade.services.finals import choose_coupons
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.presales import PresaleRequest, order_presale, return_deposit

router = Router()
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]


@router.post("/presales/{item_id}/orders", response={201: ParentOrderOut})
def place_presale_order(
    request: HttpRequest,
    item_id: Id,
    payload: PresaleOrderIn,
    idempotency_key: IdempotencyKey = Header(..., alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Any:
    """Reserve units of a presale; `POST /orders/{order_no}/pay` then takes the deposit, and the rest in its time. Needs a signed-in
    person."""
    person_of(request)
    key = actor_of(request).key
    order_no = order_presale(
        buyer_key=key,
        idempotency_key=idempotency_key,
        request=PresaleRequest(item_id, payload.quantity, payload.address_id),
    )
    return Status(201, parent_order(buyer_key=key, order_no=order_no))


@router.put("/orders/{order_no}/final", response=FinalOut)
def choose_final_coupons(request: HttpRequest, order_no: Number, payload: FinalIn) -> Any:
    """Choose the coupons that lower the rest of a presale order, in the time to pay it."""
    key = actor_of(request).key
    chosen = None if payload.coupon_ids is None else frozenset(payload.coupon_ids)
    found = choose_coupons(buyer_key=key, order_no=order_no, coupon_ids=chosen)
    number = own_order(buyer_key=key, order_no=order_no).order_no
    return {
        "order": order_detail(buyer_key=key, order_no=number),
        "coupons": [present_option(one) for one in found.options],
    }


@router.post("/shops/{shop_id}/orders/{order_no}/return-deposit", response=MerchantOrderDetailOut)
def return_presale_deposit(request: HttpRequest, shop_id: Id, order_no: Number) -> Any:
    """End a reserved presale order that can't be fulfilled: its deposit goes back to the buyer."""
    shop_of(request, shop_id, "orders.write")
    return_deposit(shop_id=shop_id, order_no=order_no)
    return merchant.merchant_order(shop_id=shop_id, order_no=order_no)
