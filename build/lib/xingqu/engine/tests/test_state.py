"""What one person's state remembers, forgets, and gives back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import Flag, NotInterestedReason, Signal
from xingqu.engine.params import EngineParams, StateParams
from xingqu.engine.state.signals import SignalBatch, apply_signals, grade_dwell
from xingqu.engine.state.tables import InterestTable, TimedIds
from xingqu.engine.state.user import (
    StateFormatError,
    UserState,
    block_tag,
    delete_tag,
    interests,
    merge_states,
    pin_tag,
    set_personalised,
    unblock_tag,
    unpin_tag,
)
from xingqu.engine.tests.world import (
    DURATION_MS,
    NOW_MS,
    PARAMS,
    build_catalogue,
    items_of,
    look,
    signal,
    topic_tag,
)

CATALOGUE = build_catalogue(400)
HALF_LIVES = PARAMS.state.half_lives_ms


def interest_in(state: UserState, tag: int, now_ms: int = NOW_MS) -> float:
    found = interests(state, now_ms, PARAMS)
    return float(found["score"][found["tag_id"] == tag].sum())


def same_state(one: UserState, other: UserState) -> bool:
    return one.encode() == other.encode()


def busy_state(seed: int = 1) -> UserState:
    rng = np.random.default_rng(seed)
    state = UserState.empty()
    look(state, CATALOGUE, rng.choice(np.arange(1, 401), 60, replace=False), 9_000, NOW_MS - 3_600_000)
    for kind in (Signal.LIKE, Signal.ORDER, Signal.FOLLOW, Signal.NOT_INTERESTED):
        signal(state, CATALOGUE, kind, int(rng.integers(1, 401)), NOW_MS - 10_000)
    pin_tag(state, 3)
    block_tag(state, 5)
    return state


def test_each_horizon_fades_at_its_own_half_life() -> None:
    table = InterestTable.empty()
    table.add(np.array([7]), np.array([[8.0, 8.0, 8.0]]), np.array([NOW_MS]), HALF_LIVES)
    for horizon, half_life_ms in enumerate(HALF_LIVES):
        faded = table.weights_at(NOW_MS + 2 * half_life_ms, HALF_LIVES)
        assert faded[0, horizon] == pytest.approx(2.0)


def test_the_same_interest_burns_fast_and_lingers_long() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 4, 3), DURATION_MS, NOW_MS)
    tomorrow = interests(state, NOW_MS + 86_400_000, PARAMS)[0]
    assert tomorrow["instant"] < 1e-9
    assert tomorrow["mid"] > 0.2
    assert tomorrow["long_term"] > 0.1


@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=3))
@settings(max_examples=40, deadline=None)
def test_late_events_count_as_if_they_had_come_in_time(order: list[int], cuts: list[int]) -> None:
    kinds = [Signal.DWELL, Signal.LIKE, Signal.SKIP, Signal.ORDER] * 3
    at_ms = NOW_MS + np.arange(12) * 600_000
    batches = np.split(np.array(order), sorted(cuts))
    states = []
    for arrangement in ([np.arange(12)], batches):
        state = UserState.empty()
        for picked in arrangement:
            apply_signals(
                state,
                SignalBatch.of(
                    kind=[kinds[i] for i in picked],
                    item_id=picked + 1,
                    value=np.full(len(picked), 9_000),
                    at_ms=at_ms[picked],
                ),
                CATALOGUE,
                PARAMS,
            )
        states.append(state)
    one, other = states
    assert np.array_equal(one.tags.keys, other.tags.keys)
    now_ms = int(at_ms[-1])
    expected = one.tags.weights_at(now_ms, HALF_LIVES)
    assert np.allclose(expected, other.tags.weights_at(now_ms, HALF_LIVES), rtol=1e-4, atol=1e-5)
    assert np.array_equal(one.seen.ids, other.seen.ids)
    assert np.array_equal(one.seen.at_s, other.seen.at_s)
    assert np.array_equal(one.events.item_id, other.events.item_id)


@pytest.mark.parametrize(
    ("dwell_ms", "duration_ms", "low", "high"),
    [
        (0, 20_000, -1.0, -1.0),
        (1_000, 20_000, -0.9, -0.7),
        (4_900, 20_000, -0.05, 0.0),
        (5_100, 20_000, 0.0, 0.05),
        (20_000, 20_000, 1.0, 1.0),
        (40_000, 20_000, 1.3, 1.4),
        (10_000_000, 20_000, 1.8, 1.8),
        (1_500, 6_000, -0.3, -0.2),  # under two seconds, though a quarter of the clip
        (10_000, 300_000, 0.0, 0.1),  # ten seconds of five minutes are no quick skip
        (900, 1_000, 0.4, 0.6),  # a clip of one second can be seen, too
        (15_000, 0, 1.0, 1.0),  # duration unknown
    ],
)
def test_dwell_is_judged_against_the_duration(dwell_ms: int, duration_ms: int, low: float, high: float) -> None:
    grade = grade_dwell(np.array([dwell_ms]), np.array([duration_ms]), np.array([0]), PARAMS.signals)
    assert low <= grade[0] <= high


@pytest.mark.parametrize(
    ("kind", "value", "sign"),
    [
        (Signal.IMPRESSION, 0, 0),
        (Signal.DWELL, DURATION_MS, 1),
        (Signal.DWELL, 500, -1),
        (Signal.SKIP, 300, -1),
        (Signal.SKIP, DURATION_MS, 0),
        (Signal.COMPLETION, 1, 1),
        (Signal.LIKE, 0, 1),
        (Signal.UNLIKE, 0, -1),
        (Signal.SAVE, 0, 1),
        (Signal.SHARE, 0, 1),
        (Signal.COMMENT, 0, 1),
        (Signal.PRODUCT_CLICK, 0, 1),
        (Signal.ADD_TO_CART, 1, 1),
        (Signal.ORDER, 1, 1),
        (Signal.RETURN, 1, -1),
        (Signal.NOT_INTERESTED, 0, -1),
    ],
)
def test_each_signal_moves_the_interest_its_way(kind: Signal, value: float, sign: int) -> None:
    state = UserState.empty()
    signal(state, CATALOGUE, kind, 4, NOW_MS, value)
    assert np.sign(interest_in(state, topic_tag(4))) == sign


def test_stronger_acts_speak_louder() -> None:
    weights = []
    for kind in (Signal.COMPLETION, Signal.PRODUCT_CLICK, Signal.ADD_TO_CART, Signal.ORDER):
        state = UserState.empty()
        signal(state, CATALOGUE, kind, 4, NOW_MS, 1)
        weights.append(interest_in(state, topic_tag(4)))
    assert weights == sorted(weights)
    assert len(set(weights)) == 4


def test_the_reason_of_not_interested_decides_what_it_takes_away() -> None:
    effect = {}
    for reason in NotInterestedReason:
        state = UserState.empty()
        signal(state, CATALOGUE, Signal.NOT_INTERESTED, 4, NOW_MS, reason)
        creator = state.creators.weights[:, 0].sum()
        effect[reason] = (float(state.tags.weights[:, 0].sum()), float(creator))
        assert state.hidden.ids.tolist() == [4]
    assert effect[NotInterestedReason.TOPIC][0] < 2 * effect[NotInterestedReason.UNSPECIFIED][0] < 0
    assert effect[NotInterestedReason.TOPIC][1] == 0
    assert effect[NotInterestedReason.CREATOR][1] < 5 * effect[NotInterestedReason.UNSPECIFIED][1] < 0
    assert effect[NotInterestedReason.QUALITY][0] == 0


def test_a_search_counts_on_its_tag() -> None:
    state = UserState.empty()
    batch = SignalBatch.of(kind=[Signal.SEARCH], item_id=[0], tag_id=[777], at_ms=[NOW_MS])
    apply_signals(state, batch, CATALOGUE, PARAMS)
    assert interest_in(state, 777) > 0.3
    assert len(state.seen) == 0


def test_follow_and_unfollow_by_item_and_by_creator() -> None:
    state = UserState.empty()
    creator = int(CATALOGUE.creator_id[CATALOGUE.rows_of([9])[0]])
    signal(state, CATALOGUE, Signal.FOLLOW, 9, NOW_MS)
    assert state.creators.with_flag(Flag.FOLLOWED).tolist() == [creator]
    batch = SignalBatch.of(
        kind=[Signal.UNFOLLOW, Signal.FOLLOW],
        item_id=[0, 0],
        creator_id=[creator, 999_999],
        at_ms=[NOW_MS + 1, NOW_MS + 2],
    )
    apply_signals(state, batch, CATALOGUE, PARAMS)
    assert state.creators.with_flag(Flag.FOLLOWED).tolist() == [999_999]


def test_with_personalisation_off_nothing_is_learned() -> None:
    state = UserState.empty()
    set_personalised(state, False)
    look(state, CATALOGUE, [1, 2, 3], DURATION_MS, NOW_MS)
    signal(state, CATALOGUE, Signal.LIKE, 4, NOW_MS)
    signal(state, CATALOGUE, Signal.NOT_INTERESTED, 5, NOW_MS)
    assert (len(state.tags), len(state.categories), len(state.creators), len(state.events)) == (0, 0, 0, 0)
    assert state.seen.ids.tolist() == [1, 2, 3, 4, 5]
    assert state.hidden.ids.tolist() == [5]


def test_no_event_counts_as_later_than_now() -> None:
    state = UserState.empty()
    batch = SignalBatch.of(kind=[Signal.LIKE], item_id=[1], at_ms=[NOW_MS + 10**9])
    apply_signals(state, batch, CATALOGUE, PARAMS, now_ms=NOW_MS)
    assert state.tags.as_of_ms == NOW_MS
    assert state.events.at_ms.tolist() == [NOW_MS]


def test_unknown_items_are_seen_but_teach_nothing() -> None:
    state = UserState.empty()
    signal(state, CATALOGUE, Signal.LIKE, 123_456_789, NOW_MS)
    assert state.seen.ids.tolist() == [123_456_789]
    assert len(state.tags) == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": [99], "item_id": [1], "at_ms": [1]},
        {"kind": [0], "item_id": [1], "at_ms": [1]},
        {"kind": [1, 2], "item_id": [1], "at_ms": [1, 1]},
        {"kind": [2], "item_id": [1], "at_ms": [1], "value": [float("nan")]},
        {"kind": [2], "item_id": [1], "at_ms": [1], "value": [-1]},
    ],
)
def test_malformed_batches_are_refused(columns: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError):
        SignalBatch.of(**columns)  # type: ignore[arg-type]


def test_seen_is_idempotent_and_bounded() -> None:
    seen = TimedIds.empty()
    ids, at_ms = np.arange(10), NOW_MS + np.arange(10) * 1_000
    seen.add(ids, at_ms, 8)
    once = (seen.ids.copy(), seen.at_s.copy())
    assert seen.ids.tolist() == list(range(2, 10))
    seen.add(ids[2:], at_ms[2:], 8)
    assert np.array_equal(seen.ids, once[0])
    assert np.array_equal(seen.at_s, once[1])


def test_the_ring_and_the_tables_stay_within_their_capacity() -> None:
    params = EngineParams(state=StateParams(event_capacity=10, tag_capacity=12, creator_capacity=3))
    state = UserState.empty()
    pin_tag(state, 9_999)
    for item in range(1, 60):
        batch = SignalBatch.of(kind=[Signal.LIKE], item_id=[item], at_ms=[NOW_MS + item * 1_000])
        apply_signals(state, batch, CATALOGUE, params)
    assert len(state.events) == 10
    assert state.events.item_id.tolist() == list(range(50, 60))
    assert len(state.tags) == 12
    assert 9_999 in state.tags.keys
    assert len(state.creators) == 3


def test_tags_are_pinned_blocked_and_deleted() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 4, 3), DURATION_MS, NOW_MS)
    tag = topic_tag(4)
    assert interest_in(state, tag) > 0
    block_tag(state, tag)
    assert interest_in(state, tag) == -1.0
    pin_tag(state, tag)
    assert interest_in(state, tag) >= PARAMS.state.pinned_intensity - 1e-6
    assert state.tags.with_flag(Flag.BLOCKED).size == 0
    unpin_tag(state, tag)
    block_tag(state, tag)
    unblock_tag(state, tag)
    assert 0 < interest_in(state, tag) < PARAMS.state.pinned_intensity
    delete_tag(state, tag)
    assert tag not in interests(state, NOW_MS, PARAMS)["tag_id"]


def test_bytes_give_back_the_same_state() -> None:
    for state in (UserState.empty(), busy_state()):
        again = UserState.decode(state.encode())
        assert same_state(state, again)
        signal(again, CATALOGUE, Signal.LIKE, 11, NOW_MS)
        assert not same_state(state, again)


@pytest.mark.parametrize("cut", [0, 3, 20, -1])
def test_damaged_bytes_are_refused(cut: int) -> None:
    data = busy_state().encode()
    with pytest.raises(StateFormatError):
        UserState.decode(data[:cut])
    with pytest.raises(StateFormatError):
        UserState.decode(data + b"x")
    with pytest.raises(StateFormatError, match="format 9"):
        UserState.decode(data[:3] + bytes([9]) + data[4:])


def test_merging_adds_and_commutes() -> None:
    guest, person = busy_state(1), busy_state(2)
    before = (guest.encode(), person.encode())
    one, other = merge_states(guest, person, NOW_MS), merge_states(person, guest, NOW_MS)
    assert same_state(one, other)
    assert (guest.encode(), person.encode()) == before
    assert one.events_total == guest.events_total + person.events_total
    assert set(one.seen.ids) == set(guest.seen.ids) | set(person.seen.ids)
    tag = int(guest.tags.keys[0])
    apart = sum(float(s.tags.weights_at(NOW_MS, HALF_LIVES)[s.tags.keys == tag, 2].sum()) for s in (guest, person))
    together = one.tags.weights_at(NOW_MS, HALF_LIVES)[one.tags.keys == tag, 2].sum()
    assert together == pytest.approx(apart, rel=1e-5)


def test_merging_with_nothing_changes_nothing_and_off_stays_off() -> None:
    person = busy_state()
    merged = merge_states(UserState.empty(), person, person.tags.as_of_ms)
    assert np.array_equal(merged.tags.keys, person.tags.keys)
    assert np.array_equal(merged.seen.ids, person.seen.ids)
    set_personalised(person, False)
    assert merge_states(UserState.empty(), person, NOW_MS).personalised is False
