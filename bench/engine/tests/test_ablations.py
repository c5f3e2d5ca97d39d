"""The table of ablations: every part can be taken away, and what is taken away is gone."""

from dataclasses import fields, replace

import numpy as np
import pytest

from bench.engine import ablations
from bench.engine.ablations import PARTS, closed_loop, events_to_react, made_catalogue, table
from bench.engine.evening import Evening, Learners
from bench.engine.kuairec import build_snapshot
from bench.engine.tests.made import GROUPS, made_matrix
from xingqu.engine.columns import Channel
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.params import EngineParams, RetrievalParams
from xingqu.engine.recommend import Request, recommend


def test_a_limit_of_0_turns_a_channel_off() -> None:
    matrix = made_matrix(people=24, tags=True)
    params = EngineParams()
    evening = Evening(with_clusters(build_snapshot(matrix)), matrix.truth, params, Learners.none(), 1)
    evening.play(2)
    request = Request(size=10, now_ms=evening.snapshot.built_at_ms + 1, trace=True)

    def brought(limits: RetrievalParams) -> dict[Channel, int]:
        slate = recommend(
            evening.snapshot, evening._states[0], request, np.random.default_rng(0), replace(params, retrieval=limits)
        )
        assert len(slate) == 10
        assert slate.trace is not None
        return {channel: found.item_id.size for channel, found in slate.trace.channels.items()}

    whole = brought(RetrievalParams())
    names = ("covisit", "interest_tags", "taste", "clusters", "exploration")
    for name in names:
        channel = Channel[name.upper()]
        assert whole[channel] > 0
        assert brought(replace(RetrievalParams(), **{f"{name}_limit": 0}))[channel] == 0  # type: ignore[arg-type]
    every = [f.name for f in fields(RetrievalParams) if f.name.endswith("_limit")]
    none = brought(replace(RetrievalParams(), **dict.fromkeys(every, 0)))  # type: ignore[arg-type]
    # what a page lacks comes from what is popular, whatever its limit
    assert {channel for channel, count in none.items() if count} == {Channel.POPULAR}
    assert none[Channel.POPULAR] == 20


def test_an_evening_learns_and_shows_nothing_twice() -> None:
    matrix = made_matrix(people=48, tags=True)
    evening = Evening(with_clusters(build_snapshot(matrix)), matrix.truth, EngineParams(), Learners.none(), 1)
    played = evening.play(4)
    assert (played.rows >= 0).all()
    assert all(np.unique(rows).size == 40 for rows in played.rows)
    np.testing.assert_array_equal(played.hits, np.take_along_axis(matrix.truth, played.rows.astype(np.int64), axis=1))
    assert played.hits[:, 20:].mean() > 2.5 / GROUPS * 0.5  # people find their group
    model = evening.snapshot.models.taste
    assert model is not None
    assert model.exposure.sum() == played.rows.size
    assert evening.snapshot.covisit_rows.size > 0


def test_parts_are_taken_away_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: PARTS[name] for name in ("the whole engine", "taste model", "all three of them")}
    for name, value in {"FIRST_PEOPLE": 30, "FIRST_PAGES": 2, "PEOPLE": 12, "PAGES": 1, "PARTS": few}.items():
        monkeypatch.setattr(ablations, name, value)
    lines: list[str] = []
    runs = closed_loop(made_matrix(people=60, tags=True), 1, lines.append)
    assert list(runs) == list(few)
    assert all(len(of) == 1 for of in runs.values())
    assert len(lines) == 1 + len(few)
    assert table(runs, dict.fromkeys(few, 1.0)).count("\n") == 1 + len(few)


def test_every_part_changes_something() -> None:
    for name, part in PARTS.items():
        changed = part.change(EngineParams()) != EngineParams()
        assert changed or part.models or name == "the whole engine"


def test_without_instant_interest_the_page_is_late() -> None:
    catalogue = made_catalogue()
    whole = events_to_react(catalogue, EngineParams(), people=5)
    assert whole <= 3
    assert events_to_react(catalogue, PARTS["instant interest"].change(EngineParams()), people=5) > 2 * whole
