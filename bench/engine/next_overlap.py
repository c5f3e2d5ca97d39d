"""`python -m bench.engine.next_overlap`: what each of the two models of next items is worth in the other's place.

One sequence model a set, and both ways of weighing it fitted on the same held-out cases; other held-out cases judge. The test
files are not read.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engine import amazon, sessions
from bench.engine.data import default_folder, load_shoppers
from xingqu.engine.evaluate.metrics import pessimistic_rank, summarise
from xingqu.engine.evaluate.splits import NextItem, Sequences, leave_one_out
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.learn.fusion_fit import fit_fusion
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import Evidence, gather
from xingqu.engine.learn.next_item_train import fit_blend
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.learn.sequence_train import train_sequence
from xingqu.engine.learn.transitions import TransitionParams, learn_transitions
from xingqu.engine.models import Models
from xingqu.engine.ranking.fusion import next_features, weigh
from xingqu.engine.state.sessions import SessionIndex

CASES = 4_000  # to fit by, and as many to judge by
FITTED_FUSION = 3_000
EPOCHS = {"Beauty": 8, "Diginetica": 1}
Figures = dict[str, dict[str, float]]


def compare(items: ItemTags, early: Sequences, cases: NextItem, model: SequenceModel, *, once: bool) -> Figures:
    """``once``: nobody comes back to an item, so that what was met is left out."""
    order = np.random.default_rng(5).permutation(len(cases))
    told, judged = (_some(cases, np.sort(order[part])) for part in (slice(0, CASES), slice(CASES, 2 * CASES)))
    size = items.item_id.size
    transitions = learn_transitions(early, items.item_id, TransitionParams())
    snapshot = amazon.snapshot_of(items, Models(sequence=model, transitions=transitions))
    fusion = fit_fusion(snapshot, told, seed=0, cases=FITTED_FUSION)
    index = SessionIndex.build(early.indptr, early.rows, size)
    blend = fit_blend(_evidence(index, model, told), told.target, seed=0)
    after = _evidence(index, model, judged)
    names = ("sequence model alone", "fusion", "next_item", "mean of both")
    ranks = {name: np.zeros(len(judged), dtype=np.int64) for name in names}
    for case in range(len(judged)):
        history, target = judged.history[case], int(judged.target[case])
        by_fusion = weigh(next_features(snapshot, history, fusion.params), fusion.weights)
        by_sessions = np.full(size, -1e9, dtype=np.float32)
        by_sessions[after[case].rows] = blend.score(after[case])
        scores = [model.score(history).copy(), by_fusion, by_sessions]
        if once:
            for of in scores:
                of[history] = -np.inf
        scores.append(((_shares(by_fusion) + _shares(by_sessions)) / 2).astype(np.float32))
        for name, of in zip(names, scores, strict=True):
            ranks[name][case] = pessimistic_rank(of, target)
    return {name: summarise(of) for name, of in ranks.items()}


def _some(cases: NextItem, chosen: NDArray[np.integer]) -> NextItem:
    return NextItem(cases.history.select(chosen), cases.target[chosen])


def _evidence(index: SessionIndex, model: SequenceModel, cases: NextItem) -> list[Evidence]:
    width = min(sessions.PARAMS.candidates, model.targets.shape[0])
    views = sessions.sequence_views(model, cases.history, width)
    return [gather(index, cases.history[case], view, sessions.PARAMS) for case, view in enumerate(views)]


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    p = np.exp(scores.astype(np.float64) - scores.max())
    shares: NDArray[np.float64] = p / p.sum()
    return shares


def main() -> int:
    """Train, compare, print a table a set."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.next_overlap", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    shoppers = load_shoppers(args.data, "Beauty")
    early, validation = shoppers.sequences.without_last(2), leave_one_out(shoppers.sequences, last=2)
    model, _ = train_sequence(early, shoppers.items, replace(amazon.CONFIG, epochs=EPOCHS["Beauty"]), seed=0)
    found = {"Beauty": compare(shoppers.items, early, validation, model, once=True)}
    loaded = sessions.load(args.data, "diginetica")
    tail = int(len(loaded.train) * sessions.TAIL_SHARE)
    first, last = np.split(np.arange(len(loaded.train)), [len(loaded.train) - tail])
    early, newest = loaded.train.select(first), loaded.train.select(last)
    model, _ = train_sequence(early, loaded.items, replace(sessions.CONFIG, epochs=EPOCHS["Diginetica"]), seed=0)
    cases = sessions.prefixes(newest, sessions.FITTED_CASES)
    found["Diginetica"] = compare(loaded.items, early, cases, model, once=False)
    for name, figures in found.items():
        print(f"### {name}\n")
        columns = ("HR@10", "NDCG@10", "HR@20", "NDCG@20", "MRR@20")
        print(markdown_table({method: [of] for method, of in figures.items()}, columns))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
