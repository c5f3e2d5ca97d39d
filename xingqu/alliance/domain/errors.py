"""Refusals of the alliance."""

from xingqu.kit.errors import Conflict


class PlanTaken(Conflict):
    """A product has one simple and one exclusive plan at a time."""

    code = "plan_taken"
    message = "This product has a plan of this kind already."


class NotOffered(Conflict):
    code = "not_offered"
    message = "No plan of this product is open to this creator."
