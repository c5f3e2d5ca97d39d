"""Sets of the same three layouts that nobody has tuned on, with everything odd that such files may hold. Needs the extra `train`."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine import __main__ as command
from bench.engine import amazon, kuairec, sessions
from bench.engine.data import DataError, read_lines
from xingqu.engine.evaluate.closed_loop import LoopParams


def run_command(monkeypatch: pytest.MonkeyPatch, folder: Path, kind: str, name: str) -> dict[str, Any]:
    out = folder / "out.json"
    arguments = ["bench.engine", kind, "--data", str(folder), "--name", name, "--seeds", "2", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert command.main() == 0
    told: dict[str, Any] = json.loads(out.read_text())
    assert told["peak_resident_mb"] > 0
    assert told["wall_s"] >= 0
    return told


def write_lines(path: Path, lines: Sequence[Sequence[int]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(" ".join(map(str, line)) for line in lines) + "\n\n")


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def finite(figures: dict[str, float]) -> bool:
    return bool(np.isfinite(list(figures.values())).all())


def test_purchases_with_short_lives_new_items_and_empty_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amazon, "CONFIG", replace(amazon.CONFIG, dim=16, epochs=2, batch_people=16, negatives=0))
    rng = np.random.default_rng(1)
    lines = []
    for person in range(60):
        start = int(rng.integers(30))
        lines.append([7 * person + 5, *(1_000_000 + 11 * ((start + np.arange(5)) % 30))])
    lines += [[900, 1_000_000], [901, 1_000_000, 1_000_011], [902, 1_000_000, 1_000_011, 1_000_022]]  # one, two, three
    lines.append([903, 1_000_000, 1_000_011, 1_000_022, 5])  # the last is nowhere else
    write_lines(tmp_path / "amazon" / "Odd.txt.gz", lines)
    with gzip.open(tmp_path / "amazon" / "Odd_item2attributes.json.gz", "wt") as file:
        json.dump({"1000000": [], "1000011": [3, 3, 900], "77": [4]}, file)
    told = run_command(monkeypatch, tmp_path, "amazon", "Odd")
    figures = told["methods"]["engine"]
    assert len(figures) == 2
    assert all(finite(of) for of in figures)
    assert figures[0]["HR@10"] > 0.8
    assert [of["seed"] for of in told["seeds"]] == [0, 1]


def test_sessions_of_one_visit_and_targets_nobody_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = {"dim": 16, "negatives": 0, "fused": False, "batch_people": 32, "neighbours": 4}
    monkeypatch.setattr(sessions, "CONFIG", replace(sessions.CONFIG, **brief))
    monkeypatch.setattr(sessions, "CONTINUED", replace(sessions.CONTINUED, **brief))
    rng = np.random.default_rng(2)
    train = [[*(10 + 9 * ((int(rng.integers(25)) + np.arange(4)) % 25))] for _ in range(200)] + [[10], [5_000]]
    test = [[*(10 + 9 * ((int(rng.integers(25)) + np.arange(3)) % 25))] for _ in range(30)]
    test += [
        [10],
        [10, 4],
        [4, 19],
        [4, 3],
        [10, 10, 10],
    ]  # no history, an unknown target, history, both; the same again
    write_lines(tmp_path / "sessions" / "odd_train.txt.gz", train)
    write_lines(tmp_path / "sessions" / "odd_test.txt.gz", test)
    told = run_command(monkeypatch, tmp_path, "sessions", "odd")
    assert (told["sessions"], told["items"]) == (202, 26)
    assert told["tests"] == 34  # a line of one visit has nothing to tell from
    assert told["unknown_targets"] == 2
    for of in told["methods"].values():
        assert all(finite(figures) for figures in of)
    assert len(told["methods"][sessions.TOGETHER]) == 2
    assert told["methods"][sessions.TOGETHER][0]["P@20"] > 60


def test_a_matrix_smaller_than_the_game_without_log_tags_or_categories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kuairec, "SETTINGS", {"engine, even": (0.1, 1.0)})
    folder, videos = tmp_path / "kuairec", [3, 70, 71, 900, 12_345, *range(20_000, 20_030)]
    write_table(folder / "evaluated_videos.csv.gz", ["video_id"], [[video] for video in videos])
    liked = [(person, video) for person in (2, 9, 44) for video in videos if (video + person) % 3 == 0]
    write_table(folder / "full_matrix_positives.csv.gz", ["user_id", "video_id"], liked)
    write_table(folder / "log_positives.csv.gz", ["user_id", "video_id"], [(2, 70)])  # only of somebody in the matrix
    levels = [f"{level}_level_category_{part}" for level in kuairec.LEVELS for part in ("id", "name")]
    unknown = [["", "-124", "UNKNOWN", "", "", "-124"]] * 2
    rows = [[video, "", "", "[]", *of] for video, of in zip(videos, unknown, strict=False)]
    write_table(folder / "videos.csv.gz", ["video_id", "manual_cover_text", "caption", "topic_tag", *levels], rows)
    told = run_command(monkeypatch, tmp_path, "kuairec", "kuairec")
    assert (told["people"], told["videos"]) == (3, 35)
    assert LoopParams().rounds > told["videos"]  # everything is shown, and then nothing more
    (figures, _) = told["runs"]["engine, even"]
    assert figures["positives"] == pytest.approx(len(liked) / 3)
    assert figures["of oracle"] == pytest.approx(1.0)
    assert figures["interests"] == 0
    assert all(finite(of) for runs in told["runs"].values() for of in runs)


def test_sets_without_attributes_log_or_videos_and_with_few_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amazon, "CONFIG", replace(amazon.CONFIG, dim=16, epochs=2, batch_people=16, negatives=0))
    lines = [[person, *(50 + (person + np.arange(5)) % 20)] for person in range(1, 61)]
    write_lines(tmp_path / "Bare.txt.gz", lines)  # no folder "amazon" either
    told = run_command(monkeypatch, tmp_path, "amazon", "Bare")
    assert told["methods"]["engine"][0]["HR@10"] > 0.8
    monkeypatch.setattr(kuairec, "SETTINGS", {"engine, even": (0.1, 1.0)})
    folder, videos = tmp_path / "kuairec", [3, 70, 71, 900, *range(20_000, 20_020)]
    write_table(folder / "evaluated_videos.csv.gz", ["rank", "video_id"], list(enumerate(videos)))
    liked = [(video, person, "x") for person in (2, 9, 44) for video in videos if (video + person) % 3 == 0]
    write_table(folder / "full_matrix_positives.csv.gz", ["video_id", "user_id", "why"], liked)
    told = run_command(monkeypatch, tmp_path, "kuairec", "any")
    assert (told["people"], told["videos"], told["seeds"]) == (3, 24, {"engine, even": [0, 1]})
    columns = ["video_id", "first_level_category_id", "caption"]
    write_table(folder / "videos.csv.gz", columns, [(3, 8, "\u5c71"), (70, "UNKNOWN", ""), (71, 8, "UNKNOWN")])
    write_table(folder / "log_positives.csv.gz", ["user_id", "video_id"], [(500, 70), (501, 71), (501, 3)])
    matrix = kuairec.read_matrix(folder)
    assert (matrix.everything.tag_ids.size, set(matrix.interest.tolist())) == (2, {-1})
    assert kuairec.read_texts(folder) == {3: "\u5c71", 70: "", 71: ""}


@pytest.mark.parametrize(
    ("kind", "files", "told"),
    [
        ("amazon", {}, "no file .*Beauty.txt.gz; in its folder: other.txt"),
        ("sessions", {"diginetica_train.txt.gz": "1 2\n"}, "no file .*diginetica_test.txt.gz"),
        ("amazon", {"Beauty.txt.gz": "1 2 3\n\n2 3 x\n"}, "Beauty.txt.gz, line 3: whole numbers"),
        ("kuairec", {"evaluated_videos.csv.gz": "video_id\n3\n"}, "no file .*full_matrix_positives.csv.gz"),
        ("kuairec", {"evaluated_videos.csv.gz": "video\n3\n"}, "has no column video_id; it has video"),
        ("kuairec", {"evaluated_videos.csv.gz": "video_id\nx\n"}, "'x' is not an id"),
    ],
)
def test_what_is_missing_or_broken_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    files: dict[str, str],
    told: str,
) -> None:
    (tmp_path / "other.txt").touch()
    for name, text in files.items():
        with gzip.open(tmp_path / name, "wt") as file:
            file.write(text)
    monkeypatch.setattr(sys, "argv", ["bench.engine", kind, "--data", str(tmp_path)])
    with pytest.raises(SystemExit) as left:
        command.main()
    assert left.value.code == 2
    assert re.search(told, capsys.readouterr().err)


def test_a_file_that_is_not_compressed_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_text("1 2\n")
    with pytest.raises(DataError, match=r"a.txt.gz, line 1"):
        read_lines(tmp_path / "a.txt.gz")
