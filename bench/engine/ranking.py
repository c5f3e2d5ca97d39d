"""`python -m bench.engine.ranking`: the learned ranking in a world of known truth, against the hand-set scorer.

The engine serves the world's people with the hand-set scorer. On day 60 the network is trained on what was served until
then, as it would be; everything served in the fifteen days after judges, with what really followed, late orders too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.engine.ranking_world import START_MS, Served, World, WorldParams
from bench.figures import Machine
from xingqu.engine.columns import Head
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.kernels import logistic_heads
from xingqu.engine.learn.calibration import area_under_curve, calibration_error, log_loss
from xingqu.engine.learn.delay import DelayParams, delayed_rows, fit_logistic, predict_logistic
from xingqu.engine.learn.impressions import DAY_MS, NEVER_MS, Impressions
from xingqu.engine.learn.multitask_train import RankerConfig, train_ranker
from xingqu.engine.learn.residual_fit import base_of, replay
from xingqu.engine.models import Models
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.kernels import add_residuals, linear_logits, to_probabilities
from xingqu.engine.ranking.ranker import PARENT, RankerModel
from xingqu.engine.ranking.residual import RESIDUAL_HEADS, ResidualModel
from xingqu.engine.ranking.scorer import base_logits
from xingqu.engine.state.items import ItemSnapshot

SCORER = ScorerParams()
F32 = NDArray[np.float32]
STEP_ROWS = 10  # the residual learns a page at a time
CANDIDATES = 500
CONFIGS: dict[str, RankerConfig] = {
    "network": RankerConfig(),
    "network, places not told apart": RankerConfig(places=False),
    "network, counterfactual stages": RankerConfig(counterfactual=0.3),
    "network, recent orders as seen": RankerConfig(delay=None, settled_ms=RankerConfig().settled_ms | {Head.ORDER: 0}),
    "network, recent orders left out": RankerConfig(delay=None),
}


@dataclass(frozen=True, eq=False)
class Split:
    """What was there to learn from on the day of training, and what judges."""

    served: Served
    known: NDArray[np.int64]
    judging: NDArray[np.int64]

    @classmethod
    def of(cls, served: Served) -> Split:
        before = served.rows.at_ms < served.trained_ms
        return cls(served, np.flatnonzero(before), np.flatnonzero(~before))

    def train(self, config: RankerConfig, seed: int) -> RankerModel:
        rows, served = self.served.rows.select(self.known), self.served
        outcomes = replace(served.outcomes, at_ms=served.outcomes.at_ms[self.known])
        return train_ranker(rows, outcomes, now_ms=served.trained_ms, scorer=SCORER, config=config, seed=seed)


def predictions_of(split: Split, models: Mapping[str, RankerModel]) -> dict[str, F32]:
    """(judging rows, heads) probabilities in the average place, by method."""
    rows = split.served.rows.select(split.judging)
    hand = linear_logits(rows.features, SCORER.matrix, rows.prior_logit)
    surface = rows.surface.astype(np.int64)
    found = {"hand-set scorer": to_probabilities(hand, 0.0, 1.0)}
    for name, model in models.items():
        found[name] = to_probabilities(model.logits(rows.features, hand, surface), 0.0, 1.0)
    network = models["network"]
    raw = network.logits(rows.features, hand, surface, calibrated=False)
    found["network, not calibrated"] = to_probabilities(raw, 0.0, 1.0)
    found["network + residual"] = with_residual(split, Models(ranker=network))
    found["hand-set scorer + residual"] = with_residual(split, Models())
    return found


def with_residual(split: Split, models: Models) -> F32:
    """The residual of what was known, learning on from every judging page after it was predicted."""
    served = split.served
    labels = served.outcomes.by(served.end_ms)
    known = served.rows.select(split.known)
    told = replay(known, labels[split.known], served.snapshot, models, SCORER, start=ResidualModel.empty())
    rows, truth, model = served.rows.select(split.judging), labels[split.judging], told.model
    placed = base_of(rows, models, SCORER)
    plain = base_logits(rows.features, rows.prior_logit, rows.surface.astype(np.int64), models, SCORER)
    row = served.snapshot.rows_of(rows.item_id)
    found = np.zeros_like(plain)
    for start in range(0, len(rows), STEP_ROWS):
        step = slice(start, start + STEP_ROWS)
        offsets = model.offsets(served.snapshot, row[step], rows.features[step])
        found[step] = to_probabilities(add_residuals(plain[step], offsets, RESIDUAL_HEADS, PARENT), 0.0, 1.0)
        model = model.learned(served.snapshot, row[step], rows.features[step], placed[step], truth[step])
    return found


def figures_of(split: Split, predicted: F32, head: Head) -> dict[str, float]:
    """Of one head on the judging rows where it can happen."""
    may = np.isfinite(split.served.rows.prior_logit[split.judging, head])
    labels = split.served.outcomes.by(np.iinfo(np.int64).max - 1)[split.judging][may, head]
    truth, p = split.served.truth[split.judging][may, head], predicted[may, head]
    return {
        "log-loss": float(log_loss(p, labels).mean()),
        "AUC": area_under_curve(p, labels),
        "ECE": calibration_error(p, labels),
        "rate ÷ true": float(p.mean() / labels.mean()),
        "order": float(np.corrcoef(_ranks(p), _ranks(truth))[0, 1]),
    }


def _ranks(values: NDArray[np.floating]) -> NDArray[np.int64]:
    ranks: NDArray[np.int64] = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return ranks


def drift_figures(split: Split, predicted: F32) -> dict[str, float]:
    """Watching of items whose appeal had changed: log-loss and AUC."""
    changed = split.served.changed[split.judging]
    labels = split.served.outcomes.by(split.served.end_ms)[split.judging][changed, Head.WATCH]
    p = predicted[changed, Head.WATCH]
    return {"log-loss": float(log_loss(p, labels).mean()), "AUC": area_under_curve(p, labels)}


def delay_figures(seed: int, *, size: int = 60_000, days: int = 21, raised: float = 1.5) -> dict[str, dict[str, float]]:
    """Predicted ÷ true rate of orders today, by how recent orders are learned from; orders are a day late on average.

    Once with a steady rate, once with one that was raised five days ago, when it is learned from the last ten days.
    """
    rng = np.random.default_rng(seed)
    inputs = rng.normal(0, 1, (size, 2))
    at_ms = START_MS - rng.integers(0, days * DAY_MS, size)
    found: dict[str, dict[str, float]] = {}
    for label, factor in (("steady", 1.0), ("raised", raised)):
        rate = 0.08 * np.exp(0.4 * inputs[:, 0]) * np.where(START_MS - at_ms < 5 * DAY_MS, factor, 1.0)
        late_ms = np.minimum(rng.exponential(DAY_MS, size), 6.9 * DAY_MS).astype(np.int64)
        order_at_ms = np.where(rng.random(size) < rate, at_ms + late_ms, NEVER_MS)
        told = delayed_rows(inputs, at_ms, order_at_ms, START_MS)
        lately = START_MS - at_ms < 10 * DAY_MS
        old = lately & (START_MS - at_ms >= DelayParams().window_ms)
        own = lately[told.row]
        fits = {
            "as seen": fit_logistic(inputs[lately], order_at_ms[lately] <= START_MS),
            "recent left out": fit_logistic(inputs[old], order_at_ms[old] <= START_MS),
            "elapsed time": fit_logistic(inputs[told.row[own]], told.label[own], told.weight[own]),
        }
        today = 0.08 * np.exp(0.4 * inputs[:, 0]) * factor
        for name, fit in fits.items():
            found.setdefault(name, {})[label] = float(predict_logistic(fit, inputs).mean() / today.mean())
    return found


def costs(model: RankerModel, rows: Impressions, snapshot: ItemSnapshot) -> dict[str, float]:
    """Processor milliseconds of scoring ``CANDIDATES`` rows, the best of many turns."""
    some = rows.select(np.arange(CANDIDATES))
    features, prior = np.ascontiguousarray(some.features), np.ascontiguousarray(some.prior_logit)
    row, models = snapshot.rows_of(some.item_id), Models(ranker=model)
    residual = ResidualModel.empty()
    logits = base_logits(features, prior, 0, models, SCORER)
    steps: dict[str, Callable[[], object]] = {
        "hand-set scorer": lambda: logistic_heads(features, SCORER.matrix, prior, 1e-5, 0.98),
        "network, calibrated": lambda: to_probabilities(base_logits(features, prior, 0, models, SCORER), 1e-5, 0.98),
        "residual": lambda: add_residuals(logits, residual.offsets(snapshot, row, features), RESIDUAL_HEADS, PARENT),
    }
    found = {}
    for name, step in steps.items():
        step()
        spent = []
        for _ in range(200):
            started_ns = time.thread_time_ns()
            step()
            spent.append(time.thread_time_ns() - started_ns)
        found[name] = float(np.median(spent)) / 1e6
    return found


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.ranking", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=WorldParams().pages)
    args = parser.parse_args()
    machine = Machine()
    by_head: dict[Head, dict[str, list[dict[str, float]]]] = {head: defaultdict(list) for head in Head}
    drift: dict[str, list[dict[str, float]]] = defaultdict(list)
    spent: dict[str, list[dict[str, float]]] = defaultdict(list)
    late: dict[str, list[dict[str, float]]] = defaultdict(list)
    for seed in range(args.seeds):
        split = Split.of(World(seed, WorldParams(pages=args.pages)).play())
        models = {}
        for name, config in CONFIGS.items():
            started_s = time.process_time()
            models[name] = split.train(config, seed)
            spent[f"training, {name}"].append({"value": time.process_time() - started_s})
        adopted = [head.name.lower() for head in Head if models["network"].adopted[head]]
        print(f"seed {seed}: {split.known.size} impressions known, {split.judging.size} judge; adopted: {adopted}")
        for name, predicted in predictions_of(split, models).items():
            drift[name].append(drift_figures(split, predicted))
            for head in Head:
                by_head[head][name].append(figures_of(split, predicted, head))
        for name, ratios in delay_figures(seed).items():
            late[name].append(ratios)
        for name, value in costs(models["network"], split.served.rows, split.served.snapshot).items():
            spent[f"ms for {CANDIDATES}, {name}"].append({"value": value})
    for head in Head:
        print(f"\n### {head.name.lower()}\n")
        print(markdown_table(by_head[head], ("log-loss", "AUC", "ECE", "rate ÷ true", "order")))
    print("\n### watching of items whose appeal has changed\n")
    print(markdown_table(drift, ("log-loss", "AUC")))
    print("\n### predicted ÷ true rate of orders that come late\n")
    print(markdown_table(late, ("steady", "raised"), digits=3))
    print("\n### cost (processor)\n")
    print(markdown_table(spent, ("value",), digits=3))
    print(f"\n{machine.line(own_cpu_s=time.process_time())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
