"""The suite without the extra `train`: `make test` has no torch, `make test-all` has."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COLLECT = """
import sys
sys.modules["torch"] = None
import pytest
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *sys.argv[1:]]))
"""


def test_every_test_module_can_be_read_without_torch() -> None:
    folders = ["bench", "xingqu/engine", "xingqu/interest", "xingqu/standalone"]
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, *folders], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
