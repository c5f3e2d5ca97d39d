"""`python -m bench.engine.ranking_real`: the learned ranking on answers and purchases of real people.

*Answers* (KuaiRec's full matrix): half of the people are served evenings of pages with the hand-set scorer, and the network and
the residual learn from what they took to, watched for more than twice its length. The other half, whom nothing has met,
is served the same way; all methods predict each of these impressions before it is known. The set tells no other outcome.

*Late orders* (`online_shoppers`): sessions and whether they bought are real; when each session was and how late its order
came is drawn. Some 70 % of the sessions are learned from on a day when part of the orders is still to come; the others judge,
by what was bought in the end.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import time
from collections import defaultdict
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder
from bench.engine.evening import Evening, Learners, labels_of
from bench.engine.kuairec import Matrix, build_snapshot, choosing_half, read_matrix
from xingqu.engine.columns import Head
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.learn.calibration import area_under_curve, calibration_error, log_loss
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.delay import DelayParams, delayed_rows, fit_logistic, predict_logistic
from xingqu.engine.learn.impressions import DAY_MS, NEVER_MS, Impressions, Outcomes
from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker
from xingqu.engine.learn.residual_fit import base_of, replay
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.kernels import add_residuals, linear_logits, to_probabilities
from xingqu.engine.ranking.ranker import PARENT
from xingqu.engine.ranking.residual import RESIDUAL_HEADS, ResidualModel
from xingqu.engine.ranking.scorer import base_logits
from xingqu.engine.state.items import ItemSnapshot

PAGES = 8
STEP_ROWS = 500  # the residual learns so many at a time
COLUMNS = ("log-loss", "AUC", "ECE", "rate ÷ true")
NOW_MS = 1_790_000_000_000
DAYS, LEARNED_DAYS = 21, 10
LEARNED_SHARE = 0.7
SMOOTHING = 20.0  # impressions that an item's rate starts with
F64 = NDArray[np.float64]
Answers = tuple[Impressions, NDArray[np.bool_]]


def hand_set() -> EngineParams:
    """The engine without anything learned in its ranking."""
    params = EngineParams()
    return replace(params, scorer=replace(params.scorer, use_model=False, use_residual=False))


def serve_both(matrix: Matrix, seed: int, pages: int) -> tuple[Answers, Answers, ItemSnapshot]:
    """(what is learned from, what judges, the items): both halves of the people served by the hand-set scorer."""
    params = hand_set()
    learning = choosing_half(matrix.truth.shape[0])
    judging = np.setdiff1d(np.arange(matrix.truth.shape[0]), learning)
    snapshot = with_clusters(build_snapshot(matrix))
    first = Evening(snapshot, matrix.truth[learning], params, Learners.none(), seed)
    first.play(pages)
    second = Evening(first.snapshot, matrix.truth[judging], params, first.learners.copied(params), seed + 1_000)
    second.play(pages)
    return first.seen(), second.seen(), first.snapshot


def predictions(known: Answers, judged: Answers, items: ItemSnapshot, seed: int) -> dict[str, F64]:
    """Probabilities of being taken to for each judging impression, by method."""
    scorer = EngineParams().scorer
    rows, positive = known
    asked, _ = judged
    at_ms = np.full((len(rows), len(Head)), NEVER_MS, dtype=np.int64)
    for head in (Head.WATCH, Head.COMPLETION):
        at_ms[positive, head] = rows.at_ms[positive]
    now_ms = int(rows.at_ms.max()) + 30 * DAY_MS
    network = train_ranker(rows, Outcomes(at_ms), now_ms=now_ms, scorer=scorer, config=RankerConfig(), seed=seed)
    hand = linear_logits(asked.features, scorer.matrix, asked.prior_logit)
    surface = asked.surface.astype(np.int64)
    raw = network.logits(asked.features, hand, surface, calibrated=False)
    inputs, asked_inputs = _inputs(rows), _inputs(asked)
    found = {
        "the rate of all": np.full(len(asked), positive.mean()),
        "the item's rate so far": _item_rates(known, asked),
        "hand-set scorer": to_probabilities(hand, 0.0, 1.0)[:, Head.WATCH],
        "logistic regression on the same features": predict_logistic(fit_logistic(inputs, positive), asked_inputs),
        "network, not calibrated": to_probabilities(raw, 0.0, 1.0)[:, Head.WATCH],
        "network": to_probabilities(network.logits(asked.features, hand, surface), 0.0, 1.0)[:, Head.WATCH],
        "hand-set scorer + residual": with_residual(known, judged, items, Models()),
        "network + residual": with_residual(known, judged, items, Models(ranker=network)),
    }
    if find_spec("lightgbm"):
        found["LightGBM on the same features"] = _boosted(inputs, positive, asked_inputs, seed)
    return {name: np.asarray(p, dtype=np.float64) for name, p in found.items()}


def with_residual(known: Answers, judged: Answers, items: ItemSnapshot, models: Models) -> F64:
    """The residual of what was known, learning on from every judging page after it was predicted."""
    scorer = EngineParams().scorer
    model = replay(known[0], labels_of(known[1]), items, models, scorer, start=ResidualModel.empty()).model
    rows, labels = judged[0], labels_of(judged[1])
    placed = base_of(rows, models, scorer)
    plain = base_logits(rows.features, rows.prior_logit, rows.surface.astype(np.int64), models, scorer)
    row = items.rows_of(rows.item_id)
    found = np.zeros(len(rows))
    for start in range(0, len(rows), STEP_ROWS):
        step = slice(start, start + STEP_ROWS)
        moved = add_residuals(plain[step], model.offsets(items, row[step], rows.features[step]), RESIDUAL_HEADS, PARENT)
        found[step] = to_probabilities(moved, 0.0, 1.0)[:, Head.WATCH]
        model = model.learned(items, row[step], rows.features[step], placed[step], labels[step])
    return found


def _inputs(rows: Impressions) -> F64:
    """What any model may read: features, the item's smoothed log-odds, the place on the page."""
    return np.column_stack([rows.features, rows.prior_logit[:, Head.WATCH], rows.position]).astype(np.float64)


