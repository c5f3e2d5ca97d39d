"""What happens to packages on their way."""

from datetime import datetime
from typing import Any

from xingqu.events.fulfilment import PackageDelivered, ParcelDelivered, TrackingAdded
from xingqu.fulfilment.domain.states import Kind, PackageState
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names
from xingqu.trade.selectors import is_all_shipped
from xingqu.trade.services import start_receipt_clock

CARRIERS_OWN = "c:"  # how keys of carriers' events begin


def add_event(
    package: Package, *, code: str, at: datetime, key: str | None = None, data: dict[str, Any] | None = None
) -> bool:
    """Add an event to a package, in the caller's transaction, once a key (the code, unless told). False when it was there."""
    _, created = TrackingEvent.objects.get_or_create(
        package=package, key=key or code, defaults={"code": code, "at": at, "data": data or {}}
    )
    if created:
        publish(
            TrackingAdded(order_no=package.order_no, shop_id=package.shop_id, package_id=package.pk, code=code, at=at)
        )
    return created


def close_packages(*, order_no: str, at: datetime, automatic: bool) -> None:
    """The buyer has an order: the way of its packages ends."""
    for package in packages_with(order_no):
        add_event(package, code="received", at=at, data={"automatic": automatic})


def mark_delivered(package: Package, *, at: datetime) -> bool:
    """A package arrived, in the caller's transaction. False when that was known."""
    rows = Package.objects.filter(pk=package.pk, delivered_at=None)
    if not rows.update(state=PackageState.DELIVERED, delivered_at=at):
        return False
    if package.kind != Kind.ORDER:
        publish(
            ParcelDelivered(
                reference=package.reference,
                kind=package.kind,
                order_no=package.order_no,
                shop_id=package.shop_id,
                at=at,
            )
        )
        return True
    for order_no in sorted(set(package.lines.values_list("order_no", flat=True))):
        hold_names(f"delivered:{order_no}")  # the last two packages must not both think the other is on its way
        whole = count_receipt_from_delivery(order_no)
        publish(
            PackageDelivered(
                order_no=order_no,
                shop_id=package.shop_id,
                package_id=package.pk,
                whole=whole,
                at=at,
            )
        )
    return True


def count_receipt_from_delivery(order_no: str) -> bool:
    """Whether all of an order that did not come back has arrived: receipt by itself counts from the last of it. Hold
    `delivered:<order>` before."""
    packages = [other for other in packages_with(order_no) if other.state != PackageState.TURNED_BACK]
    arrived = [other.delivered_at for other in packages if other.delivered_at is not None]
    whole = bool(packages) and len(arrived) == len(packages) and is_all_shipped(order_no=order_no)
    if whole:
        start_receipt_clock(order_no=order_no, delivered_at=max(arrived))
    return whole


def packages_with(order_no: str) -> list[Package]:
    """The packages with an order's goods, oldest first; parcels of after-sale cases are not among them."""
    rows = Package.objects.filter(kind=Kind.ORDER, lines__order_no=order_no)
    return list(rows.distinct().order_by("id"))
