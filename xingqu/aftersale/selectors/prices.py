"""What SKUs cost since a moment."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min

from xingqu.aftersale.models import PriceSeen
from xingqu.catalogue.selectors import skus_for_sale


def lowest_prices(*, sku_ids: Iterable[int], since: datetime) -> dict[int, int]:
    """The lowest price of each SKU from `since` to now, as far as it is on sale or was seen; others are absent."""
    wanted = list(sku_ids)
    now = skus_for_sale(wanted, with_tags=False)
    lowest = {sku_id: offer.price_minor for sku_id, offer in now.items() if offer.sale_state.can_buy}
    seen = PriceSeen.objects.filter(sku_id__in=wanted, at__gte=since).values("sku_id").annotate(low=Min("price_minor"))
    for row in seen:
        lowest[row["sku_id"]] = min(row["low"], lowest.get(row["sku_id"], row["low"]))
    return lowest
