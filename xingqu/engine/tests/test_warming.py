"""Nobody waits for a compiler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_warm_up_compiles_all_that_a_request_uses() -> None:
    """In a process of its own: nothing is compiled, nor loaded from the cache, after it."""
    script = """
import numpy as np
from xingqu.engine import kernels
from xingqu.engine.learn import taste_kernels
from xingqu.engine.ranking import kernels as ranking
from xingqu.engine.retrieval import candidates
from xingqu.engine.slate import calibration, spacing
from xingqu.engine.state import near_kernels
from xingqu.engine.warming import warm_up
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import build_catalogue, look, page, NOW_MS

def compiled():
    modules = (kernels, near_kernels, ranking, taste_kernels, candidates, calibration, spacing)
    return {name: len(f.signatures) for module in modules for name, f in vars(module).items()
            if hasattr(f, "signatures") and name[0] != "_" and name != "learn_crosses"}

warm_up()
before = compiled()
assert set(before.values()) == {1}, before
snapshot, state = build_catalogue(200), UserState.empty()
look(state, snapshot, np.arange(1, 20), 9_000, NOW_MS)
for surface in ("for_you", "similar", "following"):
    page(snapshot, state, surface=surface, seed_item_id=3, previous_item_ids=np.arange(20, 25))
assert compiled() == before, compiled()
print("same")
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("same", 0), done.stderr
