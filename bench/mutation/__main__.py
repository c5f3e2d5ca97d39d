"""Mutation check: take one guard away at a time, run only the test that is named for it, and see it fail.

    python -m bench.mutation [--room stock] [--only WORDS] [--list]        (make mutation)

It works on a copy of the tree, so that an interruption leaves nothing behind. PostgreSQL's guards run on a cluster of their
own; without PostgreSQL they are told as not run. Returns 1 when a guard was taken away and its test did not notice.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.mutation.guard import Guard
from bench.mutation.table import TABLE
from bench.postgresql import Cluster

ROOT = Path(__file__).resolve().parents[2]
TEST_TIMEOUT_S = 900
FAILED = 1  # pytest's own: tests ran and some failed


def main() -> int:
    """Run what was chosen and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=sorted(TABLE), action="append")
    parser.add_argument("--only", default="", help="guards whose description has these words")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="guards of this one only")
    parser.add_argument("--list", action="store_true", help="print the table and run nothing")
    options = parser.parse_args()
    chosen = [
        guard
        for room, guards in TABLE.items()
        for guard in guards
        if (not options.room or room in options.room)
        and options.only in guard.what
        and options.database in (None, guard.database)
    ]
    if options.list:
        print("\n".join(f"{guard.what}: {guard.path}, {guard.test}" for guard in chosen))
        return 0
    with ExitStack() as stack:
        tree = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xq-mutation-"))) / "tree"
        copy_tree(tree)
        url = ""
        if any(guard.database == "postgresql" for guard in chosen):
            url = postgresql(stack)
        return run(tree, chosen, url)


def copy_tree(tree: Path) -> None:
    """The files of the working tree that version control knows, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if name.startswith("web/") or not (ROOT / name).is_file():
            continue
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)


def postgresql(stack: ExitStack) -> str:
    """Address of a database of a cluster of its own; empty where PostgreSQL is not installed."""
    try:
        return stack.enter_context(Cluster(durable=False)).create_database()
    except FileNotFoundError:
        return ""


def run(tree: Path, chosen: list[Guard], url: str) -> int:
    """Take away one guard after the other. Returns 1 when one was not missed."""
    started, survived, missing = time.monotonic(), [], 0
    for database, address in (("sqlite", ""), ("postgresql", url)):
        tests = sorted({guard.test for guard in chosen if guard.database == database})
        if tests and (database == "sqlite" or url) and run_tests(tree, tests, address):
            print(f"{database}: the tests do not pass as it is; `pytest {' '.join(tests)}` says why")
            return 1
    for number, guard in enumerate(chosen, 1):
        if guard.database == "postgresql" and not url:
            missing += 1
            print(f"not run   {guard.what} (PostgreSQL is not installed)", flush=True)
            continue
        said = try_without(tree, guard, url if guard.database == "postgresql" else "")
        if said:
            survived.append(guard)
        words = f"SURVIVED  {guard.what} ({said})" if said else f"caught    {guard.what}"
        print(f"{words}   [{number}/{len(chosen)}, {time.monotonic() - started:.0f} s]", flush=True)
    caught = len(chosen) - len(survived) - missing
    print(f"{caught} of {len(chosen)} guards are missed by their tests when they are gone, {missing} not run")
    for guard in survived:
        print(f"  survived: {guard.what}: {guard.path}, {guard.test}")
    return bool(survived)


def try_without(tree: Path, guard: Guard, url: str) -> str:
    """Empty when the named test fails without the guard; else what happened."""
    path = tree / guard.path
    whole = path.read_text("utf-8")
    if whole.count(guard.text) != 1:
        return f"the text stands there {whole.count(guard.text)} times"
    path.write_text(whole.replace(guard.text, guard.without), "utf-8")
    try:
        without = run_tests(tree, [guard.test], url, new_tables=guard.is_in_tables)
    finally:
        path.write_text(whole, "utf-8")
    if without != FAILED:
        return "the test passes without it" if without == 0 else f"pytest ended with {without}"
    return ""


def run_tests(tree: Path, tests: list[str], url: str, *, new_tables: bool = False) -> int:
    """pytest's exit code; SQLite's tables are kept for the next test, unless they are to be made anew."""
    environment = {**os.environ, "XINGQU_HOME": str(tree / "var"), "XINGQU_DATABASE_URL": url}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # a changed file must never be taken for the one before
    if new_tables:
        forget_tables(tree)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", ""),
            *("--create-db" if url else "--reuse-db", *tests),
        ],
        cwd=tree,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=TEST_TIMEOUT_S,
        check=False,
    )
    if new_tables:
        forget_tables(tree)
    return done.returncode


def forget_tables(tree: Path) -> None:
    """Delete SQLite's test database."""
    for left in (tree / "var").glob("test*.sqlite3*"):
        left.unlink()


if __name__ == "__main__":
    sys.exit(main())
