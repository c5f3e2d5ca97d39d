"""Refusals of the review room."""

from xingqu.kit.errors import Conflict


class NotReceived(Conflict):
    """Reviews come after receipt. `data.state` is the order's state."""

    code = "not_received"
    message = "Confirm receipt before reviewing."


class NothingKept(Conflict):
    """All that was paid for this line went back: who keeps nothing of it reviews nothing."""

    code = "nothing_kept"
    message = "What was paid for this went back in full."


class AlreadyReviewed(Conflict):
    code = "already_reviewed"
    message = "This has been reviewed."


class AlreadyReplied(Conflict):
    code = "already_replied"
    message = "The shop has replied to this review."


class ReplyClosed(Conflict):
    """The time in which an answer may be changed is over. `data.until` is when it ended."""

    code = "reply_closed"
    message = "This answer can no longer be changed."


class TooManyPictures(Conflict):
    code = "too_many_pictures"
    message = "An order takes no more pictures than this."


class FollowUpClosed(Conflict):
    """The time for a follow-up is over. `data.until` is when it ended."""

    code = "follow_up_closed"
    message = "The time for a follow-up is over."


class AlreadyFollowedUp(Conflict):
    code = "already_followed_up"
    message = "This review has a follow-up."


class OwnReview(Conflict):
    """The author and the shop's members have no say in how helpful a review is."""

    code = "own_review"
    message = "This is your own review, or one of your shop's."


class AlreadyReported(Conflict):
    code = "already_reported"
    message = "You have reported this review."


class WrongStep(Conflict):
    """The case is not in a state for this. `data.state` is the one it is in."""

    code = "wrong_step"
    message = "The case has moved on."
