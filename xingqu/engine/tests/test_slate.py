"""What the page does with values: diversity by volume, calibration, caps, fatigue; each with its switch."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import Channel, Signal
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.params import EngineParams, RetrievalParams
from xingqu.engine.recommend import Slate
from xingqu.engine.slate.calibration import Calibration, CalibrationParams
from xingqu.engine.slate.determinantal import Determinantal
from xingqu.engine.slate.fatigue import FatigueParams, freshness_of
from xingqu.engine.slate.params import DiversityParams, QuotaParams, SpacingParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import (
    DAY_MS,
    DURATION_MS,
    NOW_MS,
    PARAMS,
    TOPICS,
    build_catalogue,
    items_of,
    look,
    page,
    share_of,
    signal,
)
from xingqu.engine.view import Request, View, build_view

NO_DRAWS = QuotaParams(fresh_share=0.0, exploration_share=0.0, cold_exploration_share=0.0)
PLAIN = replace(PARAMS, quota=NO_DRAWS)


@cache
def catalogue() -> ItemSnapshot:
    return with_clusters(build_catalogue(1_000))


def view_of(state: UserState, params: EngineParams = PARAMS) -> View:
    return build_view(catalogue(), state, Request(size=10, now_ms=NOW_MS), params)


def likeness(rows: np.ndarray, params: DiversityParams) -> np.ndarray:
    """(m, m) as ``determinantal`` states it, the plain way."""
    snapshot = catalogue()
    tags = np.zeros((rows.size, snapshot.index.tags.size))
    for place, row in enumerate(rows):
        links = slice(snapshot.tag_indptr[row], snapshot.tag_indptr[row + 1])
        tags[place, snapshot.index.tag_rows[links]] = snapshot.index.tag_vectors[links]
    group = snapshot.index.category_index[rows]
    alike = (1 - params.same_category) * tags @ tags.T + params.same_category * (group[:, None] == group)
    alike *= params.likeness
    np.fill_diagonal(alike, 1.0)
    return alike


@given(st.lists(st.integers(0, 999), min_size=2, max_size=14, unique=True), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_what_is_left_is_the_ratio_of_two_determinants(rows: list[int], count: int) -> None:
    picked = np.array(rows, dtype=np.int32)
    params = replace(PARAMS, diversity=DiversityParams(method="determinantal", likeness=0.9))
    process = Determinantal(view_of(UserState.empty(), params), picked, 10)
    whole = likeness(picked, params.diversity)
    above = list(range(min(count, picked.size - 1)))
    for place in above:
        process.push(int(picked[place]))
    for place in range(len(above), picked.size):
        both = np.ix_([*above, place], [*above, place])
        ratio = np.linalg.det(whole[both]) / np.linalg.det(whole[np.ix_(above, above)])
        assert process._left[place] == pytest.approx(ratio, rel=1e-4, abs=1e-6)
    value = np.linspace(-1, 2, picked.size).astype(np.float32)
    kept = np.maximum(process._left, 1e-6) ** 0.5
    assert process.adjust(value) == pytest.approx(value - np.abs(value) * (1 - kept), rel=1e-5)


def fan() -> UserState:
    state = UserState.empty()
    look(state, catalogue(), items_of(catalogue(), 3, 6), DURATION_MS, NOW_MS - 200_000)
    return state


def with_diversity(**values: object) -> EngineParams:
    return replace(
        PLAIN,
        diversity=replace(DiversityParams(), **values),  # type: ignore[arg-type]
        calibration=CalibrationParams(weight=0.0),
    )


def intra_list_similarity(slate: Slate) -> float:
    alike = likeness(catalogue().rows_of(slate.item_id), DiversityParams(likeness=1.0))
    return float(alike[np.triu_indices(len(slate), 1)].mean())


def test_both_methods_make_a_page_less_alike_than_none_and_follow_their_strength() -> None:
    pages = {
        name: [page(catalogue(), fan(), seed=seed, params=params) for seed in range(3)]
        for name, params in {
            "none": with_diversity(method="none"),
            "marginal": with_diversity(method="marginal"),
            "determinantal": with_diversity(method="determinantal"),
            "strong": with_diversity(method="determinantal", likeness=0.95, sharpness=1.5),
        }.items()
    }
    alike = {name: np.mean([intra_list_similarity(slate) for slate in slates]) for name, slates in pages.items()}
    assert alike["marginal"] < alike["none"]
    assert alike["strong"] < alike["determinantal"] < alike["none"]
    assert np.mean([share_of(slate, 3) for slate in pages["determinantal"]]) >= 0.3
    with pytest.raises(ValueError, match="no such method"):
        page(catalogue(), fan(), params=with_diversity(method="other"))


def torn() -> UserState:
    """Seven parts of topic 3, two of topic 10, one of topic 17, months ago, and topic 3 again an hour ago."""
    state = UserState.empty()
    for topic, count in ((3, 28), (10, 8), (17, 4)):
        look(state, catalogue(), items_of(catalogue(), topic, count), DURATION_MS, NOW_MS - 40 * DAY_MS)
    look(state, catalogue(), items_of(catalogue(), 3, 4, offset=30), DURATION_MS, NOW_MS - 3_600_000)
    return state


def calibrated(weight: float) -> EngineParams:
    return replace(PLAIN, calibration=CalibrationParams(weight=weight))


def divergence(slate: Slate) -> float:
    """KL(person || page) over topics."""
    wanted = np.zeros(TOPICS)
    wanted[[3, 10, 17]] = np.array([32, 8, 4]) / 44
    shown = np.bincount(slate.item_id % TOPICS, minlength=TOPICS) / len(slate)
    told = wanted > 0
    return float((wanted[told] * np.log(wanted[told] / (0.9 * shown[told] + 0.1 * wanted[told]))).sum())


def test_calibration_brings_a_page_closer_to_the_persons_own_mix() -> None:
    off = [page(catalogue(), torn(), seed=seed, params=calibrated(0.0), size=20) for seed in range(4)]
    on = [page(catalogue(), torn(), seed=seed, params=calibrated(2.0), size=20) for seed in range(4)]
    assert np.mean([divergence(slate) for slate in on]) < 0.7 * np.mean([divergence(slate) for slate in off])
    traces = [
        slate.trace for slate in (page(catalogue(), torn(), params=calibrated(w), trace=True) for w in (0.0, 0.2))
    ]
    steps = [list(trace.slots[0].weighed.values) for trace in traces if trace and trace.slots[0].weighed]
    assert steps == [["value", "diversity"], ["value", "diversity", "calibration"]]


def test_each_step_of_calibration_lowers_the_divergence_most() -> None:
    """Of candidates worth the same, the one it values most is the one after which the divergence is least."""
    view = view_of(torn(), calibrated(1.0))
    rows = np.arange(200, dtype=np.int32)
    value = np.linspace(0, 1, rows.size).astype(np.float32)
    for turn in range(6):
        above = rows[:: 40 - turn][:turn]
        bonus = _after(view, rows, value, above).adjust(np.zeros(rows.size, np.float32))
        after = np.array([_after(view, rows, value, np.append(above, row)).divergence() for row in rows])
        order = np.argsort(-bonus, kind="stable")
        assert after[order[0]] == pytest.approx(after.min(), abs=1e-6)


def _after(view: View, rows: np.ndarray, value: np.ndarray, above: np.ndarray) -> Calibration:
    calibration = Calibration(view, rows, value)
    for row in above:
        calibration.push(int(row))
    return calibration


def test_nobody_known_is_not_calibrated() -> None:
    rows, value = np.arange(20, dtype=np.int32), np.linspace(0, 1, 20).astype(np.float32)
    calibration = Calibration(view_of(UserState.empty()), rows, value)
    assert not calibration.works
    assert calibration.adjust(value) is value


@pytest.mark.parametrize(("kind", "share"), [("creator", 0.2), ("seller", 0.2), ("creator", 0.3)])
def test_one_creator_and_one_seller_have_their_share_of_a_page_and_no_more(kind: str, share: float) -> None:
    """Topic 3 is made by one creator, or sold by one seller, only."""
    column, size = f"{kind}_id", 10
    own = build_catalogue(600)
    ids = np.where(own.item_id % TOPICS == 3, 9_999, getattr(own, column))
    snapshot = build_catalogue(600, **{column: ids})
    state = UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 6), DURATION_MS, NOW_MS - 200_000)

    def most(share: float, seed: int) -> int:
        spacing = replace(SpacingParams(), **{f"{kind}_share": share, f"{kind}_gap": 1})
        slate = page(snapshot, state, seed=seed, size=size, params=replace(PARAMS, spacing=spacing))
        found = getattr(snapshot, column)[snapshot.rows_of(slate.item_id)]
        assert len(slate) == size
        return int(np.unique(found[found != 0], return_counts=True)[1].max())

    assert max(most(share, seed) for seed in range(5)) == round(share * size)
    assert max(most(1.0, seed) for seed in range(5)) > round(share * size)


def silent(topic: int, count: int, *, hours_ago: float = 0.1) -> UserState:
    """Shown and neither looked at nor refused."""
    state = UserState.empty()
    for item in items_of(catalogue(), topic, count):
        signal(state, catalogue(), Signal.IMPRESSION, int(item), NOW_MS - round(hours_ago * 3_600_000))
    return state


def left_of(state: UserState, row: int, params: EngineParams = PARAMS) -> float:
    return float(freshness_of(view_of(state, params), np.array([row], dtype=np.int32))[0])


def test_what_is_shown_without_an_answer_sinks_and_recovers_with_time() -> None:
    row = int(catalogue().rows_of(items_of(catalogue(), 4, 31)[-1:])[0])
    category = [left_of(silent(4, count), row) for count in (0, 4, 8, 20)]
    assert category[0] == category[1] == 1.0
    assert category[1] > category[2] > category[3] >= 0.5
    assert left_of(silent(4, 20, hours_ago=24), row) > category[3] + 0.1
    assert left_of(silent(4, 20, hours_ago=24 * 6), row) > 0.99
    other = int(catalogue().rows_of(items_of(catalogue(), 9, 1))[0])
    assert left_of(silent(4, 20), other) == 1.0
    off = replace(PARAMS, fatigue=FatigueParams(item=0, creator=0, category=0))
    assert left_of(silent(4, 20), row, off) == 1.0


def test_an_item_and_a_creator_tire_by_themselves() -> None:
    snapshot, state = catalogue(), UserState.empty()
    for _ in range(3):
        signal(state, snapshot, Signal.IMPRESSION, 50, NOW_MS - 60_000)
    row = int(snapshot.rows_of([50])[0])
    by_creator = np.flatnonzero(snapshot.creator_id == snapshot.creator_id[row])
    sibling = int(by_creator[(by_creator != row) & (snapshot.category_id[by_creator] != snapshot.category_id[row])][0])
    assert left_of(state, row) < 0.45
    assert left_of(state, row) < left_of(state, sibling) < 0.8
    # an answer takes it back
    signal(state, snapshot, Signal.LIKE, 50, NOW_MS - 30_000)
    assert left_of(state, row) == left_of(state, sibling) == 1.0


def test_a_topic_scrolled_past_in_silence_is_served_less() -> None:
    def served(params: EngineParams) -> float:
        state = UserState.empty()
        look(state, catalogue(), items_of(catalogue(), 4, 5), DURATION_MS, NOW_MS - 3 * DAY_MS)
        for item in items_of(catalogue(), 4, 30)[5:]:
            signal(state, catalogue(), Signal.IMPRESSION, int(item), NOW_MS - 600_000)
        slates = [page(catalogue(), state, seed=seed, params=params) for seed in range(6)]
        return float(np.mean([share_of(slate, 4) for slate in slates]))

    tired = replace(PLAIN, fatigue=FatigueParams(category=0.2), calibration=CalibrationParams(weight=0.0))
    fresh = replace(
        PLAIN, fatigue=FatigueParams(item=0, creator=0, category=0), calibration=CalibrationParams(weight=0.0)
    )
    assert served(tired) <= served(fresh) - 0.1


def test_a_channel_with_limit_0_is_off() -> None:
    """What the ablations switch: every channel by its own limit."""
    names = ("covisit", "sequence", "sessions", "interest_tags", "taste", "clusters", "due", "content", "fresh")
    names = (*names, "exploration", "followed")
    limits = replace(RetrievalParams(), **{f"{name}_limit": 0 for name in names})
    slate = page(catalogue(), torn(), trace=True, params=replace(PARAMS, retrieval=limits))
    assert slate.trace is not None
    brought = {channel for channel, told in slate.trace.channels.items() if told.item_id.size}
    assert brought == {Channel.POPULAR}
