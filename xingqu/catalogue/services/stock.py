"""Stock: held by guarded statements, resolved exactly once, every movement recorded. Decision 0086 says how."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError, connection, transaction

from xingqu.catalogue.domain.errors import HoldExists, HoldResolved, NotEnoughStock
from xingqu.catalogue.domain.records import MAX_STOCK, check_range
from xingqu.catalogue.models import Product, Sku, StockHold, StockMovement
from xingqu.catalogue.services import stock_levels
from xingqu.catalogue.services.stock_levels import Wanted, note, open_units, tell_emptied, tell_refilled
from xingqu.catalogue.services.warehouses import default_warehouse, own_warehouse
from xingqu.events.catalogue import StockChanged
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch, fetch_one
from xingqu.kit.transactions import retried

MAX_QUANTITY = 9_999
# (SKU, units) from general stock, or (SKU, units, campaign) from what a campaign has.
HoldLine = tuple[int, int] | tuple[int, int, str]
_ADJUST = (
    "UPDATE catalogue_stocklevel SET received = received + %s, free = free + %s WHERE sku_id = %s AND warehouse_id = %s"
    " AND campaign = '' AND bucket = 0 AND free + %s >= 0 RETURNING id"
)
_ADD_LEVEL = (
    "INSERT INTO catalogue_stocklevel (sku_id, warehouse_id, campaign, bucket, received, sold, held, free, is_open)"
    " VALUES (%s, %s, '', 0, 0, 0, 0, 0, %s) ON CONFLICT (sku_id, campaign, warehouse_id, bucket) DO NOTHING"
)
_ON_HAND = (
    "SELECT COALESCE(SUM(free + held), 0), COALESCE(SUM(held), 0) FROM catalogue_stocklevel WHERE sku_id = %s"
    " AND warehouse_id = %s"
)


@retried
def hold_stock(*, order_ref: str, lines: Iterable[HoldLine], expires_at: datetime) -> None:
    """Keep units for an order: of all its lines or of none.

    Levels are taken in ascending order, so that two orders never wait for each other. Raises SoldOut with
    `data.skus` [{sku_id, requested, available, campaign?}] of every line that lacks units, HoldExists for an order that
    holds already, InvalidInput for a wrong quantity, no lines, or one SKU from two places.
    """
    hold_orders(orders=[(order_ref, lines)], expires_at=expires_at)


@retried
def hold_orders(*, orders: Sequence[tuple[str, Iterable[HoldLine]]], expires_at: datetime) -> None:
    """`hold_stock` for several (order, lines) at once: all of them or none."""
    wanted = sorted(
        (line for order_ref, lines in orders for line in _sum_lines(order_ref, lines)),
        key=lambda line: (line.sku_id, line.order_ref),
    )
    if connection.vendor == "postgresql" and len({line.sku_id for line in wanted}) == len(wanted):
        try:
            moved = stock_levels.hold_at_once(wanted, expires_at)
        except IntegrityError as error:  # the same order at the same time
            raise HoldExists(field="order_ref") from error
        if moved:
            _tell(moved, emptied=True)
            return
    with transaction.atomic():
        tell_emptied(stock_levels.hold_one_by_one(wanted, expires_at))


def _tell(moved: list[stock_levels.Moved], *, emptied: bool) -> None:
    """Publish what the one statement moved; outside a transaction its own has been committed, and the fact follows."""
    if not any(one.free == 0 if emptied else one.free <= one.quantity for one in moved):
        return
    with transaction.atomic(savepoint=False):
        (tell_emptied if emptied else tell_refilled)(moved)


def _sum_lines(order_ref: str, lines: Iterable[HoldLine]) -> list[Wanted]:
    units: Counter[int] = Counter()
    campaigns: dict[int, str] = {}
    for sku_id, quantity, *rest in lines:
        campaign = str(rest[0]) if rest else ""
        if not 1 <= quantity <= MAX_QUANTITY:
            raise InvalidInput(field="quantity", expected=f"1 to {MAX_QUANTITY}", data={"sku_id": sku_id})
        if campaigns.setdefault(sku_id, campaign) != campaign:
            raise InvalidInput(field="lines", expected="each SKU from one place", data={"sku_id": sku_id})
        units[sku_id] += quantity
    if not units:
        raise InvalidInput(field="lines", expected="at least one line")
    return [Wanted(order_ref, sku_id, units[sku_id], campaigns[sku_id]) for sku_id in sorted(units)]


def resolve_hold(*, order_ref: str, outcome: Literal["consume", "release"]) -> bool:
    """Take an order's held units out of the store, or give them back: exactly once.

    Returns True when this call did it, False when the same outcome had been reached before.
    Raises HoldResolved when the other outcome had been reached (a late payment of an order whose units were
    released has to hold them anew), NotFound for an order that never held any.
    """
    target = StockHold.State.CONSUMED if outcome == "consume" else StockHold.State.RELEASED
    if resolve_holds(order_refs=[order_ref], outcome=outcome):
        return True
    state = StockHold.objects.filter(order_ref=order_ref).values_list("state", flat=True).first()
    if state is None:
        raise NotFound(field="order_ref")
    if state != target:
        raise HoldResolved(data={"state": state})
    return False


@retried
def resolve_holds(*, order_refs: Sequence[str], outcome: Literal["consume", "release"]) -> set[str]:
    """Resolve the holds of several orders. Returns the orders whose holds this call resolved."""
    target = "consumed" if outcome == "consume" else "released"
    return {one.order_ref for one in _resolve(order_refs, target)}


def _resolve(order_refs: Sequence[str], target: str) -> list[stock_levels.Moved]:
    if connection.vendor == "postgresql":
        moved = stock_levels.resolve_at_once(order_refs, target)
        if target != "consumed":
            _tell(moved, emptied=False)
        return moved
    with transaction.atomic(savepoint=False):
        moved = stock_levels.resolve_one_by_one(order_refs, target)
        if target != "consumed":
            tell_refilled(moved)
    return moved


@retried
def return_stock(*, order_ref: str, lines: Iterable[tuple[int, int]]) -> None:
    """Put units of (sku id, quantity) lines that an order took out of the store back on sale, all of them or none.

    Raises HoldResolved when the order never took as many, or has brought them back before.
    """
    with transaction.atomic():
        moved = stock_levels.return_units(_sum_lines(order_ref, lines))
        tell_refilled(moved)


@retried
def hold_again(*, order_ref: str, new_ref: str, expires_at: datetime) -> None:
    """Hold the units of an order whose hold was released once more, under a new name.

    What came from a campaign comes from it again while it lasts, else from general stock. Raises SoldOut, NotFound.
    """
    rows = fetch(
        "SELECT h.sku_id, h.quantity, l.campaign, EXISTS (SELECT 1 FROM catalogue_stocklevel o WHERE o.sku_id = l.sku_id"
        " AND o.campaign = l.campaign AND o.is_open) FROM catalogue_stockhold h JOIN catalogue_stocklevel l"
        " ON l.id = h.level_id WHERE h.order_ref = %s",
        [order_ref],
    )
    if not rows:
        raise NotFound(field="order_ref")
    lines = [(sku_id, quantity, campaign if is_open else "") for sku_id, quantity, campaign, is_open in rows]
    hold_stock(order_ref=new_ref, lines=lines, expires_at=expires_at)


def extend_holds(*, order_ref: str, expires_at: datetime) -> bool:
    """Keep an order's held units longer. False when nothing is held for it any more."""
    held = StockHold.objects.filter(order_ref=order_ref, state=StockHold.State.HELD)
    return bool(held.update(expires_at=expires_at))


