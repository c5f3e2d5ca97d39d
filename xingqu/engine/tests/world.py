"""A small seeded world for the engine's tests: items of known topics, and shoppers with known tastes."""

from __future__ import annotations

from typing import Any

import numpy as np

from xingqu.engine.columns import Counter, Signal
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, Slate, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000
TOPICS = 20
TAGS_PER_TOPIC = 6
COMMON_TAGS = 8
DURATION_MS = 12_000
PARAMS = EngineParams()


def topic_tag(topic: int) -> int:
    """The tag that every item of the topic carries."""
    return 100 + topic * TAGS_PER_TOPIC


def build_catalogue(size: int = 2_000, *, seed: int = 7, commerce_share: float = 0.4, **replace: Any) -> ItemSnapshot:
    """Items 1..size; item ``i`` is of topic ``i % TOPICS``, with 3 of its tags and 2 common ones."""
    rng = np.random.default_rng(seed)
    item_id = np.arange(1, size + 1)
    tags = []
    for i in item_id:
        topic = i % TOPICS
        inner = rng.choice(np.arange(1, TAGS_PER_TOPIC), 2, replace=False) + topic_tag(int(topic))
        common = rng.choice(COMMON_TAGS, 2, replace=False) + 1
        tags.append(np.concatenate([[topic_tag(int(topic))], inner, common]))
    counters = np.zeros((size, len(Counter)), dtype=np.float32)
    counters[:, Counter.IMPRESSIONS] = rng.gamma(0.8, 300, size)
    for counter, rate in ((1, 0.35), (2, 0.18), (3, 0.03), (4, 0.004), (5, 0.02), (6, 0.006), (7, 0.002), (8, 0.004)):
        counters[:, counter] = counters[:, 0] * np.clip(rate * rng.gamma(6, 1 / 6, size), 0, 1)
    for counter in (Counter.RETURNS, Counter.REPURCHASES):
        counters[:, counter] = 0.1 * counters[:, Counter.ORDERS]
    columns: dict[str, Any] = {
        "item_id": item_id,
        "creator_id": rng.integers(1, max(2, size // 20), size),
        "seller_id": rng.integers(1, max(2, size // 30), size),
        "category_id": item_id % TOPICS // 2 + 1,
        "product_id": np.where(rng.random(size) < commerce_share, item_id + 10_000, 0),
        "price_minor": rng.integers(500, 50_000, size),
        "published_at_ms": NOW_MS - rng.integers(1, 60 * DAY_MS, size),
        "duration_ms": np.full(size, DURATION_MS),
        "tag_indptr": np.arange(size + 1) * 5,
        "tag_ids": np.concatenate(tags),
        "counters": counters,
    }
    columns.update(replace)
    return ItemSnapshot.build(version=1, built_at_ms=NOW_MS, **columns)


def items_of(snapshot: ItemSnapshot, topic: int, count: int, *, offset: int = 0) -> np.ndarray:
    return snapshot.item_id[snapshot.item_id % TOPICS == topic][offset : offset + count]


def look(state: UserState, snapshot: ItemSnapshot, item_ids: Any, dwell_ms: Any, at_ms: int) -> None:
    """Impression and dwell, and a completion where the clip was seen whole; one item after the other."""
    items = np.asarray(item_ids, dtype=np.int64)
    times = at_ms + np.arange(items.size) * 15_000
    kinds, ids, values, at = [], [], [], []
    dwells = np.broadcast_to(np.asarray(dwell_ms, dtype=np.float64), items.shape)
    for item, time, dwell in zip(items, times, dwells, strict=True):
        signals = [(Signal.IMPRESSION, 0.0), (Signal.DWELL, dwell)]
        if dwell >= DURATION_MS:
            signals.append((Signal.COMPLETION, dwell // DURATION_MS))
        for kind, value in signals:
            kinds.append(int(kind))
            ids.append(item)
            values.append(value)
            at.append(time)
    batch = SignalBatch.of(kind=kinds, item_id=ids, value=values, at_ms=at)
    apply_signals(state, batch, snapshot, PARAMS)


def signal(state: UserState, snapshot: ItemSnapshot, kind: Signal, item_id: int, at_ms: int, value: float = 0) -> None:
    batch = SignalBatch.of(kind=[int(kind)], item_id=[item_id], value=[value], at_ms=[at_ms])
    apply_signals(state, batch, snapshot, PARAMS)


def page(
    snapshot: ItemSnapshot,
    state: UserState,
    *,
    seed: int = 0,
    size: int = 10,
    now_ms: int = NOW_MS,
    params: EngineParams = PARAMS,
    **request: Any,
) -> Slate:
    return recommend(snapshot, state, Request(size=size, now_ms=now_ms, **request), np.random.default_rng(seed), params)


def share_of(slate: Slate, topic: int) -> float:
    return float((slate.item_id % TOPICS == topic).mean())
