"""An evening of pages on fully observed answers: the engine serves everybody page after page and learns on in between.

What the platform learns is learned here: counters and co-visits (`StreamLearner`), the taste model with each person's part,
and the online residual where one serves. Outcomes of an impression are all or nothing: taken to (watched, and seen to the end
twice) or not.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head, Signal, Surface
from xingqu.engine.evaluate.closed_loop import PLAYS_OF_A_POSITIVE, Played
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.impressions import NEVER_MS, Impressions, Outcomes
from xingqu.engine.learn.residual_fit import base_of, replay
from xingqu.engine.learn.stream import StreamLearner
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.ranker import surface_code
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.recommend import Request, Slate, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

PAGE = 10
PAGE_MS = 5 * 60_000  # from one page to the next
OUTCOMES = (Head.WATCH, Head.COMPLETION)


@dataclass(eq=False)
class Learners:
    """What learns beside the models of the snapshot."""

    stream: StreamLearner

    @classmethod
    def none(cls) -> Learners:
        return cls(StreamLearner())

    def copied(self, params: EngineParams) -> Learners:
        """The same, to learn on without the other noticing."""
        return Learners(StreamLearner.from_arrays(self.stream.to_arrays(params)))


@dataclass(eq=False)
class _Round:
    """One page of everybody."""

    people: list[int] = field(default_factory=list)
    rows: list[NDArray[np.int32]] = field(default_factory=list)
    positive: list[NDArray[np.bool_]] = field(default_factory=list)
    slates: list[Slate] = field(default_factory=list)

    def told(self, place: int, at_ms: int) -> SignalBatch:
        """What one person did with their page."""
        slate, positive = self.slates[place], self.positive[place]
        liked = slate.item_id[positive]
        at = at_ms + 1_000 * np.arange(len(slate))
        return SignalBatch.of(
            kind=[Signal.IMPRESSION] * len(slate) + [Signal.COMPLETION] * liked.size,
            item_id=np.concatenate([slate.item_id, liked]),
            value=[0.0] * len(slate) + [PLAYS_OF_A_POSITIVE] * liked.size,
            at_ms=np.concatenate([at, at[positive] + 500]),
        )

    def impressions(self, at_ms: int) -> tuple[Impressions, NDArray[np.bool_]]:
        """All rows with what they were ranked by, and whether each was taken to."""
        sizes = [len(slate) for slate in self.slates]
        place = np.concatenate([np.arange(size) for size in sizes])
        rows = Impressions(
            person=np.repeat(np.array(self.people, dtype=np.int64), sizes),
            item_id=np.concatenate([slate.item_id for slate in self.slates]),
            at_ms=at_ms + 1_000 * place,
            surface=np.full(place.size, surface_code(Surface.FOR_YOU), dtype=np.int8),
            position=place.astype(np.int16),
            features=np.concatenate([slate.features for slate in self.slates]),
            prior_logit=np.concatenate([slate.prior_logit for slate in self.slates]),
        )
        return rows, np.concatenate(self.positive)


class Evening:
    """Everybody in ``truth`` (people, items) is new; ``learners`` are taught in place."""

    def __init__(
        self,
        snapshot: ItemSnapshot,
        truth: NDArray[np.bool_],
        params: EngineParams,
        learners: Learners,
        seed: int,
    ) -> None:
        self.snapshot, self.learners = snapshot, learners
        self._truth, self._params = truth, params
        self._rng = np.random.default_rng(seed)
        self._states = [UserState.empty() for _ in range(truth.shape[0])]
        self._now_ms = snapshot.built_at_ms + PAGE_MS
        self._seen: list[tuple[Impressions, NDArray[np.bool_]]] = []

    def play(self, pages: int) -> Played:
        """Raises RuntimeError if an item is served twice to a person."""
        people = self._truth.shape[0]
        rows = np.full((people, pages * PAGE), -1, dtype=np.int32)
        hits = np.zeros((people, pages * PAGE), dtype=np.bool_)
        for page in range(pages):
            told = _Round()
            for person in self._rng.permutation(people):
                self._serve(int(person), told)
                found, positive = told.rows[-1], told.positive[-1]
                if np.isin(found, rows[person]).any():
                    raise RuntimeError("an item was served twice")
                part = slice(page * PAGE, page * PAGE + found.size)
                rows[person, part], hits[person, part] = found, positive
            self._learn(told)
            self._now_ms += PAGE_MS
        return Played(rows, hits)

    def _serve(self, person: int, told: _Round) -> None:
        state = self._states[person]
        slate = recommend(self.snapshot, state, Request(size=PAGE, now_ms=self._now_ms), self._rng, self._params)
        told.people.append(person)
        told.rows.append(self.snapshot.rows_of(slate.item_id))
        told.positive.append(self._truth[person, told.rows[-1]])
        told.slates.append(slate)
        apply_signals(state, told.told(-1, self._now_ms), self.snapshot, self._params)

    def _learn(self, told: _Round) -> None:
        """What was answered, into every model; and a snapshot with the new counts."""
        snapshot, params = self.snapshot, self._params
        batches = [told.told(place, self._now_ms) for place in range(len(told.people))]
        for person, batch in zip(told.people, batches, strict=True):
            self.learners.stream.observe(np.full(len(batch), person, dtype=np.int64), batch, snapshot, params)
        rows, positive = told.impressions(self._now_ms)
        self._seen.append((rows, positive))
        models = snapshot.models
        places = snapshot.rows_of(rows.item_id)
        if models.taste is not None:
            taste = models.taste.learned(
                places,
                positive,
                np.concatenate([slate.offset for slate in told.slates]),
                np.concatenate([slate.offset_variance for slate in told.slates]),
                np.repeat([slate.person for slate in told.slates], [len(slate) for slate in told.slates], axis=0),
            )
            models = replace(models, taste=taste)
        if models.residual is not None:
            base = base_of(rows, models, params.scorer)
            residual = models.residual.learned(snapshot, places, rows.features, base, labels_of(positive))
            models = replace(models, residual=residual)
        self.snapshot = self._rebuilt(replace(snapshot, models=models))

    def _rebuilt(self, snapshot: ItemSnapshot) -> ItemSnapshot:
        arrays = {name: array for name, array in snapshot.to_arrays().items() if not name.startswith("model-")}
        ids, stream = snapshot.item_id, self.learners.stream
        indptr, rows, weights = stream.covisits.neighbours_for(ids, self._params.learn)
        arrays |= {"covisit_indptr": indptr, "covisit_rows": rows, "covisit_weights": weights}
        arrays["counters"] = stream.counters.columns_for(ids, now_ms=self._now_ms, params=self._params)
        fresh = ItemSnapshot.from_arrays(arrays, params=self._params.snapshot)
        fresh = replace(fresh, version=snapshot.version + 1, built_at_ms=self._now_ms, models=snapshot.models)
        return with_clusters(fresh, self._params.clusters)

    def seen(self) -> tuple[Impressions, NDArray[np.bool_]]:
        """All that was shown, page by page of everybody, and whether each was taken to. Raises ValueError before any page."""
        rows = Impressions.joined([rows for rows, _ in self._seen])
        return rows, np.concatenate([positive for _, positive in self._seen])

    def trained_snapshot(self, seed: int) -> ItemSnapshot:
        """The snapshot with a learned ranking and a residual of all that was seen, each if it wins; without torch no network."""
        snapshot, scorer, now_ms = self.snapshot, self._params.scorer, self._now_ms
        rows, positive = self.seen()
        at_ms = np.full((len(rows), len(Head)), NEVER_MS, dtype=np.int64)
        for head in OUTCOMES:
            at_ms[positive, head] = rows.at_ms[positive]
        models = snapshot.models
        if find_spec("torch"):
            from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker

            told = Outcomes(at_ms)
            ranker = train_ranker(rows, told, now_ms=now_ms, scorer=scorer, config=RankerConfig(), seed=seed)
            models = replace(models, ranker=ranker if ranker.adopted.any() else None)
        start = ResidualModel.empty(born_ms=now_ms)
        learned = replay(rows, labels_of(positive), snapshot, models, scorer, start=start)
        return replace(snapshot, models=replace(models, residual=learned.model if learned.helps else None))


def labels_of(positive: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n, heads) outcomes of what was taken to or not."""
    labels = np.zeros((positive.size, len(Head)), dtype=np.bool_)
    labels[:, OUTCOMES] = positive[:, None]
    return labels
