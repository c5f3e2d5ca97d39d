"""Contents as the interest engine reads them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xingqu.catalogue.selectors import cards as product_cards
from xingqu.content.contracts import SnapshotRow
from xingqu.content.models import Content, ContentAnchor, ContentTag

CHUNK = 500


def snapshot_rows(*, since: datetime | None = None) -> Iterator[SnapshotRow]:
    """Every content that was ever published, by id; with `since` those changed at or after it.

    A withdrawn one comes with `visible` False. Category and price are the first anchored product's, 0 without one;
    a price that changes does not count as a change of the content.
    """
    last_id = 0
    while True:
        rows = Content.objects.filter(pk__gt=last_id, published_at__isnull=False)
        if since is not None:
            rows = rows.filter(updated_at__gte=since)
        part = list(
            rows.order_by("id").values_list(
                "id", "creator_id", "shop_id", "kind", "published_at", "duration_ms", "state", "title"
            )[:CHUNK]
        )
        if not part:
            return
        yield from _rows(part)
        last_id = part[-1][0]


def _rows(part: list[tuple[Any, ...]]) -> Iterator[SnapshotRow]:
    ids = [row[0] for row in part]
    tags: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for content_id, tag_id, weight in (
        ContentTag.objects.filter(content_id__in=ids)
        .order_by("-weight", "id")
        .values_list("content_id", "tag_id", "weight")
    ):
        tags[content_id].append((tag_id, weight))
    first: dict[int, int] = {}
    anchors = ContentAnchor.objects.filter(content_id__in=ids).order_by("position")
    for content_id, product_id in anchors.values_list("content_id", "product_id"):
        first.setdefault(content_id, product_id)
    products = product_cards(ids=set(first.values())) if first else {}
    for pk, creator_id, shop_id, kind, published_at, duration_ms, state, title in part:
        product = products.get(first.get(pk, 0))
        yield SnapshotRow(
            content_id=pk,
            creator_id=creator_id,
            shop_id=shop_id if shop_id is not None else (product.shop_id if product else 0),
            kind=kind,
            tag_ids=tuple(tag_id for tag_id, _ in tags[pk]),
            tag_weights=tuple(weight for _, weight in tags[pk]),
            product_id=product.id if product else 0,
            category_id=product.category_id if product else 0,
            price_minor=product.price_minor if product else 0,
            published_at_ms=int(published_at.timestamp() * 1000),
            duration_ms=duration_ms,
            visible=state == Content.State.PUBLISHED,
            text=" ".join(part for part in (title, product.name if product else "") if part),
        )
