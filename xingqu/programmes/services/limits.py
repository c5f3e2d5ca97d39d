"""Purchase limits by person: counted under a lock on person and product, so that orders side by side can't pass them."""

from collections.abc import Sequence
from datetime import datetime

from xingqu.catalogue.selectors import skus_for_sale
from xingqu.kit.sql import execute, fetch, fetch_one
from xingqu.kit.transactions import hold_names
from xingqu.programmes.contracts import LimitedLine, find_excess
from xingqu.programmes.domain.errors import LimitExceeded, ProgrammeGone
from xingqu.programmes.selectors.limits import units_taken

_NOTE = (
    "INSERT INTO programmes_purchasetake (person_id, product_id, sku_id, order_ref, shop_id, quantity, state, at)"
    " VALUES (%s, %s, %s, %s, %s, %s, 'taken', %s) ON CONFLICT (order_ref, sku_id) DO UPDATE SET state = 'taken'"
    " WHERE programmes_purchasetake.state = 'released' RETURNING id"
)
_GIVE = (
    "UPDATE programmes_purchasetake SET quantity = quantity - %s WHERE order_ref = %s AND sku_id = %s AND state = 'taken'"
    " AND quantity >= %s"
)


def take_limited(order_ref: str, person_id: int, lines: Sequence[LimitedLine], at: datetime) -> None:
    """Count an order's lines for this person, in the caller's transaction. Raises LimitExceeded."""
    if not lines:
        return
    hold_names(*(f"limit:{person_id}:{line.product_id}" for line in lines))
    excess = find_excess(lines, units_taken(person_id=person_id, lines=lines))
    if excess:
        skus = [
            {
                "sku_id": sku_id,
                "code": "purchase_limit",
                "reason": one.reason,
                "scope": one.scope,
                "limit": one.limit,
                "days": one.days,
                "taken": one.taken,
                "most": one.most,
            }
            for sku_id, one in excess.items()
        ]
        raise LimitExceeded(field="lines", expected="at most what one person may buy", data={"skus": skus})
    for line in lines:
        values = [person_id, line.product_id, line.sku_id, order_ref, line.shop_id, line.quantity, at]
        if fetch_one(_NOTE, values) is None:
            raise RuntimeError(f"{order_ref} has taken SKU {line.sku_id} already")


def take_limited_again(order_ref: str, at: datetime) -> None:
    """A payment came after the time-out: its units count again, if they still may. Raises ProgrammeGone."""
    rows = fetch(
        "SELECT person_id, product_id, sku_id, shop_id, quantity FROM programmes_purchasetake WHERE order_ref = %s"
        " AND state = 'released' ORDER BY sku_id",
        [order_ref],
    )
    offers = skus_for_sale([row[2] for row in rows], with_tags=False) if rows else {}
    lines = [
        LimitedLine(sku_id, product_id, shop_id, quantity, offers[sku_id].product_limit, offers[sku_id].sku_limit)
        for _, product_id, sku_id, shop_id, quantity in rows
        if sku_id in offers
    ]
    try:
        take_limited(order_ref, rows[0][0] if rows else 0, lines, at)
    except LimitExceeded as refusal:
        raise ProgrammeGone(data=refusal.data) from refusal


def release_limited(order_ref: str, shop_id: int | None) -> None:
    """An order's units (those of one shop, when given) count no more. Doing it twice is doing it once."""
    execute(
        "UPDATE programmes_purchasetake SET state = 'released' WHERE order_ref = %s AND state = 'taken'"
        + (" AND shop_id = %s" if shop_id is not None else ""),
        [order_ref] if shop_id is None else [order_ref, shop_id],
    )


def give_back_units(*, order_ref: str, lines: Sequence[tuple[int, int]]) -> None:
    """Some (SKU, units) of a paid order went back before they were shipped: they count no more."""
    for sku_id, quantity in sorted(lines):
        execute(_GIVE, [quantity, order_ref, sku_id, quantity])
