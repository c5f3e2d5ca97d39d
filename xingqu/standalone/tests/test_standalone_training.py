"""``xingqu-engine train``: the models of a journal, judged, kept if no worse, and taken up by a server that runs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from xingqu.standalone import Engine
from xingqu.standalone.tests.world import items

PATH = [0, 6, 13, 20, 27]  # items that people go through in this order


def walk(engine: Engine, people: range, *, steps: int = 4) -> None:
    now_ms = int(time.time() * 1000)
    for person in people:
        engine.observe(
            [
                {
                    "id": f"{person}-{place}",
                    "person": f"p{person}",
                    "kind": "product_click",
                    "item": f"item-{PATH[place]}",
                    "at_ms": now_ms - 60_000 + place * 1_000 + person,
                }
                for place in range(2 + person % (steps - 1))
            ]
        )


# A process of its own, as an operator starts it beside a server that runs; torch, should it be there, is not seen.
TRAIN = (
    "import sys; sys.modules['torch'] = None; from xingqu.standalone.command import main; sys.exit(main(sys.argv[1:]))"
)


def train(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", TRAIN, "train", "--data", str(folder), "--seed", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def trained(folder: Path) -> dict[str, Any]:
    done = train(folder)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


def test_without_torch_the_rest_is_trained_and_served(tmp_path: Path) -> None:
    with Engine.open(tmp_path, background=False) as engine:
        engine.put_items(items(120))
        engine.refresh()
        walk(engine, range(60))
        report = trained(tmp_path)  # beside the server that runs
        assert (report["people"], report["items"], report["torch"]) == (60, 120, False)
        assert [report[kind]["adopted"] for kind in ("taste", "next", "sessions")] == [True, True, True]
        assert [report[kind]["before"] for kind in ("taste", "next", "sessions")] == [None, None, None]
        assert report["next"]["after"] > 0.3
        engine.refresh()
        engine.observe([{"id": "x", "person": "new", "kind": "product_click", "item": "item-0"}])
        channels = {place.channel for place in engine.recommend("new", size=12).items}
        assert channels & {"sessions", "sequence", "taste"}
    book = [json.loads(line) for line in (tmp_path / "trainings.jsonl").read_text().splitlines()]
    assert [line["people"] for line in book] == [60]


def test_the_next_training_is_judged_on_what_is_new(tmp_path: Path) -> None:
    with Engine.open(tmp_path, background=False) as engine:
        engine.put_items(items(120))
        engine.refresh()
        walk(engine, range(60))
        trained(tmp_path)
        models = (tmp_path / "models.npz").stat().st_mtime_ns
        again = trained(tmp_path)  # nothing is new: nothing to judge by, nothing changes
        assert [again[kind]["cases"] for kind in ("taste", "next", "sessions")] == [0, 0, 0]
        time.sleep(0.01)
        now_ms = int(time.time() * 1000)
        for person in range(60):
            told = {"person": f"p{person}", "kind": "product_click", "item": f"item-{33 + person % 2}"}
            engine.observe([{"id": f"later-{person}", "at_ms": now_ms, **told}])
        third = trained(tmp_path)
        assert third["next"]["before"] is not None
        assert third["next"]["cases"] == 30
        assert (tmp_path / "models.npz").stat().st_mtime_ns > models


def test_too_few_people_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with Engine.open(tmp_path, background=False) as engine:
        engine.put_items(items(120))
        engine.refresh()
        walk(engine, range(12))
        engine.set_preferences("p0", personalised=False)
    done = train(tmp_path)
    assert done.returncode == 1
    assert "only 11 people" in done.stderr
    assert not (tmp_path / "models.npz").exists()
    assert not (tmp_path / "trainings.jsonl").exists()
