"""Units move between free, held and sold: guarded statements on `StockLevel`, in one order everywhere (by SKU, then by level).

On PostgreSQL holding and resolving are one statement each, which takes a bucket that nobody has at hand. Where that finds
none with enough, and on SQLite, levels are locked, looked at and written one after the other: a line may then take from
several levels, and what is left of a campaign is spread over its buckets anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xingqu.catalogue.domain.errors import HoldExists, HoldResolved, SoldOut
from xingqu.events.catalogue import StockChanged
from xingqu.kit import clock
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch, insert


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a SKU for an order, from general stock or from what a campaign has."""

    order_ref: str
    sku_id: int
    quantity: int
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    id: int
    sku_id: int
    campaign: str
    warehouse_id: int
    bucket: int
    received: int
    free: int
    priority: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Units that one statement moved on one level; `free` is what the level has now."""

    order_ref: str
    sku_id: int
    level_id: int
    quantity: int
    free: int


_WANTED = "(%s::text, %s::bigint, %s::bigint, %s::text)"
# Rows whose lock somebody holds are passed over: the next bucket is as good. Nothing is moved unless all lines were found.
_HOLD_AT_ONCE = """
WITH wanted (order_ref, sku_id, quantity, campaign) AS (VALUES {wanted}),
picked AS MATERIALIZED (
    SELECT w.order_ref, w.sku_id, w.quantity, l.id FROM wanted w CROSS JOIN LATERAL (
        SELECT c.id FROM catalogue_stocklevel c WHERE c.sku_id = w.sku_id AND c.campaign = w.campaign
        AND c.free >= w.quantity AND EXISTS (SELECT 1 FROM catalogue_sku s WHERE s.id = c.sku_id AND s.is_active)
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) l
), moved AS (
    UPDATE catalogue_stocklevel l SET held = l.held + p.quantity, free = l.free - p.quantity
    FROM (SELECT id, SUM(quantity)::bigint AS quantity FROM picked GROUP BY id) p WHERE l.id = p.id
    AND (SELECT COUNT(*) FROM picked) = %s AND NOT EXISTS (
        SELECT 1 FROM catalogue_stockhold h JOIN wanted w ON w.order_ref = h.order_ref AND w.sku_id = h.sku_id)
    RETURNING l.id, l.warehouse_id, l.campaign, l.free
), kept AS (
    INSERT INTO catalogue_stockhold (order_ref, sku_id, part, level_id, quantity, returned_quantity, state, expires_at, created_at)
    SELECT p.order_ref, p.sku_id, 0, p.id, p.quantity, 0, 'held', %s::timestamptz, %s::timestamptz
    FROM picked p JOIN moved m ON m.id = p.id
), noted AS (
    INSERT INTO catalogue_stockmovement
    (sku_id, warehouse_id, campaign, kind, on_hand_delta, held_delta, order_ref, reason, at)
    SELECT p.sku_id, m.warehouse_id, m.campaign, 'hold', 0, p.quantity, p.order_ref, '', %s::timestamptz
    FROM picked p JOIN moved m ON m.id = p.id
)
SELECT p.order_ref, p.sku_id, p.id, p.quantity, m.free FROM picked p JOIN moved m ON m.id = p.id
"""
_RESOLVE_AT_ONCE = """
WITH mine AS (
    UPDATE catalogue_stockhold SET state = %s::text, resolved_at = %s::timestamptz
    WHERE order_ref = ANY(%s::text[]) AND state = %s::text RETURNING order_ref, sku_id, level_id, quantity
), locked AS MATERIALIZED (
    SELECT id FROM catalogue_stocklevel WHERE id IN (SELECT level_id FROM mine) ORDER BY sku_id, id FOR NO KEY UPDATE
), moved AS (
    UPDATE catalogue_stocklevel l SET held = l.held + m.quantity * %s::int, sold = l.sold + m.quantity * %s::int,
    free = l.free + m.quantity * %s::int
    FROM (SELECT level_id, SUM(quantity)::bigint AS quantity FROM mine GROUP BY level_id) m
    WHERE l.id = m.level_id AND l.id IN (SELECT id FROM locked) RETURNING l.id, l.warehouse_id, l.campaign, l.free
), noted AS (
    INSERT INTO catalogue_stockmovement
    (sku_id, warehouse_id, campaign, kind, on_hand_delta, held_delta, order_ref, reason, at)
    SELECT h.sku_id, m.warehouse_id, m.campaign, %s::text, -h.quantity * %s::int, h.quantity * %s::int, h.order_ref, '',
    %s::timestamptz FROM mine h JOIN moved m ON m.id = h.level_id
)
SELECT h.order_ref, h.sku_id, h.level_id, h.quantity, m.free FROM mine h JOIN moved m ON m.id = h.level_id
"""
_LEVELS = (
    "SELECT l.id, l.sku_id, l.campaign, l.warehouse_id, l.bucket, l.received, l.free, w.priority"
    " FROM catalogue_stocklevel l"
    " JOIN catalogue_warehouse w ON w.id = l.warehouse_id WHERE {condition}"
)
_MOVE = (
    "UPDATE catalogue_stocklevel SET held = held + %s, sold = sold + %s, free = free + %s WHERE id = %s RETURNING free"
)
_TAKEN_PARTS = (
    "SELECT id, level_id, quantity - returned_quantity FROM catalogue_stockhold WHERE order_ref = %s AND sku_id = %s"
    " AND state = 'consumed' ORDER BY part {lock}"
)
_RETURN_PART = (
    "UPDATE catalogue_stockhold SET returned_quantity = returned_quantity + %s,"
    " state = CASE WHEN returned_quantity + %s = quantity THEN 'returned' ELSE state END"
    " WHERE id = %s AND state = 'consumed' AND returned_quantity + %s <= quantity"
)
# (held, sold, free) of a level per unit, and (kind of the movement) of what happens to a hold.
STEPS: dict[str, tuple[str, str, tuple[int, int, int]]] = {
    "consumed": ("held", "consume", (-1, 1, 0)),
    "released": ("held", "release", (-1, 0, 1)),
}


def hold_at_once(wanted: Sequence[Wanted], expires_at: datetime) -> list[Moved]:
    """Hold all lines by one statement of PostgreSQL; none, with nothing changed, when a level with enough was not found."""
    now = clock.now()
    values = [v for line in wanted for v in (line.order_ref, line.sku_id, line.quantity, line.campaign)]
    sql = _HOLD_AT_ONCE.format(wanted=", ".join([_WANTED] * len(wanted)))
    return [Moved(*row) for row in fetch(sql, [*values, len(wanted), expires_at, now, now])]


def hold_one_by_one(wanted: Sequence[Wanted], expires_at: datetime) -> list[Moved]:
    """Hold all lines, in the caller's transaction. Raises, before anything is written, SoldOut and HoldExists."""
    levels = lock_levels({line.sku_id for line in wanted}, active_only=True)
    parts = [(line, part) for line in wanted for part in enumerate(_share(line, levels.get(_key(line), ())))]
    got = {(line.order_ref, line.sku_id): 0 for line in wanted}
    for line, (_, (_, units)) in parts:
        got[line.order_ref, line.sku_id] += units
    lacking = [line for line in wanted if got[line.order_ref, line.sku_id] < line.quantity]
    if lacking:
        raise SoldOut(
            field="lines",
            expected="at most the available units",
            data={"skus": [_lack(line, levels.get(_key(line), ())) for line in lacking]},
        )
    now = clock.now()
    rows = [
        (line.order_ref, line.sku_id, number, level.id, units, 0, "held", expires_at, now)
        for line, (number, (level, units)) in parts
    ]
    columns = "(order_ref, sku_id, part, level_id, quantity, returned_quantity, state, expires_at, created_at)"
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    written = fetch(
        f"INSERT INTO catalogue_stockhold {columns} VALUES {marks}"
        " ON CONFLICT (order_ref, sku_id, part) DO NOTHING RETURNING id",
        [value for row in rows for value in row],
    )
    if len(written) != len(rows):
        raise HoldExists(field="order_ref")
    moved = []
    for line, (_, (level, units)) in parts:
        ((free,),) = fetch(_MOVE, [units, 0, -units, level.id])
        moved.append(Moved(line.order_ref, line.sku_id, level.id, units, free))
    note(
        [
            (line.sku_id, level.warehouse_id, line.campaign, "hold", 0, units, line.order_ref, "", None)
            for line, (_, (level, units)) in parts
        ]
    )
    for line in wanted:
        if line.campaign:
            spread(line.sku_id, line.campaign)
    return moved


