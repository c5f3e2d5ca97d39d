"""Small and plain: functions up to 70 lines, files up to 400, no unfinished marks, no test without an assertion."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION_LINES = 70
FILE_LINES = 400
UNFINISHED = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|Not" r"ImplementedError\(\)|not implemented" r" yet|coming" r" soon"
)
ASSERTING = re.compile(r"\bassert|raises\(|\bexpect|check_|assert_")


def files(*suffixes: str) -> list[Path]:
    """Files of the tree that are kept in version control, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    paths = [ROOT / name for name in listed if name.endswith(suffixes)]
    return [p for p in paths if p.is_file() and "node_modules" not in p.parts]


def python_files() -> list[Path]:
    return [p for p in files(".py") if "migrations" not in p.parts]


def functions_of(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_files_are_small() -> None:
    long = {str(p.relative_to(ROOT)): n for p in python_files() if (n := p.read_text("utf-8").count("\n")) > FILE_LINES}
    assert long == {}


def test_functions_are_small() -> None:
    long = {
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}": f.end_lineno - f.lineno + 1
        for p in python_files()
        for f in functions_of(ast.parse(p.read_text("utf-8")))
        if f.end_lineno is not None and f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{p.relative_to(ROOT)}:{number}"
        for p in files(".py", ".ts", ".tsx", ".css", ".mjs")
        for number, line in enumerate(p.read_text("utf-8").split("\n"), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_every_test_asserts() -> None:
    idle = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name}"
        for p in python_files()
        if p.name.startswith("test_")
        for source in [p.read_text("utf-8")]
        for f in functions_of(ast.parse(source))
        if f.name.startswith("test_") and not ASSERTING.search(ast.get_source_segment(source, f) or "")
    ]
    assert idle == []


def test_locks_name_no_download_address() -> None:
    address = re.compile(r"https?://|file://")
    named = [
        str(p.relative_to(ROOT)) for p in (ROOT / "requirements").glob("*.txt") if address.search(p.read_text("utf-8"))
    ]
    lock = ROOT / "web" / "package-lock.json"
    if lock.exists() and '"resolved": "http' in lock.read_text("utf-8"):
        named.append("web/package-lock.json")
    assert named == []
