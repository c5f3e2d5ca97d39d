"""Packages before they are handed over: put together, split, merged, taken apart; and the hand-over."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from xingqu.events.fulfilment import PackageShipped
from xingqu.fulfilment.domain.errors import NotTogether, PackageWrongState
from xingqu.fulfilment.domain.states import Kind, PackageState
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.fulfilment.services.shipping import add_lines, take_number, watch_due
from xingqu.fulfilment.services.tracking import add_event
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.contracts import ShopOrderRow
from xingqu.trade.selectors import shop_order_for_shipping
from xingqu.trade.services import NotLeftToShip, WrongState, mark_shipped

Units = Sequence[tuple[int, int]]
MAX_ORDERS = 20


@retried
@transaction.atomic
def pack(*, shop_id: int, orders: Mapping[str, Units | None]) -> int:
    """Put units of one or more orders into a package: order number -> (SKU id, quantity) pairs, None for all that is left.

    Several orders must be one buyer's, to one address. Returns the package's id. Raises NotFound, WrongState, NotTogether,
    NotLeftToShip (what is packed elsewhere is not left), InvalidInput.
    """
    if not 1 <= len(orders) <= MAX_ORDERS:
        raise InvalidInput(field="orders", expected=f"1 to {MAX_ORDERS} orders")
    hold_names(*(f"pack:{order_no}" for order_no in orders))
    rows = [shop_order_for_shipping(shop_id=shop_id, order_no=order_no) for order_no in orders]
    _check_together(rows)
    package = Package.objects.create(
        order_no=rows[0].order_no, shop_id=shop_id, state=PackageState.PACKED, packed_at=clock.now()
    )
    for row in rows:
        if row.state not in ("paid", "part_shipped") or row.shipping_stopped:
            raise WrongState(expected="a paid order without an open refund", data={"state": row.state})
        add_lines(package, row.order_no, _units(row, orders[row.order_no]))
    return package.pk


@retried
@transaction.atomic
def split(*, shop_id: int, package_id: int, lines: Sequence[tuple[str, int, int]]) -> int:
    """Take (order number, SKU id, quantity) out of a packed package into a new one. Returns its id.

    Raises NotFound, PackageWrongState (handed over, or with a waybill), InvalidInput when not so much is in it, or all is taken.
    """
    package = _packed(shop_id, package_id)
    inside = {(line.order_no, line.sku_id): line for line in package.lines.all()}
    taken = {(order_no, sku_id): quantity for order_no, sku_id, quantity in lines}
    fits = len(taken) == len(lines) > 0 and all(
        key in inside and 1 <= quantity <= inside[key].quantity for key, quantity in taken.items()
    )
    if not fits or sum(taken.values()) >= sum(line.quantity for line in inside.values()):
        raise InvalidInput(field="lines", expected="a part of what is in the package")
    new = Package.objects.create(
        order_no=lines[0][0], shop_id=shop_id, state=PackageState.PACKED, packed_at=clock.now()
    )
    for (order_no, sku_id), quantity in taken.items():
        line = inside[order_no, sku_id]
        if line.quantity == quantity:
            line.delete()
        else:
            line.quantity -= quantity
            line.save(update_fields=["quantity"])
        add_lines(new, order_no, [(sku_id, quantity)])
    first = package.lines.order_by("id")[0].order_no
    Package.objects.filter(pk=package.pk).update(order_no=first)
    return new.pk


@retried
@transaction.atomic
def merge(*, shop_id: int, package_ids: Sequence[int]) -> int:
    """Put packed packages into one. Returns the id of the one that is left. Raises NotFound, PackageWrongState, NotTogether."""
    ids = sorted(set(package_ids))
    if not 2 <= len(ids) <= MAX_ORDERS:
        raise InvalidInput(field="package_ids", expected=f"2 to {MAX_ORDERS} packages")
    packages = [_packed(shop_id, pk) for pk in ids]
    lines = [line for package in packages for line in package.lines.all()]
    numbers = sorted({line.order_no for line in lines})
    _check_together([shop_order_for_shipping(shop_id=shop_id, order_no=number) for number in numbers])
    sums: dict[tuple[str, int], int] = {}
    for line in lines:
        sums[line.order_no, line.sku_id] = sums.get((line.order_no, line.sku_id), 0) + line.quantity
    keep = packages[0]
    keep.lines.all().delete()
    Package.objects.filter(pk__in=ids[1:]).delete()
    for (order_no, sku_id), quantity in sums.items():
        add_lines(keep, order_no, [(sku_id, quantity)])
    return keep.pk


@retried
@transaction.atomic
def unpack(*, shop_id: int, package_id: int) -> None:
    """Take a packed package apart: its units are left to ship again. Raises NotFound, PackageWrongState."""
    Package.objects.filter(pk=_packed(shop_id, package_id, waybill=True).pk).delete()


@retried
@transaction.atomic
def hand_over(
    *, shop_id: int, package_id: int, carrier_code: str | None = None, tracking_no: str | None = None
) -> None:
    """A packed package goes to the carrier: with its waybill's number, or with the one given here.

    Raises NotFound, PackageWrongState, InvalidInput, TrackingNumberTaken, WrongState and NotLeftToShip of its orders.
    """
    package = _packed(shop_id, package_id, waybill=True)
    code, typed = (
        (package.carrier_code, package.tracking_no) if package.has_waybill else (carrier_code or "", tracking_no or "")
    )
    number = take_number(shop_id=shop_id, carrier_code=code, tracking_no=typed)
    now = clock.now()
    units: dict[str, list[tuple[int, int]]] = {}
    for line in package.lines.order_by("order_no", "id"):
        units.setdefault(line.order_no, []).append((line.sku_id, line.quantity))
    mine = Package.objects.filter(pk=package.pk, state=PackageState.PACKED)
    moved = mine.update(
        state=PackageState.HANDED_OVER,
        carrier_code=code,
        tracking_no=number,
        shipped_at=now,
        news_at=now,
        **watch_due(code, now),
    )
    if not moved:
        raise PackageWrongState(expected="a packed package")
    for order_no, lines in units.items():
        mark_shipped(
            shop_id=shop_id, order_no=order_no, carrier_code=code, tracking_no=number, shipped_at=now, lines=lines
        )
        publish(
            PackageShipped(
                order_no=order_no,
                shop_id=shop_id,
                package_id=package.pk,
                carrier_code=code,
                tracking_no=number,
                lines=tuple(lines),
                at=now,
            )
        )
    add_event(package, code="handed_over", at=now)


def _packed(shop_id: int, package_id: int, *, waybill: bool = False) -> Package:
    """A shop's packed package, held until the transaction ends; with `waybill` also one that has a number already."""
    rows = Package.objects.select_for_update()
    package = rows.filter(pk=package_id, shop_id=shop_id, kind=Kind.ORDER).first()
    if package is None:
        raise NotFound(field="package_id", expected="the id of a package of this shop")
    if package.state != PackageState.PACKED or (package.has_waybill and not waybill):
        raise PackageWrongState(
            expected="a package that is packed" + ("" if waybill else " and has no waybill"),
            data={"state": package.state, "has_waybill": package.has_waybill},
        )
    return package


