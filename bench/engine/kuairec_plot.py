"""`python -m bench.engine.kuairec_plot JSON DIR`: pictures of what `python -m bench.engine kuairec --json JSON` measured.

Hits against spread and against the tail's share, with the popularity frontier in the same picture, and hits by round.
Needs matplotlib, which nothing else does: `pip install matplotlib`.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xingqu.engine.evaluate.tables import mean_and_deviation

ENGINE, FRONTIER = "engine", "random of the"
SINGLE = ("popularity in the log", "the matrix's own popularity")
SMOOTHED_ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    result = json.loads(args.json.read_text(encoding="utf-8"))
    args.folder.mkdir(parents=True, exist_ok=True)
    plots = importlib.import_module("matplotlib.pyplot")
    draw_frontier(plots, result["runs"], args.folder / "kuairec-frontier.svg")
    draw_rounds(plots, result["hit_rate_by_round"], args.folder / "kuairec-rounds.svg")
    return 0


def draw_frontier(plots: Any, runs: Mapping[str, Sequence[Mapping[str, float]]], path: Path) -> None:
    figure, axes = plots.subplots(1, 2, figsize=(10, 4), sharey=True)
    """Bars: a sample deviation of the seeds each way, where there are several."""
    told = {name: mean_and_deviation(of) for name, of in runs.items()}
    means = {name: {key: mean for key, (mean, _) in of.items()} for name, of in told.items()}
    for axis, key, label in (
        (axes[0], "gini", "exposure Gini (left: evenly shared)"),
        (axes[1], "tail share", "hits outside the best liked fifth"),
    ):
        for start, title, marker in ((ENGINE, "the engine as served", "o-"), (FRONTIER, "popularity frontier", "s--")):
            points = sorted((*of[key], *of["positives"]) for name, of in told.items() if name.startswith(start))
            at, at_error, hits, hits_error = (np.nan_to_num(column) for column in zip(*points, strict=True))
            axis.errorbar(at, hits, xerr=at_error, yerr=hits_error, fmt=marker, capsize=2, label=title)
        for name in SINGLE:
            axis.plot(means[name][key], means[name]["positives"], "x", label=name)
        axis.plot(means["random"][key], means["random"]["positives"], "k.", label="random")
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("positives in 100 rounds")
    axes[1].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def draw_rounds(plots: Any, rates: Mapping[str, Sequence[float]], path: Path) -> None:
    figure, axis = plots.subplots(figsize=(6, 3.6))
    window = np.ones(SMOOTHED_ROUNDS) / SMOOTHED_ROUNDS
    for name, rate in rates.items():
        axis.plot(np.convolve(rate, window, mode="valid"), label=name)
    axis.set_xlabel("round")
    axis.set_ylabel(f"share of hits, mean of {SMOOTHED_ROUNDS} rounds")
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    raise SystemExit(main())
