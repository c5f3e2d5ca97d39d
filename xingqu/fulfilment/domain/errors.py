"""Refusals of fulfilment."""

from xingqu.kit.errors import BusinessError, Conflict


class TrackingNumberTaken(Conflict):
    """Another shop has shipped with this number."""

    code = "tracking_no_taken"
    message = "This tracking number belongs to another shop's package."


class ParcelChanged(Conflict):
    """A case has a parcel already, with another number."""

    code = "parcel_changed"
    message = "This case has a parcel with another tracking number."


class BadCarrierMessage(BusinessError):
    """A message that its sender did not sign, or that can't be read."""

    code = "invalid_signature"
    status = 401
    message = "The signature does not fit this message."


class PackageWrongState(Conflict):
    """`data.state` is the state that the package is in."""

    code = "package_wrong_state"
    message = "The package's state does not allow this."


class PackedAlready(Conflict):
    """Some of it is in a package that was put together before. `data.packages` are the ids."""

    code = "packed_already"
    message = "Some of this order is packed: hand that package over, or unpack it first."


class NotTogether(Conflict):
    """Orders of different buyers or to different addresses."""

    code = "not_together"
    message = "Only orders of one buyer to one address go into one package."


class CarrierAway(BusinessError):
    """The carrier gave no answer: ask again."""

    code = "carrier_away"
    status = 503
    message = "The carrier does not answer. Try again in a moment."


class CarrierSaysNo(Conflict):
    """`data.reason` is the carrier's own text."""

    code = "carrier_refused"
    message = "The carrier refuses."
