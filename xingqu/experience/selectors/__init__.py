"""Reads of the experience score."""

from xingqu.experience.selectors.figures import counted_of, rows_behind
from xingqu.experience.selectors.scores import history, latest_score, latest_scores, peers_of, rule_sets, rules_at

__all__ = ["counted_of", "history", "latest_score", "latest_scores", "peers_of", "rows_behind", "rule_sets", "rules_at"]
