"""`python -m bench.engine.merge OUT PART...`: seeds of one set that were run one by one, as one result.

PART are files of `python -m bench.engine SET --first-seed N --seeds 1 --json PART`. What does not depend on the seed is taken
once; a seed that comes twice is refused, as are results of different data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.engine import amazon, kuairec, sessions
from xingqu.engine.evaluate.tables import markdown_table

SAME = ("set", "sessions", "items", "tests", "unknown_targets", "people", "videos")
SPENT = ("wall_s", "cpu_s")


class MergeError(ValueError):
    """The parts are not seeds of one result."""


def merge(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One result of all seeds. Raises MergeError."""
    first = parts[0]
    for part in parts[1:]:
        differing = [name for name in SAME if part.get(name) != first.get(name)]
        if differing:
            raise MergeError(f"not of the same data: {', '.join(differing)} differ")
    if "runs" in first:
        merged = _merge_runs(parts)
    else:
        merged = _merge_methods(parts)
    spent = {name: round(sum(part.get(name, 0.0) for part in parts), 1) for name in SPENT}
    peak = max(part.get("peak_resident_mb", 0) for part in parts)
    return {name: first[name] for name in SAME if name in first} | merged | spent | {"peak_resident_mb": peak}


def _merge_methods(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of purchases and sessions: methods with a figure a seed, and those that have one in all."""
    seeds = [seed for part in parts for seed in part["seeds"]]
    numbers = [seed["seed"] if isinstance(seed, dict) else seed for seed in seeds]
    _once(numbers, "seed")
    methods: dict[str, list[dict[str, float]]] = {}
    spent: list[float] = []
    for part in parts:
        for name, figures in part["methods"].items():
            _add(methods.setdefault(name, []), figures)
        spent += part.get("training_cpu_s", [])
    found: dict[str, Any] = {"seeds": seeds, "methods": methods}
    if spent:
        found["training_cpu_s"] = spent
    is_sessions = "sessions" in parts[0]
    columns = sessions.COLUMNS if is_sessions else amazon.COLUMNS
    return found | {"table": markdown_table(methods, columns, **({"digits": 2} if is_sessions else {}))}


def _add(known: list[dict[str, float]], figures: Sequence[dict[str, float]]) -> None:
    """Figures of more seeds; a method that does not depend on the seed has the same ones again."""
    known.extend(figure for figure in figures if figure not in known)


def _merge_runs(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the closed loop: settings may have been played with different seeds each."""
    seeds: dict[str, list[int]] = {}
    runs: dict[str, list[dict[str, float]]] = {}
    curves: dict[str, list[tuple[int, list[float]]]] = {}
    for part in parts:
        for name, figures in part["runs"].items():
            _add(runs.setdefault(name, []), figures)
            if not name.startswith(kuairec.ENGINE):
                continue
            seeds.setdefault(name, []).extend(part["seeds"][name])
            curves.setdefault(name, []).append((len(figures), part["hit_rate_by_round"][name]))
    for name, of in seeds.items():
        _once(of, f"seed of {name}")
    by_round = {
        name: np.average([rates for _, rates in of], axis=0, weights=[count for count, _ in of]).tolist()
        for name, of in curves.items()
    }
    return {
        "seeds": seeds,
        "runs": runs,
        "hit_rate_by_round": by_round,
        "below_the_frontier": kuairec.below_frontier(runs),
        "table": markdown_table(runs, kuairec.COLUMNS, digits=3),
    }


def _once(numbers: Sequence[int], what: str) -> None:
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise MergeError(f"{what} {', '.join(map(str, twice))} is in more than one part")


def main() -> int:
    """Write OUT and print its table."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.merge", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("part", type=Path, nargs="+")
    args = parser.parse_args()
    try:
        merged = merge([json.loads(path.read_text(encoding="utf-8")) for path in args.part])
    except MergeError as error:
        parser.error(str(error))
    args.out.write_text(json.dumps(merged, indent=1, default=float) + "\n", encoding="utf-8")
    print(merged["table"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
