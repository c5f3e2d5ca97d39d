"""Where packages are."""

from typing import Any

from xingqu.fulfilment.contracts import ParcelView, TrackingEventView
from xingqu.fulfilment.domain.carriers import BY_CODE
from xingqu.fulfilment.domain.states import CHANGEABLE, Kind, PackageState
from xingqu.fulfilment.models import Package, PackageLine
from xingqu.trade.contracts import ShopOrderRow
from xingqu.trade.selectors import shop_order_for_buyer


def tracking_of(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """Packages and their events (newest first) of a buyer's own order; no package before it is shipped. Raises NotFound.

    `package` and `events` are of the last package, with what happened before it left.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    rows = Package.objects.filter(kind=Kind.ORDER, lines__order_no=order_no).exclude(state=PackageState.PACKED)
    rows = rows.distinct().order_by("id")
    packages = [_package(package, order) for package in rows.prefetch_related("lines", "events")]
    paid = [] if order.paid_at is None else [{"code": "paid", "at": order.paid_at, "data": {}}]
    last = packages[-1] if packages else None
    return {
        "order_no": order_no,
        "package": last,
        "events": [*(last["events"] if last is not None else []), *paid],
        "packages": packages,
        "can": [name for name, may in _may(order) if may],
    }


def parcels_of(*, reference: str) -> list[ParcelView]:
    """The parcels of an after-sale case, oldest first."""
    rows = Package.objects.filter(reference=reference).exclude(reference="").order_by("id")
    return [
        ParcelView(
            id=package.pk,
            kind=package.kind,
            state=package.state,
            carrier_code=package.carrier_code,
            carrier_name=BY_CODE[package.carrier_code].name,
            carrier_name_en=BY_CODE[package.carrier_code].name_en,
            tracking_no=package.tracking_no,
            lines=tuple((line.sku_id, line.quantity) for line in package.lines.all()),
            shipped_at=package.shipped_at,
            delivered_at=package.delivered_at,
            events=tuple(TrackingEventView(**event) for event in _events(package)),
        )
        for package in rows.prefetch_related("lines", "events")
    ]


def _may(order: ShopOrderRow) -> list[tuple[str, bool]]:
    """What the buyer may do about the way of an order."""
    packed = PackageLine.objects.filter(order_no=order.order_no, package__state=PackageState.PACKED)
    untouched = order.state == "paid" and not order.shipping_stopped and not packed.exists()
    waiting = order.state == "shipped" and order.receive_by is not None and not order.receipt_extended
    return [("change_address", untouched), ("extend_receipt", waiting)]


def _package(package: Package, order: ShopOrderRow) -> dict[str, Any]:
    carrier = BY_CODE[package.carrier_code]
    ordered = {line.sku_id: line for line in order.lines}
    return {
        "id": package.pk,
        "state": package.state,
        "carrier_code": carrier.code,
        "carrier_name": carrier.name,
        "carrier_name_en": carrier.name_en,
        "tracking_no": package.tracking_no,
        "flagged": package.flagged_at is not None,
        "intercept": package.intercept,
        "can": ["intercept"] if package.state in CHANGEABLE and package.intercept in ("", "failed") else [],
        "shipped_at": package.shipped_at,
        "delivered_at": package.delivered_at,
        "lines": [
            {
                "sku_id": line.sku_id,
                "product_id": ordered[line.sku_id].product_id,
                "name": ordered[line.sku_id].name,
                "option_text": ordered[line.sku_id].option_text,
                "picture_url": ordered[line.sku_id].picture_url,
                "quantity": line.quantity,
            }
            for line in package.lines.all()
            if line.order_no == order.order_no
        ],
        "events": _events(package),
    }


def _events(package: Package) -> list[dict[str, Any]]:
    """Newest first."""
    rows = sorted(package.events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    return [{"code": row.code, "at": row.at, "data": row.data} for row in rows]
