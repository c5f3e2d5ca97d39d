"""`python -m bench.engine kuairec`: the closed loop on fully observed preferences, and the frontier of hits and spread.

Everyone in the matrix is new. The log of other people, captions' tags and the categories of three levels may be used;
the only feedback is whether a recommendation was taken to. The settings stand in SETTINGS and are the same for any data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import DataError, Save, find_folder, read_table, save_nothing
from xingqu.engine.columns import Head
from xingqu.engine.evaluate.closed_loop import ClosedLoop, LoopParams, Played, figures_of
from xingqu.engine.evaluate.tables import markdown_table, mean_and_deviation
from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.models import Models
from xingqu.engine.params import (
    DiversityParams,
    EngineParams,
    HeadWeights,
    QuotaParams,
    RetrievalParams,
    ScorerParams,
    ValueParams,
)
from xingqu.engine.slate.calibration import CalibrationParams
from xingqu.engine.slate.fatigue import FatigueParams
from xingqu.engine.state.items import ItemSnapshot

FIRST_SEED = 0
ENGINE = "engine"
COLUMNS = ("positives", "first 20", "last 20", "of oracle", "gini", "tail share", "interests")
FRONTIER = (150, 250, 400, 600, 1_000, 1_600)  # random draws from so many of the most popular
FRONTIER_NAMES = ("random", "popularity in the log")  # the draws, all videos, and the most popular alone
LEVELS = ("first", "second", "third")
START_MS = 1_600_000_000_000
UNKNOWN = {"", "-124", "UNKNOWN"}
CHOOSING_SEED = 123
# name -> (price of exposure, bonus of the tail)
SETTINGS: dict[str, tuple[float, float]] = {
    "engine, most hits": (0.03, 0.0),
    "engine, even": (0.1, 1.0),
    "engine, spread": (0.2, 0.0),
    "engine, long tail": (0.1, 3.75),
    "engine, spread and long tail": (0.2, 2.0),
    "engine, widely spread": (0.4, 3.0),
}


@dataclass(frozen=True, eq=False)
class Matrix:
    """``people`` x ``items`` fully observed, the log of others, and what is known of all ``items.item_id``."""

    video_id: NDArray[np.int64]  # (items,) of the matrix, ascending
    truth: NDArray[np.bool_]  # (people, items)
    log_person: NDArray[np.int64]
    log_video: NDArray[np.int64]
    everything: ItemTags  # all videos known of
    interest: NDArray[np.int64]  # (items,) third-level category, -1 unknown


def engine_params(exposure_price: float, tail_bonus: float) -> EngineParams:
    """The engine's own parameters, told that all that counts is whether a recommendation is taken to.

    No slot is reserved: the price of exposure does the exploring. One item a page needs no variety on it. The taste
    channel looks at every item by the same worth as the ranking, so that channels by tag could add nothing to it. An item that
    may not come again needs no fatigue.
    """
    nothing = dict.fromkeys(Head, 0.0)
    heads = ScorerParams().heads | {Head.WATCH: HeadWeights(taste=1.0)}
    return EngineParams(
        value=ValueParams(weight=nothing | {Head.WATCH: 1.0}, exposure_price=exposure_price, tail_bonus=tail_bonus),
        scorer=ScorerParams(heads=heads),
        quota=QuotaParams(fresh_share=0.0, exploration_share=0.0, cold_exploration_share=0.0),
        diversity=DiversityParams(method="none"),
        calibration=CalibrationParams(weight=0.0),
        fatigue=FatigueParams(item=0.0, creator=0.0, category=0.0),
        retrieval=RetrievalParams(
            taste_limit=40, popular_limit=8, interest_tags_limit=0, clusters_limit=0, fresh_limit=0, exploration_limit=0
        ),
    )


def build_snapshot(matrix: Matrix, *, with_taste: bool = True) -> ItemSnapshot:
    """The matrix's videos, with a taste model trained on the log of others."""
    everything = matrix.everything
    model = None
    if with_taste:
        model = train_taste(person=matrix.log_person, item_id=matrix.log_video, items=everything)
    rows = np.searchsorted(everything.item_id, matrix.video_id)
    lengths = np.diff(everything.tag_indptr)[rows]
    links = np.concatenate([np.arange(everything.tag_indptr[r], everything.tag_indptr[r + 1]) for r in rows])
    return ItemSnapshot.build(
        version=1,
        built_at_ms=START_MS,
        item_id=matrix.video_id,
        creator_id=matrix.video_id,  # nothing is told of creators: each video its own
        category_id=np.maximum(matrix.interest, 0),
        tag_indptr=np.concatenate([[0], np.cumsum(lengths)]),
        tag_ids=everything.tag_ids[links.astype(np.int64)],
        models=Models(taste=model),
    )


