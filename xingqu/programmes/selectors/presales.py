"""Presales, as buyers, checkout and merchants see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from xingqu.catalogue.selectors import allotments_of, skus_for_sale
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.programmes.contracts import PresaleTerms, presale_campaign
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import Presale, PresaleItem

MAX_LISTED = 200


def _open(now: datetime) -> QuerySet[PresaleItem]:
    rows = PresaleItem.objects.select_related("presale").filter(presale__state="running")
    return rows.filter(presale__deposit_from__lte=now, presale__deposit_until__gt=now)


def presale_terms(*, item_id: int) -> PresaleTerms:
    """Terms of an item whose deposit can be paid now. Raises NotFound."""
    row = _open(clock.now()).filter(pk=item_id).first()
    if row is None:
        raise NotFound(field="item_id", expected="a presale whose deposit can be paid now")
    return PresaleTerms(
        item_id=row.pk,
        presale_id=row.presale_id,
        shop_id=row.presale.shop_id,
        sku_id=row.sku_id,
        price_minor=row.price_minor,
        deposit_minor=row.deposit_minor,
        counts_minor=row.counts_minor,
        currency=row.currency,
        final_from=row.presale.final_from,
        final_until=row.presale.final_until,
        ship_days=row.presale.ship_days,
        forfeits=row.presale.forfeits,
    )


def product_presales(*, product_id: int) -> list[dict[str, Any]]:
    """Presales of a product whose deposit can be paid now, by SKU."""
    return _items(_open(clock.now()).filter(product_id=product_id).order_by("sku_id", "id"))


def shop_presales(*, shop_id: int) -> list[dict[str, Any]]:
    """Every presale of a shop, newest first, with its items and how many units are reserved and sold."""
    rows = list(Presale.objects.filter(shop_id=shop_id).order_by("-id")[:MAX_LISTED])
    items = _items(PresaleItem.objects.select_related("presale").filter(presale__in=rows).order_by("id"))
    now = clock.now()
    return [
        {
            "id": row.pk,
            "name": row.name,
            "state": phase(row.state, row.deposit_from, row.deposit_until, now),
            **_times(row),
            "items": [item for item in items if item["presale_id"] == row.pk],
        }
        for row in rows
    ]


def _times(row: Presale) -> dict[str, Any]:
    return {
        "deposit_from": row.deposit_from,
        "deposit_until": row.deposit_until,
        "final_from": row.final_from,
        "final_until": row.final_until,
        "ship_days": row.ship_days,
        "forfeits": row.forfeits,
    }


def _items(rows: Iterable[PresaleItem]) -> list[dict[str, Any]]:
    found = list(rows)
    offers = skus_for_sale([row.sku_id for row in found], with_tags=False) if found else {}
    names = {presale_campaign(row.pk): row.pk for row in found}
    units = {names[campaign]: one for campaign, one in allotments_of(campaigns=names).items()} if names else {}
    return [
        {
            "item_id": row.pk,
            "presale_id": row.presale_id,
            "sku_id": row.sku_id,
            "product_id": row.product_id,
            "name": offers[row.sku_id].name if row.sku_id in offers else "",
            "option_text": offers[row.sku_id].option_text if row.sku_id in offers else "",
            "price": _money(row.price_minor, row.currency),
            "deposit": _money(row.deposit_minor, row.currency),
            "counts": _money(row.counts_minor, row.currency),
            "final": _money(row.price_minor - row.counts_minor, row.currency),
            "allotment": row.allotment,
            "left": units.get(row.pk, (0, 0, 0))[0],
            "reserved": units.get(row.pk, (0, 0, 0))[1],
            "sold": units.get(row.pk, (0, 0, 0))[2],
            **_times(row.presale),
        }
        for row in found
    ]


def _money(amount_minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": currency}
