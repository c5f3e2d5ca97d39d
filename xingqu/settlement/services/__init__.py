"""Writes of settlement."""

from xingqu.settlement.services.rules import set_score
from xingqu.settlement.services.settling import settle_due

__all__ = ["set_score", "settle_due"]
