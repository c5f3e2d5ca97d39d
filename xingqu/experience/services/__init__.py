"""Writes of the experience score."""

from xingqu.experience.services.scoring import keep_scores_if_due, score_shop, set_rules

__all__ = ["keep_scores_if_due", "score_shop", "set_rules"]
