"""What is known about a person and an item, as numbers. Each row is computed from that row alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Counter, Feature
from xingqu.engine.kernels import match_rows, taste_odds
from xingqu.engine.view import View

INTEREST_GAIN = 1.5
COVISIT_GAIN = 3.0  # cosines of item pairs are small: a fifth is already close kin
PRICE_SPREAD = 0.8  # in natural logarithms: a factor of 2.2 away is one deviation
PRICE_HALF_EVIDENCE = 3.0
EVIDENCE_SCALE = 8.0
FAMILIARITY_SCALE = 6.0


def build_features(
    view: View, rows: NDArray[np.int32], covisit: NDArray[np.float32], following: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """(m, len(Feature)).

    Interests: tanh of the inner product of the item's unit tag vector with the intensities of one horizon;
    negative where the person turned away. Affinities: (-1, 1). Followed: 0 or 1. Co-visit: tanh of the
    channel's sum. Seed similarity: cosine. Freshness: 1 when published, halving. Price fit: (-0.5, 0.5) times
    how sure we are of the person's usual price, 0 without product. Taste: log-odds, 0 without a taste model. Next: root
    of the channel's share, 0 to 1.
    Evidence: how often the item was shown, lately. Familiarity: of the person, by their events. Both logarithms, about 0 to 1.
    Due: chance that the person will soon buy of the product's category again, 0 without product.
    """
    snapshot, index = view.snapshot, view.snapshot.index
    features = np.zeros((rows.size, len(Feature)), dtype=np.float32)
    match = match_rows(rows, snapshot.tag_indptr, index.tag_rows, index.tag_vectors, view.tags_dense)
    features[:, : Feature.INTEREST_LONG_TERM + 1] = np.tanh(INTEREST_GAIN * match[:, :-1])
    features[:, Feature.SEED_SIMILARITY] = match[:, -1]
    creators = index.creator_index[rows]
    features[:, Feature.CREATOR_AFFINITY] = view.creator_affinity[creators]
    features[:, Feature.FOLLOWED] = view.creator_followed[creators]
    features[:, Feature.CATEGORY_AFFINITY] = view.category_affinity[index.category_index[rows]]
    features[:, Feature.COVISIT] = np.tanh(COVISIT_GAIN * covisit)
    age_ms = np.maximum(view.now_ms - snapshot.published_at_ms[rows], 0)
    features[:, Feature.FRESHNESS] = np.exp2(-age_ms / view.params.retrieval.freshness_half_life_ms)
    if following is not None:
        features[:, Feature.NEXT] = np.sqrt(following)
    features[:, Feature.PRICE_FIT] = _price_fit(view, rows)
    impressions = snapshot.counters[rows, Counter.IMPRESSIONS]
    features[:, Feature.EVIDENCE] = np.log1p(impressions) / EVIDENCE_SCALE
    features[:, Feature.DUE] = np.where(snapshot.product_id[rows] != 0, view.due[index.category_index[rows]], 0.0)
    if view.personalised:
        features[:, Feature.FAMILIARITY] = np.log1p(view.state.events_total) / FAMILIARITY_SCALE
    model = snapshot.models.taste
    if model is not None and view.person is not None:
        features[:, Feature.TASTE] = taste_odds(model.vectors, rows, view.person.taste, view.person.readiness)
    return features


def _price_fit(view: View, rows: NDArray[np.int32]) -> NDArray[np.float64]:
    state, price = view.state, view.snapshot.price_minor[rows]
    if not view.personalised or state.price_weight <= 0:
        return np.zeros(rows.size)
    usual = state.price_log_sum / state.price_weight
    sure = state.price_weight / (state.price_weight + PRICE_HALF_EVIDENCE)
    away = (np.log(np.maximum(price, 1)) - usual) / PRICE_SPREAD
    priced = (view.snapshot.product_id[rows] != 0) & (price > 0)
    return np.where(priced, sure * (np.exp(-0.5 * away * away) - 0.5), 0.0)
