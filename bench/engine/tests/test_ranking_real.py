"""The ranking's measurement on real people's answers and purchases, on made ones."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine.ranking_real import figures_of, late_orders, predictions, serve_both
from bench.engine.tests.made import made_matrix


def test_both_halves_are_served_and_every_method_predicts_each_judging_impression() -> None:
    known, judged, items = serve_both(made_matrix(people=60, tags=True), seed=1, pages=2)
    assert len(known[0]) == len(judged[0]) == 30 * 2 * 10
    found = predictions(known, judged, items, seed=1)
    assert {p.shape for p in found.values()} == {(600,)}
    assert all(((p > 0) & (p < 1)).all() for p in found.values())
    figures = {name: figures_of(p, judged[1]) for name, p in found.items()}
    assert figures["the rate of all"]["AUC"] == pytest.approx(0.5)
    learned = figures["logistic regression on the same features"]
    assert learned["log-loss"] < figures["hand-set scorer"]["log-loss"]


def test_late_orders_are_made_up_for_by_elapsed_time() -> None:
    rng = np.random.default_rng(2)
    inputs = rng.normal(0, 1, (12_000, 5))
    bought = rng.random(12_000) < 1 / (1 + np.exp(1.5 - inputs[:, 3]))
    runs = [late_orders(inputs, bought, seed) for seed in range(6)]
    rate = {name: np.mean([run[name]["rate ÷ true"] for run in runs]) for name in runs[0]}
    loss = {name: np.mean([run[name]["log-loss"] for run in runs]) for name in runs[0]}
    assert rate["recent orders as seen"] < 0.95
    assert rate["elapsed time (ES-DFM)"] == pytest.approx(rate["all that was to come known"], abs=0.03)
    assert loss["elapsed time (ES-DFM)"] < loss["recent orders as seen"]
