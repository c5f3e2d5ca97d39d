"""`python -m bench.engine.repurchase`: who of CDNOW's customers buys again, 39 weeks ahead.

The customers bought first in January to March 1997. Everything is fitted on their first 39 weeks, the 39 weeks after
are predicted. The correction is learned inside the first 39 weeks (on 19, for the next 19), so that no model has seen
anything of the weeks it is judged by.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder
from xingqu.engine.learn.repurchase import BuyerModel, Correction, Histories

F64 = NDArray[np.float64]
WEEK_DAYS = 7.0
CALIBRATION_DAYS = 272  # 1 January to 30 September 1997, as in the literature
HOLDOUT_DAYS = 273
PUBLISHED = BuyerModel(r=0.243, alpha=4.414, a=0.793, b=2.426)


@dataclass(frozen=True, eq=False)
class Purchases:
    """One row a customer and day. ``customer`` counts from 0; days from the first day of the data."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    units: F64
    value: F64  # dollars

    @property
    def customers(self) -> int:
        return int(self.customer.max()) + 1

    def sums(self, weights: F64 | None, chosen: NDArray[np.bool_]) -> F64:
        """Per customer, over the chosen rows: their number, or the sum of their weights."""
        told = None if weights is None else weights[chosen]
        return np.bincount(self.customer[chosen], weights=told, minlength=self.customers).astype(np.float64)


def read_purchases(folder: Path) -> Purchases:
    """``cdnow/purchases.txt.gz``; what one customer bought on one day is one purchase."""
    with gzip.open(folder / "cdnow" / "purchases.txt.gz", "rt", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    told = [row for row in rows if len(row) == 4]
    day = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for _, d, _, _ in told], dtype="datetime64[D]").astype(np.int64)
    who = np.array([int(row[0]) for row in told])
    keys, group = np.unique(np.stack([who, day - day.min()], axis=1), axis=0, return_inverse=True)
    group = group.ravel()
    units, value = (
        np.bincount(group, weights=np.array([float(row[column]) for row in told])).astype(np.float64)
        for column in (2, 3)
    )
    _, customer = np.unique(keys[:, 0], return_inverse=True)
    return Purchases(customer, keys[:, 1], units, value)


def histories_until(purchases: Purchases, cut: int) -> Histories:
    """Of every customer who had bought by day ``cut``, in weeks; all had by the end of March."""
    past = purchases.day <= cut
    first = np.full(purchases.customers, np.iinfo(np.int64).max)
    np.minimum.at(first, purchases.customer[past], purchases.day[past])
    last = np.zeros(purchases.customers, dtype=np.int64)
    np.maximum.at(last, purchases.customer[past], purchases.day[past])
    opening = past & (purchases.day == first[purchases.customer])
    told = np.column_stack([np.log1p(purchases.sums(column, opening)) for column in (purchases.value, purchases.units)])
    told = (told - told.mean(axis=0)) / told.std(axis=0)
    repeats = purchases.sums(None, past) - 1.0
    return Histories.of(repeats, (last - first) / WEEK_DAYS, (cut - first) / WEEK_DAYS, told)


def features_until(purchases: Purchases, histories: Histories, cut: int, expected: F64) -> F64:
    """What the correction looks at: the prediction, spending, size, rhythm and the last weeks."""
    past = purchases.day <= cut
    orders = histories.repeats + 1.0
    quiet = histories.age - histories.last
    rhythm = np.where(histories.repeats > 0, histories.last / np.maximum(histories.repeats, 1.0), histories.age)
    recent = [purchases.sums(None, past & (purchases.day > cut - days)) for days in (91, 28)]
    return np.column_stack(
        [
            np.log(np.maximum(expected, 1e-6)),
            np.log1p(purchases.sums(purchases.value, past) / orders),
            np.log1p(purchases.sums(purchases.units, past) / orders),
            np.log1p(histories.repeats),
            histories.repeats == 0,
            np.log1p(quiet),
            np.log1p(quiet / (rhythm + 0.5)),
            *(np.log1p(count) for count in recent),
        ]
    )


