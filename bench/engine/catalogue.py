"""A seeded catalogue and shoppers of the size that the speed targets speak of."""

from __future__ import annotations

import numpy as np

from xingqu.engine.columns import Counter, Signal
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
TAGS = 5_000
RATES = (0.35, 0.18, 0.03, 0.004, 0.02, 0.006, 0.002, 0.004)


def build_catalogue(size: int, rng: np.random.Generator) -> ItemSnapshot:
    """About 8 of 5,000 tags an item, long-tailed; half with a product; 10 co-visited neighbours each."""
    weight = 1 / np.arange(1, TAGS + 1) ** 0.8
    drawn = np.sort(rng.choice(TAGS, size=(size, 9), p=weight / weight.sum()), axis=1)
    distinct = np.ones(drawn.shape, dtype=np.bool_)
    distinct[:, 1:] = drawn[:, 1:] != drawn[:, :-1]
    counters = np.zeros((size, len(Counter)), dtype=np.float32)
    counters[:, Counter.IMPRESSIONS] = rng.gamma(0.5, 400, size)
    for column, rate in enumerate(RATES, start=1):
        counters[:, column] = counters[:, 0] * np.clip(rate * rng.gamma(3, 1 / 3, size), 0, 1)
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=np.arange(1, size + 1),
        creator_id=rng.integers(1, size // 20, size),
        seller_id=rng.integers(1, size // 50, size),
        category_id=rng.integers(0, 60, size),
        product_id=np.where(rng.random(size) < 0.5, rng.integers(1, size, size), 0),
        price_minor=rng.integers(100, 99_999, size),
        published_at_ms=NOW_MS - rng.integers(0, 90 * DAY_MS, size),
        duration_ms=rng.integers(6_000, 60_000, size),
        tag_indptr=np.concatenate([[0], np.cumsum(distinct.sum(axis=1))]),
        tag_ids=drawn[distinct],
        counters=counters,
        covisit_indptr=np.arange(size + 1) * 10,
        covisit_rows=rng.integers(0, size, size * 10),
        covisit_weights=np.sort(rng.random((size, 10)))[:, ::-1].ravel() * 0.4,
    )


def build_shoppers(count: int, snapshot: ItemSnapshot, rng: np.random.Generator, params: EngineParams) -> list[bytes]:
    """Encoded states. Each met 20 to 200 items over a month, half of them around one item's tags."""
    encoded = []
    index = snapshot.index
    for _ in range(count):
        met = int(rng.integers(20, 200))
        tag = index.tag_rows[int(rng.integers(index.tag_rows.size))]
        near = index.posting_rows[index.posting_indptr[tag] : index.posting_indptr[tag + 1]]
        rows = np.concatenate([rng.choice(near, met // 2), rng.integers(0, len(snapshot), met - met // 2)])
        kind = np.full(met, Signal.DWELL)
        kind[rng.random(met) < 0.05] = Signal.LIKE
        kind[rng.random(met) < 0.02] = Signal.PRODUCT_CLICK
        kind[rng.random(met) < 0.01] = Signal.FOLLOW
        state = UserState.empty()
        batch = SignalBatch.of(
            kind=kind,
            item_id=snapshot.item_id[rows],
            value=rng.integers(0, 30_000, met),
            at_ms=NOW_MS - rng.integers(0, 30 * DAY_MS, met),
        )
        apply_signals(state, batch, snapshot, params)
        encoded.append(state.encode())
    return encoded