def run(data: Path, name: str, seeds: Sequence[int], save: Save = save_nothing) -> dict[str, Any]:
    """All settings over ``seeds``, ``save`` after each setting, with the lists that know the matrix beside them."""
    del name  # one matrix a folder
    matrix = read_matrix(find_folder(data, "kuairec"))
    snapshot = build_snapshot(matrix)
    runs: dict[str, list[dict[str, float]]] = dict(reference_runs(matrix, seeds))
    curves: dict[str, list[float]] = {}
    for setting, (price, bonus) in SETTINGS.items():
        runs[setting] = []
        rounds = []
        for seed in seeds:
            played = ClosedLoop(snapshot, matrix.truth, engine_params(price, bonus), LoopParams(), seed).play()
            runs[setting].append(figures_of(played, matrix.truth, matrix.interest))
            rounds.append(played.hits.mean(axis=0))
            print(f"{setting}, seed {seed}: " + told(runs[setting][-1]), flush=True)
        curves[setting] = [float(rate) for rate in np.mean(rounds, axis=0)]
        result = {
            "set": "kuairec",
            "people": int(matrix.truth.shape[0]),
            "videos": int(matrix.truth.shape[1]),
            "seeds": {name: list(seeds) for name in runs if name.startswith(ENGINE)},
            "runs": runs,
            "hit_rate_by_round": curves,
            "below_the_frontier": below_frontier(runs),
            "table": markdown_table(runs, COLUMNS, digits=3),
        }
        save(result)
    return result


