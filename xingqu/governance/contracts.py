"""What other rooms may name of governance."""

from enum import StrEnum


class Kind(StrEnum):
    """live: no live rooms. selling: no products of shops shown or sold by the account."""

    LIVE = "live"
    SELLING = "selling"


class Severity(StrEnum):
    GENERAL = "general"
    SERIOUS = "serious"
