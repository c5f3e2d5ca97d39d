"""Reads of the alliance."""

from xingqu.alliance.selectors.plans import plan_for

__all__ = ["plan_for"]
