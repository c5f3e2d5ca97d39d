"""Writes of governance."""

from xingqu.governance.services.restrictions import (
    answer_appeal,
    appeal_restriction,
    end_restrictions,
    lift_restriction,
    restrict_creator,
)

__all__ = [
    "answer_appeal",
    "appeal_restriction",
    "end_restrictions",
    "lift_restriction",
    "restrict_creator",
]
