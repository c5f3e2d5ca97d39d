"""The one place that changes an order's state: an UPDATE guarded by the table of transitions, with its timeline entry."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from xingqu.kit.sql import execute, fetch, insert
from xingqu.trade.domain.transitions import STAMPS, TRANSITIONS, Step
from xingqu.trade.models import ShopOrder
from xingqu.trade.selectors.offers import person_id_of as person_id_of

_LINE = "order_id, sku_id, product_id, quantity, subtotal_minor, attribution, subtotal_minor - discount_minor"
COLUMNS = frozenset(field.column for field in ShopOrder._meta.concrete_fields)

Lines = tuple[tuple[int, int, int, int], ...]
Attributions = tuple[tuple[int | None, int | None, str | None, str | None], ...]
LiveRooms = tuple[int | None, ...]


def move_orders(
    *, ids: Sequence[int], step: Step, at: datetime, data: dict[str, Any] | None = None, **changes: Any
) -> bool:
    """Move shop orders by one step of the table, in the caller's transaction. All of them, or False and none.

    `changes` are further columns to set in the same statement.
    """
    sources, target = TRANSITIONS[step]
    allowed = ", ".join(["%s"] * len(sources))
    if target in STAMPS:
        changes[STAMPS[target]] = at
    marks = ", ".join(["%s"] * len(ids))
    changes["state"] = target.value
    unknown = changes.keys() - COLUMNS
    if unknown:
        raise ValueError(f"no such columns: {unknown}")
    if len(ids) > 1:
        count = fetch(
            f"SELECT COUNT(*) FROM trade_shoporder WHERE state IN ({allowed}) AND id IN ({marks})", [*sources, *ids]
        )
        if count[0][0] != len(ids):
            return False
    settings = ", ".join(f"{column} = %s" for column in changes)
    moved = execute(
        f"UPDATE trade_shoporder SET {settings} WHERE state IN ({allowed}) AND id IN ({marks})",
        [*changes.values(), *sources, *ids],
    )
    if moved != len(ids):
        return False
    add_events(ids=ids, code=step.value, at=at, data=data)
    return True


def add_events(*, ids: Sequence[int], code: str, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Entries in the timelines of orders."""
    text = orjson.dumps(data or {}).decode()
    insert("trade_orderevent", ("order_id", "code", "at", "data"), [(pk, code, at, text) for pk in ids])


def fact_lines(order_ids: Iterable[int]) -> dict[int, tuple[Lines, Attributions, LiveRooms, tuple[int, ...]]]:
    """By order id, in the shape that facts carry: lines, attributions, the live rooms credited, and what the buyer pays for each."""
    found: dict[int, tuple[list[Any], ...]] = {pk: ([], [], [], []) for pk in order_ids}
    marks = ", ".join(["%s"] * len(found))
    rows = fetch(f"SELECT {_LINE} FROM trade_orderline WHERE order_id IN ({marks}) ORDER BY id", list(found))
    for order_id, sku_id, product_id, quantity, subtotal, told, paid in rows:
        attribution = orjson.loads(told) if isinstance(told, str) else told
        lines, attributions, rooms, amounts = found[order_id]
        lines.append((sku_id, product_id, quantity, subtotal))
        attributions.append(
            tuple(attribution.get(name) for name in ("content_id", "creator_id", "request_id", "surface"))
        )
        rooms.append(attribution.get("live_room_id"))
        amounts.append(paid)
    return {pk: (tuple(a), tuple(b), tuple(c), tuple(d)) for pk, (a, b, c, d) in found.items()}
