"""Search over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts.selectors import actor_of
from xingqu.catalogue import selectors as catalogue
from xingqu.content.contracts import card_json, product_json
from xingqu.feed.api.mall import as_json
from xingqu.feed.pipelines import search
from xingqu.feed.schemas import SearchOut, SuggestionsOut
from xingqu.kit.api import AmountMinor, CursorText, Id, Limit, ShortText
from xingqu.kit.errors import InvalidInput

router = Router(tags=["search"])
Sort = Literal["relevance", "sales", "price_asc", "price_desc", "new"]


@router.get("/search", response=SearchOut)
def search_site(
    request: HttpRequest,
    q: ShortText = "",
    kind: Literal["products", "contents"] = "products",
    sort: Sort = "relevance",
    category_id: Id | None = None,
    min_price_minor: AmountMinor | None = None,
    max_price_minor: AmountMinor | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Products or contents that match the words; without a match, what might be searched instead."""
    if min_price_minor is not None and max_price_minor is not None and min_price_minor > max_price_minor:
        raise InvalidInput(field="max_price_minor", expected="at least min_price_minor")
    if kind == "contents":
        found = search.find_contents(actor=actor_of(request), q=q, sort=sort, cursor=cursor, limit=limit)
    else:
        found = search.find_products(
            q=q,
            sort=sort,
            category_id=category_id,
            min_price_minor=min_price_minor,
            max_price_minor=max_price_minor,
            cursor=cursor,
            limit=limit,
        )
    products = [product_json(card) for card in found.products]
    contents = [card_json(card) for card in found.contents]
    return as_json(
        {
            "kind": kind,
            "items": products or contents,
            "products": products,
            "contents": contents,
            "next_cursor": found.next_cursor,
            "total": found.total,
            "corrected_query": found.corrected_query,
            "suggestions": found.suggestions,
            "facets": {"categories": found.facets},
        }
    )


@router.get("/search/suggest", response=SuggestionsOut)
def suggest(request: HttpRequest, q: ShortText) -> Any:
    """What one may be about to type: by characters, pinyin or initials."""
    return {"items": [{"text": item.text, "kind": item.kind} for item in catalogue.suggest(q=q)]}


@router.get("/search/hot", response=SuggestionsOut)
def list_hot(request: HttpRequest, limit: Annotated[int, Query(ge=1, le=30)] = 10) -> Any:
    """What people deal with most these days."""
    return {"items": [{"text": text, "kind": "tag"} for text in search.hot_words(limit=limit)]}
