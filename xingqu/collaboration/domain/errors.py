"""Refusals of collaboration."""

from xingqu.kit.errors import BusinessError, Conflict


class WrongStep(Conflict):
    """`data` has {state, version}: where it is now."""

    code = "wrong_step"
    message = "This can't be done in the state it is in."


class StaleVersion(Conflict):
    """Somebody was faster. `data` has {state, version}."""

    code = "stale_version"
    message = "This has changed in the meantime. Look at it again."


class NotEligible(BusinessError):
    """`data` has {needs: {condition: [asked, has]}}."""

    code = "not_eligible"
    status = 403
    message = "The offer is for creators with other figures."


class SampleGone(Conflict):
    code = "sample_gone"
    message = "No sample is left."


class SampleTaken(Conflict):
    code = "sample_taken"
    message = "You have had as many of this sample as there are for one creator."


class AddressAbused(BusinessError):
    """Too many accounts have asked for samples to one address or phone number."""

    code = "sample_address_abused"
    status = 403
    message = "Samples have gone to this address or phone number for too many accounts."


class OfferTaken(Conflict):
    code = "sample_offer_taken"
    message = "Samples of this are offered already."


class OpenAlready(Conflict):
    """`data` has {collab_no}."""

    code = "collaboration_open"
    message = "You are talking with them about this already."


class TermsMoved(Conflict):
    """`data` has {terms_version}."""

    code = "terms_moved"
    message = "The terms have changed. Read them before you accept."


class NotAProof(BusinessError):
    code = "not_a_proof"
    status = 422
    message = "This link shows no work or room of yours with the product."
