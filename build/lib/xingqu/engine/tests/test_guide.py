"""The engine's guides: their code runs as it stands, in both languages, and says the same."""

import re
from pathlib import Path

import pytest

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "guides"


def code_of(name: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (GUIDES / name).read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0])


@pytest.mark.parametrize("name", ["engine.md", "engine.zh.md"])
def test_the_guide_runs_as_it_stands(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(code_of(name), name, "exec"), names)
    lines = capsys.readouterr().out.splitlines()
    pages = [line for line in lines if line.startswith("1") and len(line.split()) > 2]
    assert len(pages) == 10
    assert sum("INTEREST_TAGS" in line for line in pages) >= 3
    # camping leads the interests it tells of
    assert next(line for line in lines[10:] if line.split()[0] == "1").split()[1].startswith("+")


def test_both_languages_show_the_same_code() -> None:
    def bare(text: str) -> list[str]:
        without_comments = re.sub(r"\s*#.*", "", text)
        return [re.sub(r'f?"[^"]*"', '""', line) for line in without_comments.splitlines() if line.strip()]

    assert bare(code_of("engine.md")) == bare(code_of("engine.zh.md"))
