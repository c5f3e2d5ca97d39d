"""Impressions of known truth, for the tests of the learned ranking: features, hand-set log-odds, and outcomes drawn from others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import COMMERCE_HEADS, Feature, Head
from xingqu.engine.learn.impressions import DAY_MS, NEVER_MS, Impressions, Outcomes
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.kernels import chain_logits, linear_logits, to_stages
from xingqu.engine.ranking.ranker import PARENT, PLACED
from xingqu.engine.tests.world import NOW_MS

RATES = {
    Head.WATCH: 0.35,
    Head.COMPLETION: 0.18,
    Head.LIKE: 0.05,
    Head.FOLLOW: 0.01,
    Head.PRODUCT_CLICK: 0.12,
    Head.ADD_TO_CART: 0.04,
    Head.ORDER: 0.015,
    Head.NOT_INTERESTED: 0.01,
    Head.RETURN: 0.002,
    Head.REPURCHASE: 0.002,
}
PLACE_EFFECT = 0.25  # log-odds lost a place, to the tenth


@dataclass(frozen=True, eq=False)
class RankingWorld:
    """``truth`` (n, heads): probability of each outcome over all impressions in the average place."""

    rows: Impressions
    outcomes: Outcomes
    truth: NDArray[np.float64]
    now_ms: int = NOW_MS


def draw_world(size: int, *, seed: int = 3, days: float = 90.0, place_effect: float = 0.0) -> RankingWorld:
    """The truth differs from the hand-set scorer: other levels, other weights, and one product of two features."""
    rng = np.random.default_rng(seed)
    features = np.zeros((size, len(Feature)), dtype=np.float32)
    features[:, : Feature.COVISIT + 1] = np.tanh(rng.normal(0, 0.4, (size, Feature.COVISIT + 1)))
    features[:, Feature.EVIDENCE] = rng.random(size)
    features[:, Feature.FAMILIARITY] = rng.random(size)
    prior = np.tile(np.array([np.log(rate / (1 - rate)) for rate in RATES.values()]), (size, 1))[:, list(RATES)]
    prior = (prior + rng.normal(0, 0.4, prior.shape)).astype(np.float32)
    sells = rng.random(size) < 0.6
    prior[np.ix_(~sells, COMMERCE_HEADS)] = -np.inf
    hand = linear_logits(features, ScorerParams().matrix, prior)
    instant, familiar = features[:, Feature.INTEREST_INSTANT], features[:, Feature.FAMILIARITY]
    moved = -0.5 - 2.0 * instant + 4.0 * instant * familiar + 1.0 * features[:, Feature.EVIDENCE]
    stages = to_stages(hand, PARENT) + np.outer(moved, np.where(np.arange(len(Head)) == Head.NOT_INTERESTED, -1, 1))
    position = rng.integers(0, 10, size)
    placed = stages - (place_effect * (position - 4.5))[:, None] * PLACED
    truth, shown = (_probabilities(part) for part in (stages, placed))
    at_ms = np.sort(NOW_MS - rng.integers(0, int(days * DAY_MS), size))
    rows = Impressions(
        person=rng.integers(0, size // 20, size),
        item_id=rng.integers(1, 500, size),
        at_ms=at_ms,
        surface=np.zeros(size, dtype=np.int8),
        position=position.astype(np.int16),
        features=features,
        prior_logit=prior,
    )
    return RankingWorld(rows, Outcomes(_draw(shown, at_ms, rng)), truth)


def _probabilities(stages: NDArray[np.float32]) -> NDArray[np.float64]:
    p: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-chain_logits(stages.astype(np.float32), PARENT).astype(np.float64)))
    return p


def _draw(probability: NDArray[np.float64], at_ms: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    happened = np.zeros(probability.shape, dtype=np.bool_)
    for head in range(len(Head)):
        above = PARENT[head]
        before = happened[:, above] if above >= 0 else np.ones(len(at_ms), dtype=np.bool_)
        share = probability[:, head] / np.maximum(probability[:, above], 1e-12) if above >= 0 else probability[:, head]
        happened[:, head] = before & (rng.random(len(at_ms)) < share)
    return np.where(happened, at_ms[:, None] + 30_000, NEVER_MS)
