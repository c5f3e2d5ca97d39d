"""Writes of the alliance."""

from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.commission import decide_shares, refresh_commission

__all__ = ["PlanKind", "decide_shares", "refresh_commission"]
