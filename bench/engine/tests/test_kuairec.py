"""The closed-loop benchmark on a small made folder of the same layout."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from bench.engine.kuairec import SETTINGS, below_frontier, read_matrix, run

VIDEOS, PEOPLE, LOG_PEOPLE = 120, 3, 30
HEADER = (
    "video_id,manual_cover_text,caption,topic_tag,first_level_category_id,first_level_category_name,"
    "second_level_category_id,second_level_category_name,third_level_category_id,third_level_category_name\n"
)


def write(path: Path, text: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def make_folder(folder: Path) -> Path:
    """Videos 1000.., people 1..3 in the matrix who like every third, each their own third; the log of 30 others."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    ids = 1_000 + np.arange(VIDEOS)
    write(folder / "evaluated_videos.csv.gz", "video_id\n" + "".join(f"{video}\n" for video in ids))
    liked = [(person, video) for person in range(1, PEOPLE + 1) for video in ids if video % 3 == person % 3]
    write(folder / "full_matrix_positives.csv.gz", "user_id,video_id\n" + "".join(f"{p},{v}\n" for p, v in liked))
    log = [(100 + p, int(v)) for p in range(LOG_PEOPLE) for v in rng.choice(ids[ids % 3 == p % 3], 12, replace=False)]
    log += [(1, 1_000), (101, 5)]  # one of the matrix's own, to be left out; a video that is not evaluated
    write(folder / "log_positives.csv.gz", "user_id,video_id\n" + "".join(f"{p},{v}\n" for p, v in log))
    rows = [f'{v},UNKNOWN,"a, b",[t{v % 3}],{v % 3},x,-124,UNKNOWN,{v % 7},y\n' for v in ids[1:]]
    # a caption that was broken over two lines
    write(
        folder / "videos.csv.gz",
        HEADER + "1000,UNKNOWN,broken,,,,,,,\n!,[],6,x,-124,UNKNOWN,-124,UNKNOWN,,\n" + "".join(rows),
    )
    return folder


def test_reads_the_matrix_and_leaves_out_its_own_people(tmp_path: Path) -> None:
    matrix = read_matrix(make_folder(tmp_path / "kuairec"))
    assert matrix.truth.shape == (PEOPLE, VIDEOS)
    assert matrix.truth.sum() == VIDEOS
    assert matrix.log_person.min() == 100
    assert matrix.log_video.size == LOG_PEOPLE * 12 + 1
    assert matrix.everything.item_id[0] == 5
    assert matrix.interest[:4].tolist() == [-1, 1001 % 7, 1002 % 7, 1003 % 7]


def test_plays_every_setting_and_tells_every_figure(tmp_path: Path) -> None:
    make_folder(tmp_path / "kuairec")
    result = run(tmp_path, "kuairec", [0])
    assert set(SETTINGS) < set(result["runs"])
    assert result["runs"]["personal oracle"][0]["positives"] == 40
    assert result["runs"]["engine, most hits"][0]["positives"] > 34  # of 40, in 100 of 120 places
    assert all(len(rates) == 100 for rates in result["hit_rate_by_round"].values())
    assert result["table"].count("\n") == 1 + len(result["runs"])


def test_a_setting_on_or_below_the_line_between_two_points_of_the_frontier_is_named() -> None:
    def runs(engine: tuple[float, float, float]) -> dict[str, list[dict[str, float]]]:
        points = {"random": (5.0, 0.1, 0.4), "popularity in the log": (25.0, 0.9, 0.0), "engine, x": engine}
        return {name: [{"positives": h, "gini": g, "tail share": t}] for name, (h, g, t) in points.items()}

    assert below_frontier(runs((15.1, 0.5, 0.2))) == []
    assert below_frontier(runs((15.0, 0.5, 0.21))) == ["engine, x: gini"]
    assert below_frontier(runs((15.0, 0.45, 0.2))) == ["engine, x: tail share"]
    assert below_frontier(runs((24.0, 0.95, 0.3))) == ["engine, x: gini"]
