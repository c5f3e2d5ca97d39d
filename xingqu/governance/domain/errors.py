"""Refusals of governance."""

from xingqu.kit.errors import Conflict, Forbidden


class Restricted(Forbidden):
    """`data`: kind (live, selling), until (null: until it is lifted), reason."""

    code = "creator_restricted"
    message = "The platform has stopped this account from doing so for now."


class AlreadyRestricted(Conflict):
    code = "already_restricted"
    message = "A restriction of this kind is in force for this account."


class WrongRestrictionState(Conflict):
    """`data.state` is where it stands."""

    code = "restriction_wrong_state"
    message = "The restriction is in a state that does not allow this."
