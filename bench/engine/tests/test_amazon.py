"""The benchmark of next purchases runs on a set it has never seen. Needs the extra `train`."""

import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine import __main__ as command
from bench.engine import amazon
from bench.engine.data import load_shoppers


def write_set(folder: Path, *, with_tags: bool = True) -> None:
    """80 shoppers of 30 items named 100, 103, ...; one follows the other."""
    rng = np.random.default_rng(1)
    lines = []
    for person in range(80):
        rows = (int(rng.integers(30)) + np.arange(int(rng.integers(5, 9)))) % 30
        lines.append(" ".join(str(n) for n in [person + 1, *(100 + 3 * rows)]))
    (folder / "amazon").mkdir()
    with gzip.open(folder / "amazon" / "Toys.txt.gz", "wt") as file:
        file.write("\n".join(lines) + "\n")
    if with_tags:
        with gzip.open(folder / "amazon" / "Toys_item2attributes.json.gz", "wt") as file:
            json.dump({str(100 + 3 * row): [row % 5 + 1] for row in range(30)}, file)


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amazon, "CONFIG", replace(amazon.CONFIG, dim=16, epochs=2, batch_people=16, negatives=0))


@pytest.mark.parametrize("with_tags", [True, False])
def test_an_unseen_set_gives_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_tags: bool) -> None:
    write_set(tmp_path, with_tags=with_tags)
    out = tmp_path / "out" / "toys.json"
    arguments = [
        "bench.engine",
        "amazon",
        "--data",
        str(tmp_path),
        "--name",
        "Toys",
        "--seeds",
        "2",
        "--json",
        str(out),
    ]
    monkeypatch.setattr(sys, "argv", arguments)
    assert command.main() == 0
    told = json.loads(out.read_text())
    assert told["set"] == "amazon/Toys"
    assert len(told["methods"]["engine"]) == 2
    # one item always follows the other, and the table says so
    assert told["methods"]["engine"][0]["HR@10"] > 0.9
    assert told["methods"]["without transitions"][0]["HR@10"] <= 1.0
    assert "| engine |" in told["table"]


def test_items_keep_their_ids_and_order(tmp_path: Path) -> None:
    write_set(tmp_path)
    shoppers = load_shoppers(tmp_path, "Toys")
    assert shoppers.items.item_id.tolist() == list(range(100, 190, 3))
    assert (np.diff(shoppers.sequences[0]) % 30 == 1).all()
    assert load_shoppers(tmp_path / "amazon", "Toys").items.item_id.size == 30
    with pytest.raises(FileNotFoundError):
        load_shoppers(tmp_path, "Beauty")
