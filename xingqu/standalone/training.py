"""Models from the journal: what people liked, in order; what was served, and what followed. Needs ``xingqu[train]``."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from xingqu.engine.evaluate.splits import Sequences, leave_one_out
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.replenish_train import train_due
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, grade_signals
from xingqu.engine.state.user import UserState
from xingqu.standalone.building import MODELS_FILE, catalogue_columns
from xingqu.standalone.codec import decode_events
from xingqu.standalone.engine import open_store
from xingqu.standalone.errors import InvalidInput
from xingqu.standalone.learning import load_models, save_models
from xingqu.standalone.names import Names
from xingqu.standalone.ranking import train_ranking
from xingqu.standalone.stores.ports import Store

log = logging.getLogger(__name__)
LEAST_PEOPLE: Final = 20
VALIDATION_PEOPLE: Final = 2_000


def liked_sequences(store: Store, snapshot: ItemSnapshot, params: EngineParams) -> Sequences:
    """Of each person with at least three, the rows of the items they liked, oldest first."""
    found = []
    for record in store.people():
        rows = np.concatenate(
            [decode_events(b""), *(decode_events(data) for data in store.person_journal(record.person))]
        )
        told = SignalBatch.of(**{name: rows[name] for name in rows.dtype.names or () if name != "id"})
        places = snapshot.rows_of(told.item_id)
        strength = grade_signals(told, places, snapshot, params.signals)
        liked = np.flatnonzero((places >= 0) & (strength >= params.learn.covisit_minimum_strength))
        ordered = places[liked[np.argsort(told.at_ms[liked], kind="stable")]]
        # a click, a cart and an order of the same thing one after the other are one
        once = ordered[np.r_[True, np.diff(ordered) != 0]] if ordered.size else ordered
        if once.size >= 3:
            found.append(once)
    return Sequences.of(found)


def train_models(folder: Path, redis_url: str | None, *, budget_s: float, seed: int) -> dict[str, Any]:
    """Train and write the models; returns what came of it. Continues from the model before.

    Raises InvalidInput when too few people have liked three items, ImportError without torch.
    """
    from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence

    params = EngineParams()
    store = open_store(folder, redis_url, readonly=True)
    try:
        columns = catalogue_columns(store, Names(store))
        snapshot = ItemSnapshot.build(version=0, built_at_ms=0, params=params.snapshot, **columns)
        sequences = liked_sequences(store, snapshot, params)
        states = (UserState.decode(record.state) for record in store.people() if record.state)
        bought = [state.purchases for state in states if state.personalised]
        if len(sequences) < LEAST_PEOPLE:
            raise InvalidInput(
                f"only {len(sequences)} people have liked three items",
                field="data",
                expected=f"at least {LEAST_PEOPLE}",
            )
        path, items = folder / MODELS_FILE, ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids)
        before = load_models(path).aligned(items) if path.exists() else snapshot.models
        now_ms = time.time_ns() // 1_000_000
        ranking = train_ranking(
            store, replace(snapshot, models=before), params, now_ms=now_ms, seed=seed, budget_s=budget_s
        )
    finally:
        store.close()
    people = np.random.default_rng(seed).permutation(len(sequences))[:VALIDATION_PEOPLE]
    validation = leave_one_out(sequences.select(people))
    config = replace(SequenceConfig(), budget_s=budget_s, batch_people=min(256, max(16, len(sequences) // 8)))
    model, progress = train_sequence(
        sequences.without_last(1), items, config, seed=seed, validation=validation, start=before.sequence, tell=log.info
    )
    due = train_due(bought, served=before.due, params=params.due)
    if ranking is not None and ranking.is_no_worse:
        before = replace(before, ranker=ranking.models.ranker, residual=ranking.models.residual)
    save_models(path, replace(before, sequence=model, due=before.due if due is None else due.model))
    quality = max((ndcg for _, _, ndcg in progress.history), default=0.0)
    return {
        "people": len(sequences),
        "items": len(snapshot),
        "epochs": progress.epochs,
        "people_who_bought": 0 if due is None else due.people,
        "processor_s": round(progress.spent_s, 1),
        "validation_ndcg_at_10": round(quality, 4),
        "ranking": {} if ranking is None else ranking.detail | {"before": ranking.before, "after": ranking.after},
    }
