"""Refusals of after-sale."""

from xingqu.kit.errors import Conflict, InvalidInput


class StaleCase(Conflict):
    """Somebody, or the clock, was faster. `data` has the case's state and version now."""

    code = "stale_case"
    message = "The case has moved on since you read it. Look at it again."


class WrongCaseState(Conflict):
    """The case's state does not allow this. `data.state` is the state it is in."""

    code = "wrong_case_state"
    message = "The case's state does not allow this."


class KindNotAllowed(Conflict):
    """This kind of after-sale can't be had for this now. `data.why` is a code: state, window, promise, price, delivered, shipped."""

    code = "kind_not_allowed"
    message = "This kind of after-sale is not possible here."


class UnitsTaken(Conflict):
    """Some of these units are in another open case, or were refunded. `data` has line_id and the units that are free."""

    code = "units_taken"
    message = "Some of these units are in another case or have been refunded."


class AmountTooHigh(InvalidInput):
    code = "amount_too_high"
    message = "This is more than can be refunded."


class NothingToRefund(Conflict):
    code = "nothing_to_refund"
    message = "There is nothing left to refund here."


class EvidenceNeeded(InvalidInput):
    code = "evidence_needed"
    message = "This reason needs a picture."


class NoReturnAddress(Conflict):
    code = "no_return_address"
    message = "The shop has no address for returns yet."


class RequestKeyReused(Conflict):
    code = "request_key_reused"
    message = "This key was used for another case."