def _key(line: Wanted) -> tuple[int, str]:
    return line.sku_id, line.campaign


def _share(line: Wanted, levels: Sequence[Level]) -> list[tuple[Level, int]]:
    """The levels that a line takes from: one that has enough alone, else one after the other."""
    alone = next((level for level in levels if level.free >= line.quantity), None)
    if alone is not None:
        return [(alone, line.quantity)]
    left, found = line.quantity, []
    for level in levels:
        units = min(level.free, left)
        if units > 0:
            found.append((level, units))
            left -= units
    return found


def _lack(line: Wanted, levels: Sequence[Level]) -> dict[str, Any]:
    available = sum(level.free for level in levels)
    lack = {"sku_id": line.sku_id, "requested": line.quantity, "available": available}
    return lack | ({"campaign": line.campaign} if line.campaign else {})


def lock_levels(sku_ids: Iterable[int], *, active_only: bool = False) -> dict[tuple[int, str], list[Level]]:
    """Levels by (SKU, campaign), locked until the caller's transaction ends, the preferred warehouse first."""
    ids = sorted(set(sku_ids))
    condition = f"l.sku_id IN ({', '.join(['%s'] * len(ids))})"
    if active_only:
        condition += " AND EXISTS (SELECT 1 FROM catalogue_sku s WHERE s.id = l.sku_id AND s.is_active)"
    condition += " ORDER BY l.sku_id, l.id"
    if connection.vendor == "postgresql":
        condition += " FOR NO KEY UPDATE OF l"
    rows = [Level(*row) for row in fetch(_LEVELS.format(condition=condition), ids)]
    found: dict[tuple[int, str], list[Level]] = {}
    for row in sorted(rows, key=lambda one: (one.sku_id, one.priority, one.id)):
        found.setdefault((row.sku_id, row.campaign), []).append(row)
    return found