def _item_rates(known: Answers, asked: Impressions) -> F64:
    rows, positive = known
    items, place = np.unique(rows.item_id, return_inverse=True)
    shown, taken = np.bincount(place), np.bincount(place, weights=positive)
    rate = (taken + SMOOTHING * positive.mean()) / (shown + SMOOTHING)
    at = np.minimum(np.searchsorted(items, asked.item_id), items.size - 1)
    found: F64 = np.where(items[at] == asked.item_id, rate[at], positive.mean())
    return found


def _boosted(inputs: F64, labels: NDArray[np.bool_], asked: F64, seed: int) -> F64:
    """LightGBM, its number of trees chosen on a tenth that it did not learn."""
    lightgbm = import_module("lightgbm")
    held = np.random.default_rng(seed).random(labels.size) < 0.1
    options = {"objective": "binary", "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 100, "seed": seed}
    options |= {"num_threads": 1, "verbosity": -1, "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.8}
    learned, checked = (lightgbm.Dataset(inputs[part], labels[part]) for part in (~held, held))
    stop = [lightgbm.early_stopping(30, verbose=False)]
    model = lightgbm.train(options, learned, num_boost_round=600, valid_sets=[checked], callbacks=stop)
    predicted: F64 = model.predict(asked)
    return predicted


def figures_of(p: F64, labels: NDArray[np.bool_]) -> dict[str, float]:
    return {
        "log-loss": float(log_loss(p, labels).mean()),
        "AUC": area_under_curve(p, labels),
        "ECE": calibration_error(p, labels),
        "rate ÷ true": float(p.mean() / labels.mean()),
    }


def read_shoppers(path: Path) -> tuple[F64, NDArray[np.bool_]]:
    """(sessions, columns) standardised, and whether each bought. Raises FileNotFoundError."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    plain = ("Administrative", "Informational", "ProductRelated", "PageValues")
    timed = tuple(f"{name}_Duration" for name in plain[:3])
    columns = [np.log1p([float(line[name]) for line in lines]) for name in (*plain, *timed)]
    columns += [np.array([float(line[name]) for line in lines]) for name in ("BounceRates", "ExitRates", "SpecialDay")]
    for name in ("Month", "VisitorType", "Weekend"):
        values = [line[name] for line in lines]
        columns += [np.array([value == one for value in values], dtype=np.float64) for one in sorted(set(values))[1:]]
    told = np.column_stack(columns)
    bought = np.array([line["Revenue"] in ("1", "TRUE", "True") for line in lines])
    return (told - told.mean(0)) / np.maximum(told.std(0), 1e-9), bought


def late_orders(inputs: F64, bought: NDArray[np.bool_], seed: int) -> dict[str, dict[str, float]]:
    """Figures on the judging sessions by how recent sessions are learned from; those who come back order later."""
    rng = np.random.default_rng(seed)
    learned = rng.random(bought.size) < LEARNED_SHARE
    at_ms = NOW_MS - rng.integers(0, DAYS * DAY_MS, bought.size)
    mean_days = np.where(inputs[:, 3] > 0, 0.7, 2.0)  # pages of worth seen: sooner decided
    late_ms = np.minimum(rng.exponential(mean_days * DAY_MS), 6.9 * DAY_MS).astype(np.int64)
    order_at_ms = np.where(bought, at_ms + late_ms, NEVER_MS)
    lately = np.flatnonzero(learned & (NOW_MS - at_ms < LEARNED_DAYS * DAY_MS))
    seen = order_at_ms[lately] <= NOW_MS
    old = NOW_MS - at_ms[lately] >= DelayParams().window_ms
    told = delayed_rows(inputs[learned], at_ms[learned], order_at_ms[learned], NOW_MS)
    own = np.isin(np.flatnonzero(learned)[told.row], lately)
    x = inputs[learned][told.row[own]]
    fits = {
        "recent orders as seen": fit_logistic(inputs[lately], seen),
        "recent left out": fit_logistic(inputs[lately][old], seen[old]),
        "elapsed time (ES-DFM)": fit_logistic(x, told.label[own], told.weight[own]),
        "all that was to come known": fit_logistic(inputs[lately], bought[lately]),
    }
    return {name: figures_of(predict_logistic(fit, inputs[~learned]), bought[~learned]) for name, fit in fits.items()}


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.ranking_real", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    answers: dict[str, list[dict[str, float]]] = defaultdict(list)
    late: dict[str, list[dict[str, float]]] = defaultdict(list)
    sizes: list[dict[str, Any]] = []
    matrix = read_matrix(find_folder(args.data, "kuairec"))
    for seed in range(args.seeds):
        started_s = time.process_time()
        known, judged, items = serve_both(matrix, seed, PAGES)
        for name, p in predictions(known, judged, items, seed).items():
            answers[name].append(figures_of(p, judged[1]))
        told = {"known": len(known[0]), "judging": len(judged[0]), "rate": float(judged[1].mean())}
        sizes.append(told | {"cpu_s": round(time.process_time() - started_s, 1)})
        print(f"seed {seed}: {sizes[-1]}", flush=True)
    inputs, bought = read_shoppers(find_folder(args.data, "online_shoppers") / "sessions.csv.gz")
    for seed in range(10 * args.seeds):
        for name, figures in late_orders(inputs, bought, seed).items():
            late[name].append(figures)
    print(markdown_table(answers, COLUMNS))
    print(markdown_table(late, COLUMNS))
    if args.json:
        result = {"answers": answers, "late_orders": late, "sizes": sizes}
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
