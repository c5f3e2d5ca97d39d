"""What a review is and may become, pure."""

from xingqu.review.domain.errors import (
    AlreadyFollowedUp,
    AlreadyReplied,
    AlreadyReported,
    AlreadyReviewed,
    FollowUpClosed,
    NothingKept,
    NotReceived,
    OwnReview,
    ReplyClosed,
    TooManyPictures,
    WrongStep,
)
from xingqu.review.domain.scores import mask_name, overall_score, score_hundredths

__all__ = [
    "AlreadyFollowedUp",
    "AlreadyReplied",
    "AlreadyReported",
    "AlreadyReviewed",
    "FollowUpClosed",
    "NotReceived",
    "NothingKept",
    "OwnReview",
    "ReplyClosed",
    "TooManyPictures",
    "WrongStep",
    "mask_name",
    "overall_score",
    "score_hundredths",
]
