"""Refusals of the alliance."""

from xingqu.kit.errors import Conflict


class PlanTaken(Conflict):
    """A product has one simple and one exclusive plan at a time."""

    code = "plan_taken"
    message = "This product has a plan of this kind already."


class NotOffered(Conflict):
    code = "not_offered"
    message = "No plan of this product is open to this creator."


class ContractTaken(Conflict):
    """A creator has one agency at a time, and one offer of an agency."""

    code = "contract_taken"
    message = "There is such a contract or offer already."


class NoStudio(Conflict):
    code = "no_studio"
    message = "This creator has no workplace of their own yet."


class EnrolmentTaken(Conflict):
    code = "enrolment_taken"
    message = "This product is in the activity already."


class ActivityOver(Conflict):
    code = "activity_over"
    message = "The activity is over, or closed for this."


class BadLink(Conflict):
    """What was pasted names no product of this site."""

    code = "bad_link"
    message = "This is no link to a product here."
