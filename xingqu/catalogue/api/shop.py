"""A shop's own products."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import shop_of
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain import limits
from xingqu.catalogue.domain.records import OptionRecord, ProductRecord, SkuRecord
from xingqu.catalogue.schemas import (
    MerchantProductDetailOut,
    MerchantProductOut,
    OptionIn,
    ProductIn,
    ProductPatch,
    PurchaseLimitIn,
    PurchaseLimitsIn,
    SkuIn,
    SkusIn,
    StockSummaryOut,
    SubmitIn,
    VersionIn,
)
from xingqu.kit.api import CursorText, Id, Limit, ListOut, ShortText

router = Router()
State = Literal["on_sale", "sold_out", "low_stock", "offline", "draft", "pending", "rejected", "banned", "deleted"]
Sort = Literal["updated", "new", "sales", "price"]


@router.get("/shops/{shop_id}/products", response=ListOut[MerchantProductOut])
def list_products(
    request: HttpRequest,
    shop_id: Id,
    q: Annotated[ShortText, StringConstraints(max_length=60)] = "",
    state: State | None = None,
    category_id: Id | None = None,
    sort: Sort = "updated",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """The shop's products in every state; deleted ones only with state=deleted."""
    shop_of(request, shop_id, "view")
    below = None if category_id is None else selectors.category_ids_below(category_id=category_id)
    items, following = selectors.merchant_products(
        shop_id=shop_id, q=q, state=state, category_ids=below, sort=sort, cursor=cursor, limit=limit
    )
    return {"items": items, "next_cursor": following}


@router.post("/shops/{shop_id}/products", response={201: MerchantProductDetailOut})
def create_product(request: HttpRequest, shop_id: Id, payload: ProductIn) -> Any:
    """Make a draft."""
    shop_of(request, shop_id, "products.write")
    values: dict[str, Any] = payload.dict(exclude={"options", "skus", "attributes"})
    record = ProductRecord(
        **values,
        attributes=tuple((row.name, row.value) for row in payload.attributes),
        options=_options(payload.options),
        skus=_skus(payload.skus),
    )
    with transaction.atomic():
        product_id = services.create_product(shop_id=shop_id, record=record)
    return Status(201, selectors.merchant_product(shop_id=shop_id, product_id=product_id))


@router.get("/shops/{shop_id}/products/stock-summary", response=StockSummaryOut)
def get_stock_summary(request: HttpRequest, shop_id: Id) -> Any:
    """How many products are on sale and how many SKUs run low."""
    shop_of(request, shop_id, "view")
    return selectors.shop_stock_summary(shop_id=shop_id)


@router.get("/shops/{shop_id}/products/{product_id}", response=MerchantProductDetailOut)
def get_product(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """One product with everything its merchant edits."""
    shop_of(request, shop_id, "view")
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.patch("/shops/{shop_id}/products/{product_id}", response=MerchantProductDetailOut)
def update_product(request: HttpRequest, shop_id: Id, product_id: Id, payload: ProductPatch) -> Any:
    """Change texts. Of an approved product they wait in its draft until submitted."""
    shop_of(request, shop_id, "products.write")
    changes = payload.dict(exclude={"version", "attributes"}, exclude_unset=True, exclude_none=True)
    if payload.attributes is not None:
        changes["attributes"] = [[row.name, row.value] for row in payload.attributes]
    services.update_product(shop_id=shop_id, product_id=product_id, version=payload.version, changes=changes)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.post("/shops/{shop_id}/products/{product_id}/discard-draft", response=MerchantProductDetailOut)
def discard_draft(request: HttpRequest, shop_id: Id, product_id: Id, payload: VersionIn) -> Any:
    """Drop the edits of an approved product that wait for the check."""
    shop_of(request, shop_id, "products.write")
    services.discard_draft(shop_id=shop_id, product_id=product_id, version=payload.version)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.post("/shops/{shop_id}/products/{product_id}/submit", response=MerchantProductDetailOut)
def submit_product(request: HttpRequest, shop_id: Id, product_id: Id, payload: SubmitIn | None = None) -> Any:
    """Run the check; what passes waits for an operator where the site wants one. `check_status`, `draft_status` and
    `check_reasons` (by field) say how it went."""
    member = shop_of(request, shop_id, "products.write")
    services.submit_for_review(
        shop_id=shop_id,
        product_id=product_id,
        person_id=member.person_id,
        online=payload.online if payload is not None else False,
    )
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.post("/shops/{shop_id}/products/{product_id}/withdraw", response=MerchantProductDetailOut)
def withdraw_submission(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """Take a product that waits for an operator back to editing."""
    shop_of(request, shop_id, "products.write")
    services.withdraw_submission(shop_id=shop_id, product_id=product_id)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.post("/shops/{shop_id}/products/{product_id}/online", response=MerchantProductDetailOut)
def take_online(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """Put an approved product on the shelf."""
    shop_of(request, shop_id, "products.write")
    services.take_online(shop_id=shop_id, product_id=product_id)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.post("/shops/{shop_id}/products/{product_id}/offline", response=MerchantProductDetailOut)
def take_offline(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """Take a product off the shelf."""
    shop_of(request, shop_id, "products.write")
    services.take_offline(shop_id=shop_id, product_id=product_id)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.delete("/shops/{shop_id}/products/{product_id}", response={204: None})
def delete_product(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """Delete a product; orders keep naming it."""
    shop_of(request, shop_id, "products.write")
    services.delete_product(shop_id=shop_id, product_id=product_id)
    return Status(204, None)


@router.put("/shops/{shop_id}/products/{product_id}/skus", response=MerchantProductDetailOut)
def replace_skus(request: HttpRequest, shop_id: Id, product_id: Id, payload: SkusIn) -> Any:
    """Make options and SKUs exactly these; combinations that stay keep their SKU id."""
    member = shop_of(request, shop_id, "products.write")
    services.replace_skus(
        shop_id=shop_id,
        product_id=product_id,
        version=payload.version,
        options=_options(payload.options),
        skus=_skus(payload.skus),
        person_id=member.person_id,
    )
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


@router.put("/shops/{shop_id}/products/{product_id}/purchase-limits", response=MerchantProductDetailOut)
def set_purchase_limits(request: HttpRequest, shop_id: Id, product_id: Id, payload: PurchaseLimitsIn) -> Any:
    """Make these the purchase limits of a product and of its SKUs; those that are not named have none."""
    shop_of(request, shop_id, "products.write")
    services.set_limits(
        shop_id=shop_id,
        product_id=product_id,
        version=payload.version,
        limit=_limit(payload.limit),
        skus={row.sku_id: _limit(row) for row in payload.skus},
    )
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


def _limit(row: PurchaseLimitIn) -> limits.Limit:
    return limits.Limit(row.per_order, row.per_person, row.days)


def _options(rows: list[OptionIn]) -> tuple[OptionRecord, ...]:
    return tuple(OptionRecord(name=row.name, values=tuple(row.values)) for row in rows)


def _skus(rows: list[SkuIn]) -> tuple[SkuRecord, ...]:
    return tuple(
        SkuRecord(
            values=tuple(row.values),
            price_minor=row.price_minor,
            list_price_minor=row.list_price_minor,
            stock=row.stock,
            code=row.code,
        )
        for row in rows
    )
