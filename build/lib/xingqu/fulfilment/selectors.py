"""Reads of fulfilment."""

from typing import Any

from xingqu.fulfilment.domain import BY_CODE
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.trade.selectors import shop_order_for_buyer


def tracking_of(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """Package and timeline (newest first) of a buyer's own order; no package before it is shipped. Raises NotFound."""
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    package = Package.objects.filter(order_no=order_no).first()
    events: list[dict[str, Any]] = []
    if order.paid_at is not None:
        events.append({"code": "paid", "at": order.paid_at, "data": {}})
    if package is not None:
        rows = TrackingEvent.objects.filter(package=package).order_by("at", "id")
        events += [{"code": row.code, "at": row.at, "data": row.data} for row in rows]
    return {"order_no": order_no, "package": _package(package), "events": events[::-1]}


def _package(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    carrier = BY_CODE[package.carrier_code]
    return {
        "carrier_code": carrier.code,
        "carrier_name": carrier.name,
        "carrier_name_en": carrier.name_en,
        "tracking_no": package.tracking_no,
        "shipped_at": package.shipped_at,
    }
