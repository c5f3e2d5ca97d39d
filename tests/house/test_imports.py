"""The import contract holds, and would catch what it is there to catch."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Python tree that a test may plant something in."""
    folder = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("__pycache__", "*.gz", "*.webp", "tests", "results")
    for name in ("xingqu", "simulator", "bench"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def planted(folder: Path, path: str, text: str) -> str:
    """What the linter says with `text` appended to the file at `path`; the file is put back."""
    target = folder / path
    before = target.read_text(encoding="utf-8") if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text((before or "") + text, encoding="utf-8")
    try:
        result = lint(folder)
    finally:
        target.write_text(before, encoding="utf-8") if before is not None else shutil.rmtree(target.parent)
    assert result.returncode == 1
    return result.stdout


def test_the_tree_keeps_the_contract() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


def test_a_planted_upward_import_is_caught(copy: Path) -> None:
    said = planted(copy, "xingqu/accounts/services/__init__.py", "\nimport xingqu.config.environment\n")
    assert "xingqu.accounts.services -> xingqu.config.environment" in said


def test_a_planted_upward_import_inside_a_room_is_caught(copy: Path) -> None:
    said = planted(copy, "xingqu/accounts/models.py", "\nimport xingqu.accounts.services\n")
    assert "xingqu.accounts.models -> xingqu.accounts.services" in said


def test_a_planted_cycle_is_caught(copy: Path) -> None:
    said = planted(copy, "xingqu/kit/money.py", "\nimport xingqu.accounts.services\n")
    assert "xingqu.kit is not allowed to import xingqu.accounts" in said


def test_a_framework_in_the_engine_is_caught(copy: Path) -> None:
    said = planted(copy, "xingqu/engine/params.py", "\nimport django.db\n")
    assert "xingqu.engine is not allowed to import django" in said


def test_an_unlisted_room_is_caught(copy: Path) -> None:
    said = planted(copy, "xingqu/shelf/__init__.py", "")
    assert "xingqu.shelf" in said
