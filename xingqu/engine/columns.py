"""Every code and column of the engine, named once."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Signal(IntEnum):
    """What a person did. The unit of ``value`` stands beside it; where none stands it is ignored."""

    IMPRESSION = 1
    DWELL = 2  # milliseconds looked at
    COMPLETION = 3  # how many times played to the end
    SKIP = 4  # milliseconds looked at before swiping away
    LIKE = 5
    UNLIKE = 6
    SAVE = 7
    UNSAVE = 8
    FOLLOW = 9
    UNFOLLOW = 10
    SHARE = 11
    COMMENT = 12
    PRODUCT_CLICK = 13
    ADD_TO_CART = 14  # units
    NOT_INTERESTED = 15  # a NotInterestedReason
    ORDER = 16  # units
    RETURN = 17  # units
    SEARCH = 18  # the tag searched for stands in the batch's tag_id


class NotInterestedReason(IntEnum):
    UNSPECIFIED = 0
    TOPIC = 1
    CREATOR = 2
    PRODUCT = 3
    SEEN_TOO_OFTEN = 4
    QUALITY = 5


class Channel(IntEnum):
    COVISIT = 1
    INTEREST_TAGS = 2
    FRESH = 3
    POPULAR = 4
    FOLLOWED = 5
    EXPLORATION = 6
    SESSIONS = 9
    TASTE = 10
    SEQUENCE = 7
    CLUSTERS = 8
    DUE = 11
    CONTENT = 12


class Horizon(IntEnum):
    INSTANT = 0
    MID = 1
    LONG_TERM = 2


class Head(IntEnum):
    """What the scorer predicts, as a probability for one impression."""

    WATCH = 0
    COMPLETION = 1
    LIKE = 2
    FOLLOW = 3
    PRODUCT_CLICK = 4
    ADD_TO_CART = 5
    ORDER = 6
    NOT_INTERESTED = 7
    RETURN = 8  # bought, and given back
    REPURCHASE = 9  # bought, and bought again later


class Counter(IntEnum):
    """Columns of an item's decayed counters. ``1 + head`` is the counter of that head."""

    IMPRESSIONS = 0
    WATCHES = 1
    COMPLETIONS = 2
    LIKES = 3
    FOLLOWS = 4
    PRODUCT_CLICKS = 5
    CARTS = 6
    ORDERS = 7
    NOT_INTERESTED = 8
    RETURNS = 9
    REPURCHASES = 10


class Feature(IntEnum):
    """Columns of a candidate's feature matrix; what each measures stands in ``ranking.features``.

    They are logged with served pages and read by trained models: new ones are appended, none is ever renumbered.
    """

    INTEREST_INSTANT = 0
    INTEREST_MID = 1
    INTEREST_LONG_TERM = 2
    CREATOR_AFFINITY = 3
    FOLLOWED = 4
    CATEGORY_AFFINITY = 5
    COVISIT = 6
    SEED_SIMILARITY = 7
    FRESHNESS = 8
    PRICE_FIT = 9
    TASTE = 10
    NEXT = 11
    EVIDENCE = 12
    FAMILIARITY = 13
    DUE = 14


class Kind(IntEnum):
    VIDEO = 0
    PICTURE_POST = 1


class Surface(StrEnum):
    FOR_YOU = "for_you"
    FOLLOWING = "following"
    SIMILAR = "similar"


class Flag(IntEnum):
    """Bits of an entry of an interest table."""

    PINNED = 1
    BLOCKED = 2
    FOLLOWED = 4


NO_TAG = -1
NO_HORIZON = -1
COMMERCE_HEADS = (Head.PRODUCT_CLICK, Head.ADD_TO_CART, Head.ORDER, Head.RETURN, Head.REPURCHASE)
