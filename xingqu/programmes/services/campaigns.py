"""What flash sales have set aside goes on sale when they start, off it when they pause, and back when they are over."""

from collections.abc import Iterable

from django.db import transaction

from xingqu.catalogue.selectors import waiting_allotments
from xingqu.catalogue.services import open_allotments, return_allotment
from xingqu.kit import clock
from xingqu.kit.transactions import retried
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import FlashSaleItem


def turn_campaigns(*, sale_ids: Iterable[int] | None = None) -> int:
    """Do what is due for the units of these sales, or of all that still have some. Returns how many campaigns changed."""
    if sale_ids is not None:
        items = FlashSaleItem.objects.filter(sale_id__in=list(sale_ids))
    else:
        ids = [int(name.partition(":")[2]) for name in waiting_allotments(prefix="flash:")]
        items = FlashSaleItem.objects.filter(pk__in=ids)
    return sum(_turn(item) for item in items.select_related("sale").order_by("pk"))


@retried
@transaction.atomic
def _turn(item: FlashSaleItem) -> bool:
    sale = item.sale
    found = phase(sale.state, sale.starts_at, sale.ends_at, clock.now())
    campaign = flash_campaign(item.pk)
    changed = open_allotments(campaigns=[campaign], is_open=found == "running")
    if found == "ended":
        changed += return_allotment(campaign=campaign)
    return bool(changed)
