"""Next item in shopping sessions, ranked among all items: the parts that the engine serves, and plain baselines.

A test line's last item is the target, what stands before it the session under way. Training sessions are in the order of
time; the last tenth of them is kept back while the models learn, tells how much each piece of evidence is worth, and is
then learned as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import Save, find_folder, read_sequences, save_nothing
from xingqu.engine.evaluate.metrics import hit_rate, list_ranks, mrr
from xingqu.engine.evaluate.splits import NextItem, Sequences, leave_one_out
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.learn.item_graph import ItemGraph
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import Evidence, NextItemModel, SequenceView, gather
from xingqu.engine.learn.next_item_train import fit_blend
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence
from xingqu.engine.params import SessionParams
from xingqu.engine.state.sessions import SessionIndex

FIRST_SEED = 1
LISTED = 20
TAIL_SHARE = 0.09  # of the training sessions, the newest
FITTED_CASES = 24_000  # of the tail's, spread over it
CONFIG = SequenceConfig(
    dim=128,
    recurrent=True,
    max_len=20,
    dropout=0.3,
    negatives=4_096,
    learning_rate=3e-3,
    weight_decay=0.0,
    batch_people=512,
    epochs=3,
    averaging=0.99,
    decay=True,
    neighbours=12,
    fused=True,
)
CONTINUED = replace(CONFIG, epochs=1, learning_rate=1e-3)
PARAMS = SessionParams()
COLUMNS = ("P@20", "MRR@20")
TOGETHER = "engine: sequence model, neighbours and transitions together"


@dataclass(frozen=True, eq=False)
class Data:
    """Rows are the items of the training part, by ascending id."""

    train: Sequences
    test: NextItem
    items: ItemTags
    dropped: int  # test lines whose target nobody visited in training: no method here can name it


def load(data: Path, name: str) -> Data:
    """Raises FileNotFoundError when the set is not there."""
    folder = find_folder(data, "sessions")
    raw, test = read_sequences(folder / f"{name}_train.txt.gz"), read_sequences(folder / f"{name}_test.txt.gz")
    item_id = np.unique(raw.rows).astype(np.int64)
    train = _known(raw, item_id)
    cases = leave_one_out(test)
    place = np.searchsorted(item_id, cases.target).clip(max=item_id.size - 1)
    known = item_id[place] == cases.target
    # a target that is not in the catalogue stays in the count, as a miss
    target = np.where(known, place, -1).astype(np.int32)
    return Data(train, NextItem(_known(cases.history, item_id), target), ItemTags.of(item_id, {}), int((~known).sum()))


def _known(sequences: Sequences, item_id: NDArray[np.int64]) -> Sequences:
    """In rows of ``item_id``; others are left out."""
    place = np.searchsorted(item_id, sequences.rows).clip(max=item_id.size - 1)
    kept = item_id[place] == sequences.rows
    person = np.repeat(np.arange(len(sequences)), sequences.lengths)[kept]
    indptr = np.zeros_like(sequences.indptr)
    np.cumsum(np.bincount(person, minlength=len(sequences)), out=indptr[1:])
    return Sequences(indptr, place[kept].astype(np.int32))


def prefixes(sequences: Sequences, limit: int) -> NextItem:
    """Every place of every sequence but the first as a target; evenly thinned to ``limit`` cases."""
    first = np.repeat(sequences.indptr[:-1], sequences.lengths)
    place = np.arange(sequences.rows.size)
    target = np.flatnonzero(place > first)
    if target.size > limit:
        target = target[np.linspace(0, target.size - 1, limit).astype(np.int64)]
    history = Sequences.of([sequences.rows[first[at] : at].tolist() for at in target])
    return NextItem(history, sequences.rows[target])


def sequence_views(model: SequenceModel, histories: Sequences, width: int) -> list[SequenceView]:
    """As the channel makes them; only the products with all items are made for many at once."""
    views = []
    for start in range(0, len(histories), 512):
        vectors = np.stack([model.encode(histories[k]) for k in range(start, min(start + 512, len(histories)))])
        scores = vectors @ model.targets.T
        best = np.argpartition(-scores, width - 1, axis=1)[:, :width].astype(np.int32)
        found = np.take_along_axis(scores, best, axis=1)
        views += [SequenceView(model.targets, *row) for row in zip(vectors, best, found, strict=True)]
    return views


Ranked = tuple[NDArray[np.int32], NDArray[np.float32]]  # rows and scores, in any order


def best_lists(ranked: Iterable[Ranked]) -> NDArray[np.int32]:
    """(b, LISTED) best first; -2 where there are fewer. What ties with the last place is left out: ties count against us."""
    lists = []
    for rows, scores in ranked:
        order = np.argsort(-scores, kind="stable")[: LISTED + 1]
        if order.size > LISTED and scores[order[LISTED]] == scores[order[LISTED - 1]]:
            order = order[scores[order] > scores[order[LISTED]]]
        line = np.full(LISTED, -2, dtype=np.int32)
        line[: order[:LISTED].size] = rows[order[:LISTED]]
        lists.append(line)
    return np.stack(lists)


def figures(ranks: NDArray[np.int64]) -> dict[str, float]:
    return {"P@20": 100.0 * hit_rate(ranks, LISTED), "MRR@20": 100.0 * mrr(ranks, LISTED)}


def measure(ranked: Iterable[Ranked], target: NDArray[np.int32]) -> dict[str, float]:
    return figures(list_ranks(best_lists(ranked), target))


def baselines(data: Data) -> dict[str, list[dict[str, float]]]:
    """Popular, nearest and next items of the last one, neighbouring sessions alone."""
    size, target = data.items.item_id.size, data.test.target
    index = SessionIndex.build(data.train.indptr, data.train.rows, size)
    visits = np.bincount(data.train.rows, minlength=size).astype(np.float32)
    top = np.argsort(-visits, kind="stable")[: LISTED + 1].astype(np.int32)
    popular = [(top, visits[top])] * len(data.test)
    following = follow_lists(data.train, size)
    histories = [data.test.history[case] for case in range(len(data.test))]
    nothing = (np.empty(0, np.int32), np.empty(0, np.float32))
    covisit = [following.get(int(history[-1]), nothing) if history.size else nothing for history in histories]
    graph = ItemGraph.of(data.train, size, LISTED + 1, window=10).forward
    near = [slice(*graph.indptr[[history[-1], history[-1] + 1]]) if history.size else slice(0) for history in histories]
    nearest = [(graph.columns[part], graph.weights[part]) for part in near]
    neighbours = (index.neighbours(history, PARAMS) for history in histories)  # long ones: one at a time
    return {
        "popular": [measure(popular, target)],
        "item-kNN: nearest by cosine to the last item": [measure(nearest, target)],
        "co-visit: what most often came after the last item": [measure(covisit, target)],
        "neighbouring sessions alone": [measure(neighbours, target)],
    }


def follow_lists(train: Sequences, size: int) -> dict[int, Ranked]:
    """For each item what came right after it, with how often."""
    person = np.repeat(np.arange(len(train)), train.lengths)
    same = person[1:] == person[:-1]
    pair, count = np.unique(train.rows[:-1][same].astype(np.int64) * size + train.rows[1:][same], return_counts=True)
    source, target = pair // size, (pair % size).astype(np.int32)
    starts = np.searchsorted(source, np.arange(size + 1))
    return {
        int(item): (target[starts[item] : starts[item + 1]], count[starts[item] : starts[item + 1]].astype(np.float32))
        for item in np.unique(source)
    }


def learn(data: Data, seed: int) -> tuple[SequenceModel, NextItemModel]:
    """Models of all training sessions, their evidence weighed on the newest ones before these were learned."""
    size, people = data.items.item_id.size, len(data.train)
    tail = max(1, int(people * TAIL_SHARE))
    early, late = (data.train.select(part) for part in (np.arange(people - tail), np.arange(people - tail, people)))
    model, _ = train_sequence(early, data.items, CONFIG, seed=seed)
    cases = prefixes(late, FITTED_CASES)
    evidence = evidence_for(SessionIndex.build(early.indptr, early.rows, size), model, cases)
    blend = fit_blend(evidence, cases.target, seed=seed)
    model, _ = train_sequence(data.train, data.items, CONTINUED, seed=seed, start=model)
    index = SessionIndex.build(data.train.indptr, data.train.rows, size)
    return model, NextItemModel(data.items.item_id, index, blend)


def evidence_for(index: SessionIndex, model: SequenceModel, cases: NextItem) -> list[Evidence]:
    views = sequence_views(model, cases.history, min(PARAMS.candidates, model.targets.shape[0]))
    return [gather(index, cases.history[case], view, PARAMS) for case, view in enumerate(views)]


def run(data: Path, name: str, seeds: Sequence[int], save: Save = save_nothing) -> dict[str, Any]:
    """Figures of every method, ``save`` after each seed; one a seed for those that learn."""
    loaded = load(data, name)
    methods = baselines(loaded)
    alone: list[dict[str, float]] = []
    together: list[dict[str, float]] = []
    spent_s = []
    for seed in seeds:
        started_s = time.process_time()
        model, after = learn(loaded, seed)
        spent_s.append(time.process_time() - started_s)
        for figures_of, found in zip((alone, together), asked(loaded, model, after), strict=True):
            figures_of.append(found)
        print(f"seed {seed}: alone {alone[-1]}, together {together[-1]}, {spent_s[-1]:.0f} s to learn", flush=True)
        told = methods | {"sequence model alone": alone, TOGETHER: together}
        result = {
            "set": name,
            "sessions": len(loaded.train),
            "items": int(loaded.items.item_id.size),
            "tests": len(loaded.test),
            "unknown_targets": loaded.dropped,
            "seeds": list(seeds[: len(spent_s)]),
            "methods": told,
            "training_cpu_s": spent_s,
            "table": markdown_table(told, COLUMNS, digits=2),
        }
        save(result)
    return result


def asked(data: Data, model: SequenceModel, after: NextItemModel) -> tuple[dict[str, float], dict[str, float]]:
    """Figures on the test lines: of the sequence model alone, and of everything together."""
    history, target = data.test.history, data.test.target
    views = sequence_views(model, history, min(PARAMS.candidates, model.targets.shape[0]))
    ranked = (
        after.rank(history[case], view, PARAMS) if history[case].size else (view.rows, view.scores)
        for case, view in enumerate(views)
    )
    return measure(((view.rows, view.scores) for view in views), target), measure(ranked, target)
