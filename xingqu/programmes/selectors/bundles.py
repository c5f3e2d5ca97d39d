"""Sets at a price, as buyers and as merchants see them."""

from collections.abc import Iterable
from typing import Any

from xingqu.catalogue.contracts import SkuOffer
from xingqu.catalogue.selectors import skus_for_sale
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.programmes.domain.rules import phase
from xingqu.programmes.models import BundleItem, BundleOffer

MAX_LISTED = 200
MAX_SHOWN = 10


def product_bundles(*, product_id: int) -> list[dict[str, Any]]:
    """Running sets with a SKU of this product, the one that saves most first; those that can't be bought last."""
    now = clock.now()
    rows = BundleOffer.objects.filter(
        state="running", starts_at__lte=now, ends_at__gt=now, items__product_id=product_id
    ).distinct()
    shown = _shown(rows.order_by("-id")[:MAX_LISTED])
    return sorted(shown, key=lambda row: (row["available"] == 0, -row["saves"]["amount_minor"]))[:MAX_SHOWN]


def shop_bundles(*, shop_id: int) -> list[dict[str, Any]]:
    """Every set of a shop, newest first."""
    return _shown(BundleOffer.objects.filter(shop_id=shop_id).order_by("-id")[:MAX_LISTED])


def bundle_items(*, bundle_id: int) -> list[tuple[int, int]]:
    """(SKU, units) of a running set. Raises NotFound."""
    now = clock.now()
    rows = BundleItem.objects.filter(
        bundle_id=bundle_id, bundle__state="running", bundle__starts_at__lte=now, bundle__ends_at__gt=now
    )
    found = list(rows.order_by("id").values_list("sku_id", "quantity"))
    if not found:
        raise NotFound(field="bundle_id", expected="a set that is offered now")
    return found


def _shown(offers: Iterable[BundleOffer]) -> list[dict[str, Any]]:
    rows = list(offers)
    items: dict[int, list[BundleItem]] = {row.pk: [] for row in rows}
    for item in BundleItem.objects.filter(bundle__in=rows).order_by("id"):
        items[item.bundle_id].append(item)
    skus = skus_for_sale({item.sku_id for parts in items.values() for item in parts}, with_tags=False)
    return [_bundle(row, items[row.pk], skus) for row in rows]


def _bundle(row: BundleOffer, items: list[BundleItem], skus: dict[int, SkuOffer]) -> dict[str, Any]:
    apart = sum(skus[item.sku_id].price_minor * item.quantity for item in items if item.sku_id in skus)
    reason = _reason(row, items, skus, apart)
    units = [skus[item.sku_id].general_available // item.quantity for item in items if item.sku_id in skus]
    return {
        "id": row.pk,
        "shop_id": row.shop_id,
        "name": row.name,
        "price": _money(row.price_minor, row.currency),
        "usual_price": _money(apart, row.currency),
        "saves": _money(max(apart - row.price_minor, 0), row.currency),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": phase(row.state, row.starts_at, row.ends_at, clock.now()),
        "available": 0 if reason else max(min(units, default=0), 0),
        "reason": reason,
        "items": [
            {
                "sku_id": item.sku_id,
                "product_id": item.product_id,
                "quantity": item.quantity,
                "name": skus[item.sku_id].name if item.sku_id in skus else "",
                "option_text": skus[item.sku_id].option_text if item.sku_id in skus else "",
                "picture_url": skus[item.sku_id].picture_url if item.sku_id in skus else "",
                "price": _money(skus[item.sku_id].price_minor if item.sku_id in skus else 0, row.currency),
            }
            for item in items
        ],
    }


def _reason(row: BundleOffer, items: list[BundleItem], skus: dict[int, SkuOffer], apart: int) -> str | None:
    """Why the set is no offer any more: a part is gone or in another currency, sold out, or they cost no more apart."""
    parts = [skus.get(item.sku_id) for item in items]
    if any(one is None or one.currency != row.currency for one in parts):
        return "part_gone"
    if any(one.sale_state.code not in ("on_sale", "sold_out") for one in parts if one is not None):
        return "part_gone"
    if any(one.general_available < item.quantity for one, item in zip(parts, items, strict=True) if one is not None):
        return "sold_out"
    return "no_saving" if apart <= row.price_minor else None


def _money(amount_minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": currency}