def release_expired_holds(*, now: datetime | None = None, grace_s: int = 0, limit: int = 500) -> int:
    """Release the holds that ran out of time more than `grace_s` seconds ago. Returns how many orders they were of."""
    until = (now or clock.now()) - timedelta(seconds=grace_s)
    due = StockHold.objects.filter(state=StockHold.State.HELD, expires_at__lte=until)
    refs = list(due.order_by("expires_at").values_list("order_ref", flat=True)[:limit])
    # One by one: who pays in this very moment must not wait for the others.
    return sum(bool(resolve_holds(order_refs=[ref], outcome="release")) for ref in dict.fromkeys(refs))


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
    warehouse_id: int | None = None,
) -> int:
    """Change the units on hand in a warehouse (None: the shop's first) by `delta`, or to `set_to`; exactly one of them.

    Returns the units that are on sale then. Raises NotFound for another shop's SKU or warehouse, NotEnoughStock when units
    that orders or campaigns hold would be taken, InvalidInput.
    """
    if (delta is None) == (set_to is None):
        raise InvalidInput(field="delta", expected="either delta or set_to")
    sku = (
        Sku.objects.filter(pk=sku_id, product_id=product_id, product__shop_id=shop_id, is_active=True)
        .exclude(product__status=Product.Status.DELETED)
        .first()
    )
    if sku is None:
        raise NotFound(field="sku_id")
    if warehouse_id is not None:
        own_warehouse(shop_id=shop_id, warehouse_id=warehouse_id)
    house = default_warehouse(shop_id) if warehouse_id is None else warehouse_id
    stock_levels.lock_levels([sku_id])
    ((on_hand, _),) = fetch(_ON_HAND, [sku_id, house])
    change = delta if delta is not None else (set_to or 0) - on_hand
    check_range(on_hand + change if set_to is None else set_to or 0, "stock", 0, MAX_STOCK)
    kind = StockMovement.Kind.ADJUST
    return apply_change(sku=sku, change=change, kind=kind, reason=reason, person_id=person_id, warehouse_id=house)


def apply_change(
    *,
    sku: Sku,
    change: int,
    kind: str,
    reason: str = "",
    person_id: int | None = None,
    warehouse_id: int | None = None,
) -> int:
    """Guarded change of the units on hand, recorded and told. Returns the units on sale. Raises NotEnoughStock."""
    if change == 0:
        return open_units([sku.pk])[sku.pk][1]
    house = default_warehouse(sku.product.shop_id) if warehouse_id is None else warehouse_id
    values = [change, change, sku.pk, house, change]
    row = fetch_one(_ADJUST, values)
    if row is None and change > 0:
        execute(_ADD_LEVEL, [sku.pk, house, True])
        row = fetch_one(_ADJUST, values)
    if row is None:
        ((on_hand, held),) = fetch(_ON_HAND, [sku.pk, house])
        raise NotEnoughStock(
            field="stock",
            expected="what unpaid orders and campaigns hold stays on hand",
            data={"sku_id": sku.pk, "on_hand": on_hand, "held": held},
        )
    note([(sku.pk, house, "", kind, change, 0, "", reason, person_id)])
    product_id, available = open_units([sku.pk])[sku.pk]
    publish(StockChanged(product_id=product_id, sku_id=sku.pk, available=available))
    return available
