"""Presales of a shop, and of a product for buyers."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import Id
from xingqu.programmes.presale_schemas import PresaleIn, PresaleItemOut, PresaleOut
from xingqu.programmes.schemas import StateIn
from xingqu.programmes.selectors.presales import product_presales, shop_presales
from xingqu.programmes.services import NewPresaleItem, Windows, change_state, create_presale

router = Router()
WRITE = "shop.write"


@router.get("/products/{product_id}/presales", response=list[PresaleItemOut])
def list_product_presales(request: HttpRequest, product_id: Id) -> Any:
    """Presales of a product whose deposit can be paid now, by SKU."""
    return product_presales(product_id=product_id)


@router.get("/shops/{shop_id}/presales", response=list[PresaleOut])
def list_presales(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's presales, newest first, with the units reserved and sold."""
    shop_of(request, shop_id, "view")
    return shop_presales(shop_id=shop_id)


@router.post("/shops/{shop_id}/presales", response={201: list[PresaleOut]})
def create_shop_presale(request: HttpRequest, shop_id: Id, payload: PresaleIn) -> Any:
    """Start a presale; answers with the list."""
    shop_of(request, shop_id, WRITE)
    create_presale(
        shop_id=shop_id,
        name=payload.name,
        windows=Windows(payload.deposit_from, payload.deposit_until, payload.final_from, payload.final_until),
        ship_days=payload.ship_days,
        forfeits=payload.forfeits,
        items=[NewPresaleItem(**item.dict()) for item in payload.items],
    )
    return Status(201, shop_presales(shop_id=shop_id))


@router.patch("/shops/{shop_id}/presales/{presale_id}", response=list[PresaleOut])
def change_presale(request: HttpRequest, shop_id: Id, presale_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end taking deposits; what is reserved stands. Answers with the list."""
    shop_of(request, shop_id, WRITE)
    change_state(kind="presale", pk=presale_id, shop_id=shop_id, state=payload.state)
    return shop_presales(shop_id=shop_id)
