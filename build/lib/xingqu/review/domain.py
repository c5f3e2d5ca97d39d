"""The arithmetic and the manners of reviews, pure."""

from xingqu.kit.errors import Conflict


class NotReceived(Conflict):
    """Reviews come after receipt. `data.state` is the order's state."""

    code = "not_received"
    message = "Confirm receipt before reviewing."


class AlreadyReviewed(Conflict):
    code = "already_reviewed"
    message = "This has been reviewed."


class AlreadyReplied(Conflict):
    code = "already_replied"
    message = "The shop has replied to this review."


class TooManyPictures(Conflict):
    code = "too_many_pictures"
    message = "An order takes no more pictures than this."


def score_hundredths(total: int, count: int) -> int:
    """Average score in hundredths, rounded half up; `count` > 0."""
    return (200 * total + count) // (2 * count)


def overall_score(goods: int, service: int, logistics: int) -> float:
    """Average of the three parts with one decimal place."""
    return round((goods + service + logistics) / 3, 1)


def mask_name(name: str) -> str:
    """A name as others read it: first and last character, the rest hidden (``小***手``)."""
    shown = name.strip()
    return f"{shown[:1]}***{shown[-1:] if len(shown) > 1 else ''}"
