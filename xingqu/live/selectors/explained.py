"""What was explained on air, for whoever agreed with a creator that it would be."""

from collections.abc import Sequence
from datetime import datetime

from xingqu.live.models import LiveExplain


def explained_in(*, creator_id: int, product_ids: Sequence[int], since: datetime) -> list[tuple[int, int, datetime]]:
    """(room id, product id, when) of these products explained in a creator's rooms since a moment, oldest first."""
    rows = LiveExplain.objects.filter(
        room__creator_id=creator_id, product_id__in=list(product_ids), started_at__gte=since
    )
    return list(rows.order_by("started_at", "id").values_list("room_id", "product_id", "started_at"))
