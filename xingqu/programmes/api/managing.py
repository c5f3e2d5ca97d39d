"""Coupons and activities of a shop, and the platform's coupons."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of, shop_of
from xingqu.kit.api import Id
from xingqu.programmes.contracts import CouponTerms
from xingqu.programmes.schemas import (
    BundleIn,
    BundleOut,
    CouponIn,
    FlashSaleIn,
    FlashSaleOut,
    FullReductionIn,
    FullReductionOut,
    OfferedCouponOut,
    StateIn,
)
from xingqu.programmes.selectors import activities, bundles, coupons
from xingqu.programmes.services import (
    NewCoupon,
    NewFlashItem,
    NewGate,
    change_state,
    create_bundle,
    create_coupon,
    create_flash_sale,
    create_full_reduction,
)

router = Router()
WRITE = "shop.write"


@router.get("/shops/{shop_id}/coupons", response=list[OfferedCouponOut])
def list_shop_coupons(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's coupons, newest first, with how many were claimed and used and what they cost."""
    shop_of(request, shop_id, "view")
    return coupons.offered_coupons(shop_id=shop_id)


@router.post("/shops/{shop_id}/coupons", response={201: OfferedCouponOut})
def create_shop_coupon(request: HttpRequest, shop_id: Id, payload: CouponIn) -> Any:
    """Offer a coupon that the shop pays for."""
    shop_of(request, shop_id, WRITE)
    coupon_id = create_coupon(shop_id=shop_id, coupon=_new_coupon(payload))
    return Status(201, coupons.offered_coupon(shop_id=shop_id, coupon_id=coupon_id))


@router.patch("/shops/{shop_id}/coupons/{coupon_id}", response=OfferedCouponOut)
def change_shop_coupon(request: HttpRequest, shop_id: Id, coupon_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end. Coupons in people's hands stay valid."""
    shop_of(request, shop_id, WRITE)
    change_state(kind="coupon", pk=coupon_id, shop_id=shop_id, state=payload.state)
    return coupons.offered_coupon(shop_id=shop_id, coupon_id=coupon_id)


@router.get("/platform/coupons", response=list[OfferedCouponOut])
def list_platform_coupons(request: HttpRequest) -> Any:
    """The platform's coupons, newest first. For operators."""
    operator_of(request)
    return coupons.offered_coupons(shop_id=None)


@router.post("/platform/coupons", response={201: OfferedCouponOut})
def create_platform_coupon(request: HttpRequest, payload: CouponIn) -> Any:
    """Offer a coupon for all shops that the platform pays for. For operators."""
    operator_of(request)
    coupon_id = create_coupon(shop_id=None, coupon=_new_coupon(payload))
    return Status(201, coupons.offered_coupon(shop_id=None, coupon_id=coupon_id))


@router.patch("/platform/coupons/{coupon_id}", response=OfferedCouponOut)
def change_platform_coupon(request: HttpRequest, coupon_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end. For operators."""
    operator_of(request)
    change_state(kind="coupon", pk=coupon_id, shop_id=None, state=payload.state)
    return coupons.offered_coupon(shop_id=None, coupon_id=coupon_id)


@router.get("/shops/{shop_id}/full-reductions", response=list[FullReductionOut])
def list_full_reductions(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's full-reductions, newest first."""
    shop_of(request, shop_id, "view")
    return activities.shop_full_reductions(shop_id=shop_id)


@router.post("/shops/{shop_id}/full-reductions", response={201: list[FullReductionOut]})
def create_shop_full_reduction(request: HttpRequest, shop_id: Id, payload: FullReductionIn) -> Any:
    """Start a full-reduction; answers with the list."""
    shop_of(request, shop_id, WRITE)
    create_full_reduction(
        shop_id=shop_id,
        name=payload.name,
        steps=[(step.threshold_minor, step.reduction_minor) for step in payload.steps],
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
    )
    return Status(201, activities.shop_full_reductions(shop_id=shop_id))


@router.patch("/shops/{shop_id}/full-reductions/{offer_id}", response=list[FullReductionOut])
def change_full_reduction(request: HttpRequest, shop_id: Id, offer_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end; answers with the list."""
    shop_of(request, shop_id, WRITE)
    change_state(kind="full_reduction", pk=offer_id, shop_id=shop_id, state=payload.state)
    return activities.shop_full_reductions(shop_id=shop_id)


@router.get("/shops/{shop_id}/flash-sales", response=list[FlashSaleOut])
def list_flash_sales(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's flash sales, newest first, with how many units are taken."""
    shop_of(request, shop_id, "view")
    return activities.shop_flash_sales(shop_id=shop_id)


@router.post("/shops/{shop_id}/flash-sales", response={201: list[FlashSaleOut]})
def create_shop_flash_sale(request: HttpRequest, shop_id: Id, payload: FlashSaleIn) -> Any:
    """Start a flash sale; answers with the list."""
    shop_of(request, shop_id, WRITE)
    create_flash_sale(
        shop_id=shop_id,
        name=payload.name,
        items=[NewFlashItem(**item.dict()) for item in payload.items],
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
        admission=NewGate(**payload.admission.dict()) if payload.admission is not None else None,
    )
    return Status(201, activities.shop_flash_sales(shop_id=shop_id))


@router.patch("/shops/{shop_id}/flash-sales/{sale_id}", response=list[FlashSaleOut])
def change_flash_sale(request: HttpRequest, shop_id: Id, sale_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end; answers with the list."""
    shop_of(request, shop_id, WRITE)
    change_state(kind="flash_sale", pk=sale_id, shop_id=shop_id, state=payload.state)
    return activities.shop_flash_sales(shop_id=shop_id)


@router.get("/shops/{shop_id}/bundles", response=list[BundleOut])
def list_bundles(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's sets, newest first, with why one can't be bought."""
    shop_of(request, shop_id, "view")
    return bundles.shop_bundles(shop_id=shop_id)


@router.post("/shops/{shop_id}/bundles", response={201: list[BundleOut]})
def create_shop_bundle(request: HttpRequest, shop_id: Id, payload: BundleIn) -> Any:
    """Offer a set of the shop's own SKUs at a price; answers with the list."""
    shop_of(request, shop_id, WRITE)
    create_bundle(
        shop_id=shop_id,
        name=payload.name,
        price_minor=payload.price_minor,
        items=[(item.sku_id, item.quantity) for item in payload.items],
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
    )
    return Status(201, bundles.shop_bundles(shop_id=shop_id))


@router.patch("/shops/{shop_id}/bundles/{bundle_id}", response=list[BundleOut])
def change_bundle(request: HttpRequest, shop_id: Id, bundle_id: Id, payload: StateIn) -> Any:
    """Pause, go on or end; answers with the list."""
    shop_of(request, shop_id, WRITE)
    change_state(kind="bundle", pk=bundle_id, shop_id=shop_id, state=payload.state)
    return bundles.shop_bundles(shop_id=shop_id)


def _new_coupon(payload: CouponIn) -> NewCoupon:
    return NewCoupon(
        name=payload.name,
        terms=CouponTerms(
            kind=payload.kind,
            threshold_minor=payload.threshold_minor,
            discount_minor=payload.discount_minor,
            rate_bp=payload.rate_bp,
            cap_minor=payload.cap_minor,
        ),
        audience=payload.audience,
        stock=payload.stock,
        limit_per_person=payload.limit_per_person,
        claim_from=payload.claim_from,
        claim_until=payload.claim_until,
        use_from=payload.use_from,
        use_until=payload.use_until,
        valid_days=payload.valid_days,
        scope=payload.scope,
        scope_ids=tuple(payload.scope_ids),
    )
