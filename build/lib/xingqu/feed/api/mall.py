"""The mall page and what surrounds a product, over HTTP."""

from typing import Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from xingqu.accounts.selectors import actor_of
from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import ProductCardOut
from xingqu.content.contracts import card_json, product_json
from xingqu.feed.hydrators import products
from xingqu.feed.pipelines import mall, related
from xingqu.feed.schemas import MallOut, RelatedOut
from xingqu.kit.api import CursorText, Id, Limit, ListOut
from xingqu.kit.errors import NotFound

router = Router(tags=["mall"])


def as_json(data: Any) -> HttpResponse:
    """Cards straight to JSON: validating what our own types made costs more than making it."""
    return HttpResponse(orjson.dumps(data), content_type="application/json")


@router.get("/mall", response=MallOut)
def get_mall(request: HttpRequest) -> Any:
    """Sections of the mall page, from top to bottom."""
    sections = [
        {
            "kind": section.kind,
            "title_code": section.title_code,
            "title_data": section.title_data,
            "products": [product_json(product) for product in section.products],
            "categories": section.categories,
        }
        for section in mall.build(actor=actor_of(request))
    ]
    return as_json({"sections": sections})


@router.get("/mall/products", response=ListOut[ProductCardOut])
def list_mall_products(
    request: HttpRequest,
    category_id: Id | None = None,
    sort: Literal["sales", "price_asc", "price_desc", "new"] = "sales",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Products of a category's whole branch, or of the whole mall."""
    if category_id is not None and category_id not in catalogue.category_cards():
        raise NotFound("There is no such category.", field="category_id", expected="the id of a category")
    page = catalogue.product_page(category_id=category_id, sort=sort, cursor=cursor, limit=limit)
    cards = products.hydrate(product_ids=page.ids)
    return as_json({"items": [product_json(card) for card in cards], "next_cursor": page.next_cursor})


@router.get("/products/{product_id}/related", response=RelatedOut)
def get_related(request: HttpRequest, product_id: Id) -> Any:
    """Contents that show a product, and similar products."""
    shown, similar = related.build(actor=actor_of(request), product_id=product_id)
    return as_json(
        {
            "contents": [card_json(card) for card in shown],
            "similar": [product_json(product) for product in similar],
        }
    )
