"""Writes of the alliance."""

from xingqu.alliance.services.commission import decide_shares, refresh_commission

__all__ = ["decide_shares", "refresh_commission"]
