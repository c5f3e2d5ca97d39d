"""Return freight insurance (运费险)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import actor_of, operator_of, shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.schemas import (
    CoverTermsIn,
    CoverTermsPageOut,
    FreightCoverOut,
    ShopCoverIn,
    ShopCoverOut,
)
from xingqu.fulfilment.selectors import cover_terms, order_cover, product_cover, shop_cover
from xingqu.kit.api import Id, Number

router = Router()


@router.get("/products/{product_id}/freight-cover", response=FreightCoverOut)
def get_product_cover(request: HttpRequest, product_id: Id) -> Any:
    """Whether the return of a product bought now is insured."""
    return product_cover(product_id=product_id)


@router.get("/orders/{order_no}/freight-cover", response=FreightCoverOut)
def get_order_cover(request: HttpRequest, order_no: Number) -> Any:
    """The insurance of one's own order's return freight."""
    return order_cover(buyer_key=actor_of(request).key, order_no=order_no)


@router.get("/shops/{shop_id}/freight-cover", response=ShopCoverOut)
def get_shop_cover(request: HttpRequest, shop_id: Id) -> Any:
    """What the shop insures, on which terms, and what that came to."""
    shop_of(request, shop_id, "view")
    return shop_cover(shop_id=shop_id)


@router.put("/shops/{shop_id}/freight-cover", response=ShopCoverOut)
def set_shop_cover(request: HttpRequest, shop_id: Id, payload: ShopCoverIn) -> Any:
    """Insure all products, or only those that promise it."""
    shop_of(request, shop_id, "shop.write")
    services.set_shop_cover(shop_id=shop_id, all_products=payload.all_products)
    return shop_cover(shop_id=shop_id)


@router.get("/operator/freight-cover-terms", response=CoverTermsPageOut)
def list_cover_terms(request: HttpRequest) -> Any:
    """Terms of the insurance, the latest first."""
    operator_of(request)
    return cover_terms()


@router.post("/operator/freight-cover-terms", response={201: CoverTermsPageOut})
def make_cover_terms(request: HttpRequest, payload: CoverTermsIn) -> Any:
    """Terms from a moment on; paid orders keep theirs."""
    person_id = operator_of(request)
    services.add_cover_terms(**payload.dict(), person_id=person_id)
    return Status(201, cover_terms())
