"""Freight templates, and by which of them products are brought."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db.models import Count

from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch
from xingqu.trade.domain.freight_templates import Carriage, Template, Zone
from xingqu.trade.models import FreightTemplate, ProductFreight

_TEMPLATES = "SELECT id, shop_id, by, zones, is_default FROM trade_freighttemplate WHERE removed_at IS NULL AND shop_id IN ({marks})"
_PRODUCTS = "SELECT product_id, template_id, weight_g FROM trade_productfreight WHERE product_id IN ({marks})"


def carriages_of(*, products: Mapping[int, int]) -> dict[int, Carriage]:
    """Product id -> how it is brought; `products` are product id -> shop id. Products of shops without a template are absent.

    On every quote's way, hence short SQL, and one question for shops without templates.
    """
    shops = sorted(set(products.values()))
    if not shops:
        return {}
    rows = fetch(_TEMPLATES.format(marks=", ".join(["%s"] * len(shops))), shops)
    if not rows:
        return {}
    templates: dict[int, Template] = {}
    defaults: dict[int, Template] = {}
    for pk, shop_id, by, zones, is_default in rows:
        told = orjson.loads(zones) if isinstance(zones, str) else zones
        templates[pk] = Template(pk, by, tuple(Zone.from_json(zone) for zone in told))
        if is_default:
            defaults[shop_id] = templates[pk]
    ids = sorted(products)
    found = {row[0]: row for row in fetch(_PRODUCTS.format(marks=", ".join(["%s"] * len(ids))), ids)}
    carriages = {}
    for product_id, shop_id in products.items():
        _, template_id, weight_g = found.get(product_id, (product_id, None, 0))
        carriages[product_id] = Carriage(templates.get(template_id, defaults.get(shop_id)), weight_g)
    return carriages


def templates_of(*, shop_id: int) -> list[dict[str, Any]]:
    """A shop's freight templates, the default first, with how many products name them."""
    rows = FreightTemplate.objects.filter(shop_id=shop_id, removed_at=None)
    return [
        _template(row, row.product_count)
        for row in rows.annotate(product_count=Count("products")).order_by("-is_default", "id")
    ]


def template_of(*, shop_id: int, template_id: int) -> dict[str, Any]:
    """One of them. Raises NotFound, also for another shop's."""
    row = FreightTemplate.objects.filter(pk=template_id, shop_id=shop_id, removed_at=None).first()
    if row is None:
        raise NotFound(field="template_id", expected="the id of a freight template of this shop")
    return _template(row, row.products.count())


def products_freight(*, shop_id: int) -> list[dict[str, Any]]:
    """How the shop's products are brought, where that was set: {product_id, template_id, weight_g}."""
    rows = ProductFreight.objects.filter(shop_id=shop_id).order_by("product_id")
    return [dict(row) for row in rows.values("product_id", "template_id", "weight_g")]


def _template(row: FreightTemplate, products: int) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "by": row.by,
        "zones": row.zones,
        "is_default": row.is_default,
        "version": row.version,
        "products": products,
    }
