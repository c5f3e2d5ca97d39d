"""Changes of freight rules and templates; placed orders keep what they were quoted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.domain.freight_templates import ByUnit
from xingqu.trade.domain.regions import CITY, regions
from xingqu.trade.models import FreightRule, FreightTemplate, ProductFreight

MAX_TEMPLATES = 50


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """`zones` as `domain.freight_templates.Zone`, in JSON."""

    name: str
    by: ByUnit
    zones: Sequence[dict[str, Any]]
    is_default: bool


def set_freight_rule(*, shop_id: int, base_minor: int, free_from_minor: int | None, remote_extra_minor: int) -> None:
    """Set what a shop charges for delivery of what has no template, from now on."""
    FreightRule.objects.update_or_create(
        shop_id=shop_id,
        defaults={
            "base_minor": base_minor,
            "free_from_minor": free_from_minor,
            "remote_extra_minor": remote_extra_minor,
            "updated_at": clock.now(),
        },
    )


@retried
@transaction.atomic
def save_template(
    *, shop_id: int, content: TemplateContent, template_id: int | None = None, version: int | None = None
) -> int:
    """Make a freight template, or change one that is at `version`. Returns its id.

    Raises InvalidInput (regions, two zones for one region, a name that is taken, too many), NotFound, Conflict when it has
    changed in the meantime.
    """
    _check_zones(content.zones)
    hold_names(f"freight-templates:{shop_id}")
    mine = FreightTemplate.objects.filter(shop_id=shop_id, removed_at=None)
    if mine.filter(name=content.name).exclude(pk=template_id or 0).exists():
        raise InvalidInput("There is a template of this name.", field="name", expected="a name of its own")
    if content.is_default:
        mine.exclude(pk=template_id or 0).update(is_default=False)
    values = {
        "name": content.name,
        "by": content.by,
        "zones": list(content.zones),
        "is_default": content.is_default,
        "updated_at": clock.now(),
    }
    if template_id is None:
        if mine.count() >= MAX_TEMPLATES:
            raise InvalidInput(field="name", expected=f"at most {MAX_TEMPLATES} templates a shop")
        return FreightTemplate.objects.create(shop_id=shop_id, **values).pk
    row = mine.filter(pk=template_id).first()
    if row is None:
        raise NotFound(field="template_id", expected="the id of a freight template of this shop")
    if row.version != version or not mine.filter(pk=template_id).update(**values, version=row.version + 1):
        raise Conflict(field="version", expected=str(row.version), data={"version": row.version})
    return template_id


@retried
@transaction.atomic
def remove_template(*, shop_id: int, template_id: int) -> None:
    """Remove a template that no product names. Raises NotFound, Conflict with the number of products."""
    hold_names(f"freight-templates:{shop_id}")
    row = FreightTemplate.objects.filter(pk=template_id, shop_id=shop_id, removed_at=None).first()
    if row is None:
        raise NotFound(field="template_id", expected="the id of a freight template of this shop")
    used = row.products.count()
    if used:
        raise Conflict(
            "Products are brought by this template: give them another first.",
            expected="a template without products",
            data={"products": used},
        )
    FreightTemplate.objects.filter(pk=row.pk).update(removed_at=clock.now(), is_default=False)


@retried
@transaction.atomic
def set_products_freight(
    *, shop_id: int, product_ids: Iterable[int], template_id: int | None, weight_g: int | None
) -> None:
    """Say how products of this shop are brought; None of `weight_g` leaves what they weigh.

    The caller has made sure that the products are the shop's. Raises NotFound for another shop's template.
    """
    hold_names(f"freight-templates:{shop_id}")  # a template must not be removed while products come to name it
    if template_id is not None:
        known = FreightTemplate.objects.filter(pk=template_id, shop_id=shop_id, removed_at=None)
        if not known.exists():
            raise NotFound(field="template_id", expected="the id of a freight template of this shop")
    for product_id in sorted(set(product_ids)):
        weight = {} if weight_g is None else {"weight_g": weight_g}
        ProductFreight.objects.update_or_create(
            product_id=product_id, defaults={"shop_id": shop_id, "template_id": template_id, **weight}
        )


def _check_zones(zones: Sequence[dict[str, Any]]) -> None:
    table = regions()
    named: set[int] = set()
    for number, zone in enumerate(zones):
        ids = zone["region_ids"]
        if any(pk not in table or table[pk].level > CITY for pk in ids):
            raise InvalidInput(field=f"zones.{number}.region_ids", expected="ids of provinces or cities")
        if named.intersection(ids) or len(set(ids)) != len(ids):
            raise InvalidInput(
                "A region stands in two zones.", field=f"zones.{number}.region_ids", expected="each region once"
            )
        named.update(ids)
    if sum(not zone["region_ids"] for zone in zones) != 1:
        raise InvalidInput(field="zones", expected="exactly one zone without regions: everywhere else")
