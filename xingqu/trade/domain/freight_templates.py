"""Freight by template: what a shop asks for bringing goods to a region, by piece or by weight. Pure.

The units of all lines of a template are counted together: the first so many cost one fee, each further lot another. Lines of
several templates are charged each by its own, and the fees are added up (the rule of Doudian's and Taobao's 运费模板).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xingqu.trade.domain.freight import Freight, freight_minor
from xingqu.trade.domain.regions import Region

ByUnit = Literal["piece", "weight"]


@dataclass(frozen=True, slots=True)
class Zone:
    """What delivery to some regions costs. Units are pieces or grams.

    `region_ids` are provinces or cities; none of them means everywhere else. `refused` is why nothing is brought there.
    Free from `free_from_minor` of goods on, or from `free_from_units`; either may be None.
    """

    region_ids: frozenset[int]
    first_units: int = 1
    first_minor: int = 0
    extra_units: int = 1
    extra_minor: int = 0
    free_from_minor: int | None = None
    free_from_units: int | None = None
    refused: str | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Zone":
        return cls(**{**row, "region_ids": frozenset(row["region_ids"])})


@dataclass(frozen=True, slots=True)
class Template:
    """A shop's freight template; the zone without regions is for all that no other names."""

    id: int
    by: ByUnit
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Carriage:
    """By which template a product is brought, and what one unit of it weighs (grams). No template: the shop's plain rule."""

    template: Template | None
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """A line as freight sees it."""

    carriage: Carriage
    quantity: int
    goods_minor: int


def zone_for(template: Template, place: Sequence[Region]) -> Zone | None:
    """The zone of an address (province, city, district; empty while there is none): its city's before its province's.

    None when the template names neither these nor everywhere else: nothing is brought there.
    """
    for region in sorted(place, key=lambda one: -one.level):
        for zone in template.zones:
            if region.id in zone.region_ids:
                return zone
    return next((zone for zone in template.zones if not zone.region_ids), None)


def refusal(carriage: Carriage, place: Sequence[Region]) -> str | None:
    """Why a product is not brought to a place; None when it is, or while there is no address."""
    if carriage.template is None or not place:
        return None
    zone = zone_for(carriage.template, place)
    return "" if zone is None else zone.refused


def template_freight_minor(zone: Zone, *, units: int, goods_minor: int) -> int:
    """What so many units cost in a zone, in minor units, never negative; `goods_minor` is the price of the goods."""
    if zone.free_from_minor is not None and goods_minor >= zone.free_from_minor:
        return 0
    if zone.free_from_units is not None and units >= zone.free_from_units:
        return 0
    further = max(units - zone.first_units, 0)
    return zone.first_minor + -(-further // zone.extra_units) * zone.extra_minor


def carriage_minor(loads: Iterable[Load], rule: Freight, place: Sequence[Region]) -> int:
    """Freight of one shop's part of a checkout, in minor units. `rule` is for what has no template."""
    plain_minor: int | None = None
    units: dict[int, int] = {}
    goods: dict[int, int] = {}
    templates: dict[int, Template] = {}
    for load in loads:
        template = load.carriage.template
        if template is None:
            plain_minor = (plain_minor or 0) + load.goods_minor
            continue
        templates[template.id] = template
        one = load.carriage.weight_g if template.by == "weight" else 1
        units[template.id] = units.get(template.id, 0) + one * load.quantity
        goods[template.id] = goods.get(template.id, 0) + load.goods_minor
    province = next((region for region in place if region.level == 1), None)
    total = 0 if plain_minor is None else freight_minor(rule, goods_minor=plain_minor, province=province)
    for pk, template in templates.items():
        zone = zone_for(template, place)
        if zone is not None and zone.refused is None:
            total += template_freight_minor(zone, units=units[pk], goods_minor=goods[pk])
    return total
