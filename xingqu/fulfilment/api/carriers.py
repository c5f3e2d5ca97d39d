"""Carriers, what they tell, a shop's address book and webhook."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of, shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.domain.carriers import CARRIERS
from xingqu.fulfilment.schemas import (
    CarrierOut,
    CarrierStatusOut,
    HookOut,
    NewHookOut,
    ShopAddressIn,
    ShopAddressOut,
)
from xingqu.fulfilment.selectors import carrier_status, hook_of, shop_addresses
from xingqu.fulfilment.services.reports import take_hook, take_push
from xingqu.kit.api import Id, Number

router = Router()


@router.get("/carriers", response=list[CarrierOut])
def list_carriers(request: HttpRequest) -> Any:
    """Carriers and the form of their tracking numbers."""
    return CARRIERS


@router.post("/carriers/push/{provider}", auth=None, include_in_schema=False)
def take_news(request: HttpRequest, provider: Number) -> Any:
    """A tracking provider's signed message; acknowledged in the words that kuaidi100 expects."""
    new = take_push(provider=provider, headers=request.headers, body=request.body)
    return {"result": True, "returnCode": "200", "message": "成功", "new": new}


@router.post("/carriers/hooks/{public_id}", auth=None)
def take_own_news(request: HttpRequest, public_id: Number) -> Any:
    """News of a merchant's own carrier: {tracking_no, carrier_code, scans: [{event_id, code, at, text, place}]}.

    `code`: collected, in_transit, out_for_delivery, problem, delivered, turning_back, turned_back. Headers: `X-Carrier-Time` is
    the time in seconds, `X-Carrier-Signature` the hexadecimal HMAC-SHA256 of time, a point and the body with the shop's secret.
    """
    return {"new": take_hook(public_id=public_id, headers=request.headers, body=request.body)}


@router.get("/shops/{shop_id}/carrier-hook", response=HookOut | None)
def get_hook(request: HttpRequest, shop_id: Id) -> Any:
    """Where the shop's own carrier may tell of packages; null while there is no such address."""
    shop_of(request, shop_id, "view")
    return hook_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/carrier-hook", response=NewHookOut)
def renew_hook(request: HttpRequest, shop_id: Id) -> Any:
    """A new secret, shown this once; the one before stops to work."""
    shop_of(request, shop_id, "shop.write")
    secret = services.renew_hook(shop_id=shop_id)
    return {**(hook_of(shop_id=shop_id) or {}), "secret": secret}


@router.get("/shops/{shop_id}/shipping-addresses", response=list[ShopAddressOut])
def list_shop_addresses(request: HttpRequest, shop_id: Id) -> Any:
    """Where the shop sends from and takes returns."""
    shop_of(request, shop_id, "view")
    return shop_addresses(shop_id=shop_id)


@router.post("/shops/{shop_id}/shipping-addresses", response={201: list[ShopAddressOut]})
def add_shop_address(request: HttpRequest, shop_id: Id, payload: ShopAddressIn) -> Any:
    """Add an address; the last to say that it sends, or takes returns, does."""
    shop_of(request, shop_id, "shop.write")
    services.save_address(shop_id=shop_id, fields=payload.dict())
    return Status(201, shop_addresses(shop_id=shop_id))


@router.put("/shops/{shop_id}/shipping-addresses/{address_id}", response=list[ShopAddressOut])
def change_shop_address(request: HttpRequest, shop_id: Id, address_id: Id, payload: ShopAddressIn) -> Any:
    """Change an address."""
    shop_of(request, shop_id, "shop.write")
    services.save_address(shop_id=shop_id, fields=payload.dict(), address_id=address_id)
    return shop_addresses(shop_id=shop_id)


@router.delete("/shops/{shop_id}/shipping-addresses/{address_id}", response=list[ShopAddressOut])
def remove_shop_address(request: HttpRequest, shop_id: Id, address_id: Id) -> Any:
    """Remove an address."""
    shop_of(request, shop_id, "shop.write")
    services.remove_address(shop_id=shop_id, address_id=address_id)
    return shop_addresses(shop_id=shop_id)


@router.get("/operator/carriers", response=CarrierStatusOut)
def get_carrier_status(request: HttpRequest) -> Any:
    """Who tells where packages are, and how well that works."""
    operator_of(request)
    return carrier_status()
