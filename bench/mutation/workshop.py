"""Where guards are taken away: a copy of the tree, with one database."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.mutation.guard import Guard

TEST_TIMEOUT_S = 1_800
PASSED, FAILED = 0, 1  # pytest's own


class Workshop:
    """Runs tests on the tree at `tree`; `url` is a database of PostgreSQL, empty for SQLite's file."""

    def __init__(self, tree: Path, url: str) -> None:
        self.tree, self.url = tree, url
        self.environment = {
            **os.environ,
            "XINGQU_HOME": str(tree / "var"),
            "XINGQU_DATABASE_URL": url,
            "PYTHONPATH": "",
            "PYTHONDONTWRITEBYTECODE": "1",  # a changed file must never be taken for the one before
        }
        self.warm: subprocess.Popen[str] | None = None

    def run(self, tests: list[str], *, new_tables: bool = False) -> int:
        """pytest's exit code in a process of its own. The tables are kept for the next, unless they are to be made anew."""
        if new_tables:
            self._forget_tables()
        made_anew = "--create-db" if new_tables or self.url else "--reuse-db"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "", made_anew, *tests],
            cwd=self.tree,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TEST_TIMEOUT_S,
            check=False,
        )
        if new_tables:
            self._forget_tables()
        return done.returncode

    def try_without(self, guard: Guard) -> str:
        """Empty when the named test fails without the guard; else what happened."""
        path = self.tree / guard.path
        whole = path.read_text("utf-8")
        if whole.count(guard.text) != 1:
            return f"the text stands there {whole.count(guard.text)} times"
        changed = whole.replace(guard.text, guard.without)
        if not guard.is_in_tables and self._run_warm(guard, changed) == FAILED:
            return ""
        path.write_text(changed, "utf-8")
        try:
            without = self.run([guard.test], new_tables=guard.is_in_tables)
        finally:
            path.write_text(whole, "utf-8")
        if without == FAILED:
            return ""
        return "the test passes without it" if without == PASSED else f"pytest ended with {without}"

    def _run_warm(self, guard: Guard, changed: str) -> int:
        """pytest's exit code in a fork of the warm process."""
        if self.warm is None:
            script = Path(__file__).with_name("warm.py")
            self.warm = subprocess.Popen(
                [sys.executable, str(script)],
                cwd=self.tree,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert self.warm.stdout is not None
            if self.warm.stdout.readline().strip() != "ready":
                raise RuntimeError("the tree can't be imported")
        assert self.warm.stdin is not None
        assert self.warm.stdout is not None
        self.warm.stdin.write(json.dumps({"path": guard.path, "source": changed, "tests": [guard.test]}) + "\n")
        self.warm.stdin.flush()
        return int(self.warm.stdout.readline())

    def _forget_tables(self) -> None:
        """Delete SQLite's test database."""
        for left in (self.tree / "var").glob("test*.sqlite3*"):
            left.unlink()

    def close(self) -> None:
        """End the warm process."""
        if self.warm is not None:
            self.warm.communicate(timeout=60)
            self.warm = None
