"""What everybody may read."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.catalogue import selectors
from xingqu.catalogue.schemas import CategoryAttributeOut, CategoryOut, ProductDetailOut
from xingqu.kit.api import Id

router = Router()


@router.get("/categories", response=list[CategoryOut])
def list_categories(request: HttpRequest) -> Any:
    """The category tree with how many products each branch shows."""
    return selectors.category_tree()


@router.get("/categories/{category_id}/attributes", response=list[CategoryAttributeOut])
def list_category_attributes(request: HttpRequest, category_id: Id) -> Any:
    """What a product of this category should state."""
    return selectors.category_attributes(category_id=category_id)


@router.get("/products/{product_id}", response=ProductDetailOut)
def get_product(request: HttpRequest, product_id: Id) -> Any:
    """A product page. One that left the shelf still answers; its `sale_state` says why it can't be bought."""
    return selectors.product_detail(product_id=product_id)
