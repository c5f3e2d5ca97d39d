"""The guides and the example run as they stand, and both languages say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from xingqu.engine.columns import Signal
from xingqu.standalone.command import build_parser
from xingqu.standalone.schema import SIGNALS, read_event, read_item

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ROOT / "docs" / "guides"
NAMES = ("beside-your-shop.md", "beside-your-shop.zh.md")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (GUIDES / name).read_text(encoding="utf-8"), re.DOTALL)


def test_both_languages_show_the_same_code() -> None:
    for language in ("python", "bash"):
        one, two = (blocks(name, language) for name in NAMES)
        assert one
        assert one == two


def test_the_code_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(blocks(NAMES[0], "python")[0], NAMES[0], "exec"), names)
    assert [place.item for place in names["page"].items] == ["tent-7"]  # type: ignore[attr-defined]
    assert {one.tag for one in names["belief"].interests} == {"camping", "outdoor"}  # type: ignore[attr-defined]


def test_the_bodies_and_commands_of_the_guide_are_taken() -> None:
    text = "".join(blocks(NAMES[0], "bash"))
    bodies = [orjson.loads(body) for body in re.findall(r"-d '(\{.*?\})'", text, re.DOTALL)]
    assert [read_item(item).id for item in bodies[0]["items"]] == ["tent-7", "shoe-3", "pan-2"]
    assert [read_event(event).kind for event in bodies[1]["events"]] == ["product_click"]
    commands = re.findall(r"^xingqu-engine (.*)$", text, re.MULTILINE)
    assert [build_parser().parse_args(command.split()).command for command in commands] == ["serve", "evaluate-policy"]


def test_the_guide_names_every_signal_that_a_shop_sends() -> None:
    left_out = {"completion", "unlike", "unsave"}
    assert set(SIGNALS) == {signal.name.lower() for signal in Signal}
    for name in NAMES:
        text = (GUIDES / name).read_text(encoding="utf-8")
        assert {kind for kind in SIGNALS if f"`{kind}`" not in text} == left_out


def test_the_example_runs(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / "beside_your_shop.py"), str(tmp_path)]
    done = subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    stranger, known, blocked = (
        part.splitlines() for part in re.split(r"Then Anna sees:|Without camping:", done.stdout)
    )
    assert "accepted 4, duplicates 1" in stranger
    tents_and_shoes = [line for line in known[1:9] if re.match(r" +\d+ (tent|shoe)-", line)]
    assert len(tents_and_shoes) >= 5
    assert [line for line in blocked if " tent-" in line] == []
    assert blocked[-1] == "forgotten: True - known: False"
