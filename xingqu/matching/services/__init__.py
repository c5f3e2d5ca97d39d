"""Writes of matching."""

from xingqu.matching.services.building import build_audiences_if_due, build_creators, build_offers_if_due
from xingqu.matching.services.matching import match_pools
from xingqu.matching.services.pools import fill_rules

__all__ = ["build_audiences_if_due", "build_creators", "build_offers_if_due", "fill_rules", "match_pools"]