def spread(sku_id: int, campaign: str) -> None:
    """Share what is free in a campaign's buckets out evenly, so that none stays dry beside a full one. Keeps every sum."""
    levels = lock_levels([sku_id]).get((sku_id, campaign), [])
    for warehouse_id in sorted({level.warehouse_id for level in levels}):
        mine = [level for level in levels if level.warehouse_id == warehouse_id]
        free = sum(level.free for level in mine)
        if len(mine) < 2 or max(level.free for level in mine) - min(level.free for level in mine) <= 1:
            continue
        share, rest = divmod(free, len(mine))
        for number, level in enumerate(mine):
            change = share + (number < rest) - level.free
            if change:
                execute(
                    "UPDATE catalogue_stocklevel SET received = received + %s, free = free + %s WHERE id = %s",
                    [change, change, level.id],
                )


def resolve_at_once(order_refs: Sequence[str], target: str) -> list[Moved]:
    """Move the holds of orders to their next state by one statement of PostgreSQL."""
    source, kind, (held, sold, free) = STEPS[target]
    now = clock.now()
    values = [target, now, list(order_refs), source, held, sold, free, kind, sold, held, now]
    return [Moved(*row) for row in fetch(_RESOLVE_AT_ONCE, values)]


def resolve_one_by_one(order_refs: Sequence[str], target: str) -> list[Moved]:
    """The same in single statements, in the caller's transaction."""
    source, kind, (held, sold, free) = STEPS[target]
    now, marks = clock.now(), ", ".join(["%s"] * len(order_refs))
    rows = fetch(
        f"UPDATE catalogue_stockhold SET state = %s, resolved_at = %s WHERE order_ref IN ({marks}) AND state = %s"
        " RETURNING order_ref, sku_id, level_id, quantity",
        [target, now, *order_refs, source],
    )
    moved, notes = [], []
    for order_ref, sku_id, level_id, quantity in sorted(rows, key=lambda row: (row[1], row[2])):
        ((left, warehouse_id, campaign),) = fetch(
            _MOVE + ", warehouse_id, campaign", [held * quantity, sold * quantity, free * quantity, level_id]
        )
        moved.append(Moved(order_ref, sku_id, level_id, quantity, left))
        deltas = (-sold * quantity, held * quantity)
        notes.append((sku_id, warehouse_id, campaign, kind, *deltas, order_ref, "", None))
    note(notes)
    return moved


