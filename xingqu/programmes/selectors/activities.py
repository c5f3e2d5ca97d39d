"""Full-reductions and flash sales, as buyers and as merchants see them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q

from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import allotments_of, cards, skus_for_sale
from xingqu.kit import clock
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import AdmissionGate, AdmissionTicket, FlashSale, FlashSaleItem, FullReductionOffer

MAX_LISTED = 200
MAX_SHELF = 20
NONE = (0, 0, 0)


def running_full_reductions(*, shop_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Full-reductions that apply now, the one that ends first before the others."""
    now = clock.now()
    rows = FullReductionOffer.objects.filter(
        shop_id__in=list(shop_ids), state="running", starts_at__lte=now, ends_at__gt=now
    )
    return [_full_reduction(row) for row in rows.order_by("ends_at", "id")]


def flash_prices(*, product_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Flash prices that apply now, by SKU, the lowest of a product first."""
    now = clock.now()
    rows = FlashSaleItem.objects.filter(
        product_id__in=list(product_ids),
        sale__live_room_id=None,
        sale__state="running",
        sale__starts_at__lte=now,
        sale__ends_at__gt=now,
    ).select_related("sale__gate")
    found = list(rows.order_by("product_id", "price_minor", "id"))
    units = _units(found)
    return [_flash_price(row, units) for row in found]


def flash_shelf() -> list[dict[str, Any]]:
    """Products in running flash sales that still have units, the sale that ends first before the others."""
    now = clock.now()
    rows = list(
        FlashSaleItem.objects.filter(
            sale__live_room_id=None, sale__state="running", sale__starts_at__lte=now, sale__ends_at__gt=now
        )
        .select_related("sale__gate")
        .order_by("sale__ends_at", "price_minor", "id")[: MAX_SHELF * 3]
    )
    units = _units(rows)
    first: dict[int, FlashSaleItem] = {}
    for row in rows:
        if units.get(row.pk, NONE)[0]:
            first.setdefault(row.product_id, row)
    products: dict[int, ProductCardData] = cards(list(first))
    shown = [(pk, row) for pk, row in first.items() if pk in products and products[pk].sale_state.can_buy]
    return [{"product": products[pk], "flash": _flash_price(row, units)} for pk, row in shown[:MAX_SHELF]]


def shop_full_reductions(*, shop_id: int) -> list[dict[str, Any]]:
    """Every full-reduction of a shop, newest first."""
    rows = FullReductionOffer.objects.filter(shop_id=shop_id).order_by("-id")[:MAX_LISTED]
    return [_full_reduction(row) for row in rows]


def shop_flash_sales(*, shop_id: int) -> list[dict[str, Any]]:
    """Every flash sale of a shop that is no live room's, newest first, with its items and how many units are taken."""
    sales = list(FlashSale.objects.filter(shop_id=shop_id, live_room_id=None).order_by("-id")[:MAX_LISTED])
    items: dict[int, list[FlashSaleItem]] = {sale.pk: [] for sale in sales}
    for item in FlashSaleItem.objects.filter(sale__in=sales).order_by("id"):
        items[item.sale_id].append(item)
    offers = skus_for_sale({item.sku_id for rows in items.values() for item in rows}, with_tags=False)
    units = _units([item for rows in items.values() for item in rows])
    gates = _gates(sales)
    now = clock.now()
    return [
        {
            "admission": gates.get(sale.pk),
            "id": sale.pk,
            "name": sale.name,
            "starts_at": sale.starts_at,
            "ends_at": sale.ends_at,
            "state": phase(sale.state, sale.starts_at, sale.ends_at, now),
            "items": [
                {
                    "sku_id": item.sku_id,
                    "product_id": item.product_id,
                    "name": offers[item.sku_id].name if item.sku_id in offers else "",
                    "option_text": offers[item.sku_id].option_text if item.sku_id in offers else "",
                    "picture_url": offers[item.sku_id].picture_url if item.sku_id in offers else "",
                    "price": _money(item.price_minor, item.currency),
                    "usual_price": _money(offers[item.sku_id].price_minor, item.currency)
                    if item.sku_id in offers
                    else None,
                    "allotment": item.allotment,
                    "taken": sum(units.get(item.pk, NONE)[1:]),
                    "limit_per_person": item.limit_per_person,
                }
                for item in items[sale.pk]
            ],
        }
        for sale in sales
    ]


def _gates(sales: Iterable[FlashSale]) -> dict[int, dict[str, int]]:
    """The queues of sales that have one, with how many wait and were let in."""
    found = {gate.sale_id: gate for gate in AdmissionGate.objects.filter(sale__in=list(sales))}
    counts = AdmissionTicket.objects.filter(sale__in=list(found)).values("sale_id")
    counted = {
        row["sale_id"]: {"waiting": row["waiting"], "admitted": row["admitted"]}
        for row in counts.annotate(waiting=Count("id", filter=Q(admitted_at=None)), admitted=Count("admitted_at"))
    }
    none = {"waiting": 0, "admitted": 0}
    return {
        sale_id: {
            "per_second": gate.per_second,
            "ticket_s": gate.ticket_s,
            "shuffle_s": gate.shuffle_s,
            **counted.get(sale_id, none),
        }
        for sale_id, gate in found.items()
    }


def _full_reduction(row: FullReductionOffer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "shop_id": row.shop_id,
        "name": row.name,
        "steps": [
            {"threshold": _money(threshold, row.currency), "reduction": _money(reduction, row.currency)}
            for threshold, reduction in row.steps
        ],
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": phase(row.state, row.starts_at, row.ends_at, clock.now()),
    }


def _units(items: Iterable[FlashSaleItem]) -> dict[int, tuple[int, int, int]]:
    """(free, held, sold) units by item."""
    names = {flash_campaign(item.pk): item.pk for item in items}
    return {names[campaign]: units for campaign, units in allotments_of(campaigns=names).items()}


def _flash_price(row: FlashSaleItem, units: Mapping[int, tuple[int, int, int]]) -> dict[str, Any]:
    return {
        "sale_id": row.sale_id,
        "admission": getattr(row.sale, "gate", None) is not None,
        "sku_id": row.sku_id,
        "product_id": row.product_id,
        "price": _money(row.price_minor, row.currency),
        "left": units.get(row.pk, NONE)[0],
        "allotment": row.allotment,
        "limit_per_person": row.limit_per_person,
        "ends_at": row.sale.ends_at,
    }


def _money(amount_minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": currency}