def came_between(purchases: Purchases, after: int, until: int) -> F64:
    return purchases.sums(None, (purchases.day > after) & (purchases.day <= until))


def fit_correction(purchases: Purchases, cut: int) -> Correction:
    """Learned at half of the calibration: as much history as future, as in the task itself."""
    half = cut // 2
    histories = histories_until(purchases, half)
    plain = Histories.of(histories.repeats, histories.last, histories.age)
    expected = BuyerModel.fit(plain).expected(plain, (cut - half) / WEEK_DAYS)
    features = features_until(purchases, histories, half, expected)
    return Correction.fit(expected, features, came_between(purchases, half, cut))


def figures(expected: F64, came: F64) -> dict[str, float]:
    rate = np.maximum(expected, 1e-6)
    order = np.argsort(rate, kind="stable")
    _, ties, counts = np.unique(rate[order], return_inverse=True, return_counts=True)
    rank = np.empty(rate.size)
    rank[order] = (np.cumsum(counts) - (counts - 1) / 2.0)[ties]
    bought = came > 0
    above = rank[bought].sum() - bought.sum() * (bought.sum() + 1) / 2
    return {
        "mae": float(np.abs(expected - came).mean()),
        "rmse": float(np.sqrt(((expected - came) ** 2).mean())),
        "log_loss": float((rate - came * np.log(rate)).mean()),
        "auc": float(above / (bought.sum() * (~bought).sum())),
        "total": float(expected.sum() / came.sum()),
    }


def run(folder: Path) -> dict[str, Any]:
    """Every model's figures on the holdout, and the likelihood at the published parameters."""
    purchases = read_purchases(folder)
    histories = histories_until(purchases, CALIBRATION_DAYS)
    plain = Histories.of(histories.repeats, histories.last, histories.age)
    came = came_between(purchases, CALIBRATION_DAYS, CALIBRATION_DAYS + HOLDOUT_DAYS)
    ahead = HOLDOUT_DAYS / WEEK_DAYS
    base, told = BuyerModel.fit(plain), BuyerModel.fit(histories)
    expected = base.expected(plain, ahead)
    correction = fit_correction(purchases, CALIBRATION_DAYS)
    features = features_until(purchases, histories, CALIBRATION_DAYS, expected)
    rows = {
        "nobody comes back": np.zeros(len(plain)),
        "as often as so far": plain.repeats / plain.age * ahead,
        "BG/NBD, published parameters": PUBLISHED.expected(plain, ahead),
        "BG/NBD": expected,
        "BG/NBD with the first order's size": told.expected(histories, ahead),
        "BG/NBD corrected": correction.apply(expected, features),
        "BG/NBD corrected, level too": correction.apply(expected, features, keep_total=False),
    }
    return {
        "customers": len(plain),
        "fitted": (base.r, base.alpha, base.a, base.b),
        "likelihood": base.log_likelihood(plain),
        "likelihood_published": PUBLISHED.log_likelihood(plain),
        "models": {name: figures(values, came) for name, values in rows.items()},
    }


def table_of(result: dict[str, Any]) -> str:
    """Markdown."""
    r, alpha, a, b = result["fitted"]
    lines = [
        f"{result['customers']} customers. BG/NBD fitted: r {r:.3f} α {alpha:.3f} a {a:.3f} b {b:.3f}, "
        f"log-likelihood {result['likelihood']:.1f}; at the published parameters {result['likelihood_published']:.1f}.",
        "",
        "| model | MAE | RMSE | Poisson log-loss | AUC (buys at all) | total predicted ÷ real |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in result["models"].items():
        figures_text = " | ".join(f"{row[key]:.4f}" for key in ("mae", "rmse", "log_loss", "auc", "total"))
        lines.append(f"| {name} | {figures_text} |")
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.repurchase", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    print(table_of(run(parser.parse_args().data)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
