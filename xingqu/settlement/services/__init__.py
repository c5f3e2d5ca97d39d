"""Writes of settlement."""

from xingqu.settlement.services.rules import set_computed_score, set_score
from xingqu.settlement.services.settling import settle_due

__all__ = ["set_computed_score", "set_score", "settle_due"]
