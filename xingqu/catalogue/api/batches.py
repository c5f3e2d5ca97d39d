"""Changes of many products of a shop, and copies."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.batch import BatchChange
from xingqu.catalogue.schemas import MerchantProductDetailOut, ProductBatchIn, ProductBatchOut
from xingqu.kit.api import Id

router = Router()


@router.post("/shops/{shop_id}/products/batch", response=ProductBatchOut)
def edit_products(request: HttpRequest, shop_id: Id, payload: ProductBatchIn) -> Any:
    """Change many products, each on its own: the answer has a row for each. `dry_run` shows it without doing it."""
    member = shop_of(request, shop_id, "products.write")
    return services.edit_products(
        shop_id=shop_id,
        person_id=member.person_id,
        product_ids=payload.product_ids,
        change=BatchChange(kind=payload.kind, value=payload.value, tags=tuple(payload.tags)),
        dry_run=payload.dry_run,
    )


@router.post("/shops/{shop_id}/products/batches/{batch_id}/undo", response=ProductBatchOut)
def undo_batch(request: HttpRequest, shop_id: Id, batch_id: Id) -> Any:
    """Take a batch back where nothing has changed since."""
    member = shop_of(request, shop_id, "products.write")
    return services.undo_batch(shop_id=shop_id, person_id=member.person_id, batch_id=batch_id)


@router.post("/shops/{shop_id}/products/{product_id}/copy", response={201: MerchantProductDetailOut})
def copy_product(request: HttpRequest, shop_id: Id, product_id: Id) -> Any:
    """Make a draft of everything the product is; its stock starts at zero."""
    shop_of(request, shop_id, "products.write")
    made = services.copy_product(shop_id=shop_id, product_id=product_id)
    return Status(201, selectors.merchant_product(shop_id=shop_id, product_id=made))
