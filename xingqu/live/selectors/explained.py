"""What was explained on air, for whoever agreed with a creator that it would be."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from xingqu.live.models import LiveCut, LiveExplain


def explained_in(*, creator_id: int, product_ids: Sequence[int], since: datetime) -> list[tuple[int, int, datetime]]:
    """(room id, product id, when) of these products explained in a creator's rooms since a moment, oldest first."""
    rows = LiveExplain.objects.filter(
        room__creator_id=creator_id, product_id__in=list(product_ids), started_at__gte=since
    )
    return list(rows.order_by("started_at", "id").values_list("room_id", "product_id", "started_at"))


def newest_explained(*, creator_id: int, product_ids: Sequence[int]) -> dict[int, datetime]:
    """Product id -> when this creator explained it last on air; what never was is absent. Rooms that were banned don't count."""
    rows = LiveExplain.objects.filter(room__creator_id=creator_id, product_id__in=list(product_ids))
    found = rows.exclude(room__state="banned").values("product_id").annotate(last=Max("started_at")).order_by()
    return {row["product_id"]: row["last"] for row in found}


def newest_clips(*, creator_id: int, product_ids: Sequence[int]) -> dict[int, int]:
    """Product id -> the newest clip that was cut of a creator's explaining it; whether it is published is the content's to say."""
    rows = LiveCut.objects.filter(
        room__creator_id=creator_id, explain__product_id__in=list(product_ids), content_id__isnull=False
    )
    cuts = rows.exclude(room__state="banned").order_by("id").values_list("explain__product_id", "content_id")
    return {product_id: content_id for product_id, content_id in cuts if product_id and content_id}
