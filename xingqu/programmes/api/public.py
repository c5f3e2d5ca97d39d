"""Coupons, flash prices and full-reductions for buyers."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.catalogue.selectors import shop_id_of_product
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.errors import NotFound
from xingqu.programmes.schemas import (
    CouponCountsOut,
    CouponOnOfferOut,
    FlashPriceOut,
    FlashProductOut,
    MyCouponOut,
    ProductProgrammesOut,
)
from xingqu.programmes.selectors import activities, bundles, coupons
from xingqu.programmes.services import claim_coupon

router = Router()
Ids = Annotated[list[Id], Field(max_length=100)]


@router.get("/products/{product_id}/programmes", response=ProductProgrammesOut)
def get_product_programmes(request: HttpRequest, product_id: Id) -> Any:
    """What lowers the price of a product now."""
    shop_id = shop_id_of_product(product_id=product_id)
    if shop_id is None:
        raise NotFound(field="product_id")
    return {
        "flash": activities.flash_prices(product_ids=[product_id]),
        "full_reductions": activities.running_full_reductions(shop_ids=[shop_id]),
        "coupons": coupons.coupons_on_offer(shop_ids=[shop_id], person_id=actor_of(request).person_id),
        "bundles": bundles.product_bundles(product_id=product_id),
    }


@router.get("/flash-prices", response=list[FlashPriceOut])
def list_flash_prices(request: HttpRequest, product_id: Annotated[list[Id], Query(..., max_length=100)]) -> Any:
    """Flash prices that apply now to these products; a product without one is absent."""
    return activities.flash_prices(product_ids=product_id)


@router.get("/flash-shelf", response=list[FlashProductOut])
def list_flash_shelf(request: HttpRequest) -> Any:
    """Products in running flash sales, the one that ends first before the others."""
    return activities.flash_shelf()


@router.get("/coupons/on-offer", response=list[CouponOnOfferOut])
def list_coupons_on_offer(request: HttpRequest, shop_id: Id | None = None) -> Any:
    """Coupons that can be claimed: the platform's, and a shop's when it is named."""
    return coupons.coupons_on_offer(
        shop_ids=[shop_id] if shop_id is not None else [], person_id=actor_of(request).person_id
    )


@router.post("/coupons/{coupon_id}/claim", response={201: CouponOnOfferOut})
def claim(request: HttpRequest, coupon_id: Id) -> Any:
    """Claim a coupon. Needs a signed-in person."""
    person_id = person_of(request)
    claim_coupon(person_id=person_id, coupon_id=coupon_id)
    return Status(201, coupons.coupon_on_offer(coupon_id=coupon_id, person_id=person_id))


@router.get("/me/coupons", response=ListOut[MyCouponOut])
def list_my_coupons(
    request: HttpRequest,
    tab: Literal["usable", "used", "expired"] = "usable",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """One's own coupons, the newest first."""
    items, last_id = coupons.my_coupons(person_id=person_of(request), tab=tab, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.get("/me/coupons/counts", response=CouponCountsOut)
def count_my_coupons(request: HttpRequest) -> Any:
    """Number of one's own coupons by tab."""
    return coupons.my_coupon_counts(person_id=person_of(request))
