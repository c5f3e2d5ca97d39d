"""Writes of the feed: the item snapshot that everything is ranked over."""

from xingqu.feed.services.snapshot import build_if_due, mark_dirty, rebuild_snapshot

__all__ = ["build_if_due", "mark_dirty", "rebuild_snapshot"]
