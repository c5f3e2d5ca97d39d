"""Both models of next items, fitted and judged on the same cases of a made log."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from dataclasses import replace

from bench.engine import next_overlap, sessions
from bench.engine.next_overlap import compare
from xingqu.engine.evaluate.splits import Sequences, leave_one_out
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_train import train_sequence


def test_all_are_judged_on_the_same_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_overlap, "CASES", 60)
    rng = np.random.default_rng(1)
    everyone = Sequences.of([((int(rng.integers(30)) + np.arange(5)) % 30).tolist() for _ in range(200)])
    items = ItemTags.of(np.arange(30, dtype=np.int64), {})
    brief = replace(sessions.CONFIG, dim=16, negatives=0, fused=False, batch_people=32, neighbours=4, epochs=1)
    early = everyone.without_last(1)
    model, _ = train_sequence(early, items, brief, seed=0)
    found = compare(items, early, leave_one_out(everyone), model, once=False)
    assert list(found) == ["sequence model alone", "fusion", "next_item", "mean of both"]
    assert min(found[name]["HR@10"] for name in ("fusion", "next_item", "mean of both")) > 0.9
