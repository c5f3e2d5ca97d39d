"""The session benchmark's reading and its lists."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from xingqu.engine.evaluate.splits import Sequences

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine.sessions import best_lists, load, measure, prefixes


def write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_the_last_item_of_a_test_line_is_the_target(tmp_path: Path) -> None:
    write(tmp_path / "sessions" / "made_train.txt.gz", ["10 30", "20 10 10"])
    write(tmp_path / "sessions" / "made_test.txt.gz", ["10 99 20", "30 99", "20 30"])
    data = load(tmp_path, "made")
    assert data.items.item_id.tolist() == [10, 20, 30]
    assert [data.train[k].tolist() for k in range(2)] == [[0, 2], [1, 0, 0]]
    # an item that nobody visited is left out of a history, and stays in the count as a target
    assert [data.test.history[k].tolist() for k in range(3)] == [[0], [2], [1]]
    assert data.test.target.tolist() == [1, -1, 2]
    assert data.dropped == 1


def test_every_place_but_the_first_is_a_case() -> None:
    cases = prefixes(Sequences.of([[5, 6, 7], [8], [9, 9]]), 10)
    assert [cases.history[k].tolist() for k in range(len(cases))] == [[5], [5, 6], [9]]
    assert cases.target.tolist() == [6, 7, 9]
    assert prefixes(Sequences.of([[5, 6, 7, 8]]), 2).target.tolist() == [6, 8]


def test_what_ties_with_the_place_after_the_last_is_not_listed() -> None:
    rows = np.arange(22, dtype=np.int32)
    scores = np.array([3.0] * 19 + [1.0] * 3, dtype=np.float32)
    assert best_lists([(rows, scores)])[0].tolist() == [*range(19), -2]
    assert measure([(rows, scores)], np.array([20])) == {"P@20": 0.0, "MRR@20": 0.0}
    assert measure([(rows[:2], scores[18:20])], np.array([1])) == {"P@20": 100.0, "MRR@20": pytest.approx(50.0)}
