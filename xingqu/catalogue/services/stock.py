"""Stock: held by guarded updates, resolved exactly once, every movement recorded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection, transaction

from xingqu.catalogue.domain.errors import HoldExists, HoldResolved, NotEnoughStock, SoldOut
from xingqu.catalogue.domain.records import MAX_STOCK, check_range
from xingqu.catalogue.models import Product, Sku, StockHold, StockMovement
from xingqu.events.catalogue import StockChanged
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch, insert_rows
from xingqu.kit.transactions import retried

MAX_QUANTITY = 9_999
_HELD = "SELECT sku_id, quantity FROM catalogue_stockhold WHERE order_ref = %s AND state = %s ORDER BY sku_id"
_MOVE_HOLDS = "UPDATE catalogue_stockhold SET state = %s, resolved_at = %s WHERE order_ref = %s AND state = %s"
_HOLD = (
    "UPDATE catalogue_sku SET held = held + %s WHERE id = %s AND is_active AND on_hand - held >= %s"
    " RETURNING product_id, on_hand - held"
)
_RELEASE = "UPDATE catalogue_sku SET held = held - %s WHERE id = %s AND held >= %s RETURNING product_id, on_hand - held"
_CONSUME = (
    "UPDATE catalogue_sku SET held = held - %s, on_hand = on_hand - %s WHERE id = %s AND held >= %s"
    " RETURNING product_id, on_hand - held"
)
_ADJUST = (
    "UPDATE catalogue_sku SET on_hand = on_hand + %s WHERE id = %s AND on_hand + %s >= held AND on_hand + %s <= %s"
    " RETURNING product_id, on_hand - held"
)
_RETURN = (
    "UPDATE catalogue_stockhold SET returned_quantity = returned_quantity + %s,"
    " state = CASE WHEN returned_quantity + %s = quantity THEN 'returned' ELSE state END"
    " WHERE order_ref = %s AND sku_id = %s AND state = 'consumed' AND returned_quantity + %s <= quantity"
)


def _run(sql: str, parameters: list[int]) -> tuple[int, int] | None:
    """(product id, free units) of the row that a guarded update changed, or None when the guard said no."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[int, int] | None = cursor.fetchone()
    return row


@transaction.atomic
def hold_stock(*, order_ref: str, lines: Iterable[tuple[int, int]], expires_at: datetime) -> None:
    """Keep units of (sku id, quantity) lines for an order: all of them or none.

    SKUs are taken in ascending order, so that two orders never wait for each other. Raises SoldOut with
    `data.skus` [{sku_id, requested, available}] of every line that lacks units, HoldExists for an order that holds
    already, InvalidInput for a wrong quantity or no lines.
    """
    wanted = _sum_lines(lines)
    lacking = []
    emptied = []
    for sku_id, quantity in wanted.items():
        row = _run(_HOLD, [quantity, sku_id, quantity])
        if row is None:
            lacking.append({"sku_id": sku_id, "requested": quantity, "available": _free_units(sku_id)})
        elif row[1] == 0:
            emptied.append((row[0], sku_id))
    if lacking:
        raise SoldOut(field="lines", expected="at most the available units", data={"skus": lacking})
    if len(_write_holds(order_ref, wanted, expires_at)) != len(wanted):
        raise HoldExists(field="order_ref")
    _record(StockMovement.Kind.HOLD, order_ref, wanted, on_hand=0, held=1)
    for product_id, sku_id in emptied:
        publish(StockChanged(product_id=product_id, sku_id=sku_id, available=0))


def _sum_lines(lines: Iterable[tuple[int, int]]) -> dict[int, int]:
    wanted: Counter[int] = Counter()
    for sku_id, quantity in lines:
        if not 1 <= quantity <= MAX_QUANTITY:
            raise InvalidInput(field="quantity", expected=f"1 to {MAX_QUANTITY}", data={"sku_id": sku_id})
        wanted[sku_id] += quantity
    if not wanted:
        raise InvalidInput(field="lines", expected="at least one line")
    return {sku_id: wanted[sku_id] for sku_id in sorted(wanted)}


def _write_holds(order_ref: str, wanted: Mapping[int, int], expires_at: datetime) -> list[tuple[int]]:
    """Ids of the holds written; a SKU that this order holds already gets none."""
    now, marks = clock.now(), ", ".join(["(%s, %s, %s, 0, %s, %s, %s)"] * len(wanted))
    rows = [(order_ref, sku_id, quantity, StockHold.State.HELD, expires_at, now) for sku_id, quantity in wanted.items()]
    return fetch(
        "INSERT INTO catalogue_stockhold (order_ref, sku_id, quantity, returned_quantity, state, expires_at, created_at)"
        f" VALUES {marks} ON CONFLICT (order_ref, sku_id) DO NOTHING RETURNING id",
        [value for row in rows for value in row],
    )


def _free_units(sku_id: int) -> int:
    row = Sku.objects.filter(pk=sku_id, is_active=True).values_list("on_hand", "held").first()
    return row[0] - row[1] if row else 0


def _record(kind: str, order_ref: str, wanted: Mapping[int, int], *, on_hand: int, held: int) -> None:
    insert_rows(
        [
            StockMovement(
                sku_id=sku_id,
                kind=kind,
                on_hand_delta=on_hand * quantity,
                held_delta=held * quantity,
                order_ref=order_ref,
            )
            for sku_id, quantity in wanted.items()
        ]
    )


