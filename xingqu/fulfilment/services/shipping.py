"""Handing packages over to carriers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.events.fulfilment import PackageShipped
from xingqu.fulfilment.carriers import tracking_provider
from xingqu.fulfilment.domain.carriers import check_tracking
from xingqu.fulfilment.domain.errors import PackageWrongState, PackedAlready, TrackingNumberTaken
from xingqu.fulfilment.domain.states import CHANGEABLE, Kind, PackageState
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.fulfilment.services.tracking import CARRIERS_OWN, add_event
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, NotFound, error_body
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.services import mark_shipped, note_tracking_changed


@dataclass(frozen=True, slots=True)
class Shipment:
    """`lines` are (SKU id, quantity); None is all that is left of the order."""

    order_no: str
    carrier_code: str
    tracking_no: str
    lines: tuple[tuple[int, int], ...] | None = None


@retried
@transaction.atomic
def ship_order(*, shop_id: int, shipment: Shipment) -> int:
    """Hand an order's units to a carrier in a package of their own. Returns the package's id.

    Raises InvalidInput (carrier, number, lines), TrackingNumberTaken, NotFound for another shop's order, WrongState,
    NotLeftToShip, PackedAlready when some of the order waits in a packed package.
    """
    hold_names(f"pack:{shipment.order_no}")
    packed = Package.objects.filter(
        shop_id=shop_id, state=PackageState.PACKED, lines__order_no=shipment.order_no
    ).values_list("pk", flat=True)
    if found := sorted(set(packed)):
        raise PackedAlready(field="order_no", data={"packages": found})
    number = take_number(shop_id=shop_id, carrier_code=shipment.carrier_code, tracking_no=shipment.tracking_no)
    now = clock.now()
    units = mark_shipped(
        shop_id=shop_id,
        order_no=shipment.order_no,
        carrier_code=shipment.carrier_code,
        tracking_no=number,
        shipped_at=now,
        lines=shipment.lines,
    )
    package = Package.objects.create(
        order_no=shipment.order_no,
        shop_id=shop_id,
        carrier_code=shipment.carrier_code,
        tracking_no=number,
        shipped_at=now,
        news_at=now,
        **watch_due(shipment.carrier_code, now),
    )
    add_lines(package, shipment.order_no, units)
    add_event(package, code="handed_over", at=now)
    publish(
        PackageShipped(
            order_no=shipment.order_no,
            shop_id=shop_id,
            package_id=package.pk,
            carrier_code=shipment.carrier_code,
            tracking_no=number,
            lines=units,
            at=now,
        )
    )
    return package.pk


def ship_batch(*, shop_id: int, shipments: Sequence[Shipment]) -> list[dict[str, Any]]:
    """Ship many orders, each in its own transaction; the result of each stands at its place: {order_no, shipped, error}."""
    results: list[dict[str, Any]] = []
    for shipment in shipments:
        try:
            ship_order(shop_id=shop_id, shipment=shipment)
        except BusinessError as error:
            results.append({"order_no": shipment.order_no, "shipped": False, "error": error_body(error)["error"]})
        else:
            results.append({"order_no": shipment.order_no, "shipped": True, "error": None})
    return results


class _Undo(Exception):
    """Ends a trial."""


def check_batch(*, shop_id: int, shipments: Sequence[Shipment]) -> list[dict[str, Any]]:
    """What `ship_batch` would come to, row by row: {order_no, can_ship, error}. Each row is shipped and undone, so that what is
    told is what would happen, and nothing stays: no package, no event, no fact."""
    results: list[dict[str, Any]] = []
    for shipment in shipments:
        error = None
        try:
            _try_to_ship(shop_id, shipment)
        except BusinessError as refusal:
            error = error_body(refusal)["error"]
        except _Undo:
            pass
        results.append({"order_no": shipment.order_no, "can_ship": error is None, "error": error})
    return results


@retried
@transaction.atomic
def _try_to_ship(shop_id: int, shipment: Shipment) -> None:
    ship_order(shop_id=shop_id, shipment=shipment)
    raise _Undo


def take_number(*, shop_id: int, carrier_code: str, tracking_no: str) -> str:
    """The number as it is kept, held until the caller's transaction ends: another shop may give the same at the same time.

    Raises InvalidInput, TrackingNumberTaken.
    """
    number = check_tracking(carrier_code, tracking_no)
    hold_names(f"tracking:{carrier_code}:{number}")
    same = Package.objects.exclude(state=PackageState.PACKED).filter(carrier_code=carrier_code, tracking_no=number)
    if same.exclude(shop_id=shop_id).exists():
        raise TrackingNumberTaken(field="tracking_no", expected="the number of a package of this shop")
    return number


def add_lines(package: Package, order_no: str, units: Sequence[tuple[int, int]]) -> None:
    """Put an order's units into a package."""
    PackageLine.objects.bulk_create(
        PackageLine(package=package, order_no=order_no, sku_id=sku_id, quantity=quantity) for sku_id, quantity in units
    )


def watch_due(carrier_code: str, now: datetime) -> dict[str, Any]:
    """Columns of a package that goes off now: whether its carrier will be asked for news."""
    if tracking_provider(carrier_code) is None:
        return {"watch": Package.Watch.OFF}
    return {"watch": Package.Watch.DUE, "watch_due_at": now, "watch_tries": 0}


@retried
@transaction.atomic
def change_number(*, shop_id: int, package_id: int, carrier_code: str, tracking_no: str) -> None:
    """Put right the wrong number of a package that is on its way. What was told of the wrong one is another's, and goes.

    Raises NotFound, PackageWrongState, InvalidInput, TrackingNumberTaken.
    """
    number = take_number(shop_id=shop_id, carrier_code=carrier_code, tracking_no=tracking_no)
    package = Package.objects.select_for_update().filter(pk=package_id, shop_id=shop_id, kind=Kind.ORDER).first()
    if package is None:
        raise NotFound(field="package_id", expected="the id of a package of this shop")
    if package.state not in CHANGEABLE or package.intercept in (Package.Intercept.ASKED, Package.Intercept.ACCEPTED):
        raise PackageWrongState(expected="a package on its way", data={"state": package.state})
    if (package.carrier_code, package.tracking_no) == (carrier_code, number):
        return
    now = clock.now()
    before = {"carrier_code": package.carrier_code, "tracking_no": package.tracking_no}
    package.events.filter(key__startswith=CARRIERS_OWN).delete()
    Package.objects.filter(pk=package.pk).update(
        state=PackageState.HANDED_OVER,
        carrier_code=carrier_code,
        tracking_no=number,
        routing_code="",
        news_at=now,
        flagged_at=None,
        intercept=Package.Intercept.NONE,
        **watch_due(carrier_code, now),
    )
    after = {"carrier_code": carrier_code, "tracking_no": number}
    add_event(package, code="number_changed", key=f"number:{number}"[:64], at=now, data={"before": before, **after})
    for order_no in sorted(set(package.lines.values_list("order_no", flat=True))):
        note_tracking_changed(order_no=order_no, before=before, after=after)
