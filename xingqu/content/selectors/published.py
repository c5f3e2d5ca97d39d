"""What creators published with products, for whoever agreed with them that they would."""

from collections.abc import Collection, Sequence
from datetime import datetime

from xingqu.content.models import Content


def published_with(
    *, creator_id: int, product_ids: Sequence[int], since: datetime, content_ids: Collection[int] | None = None
) -> list[tuple[int, int, datetime]]:
    """(content id, product id, when) of a creator's published contents with one of these products, oldest first."""
    rows = Content.objects.filter(
        creator_id=creator_id,
        state=Content.State.PUBLISHED,
        published_at__gte=since,
        anchors__product_id__in=list(product_ids),
    )
    if content_ids is not None:
        rows = rows.filter(pk__in=list(content_ids))
    found = rows.order_by("published_at", "id").values_list("id", "anchors__product_id", "published_at")
    return [(pk, product_id, at) for pk, product_id, at in found if at is not None]


def published_count(*, creator_id: int, since: datetime, until: datetime) -> int:
    """How many of a creator's published contents came out in a period."""
    rows = Content.objects.filter(creator_id=creator_id, state=Content.State.PUBLISHED)
    return rows.filter(published_at__gte=since, published_at__lt=until).count()
