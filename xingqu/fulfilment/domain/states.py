"""What may become of a package, pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What a package carries: an order's goods, or the parcel of an after-sale case (its `reference`)."""

    ORDER = "order"
    RETURN = "return"  # buyer -> shop
    EXCHANGE = "exchange"  # shop -> buyer, like the two below
    RESEND = "resend"
    REPAIR = "repair"


class PackageState(StrEnum):
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
