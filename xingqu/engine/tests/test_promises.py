"""What every page promises, over drawn histories; and that each promise is kept by the guard it is thought to be kept by.

Each ``check_*`` raises AssertionError where the promise is broken. It is asked once of the engine and once of an engine
whose guard was taken out, where it must find the breach.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine import recommend as recipe
from xingqu.engine.columns import Channel, Signal
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.factors import FactorParams, train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.models import Models
from xingqu.engine.ranking import scorer
from xingqu.engine.recommend import Slate
from xingqu.engine.retrieval import due
from xingqu.engine.row_set import RowSet
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import DAY_MS, DURATION_MS, NOW_MS, PARAMS, build_catalogue, page
from xingqu.engine.view import Request, build_view

SEEN_AGAIN_MS = round(PARAMS.due.seen_again_days * DAY_MS)


@cache
def catalogue() -> ItemSnapshot:
    """With a taste model and clusters, so that every part of the ranking that tests can afford is at work."""
    plain = build_catalogue(600, commerce_share=0.5)
    rng = np.random.default_rng(2)
    tags = ItemTags(plain.item_id, plain.tag_indptr, plain.tag_ids)
    person = np.repeat(np.arange(1, 121), 8)
    liked = np.concatenate([rng.choice(plain.item_id[plain.item_id % 20 == who % 20], 8, False) for who in range(120)])
    model = train_taste(person=person, item_id=liked, items=tags, params=FactorParams(dim=4))
    return with_clusters(build_catalogue(600, commerce_share=0.5, models=Models(taste=model)))


# (signal, item, days ago)
KINDS = (Signal.IMPRESSION, Signal.DWELL, Signal.LIKE, Signal.SKIP, Signal.ORDER, Signal.PRODUCT_CLICK)
HISTORIES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 600), st.integers(0, 90)), max_size=60)


def person(history: list[tuple[Signal, int, int]]) -> UserState:
    state = UserState.empty()
    if history:
        kinds, items, days = zip(*history, strict=True)
        batch = SignalBatch.of(
            kind=[int(kind) for kind in kinds],
            item_id=items,
            value=np.full(len(history), DURATION_MS),
            at_ms=NOW_MS - np.array(days, dtype=np.int64) * DAY_MS - 60_000,
        )
        apply_signals(state, batch, catalogue(), PARAMS)
    return state


def check_score_alone(state: UserState, rows: np.ndarray, rank: Callable[..., np.ndarray]) -> None:
    """What a row is expected to bring is the same, to the last bit, in whatever company it is scored."""
    view = build_view(catalogue(), state, Request(size=10, now_ms=NOW_MS), PARAMS)
    covisit = (rows % 7 / 7).astype(np.float32)
    together = rank(view, rows, covisit)
    for place in range(0, rows.size, 5):
        assert np.array_equal(
            together[place : place + 1], rank(view, rows[place : place + 1], covisit[place : place + 1])
        )
    backwards = np.arange(rows.size)[::-1]
    assert np.array_equal(together[backwards], rank(view, rows[backwards], covisit[backwards]))


def check_same(one: Slate, other: Slate) -> None:
    for name in ("item_id", "channel", "score", "propensity", "reason_tag_ids", "reason_weights", "offset"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def check_not_again(state: UserState, seed: int, size: int) -> None:
    """What was seen does not come again; only what is due for buying again may, a week after it was last seen."""
    slate = page(catalogue(), state, seed=seed, size=size)
    seen = dict(zip(state.seen.ids.tolist(), state.seen.at_s.tolist(), strict=True))
    assert len(set(slate.item_id.tolist())) == len(slate)
    if slate.repeated.any():
        unseen = set(catalogue().item_id.tolist()) - set(seen) - set(slate.item_id.tolist())
        assert not unseen
    for item, channel, repeated in zip(slate.item_id.tolist(), slate.channel, slate.repeated, strict=True):
        if item in seen and not repeated:
            assert channel == Channel.DUE
            assert seen[item] * 1000 <= NOW_MS - SEEN_AGAIN_MS


@given(HISTORIES, st.lists(st.integers(0, 599), min_size=2, max_size=40, unique=True))
@settings(max_examples=25, deadline=None)
def test_a_score_does_not_depend_on_its_batch(history: list[tuple[Signal, int, int]], rows: list[int]) -> None:
    check_score_alone(person(history), np.array(rows, dtype=np.int32), scorer.predict)


def test_a_score_that_looks_at_its_neighbours_would_be_found_out() -> None:
    def normalised(*arguments: object) -> np.ndarray:
        predictions = scorer.predict(*arguments)  # type: ignore[arg-type]
        return predictions / predictions.max(axis=0)

    with pytest.raises(AssertionError):
        check_score_alone(person([(Signal.LIKE, 5, 1)]), np.arange(40, dtype=np.int32), normalised)


@given(HISTORIES, st.integers(0, 1_000), st.integers(1, 20))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_and_state_give_the_same_page(
    history: list[tuple[Signal, int, int]], seed: int, size: int
) -> None:
    state = person(history)
    before = state.encode()
    first = page(catalogue(), state, seed=seed, size=size, commerce_load=0.3)
    assert state.encode() == before
    check_same(first, page(catalogue(), state, seed=seed, size=size, commerce_load=0.3))
    check_same(first, page(catalogue(), UserState.decode(before), seed=seed, size=size, commerce_load=0.3))


def test_a_draw_that_is_not_of_the_generator_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    own = np.random.default_rng(1)
    honest = recipe.assemble
    monkeypatch.setattr(recipe, "assemble", lambda view, pool, size, rng: honest(view, pool, size, own))
    state = person([(Signal.LIKE, 5, 1)])

    def check_several() -> None:
        for seed in range(5):
            check_same(page(catalogue(), state, seed=seed), page(catalogue(), state, seed=seed))

    with pytest.raises(AssertionError):
        check_several()


@given(HISTORIES, st.integers(0, 1_000), st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_nothing_seen_is_served_again_within_its_window(
    history: list[tuple[Signal, int, int]], seed: int, size: int
) -> None:
    check_not_again(person(history), seed, size)


def test_when_everything_was_seen_it_is_said_so() -> None:
    state = person([(Signal.IMPRESSION, item, 1) for item in range(1, 597)])
    check_not_again(state, 1, 10)
    assert page(catalogue(), state).repeated.sum() == 6


def regular() -> UserState:
    """Bought one product every ten days, the last time ten days ago, and looked at it again today."""
    product = int(catalogue().item_id[catalogue().product_id != 0][3])
    return person([*((Signal.ORDER, product, 10 * turn) for turn in range(1, 8)), (Signal.IMPRESSION, product, 0)])


@pytest.mark.parametrize("guard", ["seen", "due"])
def test_without_its_guard_what_was_seen_would_come_again(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_several(state: UserState) -> None:
        for seed in range(10):
            check_not_again(state, seed, 10)

    state = regular()
    check_several(state)
    if guard == "seen":  # what was seen is no longer taken out of what may be retrieved
        state = person([(Signal.DWELL, item, 1) for item in range(3, 500, 5)])
        monkeypatch.setattr(RowSet, "discard", lambda self, rows: None)
    else:  # what was bought comes back however lately it was seen
        monkeypatch.setattr(due, "DAY_MS", 0)
    with pytest.raises(AssertionError):
        check_several(state)
