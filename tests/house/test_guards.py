"""The table of the mutation check names guards and tests that are there; `make mutation` takes each guard away."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bench.mutation.guard import Guard
from bench.mutation.report import page
from bench.mutation.table import TABLE

ROOT = Path(__file__).resolve().parents[2]
GUARDS = [guard for guards in TABLE.values() for guard in guards]


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@cache
def functions_named(path: str) -> frozenset[str]:
    """Names of the tests of a file, those of a class with the class in front."""
    found = set()
    for node in ast.parse(source(path)).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return frozenset(found)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.what)
def test_the_guard_and_its_test_are_there(guard: Guard) -> None:
    assert source(guard.path).count(guard.text) == 1
    assert guard.text != guard.without
    path, _, name = guard.test.partition("::")
    assert name.partition("[")[0] in functions_named(path)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.what)
def test_the_file_can_be_read_without_the_guard(guard: Guard) -> None:
    """A test that fails because of a slip of syntax would prove nothing."""
    without = ast.parse(source(guard.path).replace(guard.text, guard.without))
    assert ast.dump(without) != ast.dump(ast.parse(source(guard.path)))


def test_each_guard_has_its_own_words() -> None:
    assert [what for what, count in Counter(guard.what for guard in GUARDS).items() if count > 1] == []
    assert len(GUARDS) >= 150


def test_the_list_in_the_reference_is_of_this_table() -> None:
    """`python -m bench.mutation --write` writes it anew."""
    assert source("docs/reference/guards.md") == page()