def resolve_hold(*, order_ref: str, outcome: Literal["consume", "release"]) -> bool:
    """Take an order's held units out of the store, or give them back: exactly once.

    Returns True when this call did it, False when the same outcome had been reached before.
    Raises HoldResolved when the other outcome had been reached (a late payment of an order whose units were
    released has to hold them anew), NotFound for an order that never held any.
    """
    target = StockHold.State.CONSUMED if outcome == "consume" else StockHold.State.RELEASED
    with transaction.atomic(savepoint=False):
        wanted = _take_holds(order_ref, StockHold.State.HELD, target)
        if wanted:
            _move_units(order_ref, wanted, outcome)
            return True
    state = StockHold.objects.filter(order_ref=order_ref).values_list("state", flat=True).first()
    if state is None:
        raise NotFound(field="order_ref")
    if state != target:
        raise HoldResolved(data={"state": state})
    return False


def _move_units(order_ref: str, wanted: Mapping[int, int], outcome: str) -> None:
    if outcome == "consume":
        for sku_id, quantity in wanted.items():
            _must(_run(_CONSUME, [quantity, quantity, sku_id, quantity]))
        _record(StockMovement.Kind.CONSUME, order_ref, wanted, on_hand=-1, held=-1)
    else:
        for sku_id, quantity in wanted.items():
            product_id, free = _must(_run(_RELEASE, [quantity, sku_id, quantity]))
            if free == quantity:
                publish(StockChanged(product_id=product_id, sku_id=sku_id, available=free))
        _record(StockMovement.Kind.RELEASE, order_ref, wanted, on_hand=0, held=-1)


def _take_holds(order_ref: str, source: str, target: str) -> dict[int, int]:
    """Move an order's holds to their next state; returns the units by SKU, none when another call was first."""
    wanted = {int(sku_id): int(quantity) for sku_id, quantity in fetch(_HELD, [order_ref, source])}
    moved = execute(_MOVE_HOLDS, [target, clock.now(), order_ref, source]) if wanted else 0
    return wanted if moved == len(wanted) else {}


def _must(row: tuple[int, int] | None) -> tuple[int, int]:
    if row is None:
        raise RuntimeError("a hold names more units than its SKU holds")
    return row


@transaction.atomic
def return_stock(*, order_ref: str, lines: Iterable[tuple[int, int]]) -> None:
    """Put units of (sku id, quantity) lines that an order took out of the store back on sale, all of them or none.

    Raises HoldResolved when the order never took as many, or has brought them back before.
    """
    wanted = _sum_lines(lines)
    for sku_id, quantity in wanted.items():
        if not execute(_RETURN, [quantity, quantity, order_ref, sku_id, quantity]):
            raise HoldResolved(field="order_ref", data={"sku_id": sku_id})
        product_id, free = _must(_run(_ADJUST, [quantity, sku_id, quantity, quantity, 2**53]))
        if free == quantity:
            publish(StockChanged(product_id=product_id, sku_id=sku_id, available=free))
    _record(StockMovement.Kind.RETURN, order_ref, wanted, on_hand=1, held=0)


def release_expired_holds(*, now: datetime | None = None, grace_s: int = 0, limit: int = 500) -> int:
    """Release the holds that ran out of time more than `grace_s` seconds ago. Returns how many orders they were of."""
    until = (now or clock.now()) - timedelta(seconds=grace_s)
    due = StockHold.objects.filter(state=StockHold.State.HELD, expires_at__lte=until)
    refs = list(due.order_by("expires_at").values_list("order_ref", flat=True)[:limit])
    released = 0
    for order_ref in dict.fromkeys(refs):
        try:
            released += resolve_hold(order_ref=order_ref, outcome="release")
        except HoldResolved:  # paid in this very moment
            continue
    return released


@retried
@transaction.atomic
def change_stock(
    *,
    shop_id: int,
    product_id: int,
    sku_id: int,
    delta: int | None = None,
    set_to: int | None = None,
    reason: str,
    person_id: int | None = None,
) -> int:
    """Change the units on hand by `delta`, or to `set_to`; exactly one of them. Returns the units that are free then.

    Raises NotFound for another shop's SKU, NotEnoughStock when units that orders hold would be taken, InvalidInput.
    """
    if (delta is None) == (set_to is None):
        raise InvalidInput(field="delta", expected="either delta or set_to")
    sku = (
        Sku.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=sku_id, product_id=product_id, product__shop_id=shop_id, is_active=True)
        .exclude(product__status=Product.Status.DELETED)
        .first()
    )
    if sku is None:
        raise NotFound(field="sku_id")
    change = delta if delta is not None else (set_to or 0) - sku.on_hand
    check_range(sku.on_hand + change if set_to is None else set_to or 0, "stock", 0, MAX_STOCK)
    return apply_change(sku=sku, change=change, kind=StockMovement.Kind.ADJUST, reason=reason, person_id=person_id)


def apply_change(*, sku: Sku, change: int, kind: str, reason: str = "", person_id: int | None = None) -> int:
    """Guarded change of the units on hand, recorded and told. Returns the free units. Raises NotEnoughStock."""
    if change == 0:
        return sku.on_hand - sku.held
    row = _run(_ADJUST, [change, sku.pk, change, change, MAX_STOCK])
    if row is None:
        raise NotEnoughStock(
            field="stock",
            expected=f"at least {sku.held} units on hand: unpaid orders hold them",
            data={"sku_id": sku.pk, "on_hand": sku.on_hand, "held": sku.held},
        )
    StockMovement.objects.create(sku=sku, kind=kind, on_hand_delta=change, reason=reason, person_id=person_id)
    publish(StockChanged(product_id=row[0], sku_id=sku.pk, available=row[1]))
    return row[1]