def _check_together(rows: Sequence[ShopOrderRow]) -> None:
    if len({row.buyer_key for row in rows}) > 1 or any(row.address != rows[0].address for row in rows):
        raise NotTogether(field="orders", expected="orders of one buyer to one address")


def _units(row: ShopOrderRow, wanted: Units | None) -> list[tuple[int, int]]:
    """Units that are left of an order, after what is packed already."""
    left = {line.sku_id: line.to_ship_quantity for line in row.lines}
    packed = PackageLine.objects.filter(package__state=PackageState.PACKED, order_no=row.order_no)
    for sku_id, quantity in packed.values_list("sku_id", "quantity"):
        left[sku_id] -= quantity
    units = [(sku, count) for sku, count in left.items() if count > 0] if wanted is None else list(wanted)
    if len({sku for sku, _ in units}) != len(units) or any(quantity < 1 for _, quantity in units):
        raise InvalidInput(field="lines", expected="each SKU once, with at least one unit")
    if not units:
        raise NotLeftToShip(field="lines", expected="an order with something left to pack")
    for sku_id, quantity in units:
        most = max(left.get(sku_id, 0), 0)
        if quantity > most:
            raise NotLeftToShip(field="lines", expected=f"at most {most} units", data={"sku_id": sku_id, "left": most})
    return units
