"""The learned ranking from the journal: what was served, by what it was ranked, and what followed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.impressions import Impressions, join_outcomes, seen_impressions
from xingqu.engine.learn.ranking_train import LEAST_IMPRESSIONS, RankingTrained, newest, train_ranking_models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.standalone.codec import decode_events, decode_page, impressions_of
from xingqu.standalone.stores.ports import Store


def batch_of(parts: Sequence[NDArray[np.void]]) -> SignalBatch:
    """Journalled events as the engine takes them."""
    rows = np.concatenate([decode_events(b""), *parts])
    return SignalBatch.of(**{name: rows[name] for name in rows.dtype.names or () if name != "id"})


def train_ranking(
    store: Store, snapshot: ItemSnapshot, params: EngineParams, *, now_ms: int, seed: int, budget_s: float
) -> RankingTrained | None:
    """Ranking and residual over ``snapshot`` and its models; None with too few impressions to judge by."""
    pages: list[Impressions] = []
    events: list[NDArray[np.void]] = []
    people: list[NDArray[np.int64]] = []
    for number, record in enumerate(store.people()):
        journal = store.person_journal(record.person)
        found = [page for page in map(decode_page, journal) if page is not None]
        pages += [rows for page in found if (rows := impressions_of(page, number)) is not None]
        own = [decode_events(data) for data in journal]
        events += own
        people += [np.full(part.size, number, dtype=np.int64) for part in own]
    if not pages:
        return None
    told, whose = batch_of(events), np.concatenate([np.empty(0, np.int64), *people])
    rows, _ = seen_impressions(newest(Impressions.joined(pages)), whose, told)
    if len(rows) < LEAST_IMPRESSIONS:
        return None
    outcomes = join_outcomes(rows, whose, told, snapshot, params)
    return train_ranking_models(rows, outcomes, snapshot, params.scorer, now_ms=now_ms, seed=seed, budget_s=budget_s)
