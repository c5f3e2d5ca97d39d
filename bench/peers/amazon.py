"""`python -m bench.peers.amazon`: peers on the split of `bench.engine amazon`; run in the peers' environment (README)."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender
from numpy.typing import NDArray
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel
from scipy.sparse import csr_matrix

from bench.engine.data import default_folder, load_shoppers
from xingqu.engine.evaluate.metrics import gini, list_ranks, summarise
from xingqu.engine.evaluate.splits import NextItem, Sequences, leave_one_out
from xingqu.engine.evaluate.tables import markdown_table

LENGTH = 20
CUT = 10
SASREC: dict[str, Any] = {
    "n_factors": 64,
    "n_heads": 2,
    "dropout_rate": 0.3,
    "session_max_len": 15,
    "loss": "sampled_softmax",
    "n_negatives": 64,
}
PART_EPOCHS, VALIDATED = 4, 4_000
COLUMNS = ["HR@10", "NDCG@10", "HR@20", "NDCG@20", "MRR@20", "gini@10"]
Recommend = Callable[[Sequences, NextItem, int], NDArray[np.int64]]


def matrix(sequences: Sequences, size: int) -> csr_matrix:
    """(people, items) of ones."""
    data = np.ones(sequences.rows.size, dtype=np.float32)
    return csr_matrix((data, sequences.rows, sequences.indptr), shape=(len(sequences), size))


def popular(size: int) -> Recommend:
    def recommend(sequences: Sequences, cases: NextItem, seed: int) -> NDArray[np.int64]:
        order = np.argsort(-np.bincount(sequences.rows, minlength=size), kind="stable")
        lists = []
        for case in range(len(cases)):
            few = order[: LENGTH + cases.history[case].size]
            lists.append(few[~np.isin(few, cases.history[case])][:LENGTH])
        return np.array(lists)

    return recommend


def implicit_model(make: Callable[[int], Any], size: int) -> Recommend:
    def recommend(sequences: Sequences, cases: NextItem, seed: int) -> NDArray[np.int64]:
        model = make(seed)
        model.fit(matrix(sequences, size), show_progress=False)
        histories = matrix(cases.history, size)
        ids, _ = model.recommend(np.arange(len(cases)), histories, N=LENGTH, recalculate_user=hasattr(model, "factors"))
        return np.asarray(ids, dtype=np.int64)

    return recommend


def sasrec_figures(people: Sequences, size: int, seed: int, budget_s: float) -> tuple[dict[str, float], list[float]]:
    """(figures on the test items, NDCG@10 on validation items after each part of the training).

    Trained without anybody's last two items, and asked with the validation items as history; of all parts of the training
    the one that is best on the validation items counts. Ends with the processor's seconds, or when two parts in a row were
    no better.
    """
    from pytorch_lightning import seed_everything

    seed_everything(seed, verbose=False)
    validation, test = leave_one_out(people, last=2), leave_one_out(people)
    known, later = _dataset(people.without_last(2)), _dataset(people.without_last(1))
    model = SASRecModel(**SASREC, epochs=PART_EPOCHS)
    judged = np.linspace(0, len(validation) - 1, VALIDATED).astype(np.int64)
    started_s = time.process_time()
    history: list[float] = []
    best: dict[str, float] = {}
    while time.process_time() - started_s < budget_s and (len(history) < 3 or max(history[-2:]) >= max(history)):
        model.fit_partial(known, PART_EPOCHS, PART_EPOCHS)
        lists = _lists(model, judged, known)
        history.append(summarise(list_ranks(lists, validation.target[judged]))["NDCG@10"])
        if history[-1] == max(history):
            lists = _lists(model, np.arange(len(test)), later)
            exposure = np.bincount(lists[:, :CUT][lists[:, :CUT] >= 0], minlength=size)
            best = summarise(list_ranks(lists, test.target)) | {f"gini@{CUT}": gini(exposure)}
        spent_s = time.process_time() - started_s
        print(f"{len(history) * PART_EPOCHS} epochs, {spent_s:.0f} s, validation {history[-1]:.4f}", flush=True)
    return best, history


def _dataset(sequences: Sequences) -> Dataset:
    people = np.repeat(np.arange(len(sequences)), sequences.lengths)
    place = np.arange(sequences.rows.size)  # order alone is told, not when
    table = pd.DataFrame({Columns.User: people, Columns.Item: sequences.rows, Columns.Weight: 1.0})
    table[Columns.Datetime] = pd.Timestamp("2020-01-01") + pd.to_timedelta(place, unit="s")
    return Dataset.construct(table)


def _lists(model: SASRecModel, people: NDArray[np.int64], dataset: Dataset) -> NDArray[np.int64]:
    found = model.recommend(people, dataset, k=LENGTH, filter_viewed=True)
    lists = np.full((people.size, LENGTH), -1, dtype=np.int64)
    line = np.searchsorted(people, found[Columns.User].to_numpy())
    lists[line, found[Columns.Rank].to_numpy() - 1] = found[Columns.Item].to_numpy()
    return lists


def measure(recommend: Recommend, train: Sequences, cases: NextItem, seed: int, size: int) -> dict[str, float]:
    lists = recommend(train, cases, seed)
    exposure = np.bincount(lists[:, :CUT][lists[:, :CUT] >= 0], minlength=size)
    return summarise(list_ranks(lists, cases.target)) | {f"gini@{CUT}": gini(exposure)}


def families(size: int) -> dict[str, list[Recommend]]:
    """Each peer with the settings to choose from."""

    def als(alpha: float) -> Callable[[int], Any]:
        return lambda seed: AlternatingLeastSquares(64, 0.05, alpha, iterations=15, random_state=seed, num_threads=1)

    def bm25(neighbours: int) -> Callable[[int], Any]:
        return lambda seed: BM25Recommender(K=neighbours, num_threads=1)

    return {
        "popular": [popular(size)],
        "implicit ALS": [implicit_model(als(alpha), size) for alpha in (1.0, 10.0)],
        "implicit BM25": [implicit_model(bm25(neighbours), size) for neighbours in (20, 100)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--name", default="Beauty")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--sasrec-s", type=float, default=600, help="processor seconds for each of its seeds; 0: skip it"
    )
    parser.add_argument("--sasrec-only", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    shoppers = load_shoppers(args.data, args.name)
    size, people = shoppers.items.item_id.size, shoppers.sequences
    validation, test = leave_one_out(people, last=2), leave_one_out(people)
    methods: dict[str, list[dict[str, float]]] = {}
    for name, choices in ({} if args.sasrec_only else families(size)).items():
        started_s = time.process_time()
        tried = [0.0]
        if len(choices) > 1:
            tried = [measure(one, people.without_last(2), validation, 0, size)["NDCG@10"] for one in choices]
        chosen = choices[int(np.argmax(tried))]
        seeds = 1 if name in ("popular", "implicit BM25") else args.seeds
        methods[name] = [measure(chosen, people.without_last(1), test, seed, size) for seed in range(seeds)]
        print(name, f"{time.process_time() - started_s:.0f} s of processor, validation {tried}", flush=True)
        print(markdown_table({name: methods[name]}, COLUMNS), flush=True)
    for seed in range(args.seeds if args.sasrec_s else 0):
        figures, _ = sasrec_figures(people, size, seed, args.sasrec_s)
        methods.setdefault("RecTools SASRec, validation not learned", []).append(figures)
    print(markdown_table(methods, COLUMNS))
    if args.json:
        args.json.write_text(json.dumps({"set": f"amazon/{args.name}", "methods": methods}, indent=1) + "\n")


if __name__ == "__main__":
    main()
