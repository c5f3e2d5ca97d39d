"""`python -m bench.engine.niche`: a new item with a hidden niche audience, served by the engine, on fully observed answers.

A few videos that four to fifteen per cent of the people take to are made new: no log, no tags, no text. The others were
trained on as ever, and everybody has answered two hundred of them. Two thirds of the people then ask for pages whose slot is
reserved for new items (`recommend`), and their answers reach the taste model (`TasteModel.learned`), until each new item was
shown two hundred times. Then the other third judges: of twenty of them at a time the one whom the engine predicts to like the
item most (`predict`) is shown it. The measure is the share of hits, beside that of the same item after all learners have
answered it: an old item.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder
from bench.engine.kuairec import START_MS, Matrix, read_matrix
from xingqu.engine.coldstart.params import PoolParams, Stage
from xingqu.engine.columns import Head, Signal
from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams, QuotaParams
from xingqu.engine.ranking.scorer import predict
from xingqu.engine.recommend import Request, Slate, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.engine.view import build_view, person_of

EXPOSURES = 200
ANSWERS_PER_UPDATE = 50
KNOWN = 200  # answers of everybody on established videos, of those the log likes best
KNOWN_OF = 600
NICHE = (0.04, 0.15)  # share of the people who take to it
LEARNERS_SHARE = 0.64
JUDGED, THERE = 60, 20  # shows of each item afterwards, and how many people each could go to
NOW_MS = START_MS + 60_000
SLOT = QuotaParams(fresh_share=1.0, exploration_share=0.0, cold_exploration_share=0.0)
BY_CHANCE = PoolParams(uniform_floor=1.0, guarantee_share=0.0)


@dataclass(frozen=True)
class Found:
    """Mean precision over the items: shown to anybody, by what was learned while new, as an old item; and while learning."""

    everybody: float
    new: float
    old: float
    learning: float

    @property
    def ratio(self) -> float:
        return self.new / self.old if self.old else 0.0


@dataclass(frozen=True, eq=False)
class World:
    """A catalogue in which the ``niche`` rows are new, and people who have answered some of the others."""

    snapshot: ItemSnapshot
    truth: NDArray[np.bool_]
    niche: NDArray[np.int64]
    states: list[UserState]


def play(matrix: Matrix, seed: int, *, items: int = 16, chance: bool = False) -> Found:
    """Mean over ``items`` new ones. With ``chance`` a slot draws among them evenly."""
    rng = np.random.default_rng(seed)
    params = EngineParams(quota=SLOT, pools=BY_CHANCE if chance else PoolParams())
    world = _world(matrix, rng, items, params)
    people = rng.permutation(world.truth.shape[0])
    learners, judges = np.split(people, [round(LEARNERS_SHARE * people.size)])
    new, learning = _exposed(world, learners, rng, params)
    old = _told_by_all(world, learners, params)
    odds = [_predicted(world, snapshot, judges, params) for snapshot in (new, old)]
    hits = np.zeros((world.niche.size, 3))
    for place, row in enumerate(world.niche):
        answers = world.truth[judges, row]
        shows = [rng.choice(judges.size, min(THERE, judges.size), replace=False) for _ in range(JUDGED)]
        found = [np.mean([answers[there[of[there, place].argmax()]] for there in shows]) for of in odds]
        hits[place] = answers.mean(), *found
    everybody, newly, formerly = (float(mean) for mean in hits.mean(axis=0))
    return Found(everybody, newly, formerly, learning)


def _world(matrix: Matrix, rng: np.random.Generator, items: int, params: EngineParams) -> World:
    audience = matrix.truth.mean(axis=0)
    niche = np.sort(rng.permutation(np.flatnonzero((audience >= NICHE[0]) & (audience <= NICHE[1])))[:items])
    ids, everything = matrix.video_id, matrix.everything
    new = np.zeros(ids.size, dtype=np.bool_)
    new[niche] = True
    rows = np.searchsorted(everything.item_id, ids)
    tags = {
        int(video): everything.tag_ids[everything.tag_indptr[row] : everything.tag_indptr[row + 1]].tolist()
        for video, row in zip(ids[~new], rows[~new], strict=True)
    }
    catalogue = ItemTags.of(ids, tags)
    known = np.isin(matrix.log_video, ids[~new])
    model = train_taste(person=matrix.log_person[known], item_id=matrix.log_video[known], items=catalogue)
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=START_MS,
        item_id=ids,
        creator_id=ids,
        tag_indptr=catalogue.tag_indptr,
        tag_ids=catalogue.tag_ids,
        published_at_ms=np.where(new, START_MS, START_MS - 10**11),
        pool_stage=np.where(new, Stage.ENTRY, Stage.NONE).astype(np.int8),
        pool_owed=np.where(new, 1.0, 0.0).astype(np.float32),
        models=Models(taste=model),
    )
    best = np.argsort(-np.where(new, -np.inf, model.popularity), kind="stable")[: min(KNOWN_OF, int((~new).sum()))]
    states = []
    for answers in matrix.truth:
        state = UserState.empty()
        shown = rng.permutation(best)[:KNOWN]
        apply_signals(state, _signals(ids[shown], answers[shown]), snapshot, params)
        states.append(state)
    return World(snapshot, matrix.truth, niche, states)


def _signals(item_id: NDArray[np.int64], positive: NDArray[np.bool_]) -> SignalBatch:
    """Everything shown, and what was taken to played twice."""
    liked = item_id[positive]
    return SignalBatch.of(
        kind=[Signal.IMPRESSION] * item_id.size + [Signal.COMPLETION] * liked.size,
        item_id=np.concatenate([item_id, liked]),
        value=[0.0] * item_id.size + [2.0] * liked.size,
        at_ms=np.full(item_id.size + liked.size, START_MS),
    )


def _exposed(
    world: World, learners: NDArray[np.int64], rng: np.random.Generator, params: EngineParams
) -> tuple[ItemSnapshot, float]:
    """The snapshot after every new item was shown ``EXPOSURES`` times, and the share of hits on the way."""
    snapshot, states = (
        world.snapshot,
        {int(person): UserState.decode(world.states[person].encode()) for person in learners},
    )
    shown = np.zeros(len(snapshot), dtype=np.int64)
    hits, waiting = 0, _Answers([], [], [])
    while True:
        before = int(shown.sum())
        for person in rng.permutation(learners):
            slate = recommend(snapshot, states[person], Request(size=1, now_ms=NOW_MS), rng, params)
            row = int(snapshot.rows_of(slate.item_id)[0]) if len(slate) else -1
            if row not in world.niche or shown[row] >= EXPOSURES:
                continue
            positive = bool(world.truth[person, row])
            apply_signals(states[person], _signals(slate.item_id, np.array([positive])), snapshot, params)
            waiting.add(row, positive, slate)
            shown[row] += 1
            hits += positive
            if len(waiting.rows) >= ANSWERS_PER_UPDATE or shown[row] == EXPOSURES:
                snapshot = _after(snapshot, waiting, shown, world.niche)
                waiting = _Answers([], [], [])
        if int(shown.sum()) == before or (shown[world.niche] >= EXPOSURES).all():
            return _after(snapshot, waiting, shown, world.niche), hits / max(1, int(shown.sum()))


@dataclass(frozen=True)
class _Answers:
    rows: list[int]
    positive: list[bool]
    slates: list[Slate]

    def add(self, row: int, positive: bool, slate: Slate) -> None:
        self.rows.append(row)
        self.positive.append(positive)
        self.slates.append(slate)


def _after(snapshot: ItemSnapshot, told: _Answers, shown: NDArray[np.int64], niche: NDArray[np.int64]) -> ItemSnapshot:
    """The answers into the taste model; what is still owed, and who has had all."""
    stage, owed = snapshot.pool_stage.copy(), snapshot.pool_owed.copy()
    owed[niche] = np.clip(1.0 - shown[niche] / EXPOSURES, 0.0, 1.0)
    stage[niche[shown[niche] >= EXPOSURES]] = Stage.GRADUATED
    model = snapshot.models.taste
    if model is not None and told.rows:
        model = model.learned(
            np.array(told.rows),
            np.array(told.positive),
            [float(slate.offset[0]) for slate in told.slates],
            [float(slate.offset_variance[0]) for slate in told.slates],
            np.array([slate.person for slate in told.slates]),
        )
    return replace(snapshot, pool_stage=stage, pool_owed=owed, models=replace(snapshot.models, taste=model))


def _told_by_all(world: World, learners: NDArray[np.int64], params: EngineParams) -> ItemSnapshot:
    """The snapshot after every learner has answered every new item."""
    model = world.snapshot.models.taste
    if model is None:
        raise ValueError("the world has no taste model")
    for person in learners:
        known = person_of(world.snapshot, world.states[person], params)
        if known is None:
            continue
        offset, variance = model.offsets(known, world.niche)
        people = np.tile(known.mean, (world.niche.size, 1))
        model = model.learned(world.niche, world.truth[person, world.niche], offset, variance, people)
    return replace(world.snapshot, models=replace(world.snapshot.models, taste=model))


def _predicted(
    world: World, snapshot: ItemSnapshot, judges: NDArray[np.int64], params: EngineParams
) -> NDArray[np.float32]:
    """(judges, new items) how likely the engine thinks it that each is taken to."""
    rows = world.niche.astype(np.int32)
    nothing = np.zeros(rows.size, dtype=np.float32)
    views = (build_view(snapshot, world.states[p], Request(size=1, now_ms=NOW_MS), params) for p in judges)
    return np.stack([predict(view, rows, nothing)[:, Head.WATCH] for view in views])


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.niche", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--items", type=int, default=16)
    args = parser.parse_args()
    matrix = read_matrix(find_folder(args.data, "kuairec"))
    print(
        "| exposures chosen by | seed | precision among everybody | new item | old item | new ÷ old | while learning |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, chance in (("the reserved slot", False), ("chance", True)):
        for seed in range(args.seeds):
            found = play(matrix, seed, items=args.items, chance=chance)
            figures = (found.everybody, found.new, found.old, found.ratio, found.learning)
            print(f"| {name} | {seed} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
