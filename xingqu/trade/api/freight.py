"""Freight templates of a shop, and the dated rules of how long things may take."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field

from xingqu.accounts.selectors import operator_of, shop_of
from xingqu.catalogue.selectors import cards
from xingqu.kit.api import Id, Out, ShortText, Text, Version
from xingqu.kit.errors import NotFound
from xingqu.trade.domain.times import TimeName
from xingqu.trade.selectors.freight import products_freight, template_of, templates_of
from xingqu.trade.selectors.times import time_rules
from xingqu.trade.services import freight
from xingqu.trade.services.times import add_time_rule

router = Router()
Fee = Annotated[int, Field(ge=0, le=10_000_000)]
Units = Annotated[int, Field(ge=1, le=10_000_000)]
RegionIds = Annotated[list[Annotated[int, Field(ge=1, le=1_000_000)]], Field(max_length=400)]


class ZoneIn(Schema):
    """What delivery to some provinces or cities costs; no `region_ids`: everywhere else. Units are pieces, or grams.

    `refused`: why nothing is brought there. Free from `free_from_minor` of goods or `free_from_units` on.
    """

    region_ids: RegionIds = []
    first_units: Units = 1
    first_minor: Fee = 0
    extra_units: Units = 1
    extra_minor: Fee = 0
    free_from_minor: Fee | None = None
    free_from_units: Units | None = None
    refused: Annotated[Text, Field(min_length=1, max_length=60)] | None = None


class TemplateIn(Schema):
    name: Annotated[ShortText, Field(min_length=1, max_length=40)]
    by: Literal["piece", "weight"]
    zones: Annotated[list[ZoneIn], Field(min_length=1, max_length=60)]
    is_default: bool = False


class TemplateChangeIn(TemplateIn):
    version: Version


class ZoneOut(Out):
    region_ids: list[int]
    first_units: int
    first_minor: int
    extra_units: int
    extra_minor: int
    free_from_minor: int | None
    free_from_units: int | None
    refused: str | None


class TemplateOut(Out):
    """`products`: how many name it."""

    id: int
    name: str
    by: Literal["piece", "weight"]
    zones: list[ZoneOut]
    is_default: bool
    version: int
    products: int


class ProductFreightOut(Out):
    """`template_id` null: the shop's default template."""

    product_id: int
    template_id: int | None
    weight_g: int


class ProductFreightIn(Schema):
    """`weight_g` null leaves what the products weigh."""

    product_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    template_id: Id | None
    weight_g: Annotated[int, Field(ge=0, le=10_000_000)] | None = None


def _bounded(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max(aware, datetime(2000, 1, 1, tzinfo=UTC)), datetime(2200, 1, 1, tzinfo=UTC))


class TimeRuleIn(Schema):
    """In force from `effective_from` on; `shop_id` or `category_id` null: for all."""

    name: TimeName
    seconds: Annotated[int, Field(ge=60, le=7_776_000)]
    effective_from: Annotated[datetime, AfterValidator(_bounded)]
    shop_id: Id | None = None
    category_id: Id | None = None


class TimeRuleOut(Out):
    id: int
    name: TimeName
    seconds: int
    effective_from: datetime
    shop_id: int | None
    category_id: int | None


class TimeRulesOut(Out):
    """`usual` are the installation's own lengths in seconds, where no rule says otherwise."""

    usual: dict[str, int]
    rules: list[TimeRuleOut]


@router.get("/shops/{shop_id}/freight/templates", response=list[TemplateOut])
def list_templates(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's freight templates, the default first."""
    shop_of(request, shop_id, "view")
    return templates_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/freight/templates", response={201: TemplateOut})
def add_template(request: HttpRequest, shop_id: Id, payload: TemplateIn) -> Any:
    """Make a freight template."""
    shop_of(request, shop_id, "shop.write")
    pk = freight.save_template(shop_id=shop_id, content=_content(payload))
    return Status(201, template_of(shop_id=shop_id, template_id=pk))


@router.put("/shops/{shop_id}/freight/templates/{template_id}", response=TemplateOut)
def change_template(request: HttpRequest, shop_id: Id, template_id: Id, payload: TemplateChangeIn) -> Any:
    """Change a freight template from now on; `version` is the one it was read at."""
    shop_of(request, shop_id, "shop.write")
    freight.save_template(shop_id=shop_id, content=_content(payload), template_id=template_id, version=payload.version)
    return template_of(shop_id=shop_id, template_id=template_id)


@router.delete("/shops/{shop_id}/freight/templates/{template_id}", response={204: None})
def remove_template(request: HttpRequest, shop_id: Id, template_id: Id) -> Any:
    """Remove a template that no product names."""
    shop_of(request, shop_id, "shop.write")
    freight.remove_template(shop_id=shop_id, template_id=template_id)
    return Status(204, None)


@router.get("/shops/{shop_id}/freight/products", response=list[ProductFreightOut])
def list_products_freight(request: HttpRequest, shop_id: Id) -> Any:
    """How the shop's products are brought, where that was set."""
    shop_of(request, shop_id, "view")
    return products_freight(shop_id=shop_id)


@router.put("/shops/{shop_id}/freight/products", response=list[ProductFreightOut])
def set_products_freight(request: HttpRequest, shop_id: Id, payload: ProductFreightIn) -> Any:
    """Say by which template products are brought, and what they weigh."""
    shop_of(request, shop_id, "shop.write")
    known = cards(payload.product_ids)
    if any(pk not in known or known[pk].shop_id != shop_id for pk in payload.product_ids):
        raise NotFound(field="product_ids", expected="ids of products of this shop")
    freight.set_products_freight(shop_id=shop_id, **payload.dict())
    return products_freight(shop_id=shop_id)


@router.get("/operator/time-rules", response=TimeRulesOut)
def list_time_rules(request: HttpRequest) -> Any:
    """How long things may take: every rule, newest first."""
    operator_of(request)
    return time_rules()


@router.post("/operator/time-rules", response={201: TimeRulesOut})
def make_time_rule(request: HttpRequest, payload: TimeRuleIn) -> Any:
    """A rule from a day on; placed orders keep the deadlines they have."""
    operator_of(request)
    add_time_rule(**payload.dict())
    return Status(201, time_rules())


def _content(payload: TemplateIn) -> freight.TemplateContent:
    return freight.TemplateContent(
        name=payload.name,
        by=payload.by,
        zones=[zone.dict() for zone in payload.zones],
        is_default=payload.is_default,
    )
