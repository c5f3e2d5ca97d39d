"""The queue of submitted products, as an operator reads it."""

from typing import Any

from xingqu.accounts.selectors import organisation_cards
from xingqu.catalogue.domain.records import CHECKED_FIELDS, merge_draft
from xingqu.catalogue.models import ListingReview
from xingqu.catalogue.selectors.categories import category_cards, category_path
from xingqu.catalogue.selectors.shop import merchant_product
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound


def listing_reviews(*, state: str, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A page of the queue: those that wait oldest first, decided ones newest first."""
    rows = ListingReview.objects.filter(state=state).select_related("product", "decided_by")
    position = decode_cursor(cursor, int)
    waiting = state == ListingReview.State.WAITING
    if position is not None:
        rows = rows.filter(pk__gt=position[0]) if waiting else rows.filter(pk__lt=position[0])
    found = list(rows.order_by("id" if waiting else "-id")[: limit + 1])
    page = found[:limit]
    shops = organisation_cards(ids={row.shop_id for row in page})
    items = [_row(row, shops[row.shop_id].name) for row in page]
    return items, encode_cursor(page[-1].pk) if len(found) > limit else None


def waiting_listings() -> int:
    """How many products wait for an operator."""
    return ListingReview.objects.filter(state=ListingReview.State.WAITING).count()


def listing_review(*, review_id: int) -> dict[str, Any]:
    """One review with the product as it would stand, and beside it what is on sale now. Raises NotFound."""
    row = ListingReview.objects.filter(pk=review_id).select_related("product", "decided_by").first()
    if row is None:
        raise NotFound
    shop = organisation_cards(ids=[row.shop_id])[row.shop_id]
    detail = merchant_product(shop_id=row.shop_id, product_id=row.product_id)
    current = {name: detail[name] for name in CHECKED_FIELDS if name not in ("attributes", "short_name")}
    current["short_name"] = row.product.short_name
    current["attributes"] = [[each["name"], each["value"]] for each in detail["attributes"]]
    texts = merge_draft(current, row.product.draft)
    return _row(row, shop.name) | {
        "version": row.product.version,
        "proposed": _words(texts),
        "current": _words(current) if row.is_edit else None,
        "changed_fields": [name for name in CHECKED_FIELDS if row.is_edit and texts[name] != current[name]],
        "pictures": detail["pictures"],
        "skus": detail["skus"],
        "reasons": row.reasons,
    }


def _row(row: ListingReview, shop_name: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "product_id": row.product_id,
        "name": row.product.draft.get("name", row.product.name),
        "picture_url": row.product.picture_url,
        "shop_id": row.shop_id,
        "shop_name": shop_name,
        "is_edit": row.is_edit,
        "state": row.state,
        "submitted_at": row.submitted_at,
        "decided_at": row.decided_at,
        "decided_by": str(row.decided_by) if row.decided_by is not None else None,
    }


def _words(texts: dict[str, Any]) -> dict[str, Any]:
    """The texts as they are read: the category by its path."""
    known = texts["category_id"] in category_cards()
    path = category_path(category_id=texts["category_id"]) if known else []
    return {
        **{name: texts[name] for name in CHECKED_FIELDS if name != "category_id"},
        "category_path": [{"id": card.id, "name": card.name, "name_en": card.name_en} for card in path],
    }
