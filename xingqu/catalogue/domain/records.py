"""A product as it comes from a form or a file, before it has ids, and the rules of its option matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from xingqu.catalogue.domain.errors import Duplicate, TooMany
from xingqu.catalogue.domain.limits import Limit
from xingqu.kit.errors import InvalidInput
from xingqu.kit.money import MAX_MINOR

MAX_OPTIONS = 3
MAX_VALUES = 60
MAX_SKUS = 200
MAX_STOCK = 9_999_999
PROMISES = (
    "no_reason_return_7d",
    "ships_24h",
    "ships_48h",
    "freight_insurance",
    "compensation_for_fakes",
    "free_shipping",
)


@dataclass(frozen=True, slots=True)
class OptionRecord:
    """An option with its values' names, in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkuRecord:
    """One SKU: a value for each option. `stock` None leaves the stock of a known SKU as it is."""

    values: tuple[str, ...]
    price_minor: int
    list_price_minor: int | None = None
    stock: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """The text of a product with its SKUs."""

    name: str
    category_id: int
    short_name: str = ""
    brief: str = ""
    brand: str = ""
    unit: str = "件"
    detail_paragraphs: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    stated_tags: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    external_id: str | None = None
    currency: str = "CNY"
    options: tuple[OptionRecord, ...] = ()
    skus: tuple[SkuRecord, ...] = field(default=())
    # None leaves the limit of a known product as it is.
    limit: Limit | None = None


# Texts that the check reads; of an approved product they change through its draft.
CHECKED_FIELDS = (
    "name",
    "category_id",
    "short_name",
    "brief",
    "brand",
    "unit",
    "detail_paragraphs",
    "attributes",
    "stated_tags",
    "promises",
)


def check_matrix(options: Sequence[OptionRecord], skus: Sequence[SkuRecord]) -> None:
    """Every SKU names one known value per option, no combination twice. Raises InvalidInput, Duplicate or TooMany."""
    if len(options) > MAX_OPTIONS:
        raise TooMany(field="options", expected=f"at most {MAX_OPTIONS} options")
    if not skus:
        raise InvalidInput(field="skus", expected="at least one SKU", message="A product needs a SKU.")
    if len(skus) > MAX_SKUS:
        raise TooMany(field="skus", expected=f"at most {MAX_SKUS} SKUs")
    refuse_duplicates([option.name for option in options], "options", "option names that differ")
    for index, option in enumerate(options):
        if not option.values:
            raise InvalidInput(field=f"options.{index}.values", expected="at least one value")
        if len(option.values) > MAX_VALUES:
            raise TooMany(field=f"options.{index}.values", expected=f"at most {MAX_VALUES} values")
        refuse_duplicates(option.values, f"options.{index}.values", "values that differ")
    refuse_duplicates([sku.values for sku in skus], "skus", "each combination of option values once")
    refuse_duplicates([sku.code for sku in skus if sku.code], "skus", "each code once")
    for index, sku in enumerate(skus):
        _check_sku(index, sku, options)


def _check_sku(index: int, sku: SkuRecord, options: Sequence[OptionRecord]) -> None:
    if len(sku.values) != len(options):
        raise InvalidInput(
            field=f"skus.{index}.values",
            expected=f"{len(options)} values, one for each option",
            message="A SKU names one value of every option.",
        )
    for value, option in zip(sku.values, options, strict=True):
        if value not in option.values:
            raise InvalidInput(
                field=f"skus.{index}.values",
                expected=f"a value of {option.name}: {', '.join(option.values[:20])}",
                message=f"{value!r} is no value of {option.name!r}.",
            )
    check_range(sku.price_minor, f"skus.{index}.price", 1, MAX_MINOR)
    if sku.list_price_minor is not None:
        check_range(sku.list_price_minor, f"skus.{index}.list_price", sku.price_minor, MAX_MINOR)
    if sku.stock is not None:
        check_range(sku.stock, f"skus.{index}.stock", 0, MAX_STOCK)


def check_range(value: int, name: str, low: int, high: int) -> None:
    """Raises InvalidInput unless low <= value <= high."""
    if not low <= value <= high:
        raise InvalidInput(
            field=name, expected=f"{low} to {high}", message=f"{name} is {value}; it must be {low} to {high}."
        )


def refuse_duplicates(values: Sequence[Any], name: str, expected: str) -> None:
    """Raises Duplicate when a value appears twice."""
    ordered = sorted(values)
    for one, other in pairwise(ordered):
        if one == other:
            raise Duplicate(field=name, expected=expected, data={"value": one})


def merge_draft(current: Mapping[str, Any], draft: Mapping[str, Any]) -> dict[str, Any]:
    """The checked fields as they would be once the draft is approved."""
    return {name: draft.get(name, current[name]) for name in CHECKED_FIELDS}
