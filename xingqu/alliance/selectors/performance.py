"""What creators brought: sums over commission orders, for whoever agreed with them on figures."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from xingqu.alliance.models import CommissionOrder

State = CommissionOrder.State


def brought_minor(*, creator_ids: Iterable[int], since: datetime) -> dict[int, int]:
    """What buyers paid for what creators led them to since a moment, and have not got back; creators without any are absent."""
    rows = CommissionOrder.objects.filter(creator_id__in=list(creator_ids), paid_at__gte=since)
    return dict(rows.order_by().values_list("creator_id").annotate(total=Sum("base_minor")))


def brought_by(
    *, creator_id: int, shop_id: int, product_ids: Collection[int], since: datetime, until: datetime
) -> dict[str, int]:
    """What a creator brought a shop with some products in [since, until) of payment.

    {orders, gmv_minor (paid), refunded_minor, settled_minor (settled and not refunded), open_minor (neither)}.
    """
    rows = CommissionOrder.objects.filter(
        creator_id=creator_id,
        shop_id=shop_id,
        product_id__in=list(product_ids),
        paid_at__gte=since,
        paid_at__lt=until,
    )
    found = rows.aggregate(
        orders=Count("order_no", distinct=True),
        gmv_minor=Coalesce(Sum("ordered_base_minor"), 0),
        base=Coalesce(Sum("base_minor"), 0),
        settled_minor=Coalesce(Sum("base_minor", filter=Q(state=State.SETTLED)), 0),
    )
    base = found.pop("base")
    return {
        **found,
        "refunded_minor": found["gmv_minor"] - base,
        "open_minor": base - found["settled_minor"],
    }