def return_units(lines: Sequence[Wanted]) -> list[Moved]:
    """Put units that orders took back where they were taken from, in the caller's transaction. Raises HoldResolved."""
    moved, notes = [], []
    for line in lines:
        left = line.quantity
        for hold_id, level_id, most in fetch(_TAKEN_PARTS.format(lock=_for_update()), [line.order_ref, line.sku_id]):
            units = min(left, most)
            if units and execute(_RETURN_PART, [units, units, hold_id, units]):
                left -= units
                ((free, warehouse_id, campaign),) = fetch(
                    _MOVE + ", warehouse_id, campaign", [0, -units, units, level_id]
                )
                moved.append(Moved(line.order_ref, line.sku_id, level_id, units, free))
                notes.append((line.sku_id, warehouse_id, campaign, "return", units, 0, line.order_ref, "", None))
        if left:
            raise HoldResolved(field="order_ref", data={"sku_id": line.sku_id})
    note(notes)
    return moved


def _for_update() -> str:
    return "FOR UPDATE" if connection.vendor == "postgresql" else ""


def note(rows: Sequence[tuple[Any, ...]]) -> None:
    """Record movements: (sku, warehouse, campaign, kind, on hand delta, held delta, order, reason, person) each."""
    now = clock.now()
    columns = [
        "sku_id",
        "warehouse_id",
        "campaign",
        "kind",
        "on_hand_delta",
        "held_delta",
        "order_ref",
        "reason",
        "person_id",
        "at",
    ]
    insert("catalogue_stockmovement", columns, [(*row, now) for row in rows])


def tell_emptied(moved: Iterable[Moved]) -> None:
    """Publish StockChanged for SKUs of which nothing is on sale any more."""
    for sku_id, (product_id, available) in open_units({one.sku_id for one in moved if one.free == 0}).items():
        if available == 0:
            publish(StockChanged(product_id=product_id, sku_id=sku_id, available=0))


def tell_refilled(moved: Iterable[Moved]) -> None:
    """Publish StockChanged for SKUs of which nothing was on sale before these units came back."""
    came: dict[int, int] = {}
    for one in moved:
        came[one.sku_id] = came.get(one.sku_id, 0) + one.quantity
    perhaps = {one.sku_id for one in moved if one.free <= came[one.sku_id]}
    for sku_id, (product_id, available) in open_units(perhaps).items():
        if 0 < available <= came[sku_id]:
            publish(StockChanged(product_id=product_id, sku_id=sku_id, available=available))


def open_units(sku_ids: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """(product, units on sale) by SKU."""
    ids = sorted(set(sku_ids))
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    rows = fetch(
        "SELECT s.id, s.product_id, COALESCE(SUM(l.free), 0) FROM catalogue_sku s LEFT JOIN catalogue_stocklevel l"
        f" ON l.sku_id = s.id AND l.is_open WHERE s.id IN ({marks}) GROUP BY s.id, s.product_id ORDER BY s.id",
        ids,
    )
    return {sku_id: (product_id, available) for sku_id, product_id, available in rows}
