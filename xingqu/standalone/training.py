"""Models from the journal: who took to what, in which order, when they bought again, what was served and what followed.

The same trainers as on the platform. What is found is kept only if it is no worse, on the newest things held out, than what
serves. Without torch (``xingqu[train]``) the sequence model, its weights among sessions, and the ranking are left out.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_train import Visits, train_next
from xingqu.engine.learn.replenish_train import train_due
from xingqu.engine.learn.session_train import train_sessions
from xingqu.engine.learn.taste_train import Answers, train_on_answers
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.state.evidence import positives_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.memory import Purchases
from xingqu.engine.state.signals import grade_signals
from xingqu.engine.state.user import UserState
from xingqu.standalone.building import MODELS_FILE, catalogue_columns
from xingqu.standalone.codec import decode_events
from xingqu.standalone.engine import open_store
from xingqu.standalone.errors import InvalidInput
from xingqu.standalone.learning import load_models, save_models
from xingqu.standalone.names import Names
from xingqu.standalone.ranking import batch_of, train_ranking
from xingqu.standalone.stores.ports import Store

log = logging.getLogger(__name__)
BOOK_FILE: Final = "trainings.jsonl"
LEAST_PEOPLE: Final = 20
I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Told:
    """What the journal tells. ``answered_ms``: when each of ``answers`` was given, ascending."""

    visits: Visits
    answers: Answers
    answered_ms: I64
    bought: list[Purchases]
    until_ms: int


@dataclass(frozen=True, eq=False)
class Found:
    """New models by name, and NDCG@10 on ``cases`` held out, of what served and of these."""

    models: Mapping[str, Any]
    cases: int
    before: float | None
    after: float

    @property
    def is_no_worse(self) -> bool:
        return self.before is None or self.after >= self.before

    def report(self) -> dict[str, Any]:
        before = None if self.before is None else round(self.before, 4)
        return {"adopted": self.is_no_worse, "cases": self.cases, "before": before, "after": round(self.after, 4)}


def train_models(folder: Path, redis_url: str | None, *, budget_s: float, seed: int) -> dict[str, Any]:
    """Train, and write what is no worse than what serves; returns what came of it, and notes it in the folder's book.

    Goes on from the models before. Raises InvalidInput when too few people have liked two items.
    """
    params, started_s = EngineParams(), time.process_time()
    path = folder / MODELS_FILE
    store = open_store(folder, redis_url, readonly=True)
    try:
        columns = catalogue_columns(store, Names(store))
        snapshot = ItemSnapshot.build(version=0, built_at_ms=0, params=params.snapshot, **columns)
        items = ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids)
        models = load_models(path).aligned(items) if path.exists() else snapshot.models
        told = read_journal(store, snapshot, params, known_until_ms=_known_until_ms(folder) if path.exists() else 0)
        people = int((told.visits.sequences.lengths >= 2).sum())
        if people < LEAST_PEOPLE:
            raise InvalidInput(
                f"only {people} people have liked two items", field="data", expected=f"at least {LEAST_PEOPLE}"
            )
        ranking = None
        if find_spec("torch"):
            now_ms, served = time.time_ns() // 1_000_000, replace(snapshot, models=models)
            ranking = train_ranking(store, served, params, now_ms=now_ms, seed=seed, budget_s=budget_s)
    finally:
        store.close()
    models, report = _train(told, replace(snapshot, models=models), params, budget_s=budget_s, seed=seed)
    if ranking is not None:
        report["ranking"] = ranking.detail | {"before": ranking.before, "after": ranking.after}
        if ranking.is_no_worse:
            models = replace(models, ranker=ranking.models.ranker, residual=ranking.models.residual)
    save_models(path, models)
    report |= {"people": people, "items": len(snapshot), "processor_s": round(time.process_time() - started_s, 1)}
    with (folder / BOOK_FILE).open("a", encoding="utf-8") as book:
        book.write(json.dumps(report | {"until_ms": told.until_ms}) + "\n")
    return report


def _train(
    told: Told, snapshot: ItemSnapshot, params: EngineParams, *, budget_s: float, seed: int
) -> tuple[Models, dict[str, Any]]:
    items = ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids)
    models, report = snapshot.models, dict[str, Any](torch=find_spec("torch") is not None)
    for name in ("taste", "next", "sessions"):
        report[name] = {"adopted": False, "cases": 0}  # nothing to judge by

    def judge(name: str, found: Found) -> None:
        nonlocal models
        report[name] = found.report()
        log.info("%s: %s", name, report[name])
        if found.is_no_worse:
            models = replace(models, **found.models)

    taste = _taste(told, items, models)
    if taste is not None:
        judge("taste", taste)
    following = train_next(told.visits, snapshot, seed=seed, budget_s=budget_s)
    names = ("transitions", "fusion", *(("sequence",) if following is not None and following.epochs else ()))
    if following is not None:
        new = {name: getattr(following.models, name) for name in names}
        judge("next", Found(new, following.cases, following.before, following.after))
    met = train_sessions(told.visits, replace(snapshot, models=models), seed=seed, params=params.sessions, anew=True)
    if met is not None:
        judge("sessions", Found({"next_item": met.model}, met.cases, met.before, met.after))
    due = train_due(told.bought, served=models.due, params=params.due)
    report["people_who_bought"] = 0 if due is None else due.people
    return models if due is None else replace(models, due=due.model), report


def _taste(told: Told, items: ItemTags, models: Models) -> Found | None:
    fresh_ms = told.visits.at_ms[told.visits.fresh]
    newest = int(np.searchsorted(told.answered_ms, fresh_ms.min())) if fresh_ms.size else told.answered_ms.size
    found = train_on_answers(
        told.answers, items, served=models.taste, newest_from=0 if models.taste is None else newest
    )
    return None if found is None else Found({"taste": found.model}, found.cases, found.before, found.after)


def read_journal(store: Store, snapshot: ItemSnapshot, params: EngineParams, *, known_until_ms: int) -> Told:
    """What everybody who wants to be known did; ``known_until_ms``: what is older is known to the models that serve."""
    visits, answers, bought, until_ms = [], [], [], known_until_ms
    for number, record in enumerate(store.people()):
        state = UserState.decode(record.state) if record.state else UserState.empty()
        if not state.personalised:
            continue
        bought.append(state.purchases)
        told = batch_of([decode_events(data) for data in store.person_journal(record.person)])
        rows = snapshot.rows_of(told.item_id)
        if not (rows >= 0).any():
            continue
        until_ms = max(until_ms, int(told.at_ms.max()))
        strength = grade_signals(told, rows, snapshot, params.signals)
        liked = np.flatnonzero((rows >= 0) & (strength >= params.learn.covisit_minimum_strength))
        liked = liked[np.argsort(told.at_ms[liked], kind="stable")]
        # a click, a cart and an order of the same thing one after the other are one
        once = liked[np.append(True, np.diff(rows[liked]) != 0)[: liked.size]]
        if once.size:
            visits.append((rows[once].astype(np.int64), told.at_ms[once]))
        met, positive = positives_of(told, rows, snapshot, params)
        last_ms = np.array([told.at_ms[rows == row].max() for row in met], dtype=np.int64)
        answers.append((np.full(met.size, number, np.int64), met.astype(np.int64), positive, last_ms))
    visits.sort(key=lambda one: int(one[1][-1]))
    at_ms = np.concatenate([np.empty(0, np.int64), *(times for _, times in visits)])
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.int64))
    person, row, positive, last_ms = (np.concatenate(column) for column in zip(empty, *answers, strict=True))
    order = np.argsort(last_ms, kind="stable")
    return Told(
        Visits(Sequences.of([rows for rows, _ in visits]), at_ms, at_ms > known_until_ms),
        Answers(person[order], row[order], positive[order]),
        last_ms[order],
        bought,
        until_ms,
    )


def _known_until_ms(folder: Path) -> int:
    """Up to where the trainings before have read; 0 where there were none."""
    try:
        lines = (folder / BOOK_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return 0
    return int(json.loads(lines[-1])["until_ms"]) if lines else 0
