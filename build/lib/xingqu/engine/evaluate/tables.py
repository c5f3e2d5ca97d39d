"""Results as a table: one row a method, mean and deviation over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

Runs = Sequence[Mapping[str, float]]


def mean_and_deviation(runs: Runs) -> dict[str, tuple[float, float]]:
    """Mean and sample deviation (0 for one run) of each figure over ``runs``, which must name the same figures.

    Raises ValueError when they do not.
    """
    names = list(runs[0]) if runs else []
    if any(set(run) != set(names) for run in runs):
        raise ValueError("runs name different figures")
    columns = {name: np.array([run[name] for run in runs], dtype=np.float64) for name in names}
    return {
        name: (float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0)
        for name, values in columns.items()
    }


def markdown_table(methods: Mapping[str, Runs], columns: Sequence[str], digits: int = 4) -> str:
    """Github-flavoured table: a row a method, ``mean ± deviation`` where there are several runs, a dash where none."""
    lines = ["| method | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for method, runs in methods.items():
        figures = mean_and_deviation(runs)
        cells = []
        for column in columns:
            if column not in figures:
                cells.append("–")
                continue
            mean, deviation = figures[column]
            told = f"{mean:.{digits}f}"
            cells.append(f"{told} ± {deviation:.{digits}f}" if len(runs) > 1 and deviation else told)
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
