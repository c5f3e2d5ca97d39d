"""Presales (预售): made, and their units on sale, off it and given back by the clock. Decision 0093."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from xingqu.catalogue.selectors import skus_for_sale, waiting_allotments
from xingqu.catalogue.services import allot_stock, open_allotments, return_allotment
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import hold_names, retried
from xingqu.programmes.contracts import presale_campaign
from xingqu.programmes.domain.errors import Overlaps
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import Presale, PresaleItem

MAX_ITEMS = 100
MAX_SPAN = timedelta(days=180)
MAX_SHIP_DAYS = 90


@dataclass(frozen=True, slots=True)
class NewPresaleItem:
    sku_id: int
    price_minor: int
    deposit_minor: int
    counts_minor: int
    allotment: int


@dataclass(frozen=True, slots=True)
class Windows:
    """When deposits are taken, and when the rest is."""

    deposit_from: datetime
    deposit_until: datetime
    final_from: datetime
    final_until: datetime

    def check(self, now: datetime) -> None:
        """Raises InvalidInput unless they follow each other, end ahead and last at most 180 days."""
        if not self.deposit_from < self.deposit_until or self.deposit_until <= now:
            raise InvalidInput(field="deposit_until", expected="after the first deposit, in the future")
        if self.final_from < self.deposit_until:
            raise InvalidInput(field="final_from", expected="not before the last deposit")
        if not self.final_from < self.final_until or self.final_until - self.deposit_from > MAX_SPAN:
            raise InvalidInput(
                field="final_until", expected="after its start, at most 180 days after the first deposit"
            )


@retried
@transaction.atomic
def create_presale(
    *,
    shop_id: int,
    name: str,
    windows: Windows,
    ship_days: int,
    forfeits: bool,
    items: Sequence[NewPresaleItem],
) -> int:
    """Start a presale of a shop's own SKUs; its units are set aside from general stock.

    Raises InvalidInput, Overlaps for a SKU in another presale at the time, NotEnoughStock.
    """
    now = clock.now()
    windows.check(now)
    if not 1 <= ship_days <= MAX_SHIP_DAYS:
        raise InvalidInput(field="ship_days", expected=f"1 to {MAX_SHIP_DAYS}")
    currencies = _check_items(shop_id, items)
    hold_names(f"presales:{shop_id}")
    taken = PresaleItem.objects.filter(
        sku_id__in=[item.sku_id for item in items], presale__deposit_until__gt=windows.deposit_from
    )
    taken = taken.filter(presale__deposit_from__lt=windows.deposit_until).exclude(presale__state="ended")
    if found := sorted(set(taken.values_list("sku_id", flat=True))):
        raise Overlaps(field="items", data={"sku_ids": found})
    presale = Presale.objects.create(
        shop_id=shop_id,
        name=name,
        deposit_from=windows.deposit_from,
        deposit_until=windows.deposit_until,
        final_from=windows.final_from,
        final_until=windows.final_until,
        ship_days=ship_days,
        forfeits=forfeits,
        created_at=now,
    )
    for item in sorted(items, key=lambda one: one.sku_id):
        product_id, currency = currencies[item.sku_id]
        row = PresaleItem.objects.create(
            presale=presale,
            sku_id=item.sku_id,
            product_id=product_id,
            price_minor=item.price_minor,
            deposit_minor=item.deposit_minor,
            counts_minor=item.counts_minor,
            currency=currency,
            allotment=item.allotment,
        )
        allot_stock(
            campaign=presale_campaign(row.pk),
            sku_id=item.sku_id,
            quantity=item.allotment,
            is_open=windows.deposit_from <= now,
        )
    return presale.pk


def _check_items(shop_id: int, items: Sequence[NewPresaleItem]) -> dict[int, tuple[int, str]]:
    ids = [item.sku_id for item in items]
    if not 1 <= len(ids) <= MAX_ITEMS or len(set(ids)) != len(ids):
        raise InvalidInput(field="items", expected=f"1 to {MAX_ITEMS} SKUs, each once")
    offers = skus_for_sale(ids, with_tags=False)
    for item in items:
        offer, data = offers.get(item.sku_id), {"sku_id": item.sku_id}
        if offer is None or offer.shop_id != shop_id:
            raise InvalidInput(field="items", expected="SKUs of this shop", data=data)
        if not 1 <= item.deposit_minor <= item.counts_minor < item.price_minor:
            raise InvalidInput(
                field="items", expected="a deposit that counts as at least itself and as less than the price", data=data
            )
        if item.allotment < 1:
            raise InvalidInput(field="items", expected="at least one unit", data=data)
    return {pk: (offer.product_id, offer.currency) for pk, offer in offers.items()}


def turn_presales(*, presale_ids: Iterable[int] | None = None) -> int:
    """Open, close or give back the units of these presales, or of all that still have some. Returns how many changed."""
    if presale_ids is not None:
        items = PresaleItem.objects.filter(presale_id__in=list(presale_ids))
    else:
        ids = [int(name.partition(":")[2]) for name in waiting_allotments(prefix="presale:")]
        items = PresaleItem.objects.filter(pk__in=ids)
    return sum(_turn(item) for item in items.select_related("presale").order_by("pk"))


@retried
@transaction.atomic
def _turn(item: PresaleItem) -> bool:
    presale = item.presale
    found = phase(presale.state, presale.deposit_from, presale.deposit_until, clock.now())
    campaign = presale_campaign(item.pk)
    changed = open_allotments(campaigns=[campaign], is_open=found == "running")
    if found == "ended":
        changed += return_allotment(campaign=campaign)
    return bool(changed)
