"""Changing many products at once: what can be changed, and the arithmetic of prices."""

from dataclasses import dataclass, field
from typing import Any, Literal

from xingqu.catalogue.domain.limits import MAX_LIMIT, MAX_LIMIT_DAYS
from xingqu.catalogue.domain.records import MAX_STOCK, check_range
from xingqu.kit.errors import InvalidInput
from xingqu.kit.money import MAX_MINOR

ChangeKind = Literal[
    "price_set",
    "price_amount",
    "price_percent",
    "stock_set",
    "stock_add",
    "category",
    "tags_add",
    "tags_remove",
    "limit_per_order",
    "limit_per_person",
    "limit_days",
    "online",
    "offline",
]
MAX_PRODUCTS = 500
MAX_TAGS = 10
WHOLE_BP = 10_000
# The least and greatest `value` of each kind that has one.
BOUNDS: dict[str, tuple[int, int]] = {
    "price_set": (1, MAX_MINOR),
    "price_amount": (-MAX_MINOR, MAX_MINOR),
    "price_percent": (-9_900, 100_000),
    "stock_set": (0, MAX_STOCK),
    "stock_add": (-MAX_STOCK, MAX_STOCK),
    "category": (1, 2**53 - 1),
    "limit_per_order": (0, MAX_LIMIT),
    "limit_per_person": (0, MAX_LIMIT),
    "limit_days": (0, MAX_LIMIT_DAYS),
}


@dataclass(frozen=True, slots=True)
class BatchChange:
    """One change. `value` is minor units, basis points, units or a category's id, by `kind`."""

    kind: ChangeKind
    value: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after. `sku_id` is None for what is the product's own."""

    field: str
    before: Any
    after: Any
    sku_id: int | None = None
    option_text: str = ""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What happened, or would happen, to one product. With an `error` code nothing about it changed.

    `waits` says that the change stands in the product's draft until it is submitted and passes.
    """

    product_id: int
    name: str
    changes: tuple[FieldChange, ...] = ()
    waits: bool = False
    error: str | None = None
    message: str = ""
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Rows in the order asked for. `batch_id` is None for a preview and where nothing changed."""

    rows: tuple[BatchRow, ...] = field(default=())
    batch_id: int | None = None
    dry_run: bool = False


def check_change(change: BatchChange) -> None:
    """Raises InvalidInput for a value out of bounds, or for no tags where tags are what changes."""
    if change.kind in BOUNDS:
        check_range(change.value, "value", *BOUNDS[change.kind])
    if change.kind.startswith("tags_") and not change.tags:
        raise InvalidInput(field="tags", expected="at least one tag")


def new_price(change: BatchChange, price_minor: int) -> int:
    """The price after the change, in minor units; half a unit rounds up. Raises InvalidInput below 1 or above the limit."""
    if change.kind == "price_set":
        price = change.value
    elif change.kind == "price_amount":
        price = price_minor + change.value
    else:
        price = (price_minor * (WHOLE_BP + change.value) + WHOLE_BP // 2) // WHOLE_BP
    check_range(price, "price", 1, MAX_MINOR)
    return price


def new_tags(change: BatchChange, tags: list[str]) -> list[str]:
    """The stated tags after the change, in order. Raises InvalidInput beyond ten."""
    if change.kind == "tags_remove":
        return [tag for tag in tags if tag not in change.tags]
    after = [*tags, *(tag for tag in change.tags if tag not in tags)]
    if len(after) > MAX_TAGS:
        raise InvalidInput(field="tags", expected=f"at most {MAX_TAGS} tags", message="A product has at most 10 tags.")
    return after
