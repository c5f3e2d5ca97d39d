"""Writes of fulfilment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.events.fulfilment import TrackingAdded
from xingqu.fulfilment.domain import TrackingNumberTaken, check_tracking
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, error_body
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names
from xingqu.trade.services import mark_shipped


@dataclass(frozen=True, slots=True)
class Shipment:
    order_no: str
    carrier_code: str
    tracking_no: str


@transaction.atomic
def ship_order(*, shop_id: int, shipment: Shipment) -> None:
    """Hand an order's one package to a carrier.

    Raises InvalidInput (carrier, number), TrackingNumberTaken, NotFound for another shop's order, WrongState.
    """
    number = check_tracking(shipment.carrier_code, shipment.tracking_no)
    hold_names(f"tracking:{shipment.carrier_code}:{number}")  # another shop may give the same at the same time
    same = Package.objects.filter(carrier_code=shipment.carrier_code, tracking_no=number)
    if same.exclude(shop_id=shop_id).exists():
        raise TrackingNumberTaken(field="tracking_no", expected="the number of a package of this shop")
    now = clock.now()
    mark_shipped(
        shop_id=shop_id,
        order_no=shipment.order_no,
        carrier_code=shipment.carrier_code,
        tracking_no=number,
        shipped_at=now,
    )
    Package.objects.create(
        order_no=shipment.order_no,
        shop_id=shop_id,
        carrier_code=shipment.carrier_code,
        tracking_no=number,
        shipped_at=now,
    )
    add_tracking(order_no=shipment.order_no, code="handed_over", at=now)


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


def add_tracking(*, order_no: str, code: str, at: datetime, data: dict[str, Any] | None = None) -> bool:
    """Add an event to an order's package, in the caller's transaction, once a code. False when it was there or there is no package."""
    package = Package.objects.filter(order_no=order_no).first()
    if package is None:
        return False
    _, created = TrackingEvent.objects.get_or_create(
        package=package, code=code, defaults={"at": at, "data": data or {}}
    )
    if created:
        publish(TrackingAdded(order_no=order_no, shop_id=package.shop_id, code=code, at=at))
    return created
