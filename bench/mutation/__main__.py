"""Mutation check: take one guard away at a time, run only the test that is named for it, and see it fail.

    python -m bench.mutation [--room stock] [--only WORDS ...] [--list]        (make mutation)

It works on a copy of the tree, so that an interruption leaves nothing behind. PostgreSQL's guards run on a cluster of their
own; without PostgreSQL they are told as not run. Returns 1 when a guard was taken away and its test did not notice.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.mutation.guard import Guard
from bench.mutation.report import page
from bench.mutation.table import TABLE
from bench.mutation.workshop import Workshop
from bench.postgresql import Cluster

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run what was chosen and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=sorted(TABLE), action="append")
    parser.add_argument("--only", action="append", help="guards whose description has these words; again for others")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="guards of this one only")
    parser.add_argument("--trusting", action="store_true", help="do not first see that the tests pass as it is")
    parser.add_argument("--list", action="store_true", help="print the table and run nothing")
    parser.add_argument("--write", action="store_true", help="write docs/reference/guards.md and run nothing")
    options = parser.parse_args()
    if options.write:
        (ROOT / "docs/reference/guards.md").write_text(page(), "utf-8")
        return 0
    chosen = [
        guard
        for room, guards in TABLE.items()
        for guard in guards
        if (not options.room or room in options.room)
        and (not options.only or any(words in guard.what for words in options.only))
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
        return run(tree, chosen, url, trusting=options.trusting)


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


def run(tree: Path, chosen: list[Guard], url: str, *, trusting: bool) -> int:
    """Take away one guard after the other. Returns 1 when one was not missed."""
    started, survived, missing = time.monotonic(), [], 0
    for database, address in (("sqlite", ""), ("postgresql", url)):
        mine = sorted((guard for guard in chosen if guard.database == database), key=lambda guard: guard.is_in_tables)
        if mine and database == "postgresql" and not url:
            missing = len(mine)
            print(f"not run: {missing} guards on PostgreSQL, which is not installed", flush=True)
            continue
        if not mine:
            continue
        workshop = Workshop(tree, address)
        tests = sorted({guard.test for guard in mine})
        if not trusting and workshop.run(tests):
            print(f"{database}: the tests do not pass as it is; `pytest -m '' {' '.join(tests)}` says why")
            return 1
        for number, guard in enumerate(mine, 1):
            said = workshop.try_without(guard)
            survived += [guard] if said else []
            words = f"SURVIVED  {guard.what} ({said})" if said else f"caught    {guard.what}"
            print(f"{words}   [{database} {number}/{len(mine)}, {time.monotonic() - started:.0f} s]", flush=True)
        workshop.close()
    caught = len(chosen) - len(survived) - missing
    print(f"{caught} of {len(chosen)} guards are missed by their tests when they are gone, {missing} not run")
    for guard in survived:
        print(f"  survived: {guard.what}: {guard.path}, {guard.test}")
    return bool(survived)


if __name__ == "__main__":
    sys.exit(main())