def below_frontier(runs: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """The engine's settings that win no more hits than the popularity frontier at their spread or their tail's share.

    Between its points the frontier is a straight line, beyond its ends it goes on level. Empty: the curve is above it.
    """
    means = {name: {key: mean for key, (mean, _) in mean_and_deviation(of).items()} for name, of in runs.items()}
    known = [of for name, of in means.items() if name.startswith(FRONTIER_NAMES)]
    below = []
    for name, of in means.items():
        for key in ("gini", "tail share") if name.startswith(ENGINE) else ():
            points = sorted((point[key], point["positives"]) for point in known)
            at, hits = np.array(points).T
            if of["positives"] <= float(np.interp(of[key], at, hits)):
                below.append(f"{name}: {key}")
    return below


def told(figures: dict[str, float]) -> str:
    return ", ".join(f"{key} {figure:.3f}" for key, figure in figures.items())


def reference_runs(matrix: Matrix, seeds: Sequence[int]) -> Iterator[tuple[str, list[dict[str, float]]]]:
    """Random, popularity by the log and by the matrix itself, draws from the most popular, the personal oracle."""
    rounds, truth = min(LoopParams().rounds, matrix.truth.shape[1]), matrix.truth
    in_log = np.bincount(
        np.searchsorted(matrix.video_id, matrix.log_video[np.isin(matrix.log_video, matrix.video_id)]),
        minlength=matrix.video_id.size,
    )
    by_log = np.argsort(-in_log, kind="stable")
    by_matrix = np.argsort(-truth.sum(axis=0), kind="stable")
    yield "random", [_drawn(matrix, by_log, rounds, seed) for seed in seeds]
    yield "popularity in the log", [_listed(matrix, np.tile(by_log[:rounds], (truth.shape[0], 1)))]
    yield "the matrix's own popularity", [_listed(matrix, np.tile(by_matrix[:rounds], (truth.shape[0], 1)))]
    for count in FRONTIER:
        if rounds < count < truth.shape[1]:
            label = f"random of the {count} most popular in the log"
            yield label, [_drawn(matrix, by_log[:count], rounds, seed) for seed in seeds]
    shuffled = truth + np.random.default_rng(0).random(truth.shape)  # which of their positives: at random
    oracle = np.argsort(-shuffled, axis=1)[:, :rounds]
    yield "personal oracle", [_listed(matrix, oracle)]


def _listed(matrix: Matrix, rows: NDArray[np.integer]) -> dict[str, float]:
    played = Played(rows.astype(np.int32), np.take_along_axis(matrix.truth, rows.astype(np.int64), axis=1))
    return figures_of(played, matrix.truth, matrix.interest)


def _drawn(matrix: Matrix, pool: NDArray[np.integer], rounds: int, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    return _listed(matrix, np.stack([rng.permutation(pool)[:rounds] for _ in range(matrix.truth.shape[0])]))


def read_matrix(folder: Path) -> Matrix:
    """Raises FileNotFoundError, DataError. Log and ``videos`` may be missing, and of ``videos`` any column but the id.

    A line of ``videos`` that cannot be read leaves that video without tags.
    """
    evaluated = read_table(folder / "evaluated_videos.csv.gz", ["video_id"])
    video_id = np.unique([_number(row["video_id"], "evaluated_videos") for row in evaluated])
    positives = _pairs(folder / "full_matrix_positives.csv.gz")
    log_path = folder / "log_positives.csv.gz"
    log = _pairs(log_path) if log_path.exists() else np.empty((0, 2), dtype=np.int64)
    people = np.unique(positives[:, 0])
    truth = np.zeros((people.size, video_id.size), dtype=np.bool_)
    inside = np.isin(positives[:, 1], video_id)
    places = np.searchsorted(video_id, positives[inside, 1])
    truth[np.searchsorted(people, positives[inside, 0]), places] = True
    log = log[~np.isin(log[:, 0], people)]  # the people of the matrix are new
    tags, interests = _read_videos(folder / "videos.csv.gz")
    known = np.unique(np.concatenate([video_id, log[:, 1], np.fromiter(tags, np.int64, len(tags))]))
    numbers = {tag: number for number, tag in enumerate(sorted({tag for of in tags.values() for tag in of}))}
    return Matrix(
        video_id=video_id,
        truth=truth,
        log_person=log[:, 0],
        log_video=log[:, 1],
        everything=ItemTags.of(known, {video: [numbers[tag] for tag in of] for video, of in tags.items()}),
        interest=np.array([interests.get(int(video), -1) for video in video_id], dtype=np.int64),
    )


def read_texts(folder: Path) -> dict[int, str]:
    """Cover text and caption by video; empty where the set has none."""
    texts = {}
    for row in read_table(folder / "videos.csv.gz", ["video_id"]):
        if (row["video_id"] or "").isdigit():
            parts = [row.get("manual_cover_text") or "", row.get("caption") or ""]
            texts[int(row["video_id"])] = " ".join(part for part in parts if part not in UNKNOWN)
    return texts


def choosing_half(people: int) -> NDArray[np.int64]:
    """Those by whom settings may be chosen; the others judge."""
    return np.sort(np.random.default_rng(CHOOSING_SEED).permutation(people)[: people // 2])


def _pairs(path: Path) -> NDArray[np.int64]:
    rows = read_table(path, ["user_id", "video_id"])
    pairs = [(_number(row["user_id"], path.name), _number(row["video_id"], path.name)) for row in rows]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _number(text: str, where: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: {text!r} is not an id; whole numbers are expected") from error


def _read_videos(path: Path) -> tuple[dict[int, set[str]], dict[int, int]]:
    """Tags (topics and categories of three levels) and third-level category by video."""
    tags: dict[int, set[str]] = {}
    interests: dict[int, int] = {}
    if not path.exists():
        return tags, interests
    for row in read_table(path, ["video_id"]):
        if not (row["video_id"] or "").isdigit():
            continue  # the rest of a caption that was broken over two lines
        video = int(row["video_id"])
        tags[video] = {f"topic {topic}" for topic in re.split(r"[\[\],\s]+", row.get("topic_tag") or "") if topic}
        for level in LEVELS:
            category = row.get(f"{level}_level_category_id") or ""
            if category not in UNKNOWN:
                tags[video].add(f"{level} {category}")
        third = row.get("third_level_category_id") or ""
        if third.isdigit():
            interests[video] = int(third)
    return tags, interests
