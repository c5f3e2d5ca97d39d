"""What may become of a package, pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a package carries: an order's goods, the parcel of an after-sale case, or a creator's sample (its `reference`)."""

    ORDER = "order"
    RETURN = "return"  # buyer -> shop
    EXCHANGE = "exchange"  # shop -> buyer, like the two below
    RESEND = "resend"
    REPAIR = "repair"
    SAMPLE = "sample"


class PackageState(StrEnum):
    PACKED = "packed"  # put together by the shop, not with a carrier yet
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    TURNING_BACK = "turning_back"
    TURNED_BACK = "turned_back"


class ScanCode(StrEnum):
    """What carriers tell of a package."""

    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    PROBLEM = "problem"
    DELIVERED = "delivered"
    TURNING_BACK = "turning_back"
    TURNED_BACK = "turned_back"


ON_THE_WAY = (
    PackageState.HANDED_OVER,
    PackageState.IN_TRANSIT,
    PackageState.OUT_FOR_DELIVERY,
    PackageState.EXCEPTION,
    PackageState.TURNING_BACK,
)
# Where a carrier may still be asked to turn a package back, and where a wrong number may still be put right.
CHANGEABLE = (PackageState.HANDED_OVER, PackageState.IN_TRANSIT, PackageState.EXCEPTION)
STATE_AFTER: dict[ScanCode, PackageState] = {
    ScanCode.COLLECTED: PackageState.IN_TRANSIT,
    ScanCode.IN_TRANSIT: PackageState.IN_TRANSIT,
    ScanCode.OUT_FOR_DELIVERY: PackageState.OUT_FOR_DELIVERY,
    ScanCode.PROBLEM: PackageState.EXCEPTION,
    ScanCode.DELIVERED: PackageState.DELIVERED,
    ScanCode.TURNING_BACK: PackageState.TURNING_BACK,
    ScanCode.TURNED_BACK: PackageState.TURNED_BACK,
}
_ORDER = {code: place for place, code in enumerate(ScanCode)}
ENDS = (ScanCode.DELIVERED, ScanCode.TURNED_BACK)


def state_after(scans: Iterable[tuple[str, datetime]]) -> PackageState | None:
    """The state that a package's scans (code, time) tell of, in whatever order they came; None without any.

    What ended a package's way is not undone by a scan of before, or of the same moment.
    """
    known = [(at, _ORDER[ScanCode(code)], ScanCode(code)) for code, at in scans if code in _ORDER]
    if not known:
        return None
    ended = [scan for scan in known if scan[2] in ENDS]
    return STATE_AFTER[max(ended or known)[2]]
