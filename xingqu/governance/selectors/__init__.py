"""Reads of governance."""

from xingqu.governance.selectors.restrictions import (
    is_restricted,
    require_free,
    restricted_among,
    restrictions_of,
    restrictions_page,
    violations_between,
    was_restricted,
)

__all__ = [
    "is_restricted",
    "require_free",
    "restricted_among",
    "restrictions_of",
    "restrictions_page",
    "violations_between",
    "was_restricted",
]
