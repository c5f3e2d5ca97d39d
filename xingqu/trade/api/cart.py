"""Regions, address book and cart."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import actor_of
from xingqu.kit.api import Id
from xingqu.trade.cart_schemas import CartOut
from xingqu.trade.domain.regions import children_of
from xingqu.trade.schemas import (
    AddressIn,
    AddressOut,
    AddressPatch,
    CartBundleIn,
    CartLineIn,
    CartLinePatch,
    CartSelectIn,
    ParentRegionId,
    RegionOut,
)
from xingqu.trade.selectors.addresses import address_of, addresses_of
from xingqu.trade.selectors.cart import cart_of
from xingqu.trade.services import addresses as address_book
from xingqu.trade.services import cart, touches
from xingqu.trade.services.touches import Claim
from xingqu.trade.touch_schemas import AttributionIn, TouchIn

router = Router()


def claim_of(payload: AttributionIn | None) -> Claim | None:
    """What a client says led to a line."""
    if payload is None:
        return None
    return Claim(surface=payload.surface, token=payload.touch, request_id=payload.request_id)


@router.get("/regions", response=list[RegionOut])
def list_regions(request: HttpRequest, parent_id: ParentRegionId = 0) -> Any:
    """Regions below one; the provinces without `parent_id`."""
    return list(children_of(parent_id))


@router.get("/addresses", response=list[AddressOut])
def list_addresses(request: HttpRequest) -> Any:
    """One's own address book, the default first."""
    return addresses_of(owner_key=actor_of(request).key)


@router.post("/addresses", response={201: AddressOut})
def add_address(request: HttpRequest, payload: AddressIn) -> Any:
    """Add an address; the first one becomes the default."""
    key = actor_of(request).key
    with transaction.atomic():
        address_id = address_book.add_address(owner_key=key, fields=payload.dict())
        return Status(201, address_of(owner_key=key, address_id=address_id))


@router.patch("/addresses/{address_id}", response=AddressOut)
def change_address(request: HttpRequest, address_id: Id, payload: AddressPatch) -> Any:
    """Change what is given."""
    key = actor_of(request).key
    changes = {name: value for name, value in payload.dict(exclude_unset=True).items() if value is not None}
    with transaction.atomic():
        address_book.change_address(owner_key=key, address_id=address_id, changes=changes)
        return address_of(owner_key=key, address_id=address_id)


@router.delete("/addresses/{address_id}", response={204: None})
def remove_address(request: HttpRequest, address_id: Id) -> Any:
    """Remove an address; orders keep their copy."""
    with transaction.atomic():
        address_book.remove_address(owner_key=actor_of(request).key, address_id=address_id)
    return Status(204, None)


@router.get("/cart", response=CartOut)
def get_cart(request: HttpRequest) -> Any:
    """One's own cart, by shop."""
    return cart_of(owner_key=actor_of(request).key)


@router.post("/cart/lines", response={201: CartOut})
def add_line(request: HttpRequest, payload: CartLineIn) -> Any:
    """Put a SKU into the cart; units add up."""
    key = actor_of(request).key
    with transaction.atomic():
        cart.add_line(
            owner_key=key,
            sku_id=payload.sku_id,
            quantity=payload.quantity,
            claim=claim_of(payload.attribution),
        )
    return Status(201, cart_of(owner_key=key))


@router.post("/cart/bundles/{bundle_id}", response={201: CartOut})
def add_bundle(request: HttpRequest, bundle_id: Id, payload: CartBundleIn) -> Any:
    """Put all parts of a set into the cart, or none; the quote then finds the set's price."""
    key = actor_of(request).key
    with transaction.atomic():
        cart.add_bundle(owner_key=key, bundle_id=bundle_id, sets=payload.quantity, claim=claim_of(payload.attribution))
    return Status(201, cart_of(owner_key=key))


@router.patch("/cart/lines/{sku_id}", response=CartOut)
def change_line(request: HttpRequest, sku_id: Id, payload: CartLinePatch) -> Any:
    """Set quantity or selection of a line."""
    key = actor_of(request).key
    with transaction.atomic():
        cart.change_line(owner_key=key, sku_id=sku_id, quantity=payload.quantity, selected=payload.selected)
    return cart_of(owner_key=key)


@router.delete("/cart/lines/{sku_id}", response=CartOut)
def remove_line(request: HttpRequest, sku_id: Id) -> Any:
    """Take a SKU out of the cart."""
    key = actor_of(request).key
    with transaction.atomic():
        cart.remove_line(owner_key=key, sku_id=sku_id)
    return cart_of(owner_key=key)


@router.post("/cart/select", response=CartOut)
def select_lines(request: HttpRequest, payload: CartSelectIn) -> Any:
    """Select or deselect lines."""
    key = actor_of(request).key
    with transaction.atomic():
        cart.select_lines(owner_key=key, sku_ids=payload.sku_ids, selected=payload.selected)
    return cart_of(owner_key=key)


@router.post("/touches", response={204: None})
def take_touch(request: HttpRequest, payload: TouchIn) -> Any:
    """Tell that one came to a product, when it is opened: orders within the window are credited to the last way of all."""
    claim = Claim(surface=payload.surface, token=payload.touch, request_id=payload.request_id)
    touches.take_touch(actor_key=actor_of(request).key, product_id=payload.product_id, claim=claim)
    return Status(204, None)
