"""Handing packages over to carriers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from xingqu.events.fulfilment import PackageShipped
from xingqu.fulfilment.domain.carriers import check_tracking
from xingqu.fulfilment.domain.errors import TrackingNumberTaken
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.fulfilment.services.tracking import add_event
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, error_body
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.services import mark_shipped


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
    NotLeftToShip.
    """
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


def take_number(*, shop_id: int, carrier_code: str, tracking_no: str) -> str:
    """The number as it is kept, held until the caller's transaction ends: another shop may give the same at the same time.

    Raises InvalidInput, TrackingNumberTaken.
    """
    number = check_tracking(carrier_code, tracking_no)
    hold_names(f"tracking:{carrier_code}:{number}")
    same = Package.objects.filter(carrier_code=carrier_code, tracking_no=number)
    if same.exclude(shop_id=shop_id).exists():
        raise TrackingNumberTaken(field="tracking_no", expected="the number of a package of this shop")
    return number


def add_lines(package: Package, order_no: str, units: Sequence[tuple[int, int]]) -> None:
    """Put an order's units into a package."""
    PackageLine.objects.bulk_create(
        PackageLine(package=package, order_no=order_no, sku_id=sku_id, quantity=quantity) for sku_id, quantity in units
    )
