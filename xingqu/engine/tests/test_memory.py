"""What is never forgotten: the histogram of clusters and the days of purchase."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.columns import Signal
from xingqu.engine.state.memory import DAY_S, PURCHASE_DAYS, Histogram, Purchases
from xingqu.engine.state.user import StateFormatError, UserState, merge_states, pin_tag, set_personalised
from xingqu.engine.tests.world import DAY_MS, NOW_MS, build_catalogue, signal

CATALOGUE = build_catalogue(200)
# (key, liked, shown, day)
EVENTS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(0, 1), st.integers(0, 90)), max_size=40)


def add(table: Histogram, events: list[tuple[int, int, int, int]], capacity: int = 100) -> Histogram:
    keys, liked, shown, day = np.array(events, dtype=np.int64).reshape(-1, 4).T
    table.add(keys, liked.astype(np.float64), shown.astype(np.float64), NOW_MS + day * DAY_MS, capacity)
    return table


def same(one: Histogram | Purchases, other: Histogram | Purchases) -> bool:
    return all(np.array_equal(value, getattr(other, name)) for name, value in vars(one).items())


@given(EVENTS, st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_the_histogram_is_what_was_counted_in_whatever_order_and_pieces(
    events: list[tuple[int, int, int, int]], cut: int
) -> None:
    whole = add(Histogram.empty(), events)
    pieces = add(add(Histogram.empty(), events[:cut][::-1]), events[cut:])
    assert same(whole, pieces)
    apart = add(Histogram.empty(), events[:cut]), add(Histogram.empty(), events[cut:])
    assert same(whole, apart[0].merged(apart[1], 100))
    assert same(whole, apart[1].merged(apart[0], 100))
    assert whole.keys.tolist() == sorted({key for key, *_ in events})
    for place, key in enumerate(whole.keys.tolist()):
        own = [event for event in events if event[0] == key]
        assert whole.liked[place] == sum(liked for _, liked, _, _ in own)
        assert whole.shown[place] == sum(shown for _, _, shown, _ in own)
        days = {day for _, liked, _, day in own if liked}
        assert whole.days_met[place] == len({day % 64 for day in days})
        latest = NOW_MS // 1000 + max(days) * DAY_S if days else 0
        assert whole.last_s[place] == latest


def test_beyond_the_capacity_the_least_liked_go() -> None:
    table = add(Histogram.empty(), [(1, 3, 1, 0), (2, 1, 1, 0), (3, 1, 0, 0), (4, 2, 1, 0)], capacity=3)
    assert table.keys.tolist() == [1, 2, 4]
    table.remove(np.array([2, 9]))
    assert table.keys.tolist() == [1, 4]
    assert table.liked.tolist() == [3.0, 2.0]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30)), max_size=40), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_purchases_keep_the_latest_days_of_each_category(bought: list[tuple[int, int]], cut: int) -> None:
    def table(part: list[tuple[int, int]]) -> Purchases:
        keys, days = np.array(part, dtype=np.int64).reshape(-1, 2).T
        purchases = Purchases.empty()
        purchases.add(keys, NOW_MS + days * DAY_MS, 128)
        return purchases

    whole = table(bought)
    assert same(whole, table(bought[:cut]).merged(table(bought[cut:]), 128))
    assert same(whole, table(bought[cut:]).merged(table(bought[:cut]), 128))
    assert whole.keys.tolist() == sorted({key for key, _ in bought})
    today = NOW_MS // DAY_MS
    for place, key in enumerate(whole.keys.tolist()):
        days = sorted({day for other, day in bought if other == key}, reverse=True)[:PURCHASE_DAYS]
        assert whole.days[place].tolist() == [today + day for day in days] + [0] * (PURCHASE_DAYS - len(days))


def test_of_too_many_categories_those_bought_last_stay() -> None:
    purchases = Purchases.empty()
    purchases.add(np.array([5, 6, 7]), NOW_MS + np.array([2, 0, 1]) * DAY_MS, 2)
    assert purchases.keys.tolist() == [5, 7]


def test_orders_are_remembered_beyond_the_ring_unless_nothing_is_to_be_learned() -> None:
    state, private = UserState.empty(), UserState.empty()
    set_personalised(private, False)
    for person in (state, private):
        signal(person, CATALOGUE, Signal.ORDER, 40, NOW_MS, 2)
        signal(person, CATALOGUE, Signal.PRODUCT_CLICK, 41, NOW_MS)
    for _ in range(300):
        signal(state, CATALOGUE, Signal.IMPRESSION, 3, NOW_MS + DAY_MS)
    assert not (state.events.kind == Signal.ORDER).any()
    assert state.purchases.keys.tolist() == [CATALOGUE.category_id[CATALOGUE.rows_of([40])[0]]]
    assert len(private.purchases) == 0


def remembering() -> UserState:
    state = UserState.empty()
    signal(state, CATALOGUE, Signal.ORDER, 40, NOW_MS)
    add(state.clusters, [(4, 2, 1, 0), (70_000, 1, 0, 5)])
    return state


def test_both_travel_in_the_bytes_and_in_a_merge() -> None:
    again = UserState.decode(remembering().encode())
    assert same(again.clusters, remembering().clusters)
    assert same(again.purchases, remembering().purchases)
    merged = merge_states(UserState.empty(), again, NOW_MS)
    assert same(merged.clusters, again.clusters)
    assert same(merged.purchases, again.purchases)


# a like of item 40 and a pinned tag 7, as the first release wrote them
VERSION_1 = zlib.decompress(
    base64.b64decode(
        "eNqLCAxlZGRgYHjBzMAAorGCnIAjCxgxaRCTlQFCwzAyYNXAYggzlMsOpVOgdCqUTofSj3Zp25OLG6w3ZqFjsOvY4K45YA/DcEmsEjAvgDgAJCY/FQ=="
    )
)


def test_bytes_of_the_version_before_are_read() -> None:
    state = UserState.empty()
    signal(state, CATALOGUE, Signal.LIKE, 40, NOW_MS)
    pin_tag(state, 7)
    state.clusters = Histogram.empty()
    assert VERSION_1[3] == 1
    old = UserState.decode(VERSION_1)
    assert old.encode() == state.encode()
    assert old.encode()[3] == 3
    with pytest.raises(StateFormatError, match="format 4"):
        UserState.decode(VERSION_1[:3] + b"\x04" + VERSION_1[4:])
