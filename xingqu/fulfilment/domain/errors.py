"""Refusals of fulfilment."""

from xingqu.kit.errors import Conflict


class TrackingNumberTaken(Conflict):
    """Another shop has shipped with this number."""

    code = "tracking_no_taken"
    message = "This tracking number belongs to another shop's package."


class ParcelChanged(Conflict):
    """A case has a parcel already, with another number."""

    code = "parcel_changed"
    message = "This case has a parcel with another tracking number."
