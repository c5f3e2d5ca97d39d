"""A seeded population of shoppers: does the feed find out what they like, and let go of what they do not?"""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.columns import Channel, NotInterestedReason, Signal
from xingqu.engine.params import QuotaParams
from xingqu.engine.recommend import Request
from xingqu.engine.retrieval.exploration import neighbouring_tags
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, delete_tag
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
    topic_tag,
)
from xingqu.engine.view import build_view

CATALOGUE = build_catalogue(2_000)


def mean_share(states: list[tuple[UserState, int]], snapshot: ItemSnapshot = CATALOGUE) -> float:
    shares = [share_of(page(snapshot, state, seed=i), topic) for i, (state, topic) in enumerate(states)]
    return float(np.mean(shares))


def test_lingering_on_one_tag_fills_the_next_ten_with_clearly_more_of_it() -> None:
    """Ten swipes, two of them lingered on: the next ten hold at least five times the base share."""
    strangers, lingerers = [], []
    for topic in range(TOPICS):
        state = UserState.empty()
        passed = [item for item in range(1, 60) if item % TOPICS != topic][:8]
        look(state, CATALOGUE, passed, 1_200, NOW_MS - 300_000)
        look(state, CATALOGUE, items_of(CATALOGUE, topic, 2), DURATION_MS + 2_000, NOW_MS - 100_000)
        lingerers.append((state, topic))
        strangers.append((UserState.empty(), topic))
    base, after = mean_share(strangers), mean_share(lingerers)
    assert base <= 0.1
    assert after >= max(5 * base, 0.3)
    assert after <= 0.8  # and still not a feed of one thing


def test_every_lingerer_sees_the_turn() -> None:
    for topic in range(TOPICS):
        state = UserState.empty()
        look(state, CATALOGUE, items_of(CATALOGUE, topic, 2), DURATION_MS + 2_000, NOW_MS - 100_000)
        assert share_of(page(CATALOGUE, state), topic) >= 0.3


def test_a_simulated_evening_turns_towards_each_shopper() -> None:
    rng = np.random.default_rng(3)
    first, last = [], []
    for person in range(20):
        topic, state, now_ms = person % TOPICS, UserState.empty(), NOW_MS
        for turn in range(6):
            slate = page(CATALOGUE, state, seed=person * 100 + turn, now_ms=now_ms)
            if turn in (0, 5):
                (first if turn == 0 else last).append(share_of(slate, topic))
            for item in slate.item_id:
                bored = 1_500 if rng.random() < 0.8 else 7_000
                look(state, CATALOGUE, [item], DURATION_MS if item % TOPICS == topic else bored, now_ms)
                now_ms += 10_000
    assert np.mean(first) <= 0.12
    assert np.mean(last) >= 0.3


def test_skipping_a_topic_shows_less_of_it() -> None:
    before, after = [], []
    for topic in range(TOPICS):
        for states, skips in ((before, False), (after, True)):
            state = UserState.empty()
            look(state, CATALOGUE, np.arange(1, 101), DURATION_MS, NOW_MS - 3 * DAY_MS)
            if skips:
                look(state, CATALOGUE, items_of(CATALOGUE, topic, 4, offset=5), 700, NOW_MS - 100_000)
            states.append((state, topic))
    assert mean_share(after) <= 0.4 * mean_share(before)


def test_not_interested_in_the_topic_removes_it_from_the_next_page() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 8, 3), DURATION_MS, NOW_MS - 200_000)
    assert share_of(page(CATALOGUE, state), 8) >= 0.3
    item = int(page(CATALOGUE, state).item_id[0])
    for refused in (item, *items_of(CATALOGUE, 8, 1, offset=10)):
        signal(state, CATALOGUE, Signal.NOT_INTERESTED, int(refused), NOW_MS, NotInterestedReason.TOPIC)
    assert share_of(page(CATALOGUE, state), 8) <= 0.1


def test_not_interested_in_the_creator_spares_the_topic() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 8, 3), DURATION_MS, NOW_MS - 200_000)
    refused = items_of(CATALOGUE, 8, 4)[-1]
    creator = CATALOGUE.creator_id[CATALOGUE.rows_of([refused])[0]]
    signal(state, CATALOGUE, Signal.NOT_INTERESTED, int(refused), NOW_MS, NotInterestedReason.CREATOR)
    slate = page(CATALOGUE, state)
    assert share_of(slate, 8) >= 0.3
    ranked = slate.propensity == 1
    assert creator not in CATALOGUE.creator_id[CATALOGUE.rows_of(slate.item_id[ranked])]


def test_a_deleted_interest_no_longer_steers() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 8, 3), DURATION_MS, NOW_MS - 200_000)
    before = share_of(page(CATALOGUE, state), 8)
    for tag in range(topic_tag(8), topic_tag(9)):
        delete_tag(state, tag)
    state.categories.remove(np.array([8 // 2 + 1]))
    assert share_of(page(CATALOGUE, state), 8) < 0.5 * before


@pytest.mark.parametrize("rival_views", [0, 100_000])
def test_a_new_niche_item_without_a_single_view_finds_its_person(rival_views: int) -> None:
    """Of 2,000 items six carry tag 9001; someone saved five of them weeks ago, the sixth is new."""
    tag_ids = CATALOGUE.tag_ids.reshape(-1, 5).copy()
    tag_ids[1_994:2_000, 4] = 9_001
    counters = CATALOGUE.counters.copy()
    counters[:, 0] += rival_views
    counters[:, 1] += rival_views * 0.6
    counters[1_999] = 0
    published = CATALOGUE.published_at_ms.copy()
    published[1_999] = NOW_MS - 60_000
    snapshot = build_catalogue(2_000, tag_ids=tag_ids.ravel(), counters=counters, published_at_ms=published)
    state = UserState.empty()
    look(state, snapshot, np.arange(1, 41), 6_000, NOW_MS - 30 * DAY_MS)
    for item in range(1_995, 2_000):
        signal(state, snapshot, Signal.SAVE, item, NOW_MS - 20 * DAY_MS)
    # without the slots reserved for fresh items, so that nothing but the interest can find it
    params = replace(PARAMS, quota=QuotaParams(fresh_share=0.0))
    found = [page(snapshot, state, seed=seed, params=params) for seed in range(10)]
    assert sum(2_000 in slate.item_id for slate in found) >= 8
    channels = np.concatenate([slate.channel[slate.item_id == 2_000] for slate in found])
    assert (channels == Channel.INTEREST_TAGS).sum() >= 5


def test_a_long_term_interest_survives_an_evening_of_something_else() -> None:
    state = UserState.empty()
    for week in range(8):
        look(state, CATALOGUE, items_of(CATALOGUE, 2, 4, offset=4 * week), DURATION_MS, NOW_MS - week * 7 * DAY_MS)
    look(state, CATALOGUE, items_of(CATALOGUE, 13, 12), DURATION_MS, NOW_MS - 600_000)
    pages = [page(CATALOGUE, state, seed=seed) for seed in range(10)]
    assert np.mean([share_of(slate, 13) for slate in pages]) >= 0.2
    assert np.mean([share_of(slate, 2) for slate in pages]) >= 0.1


def test_exploration_meets_the_neighbours_of_an_interest() -> None:
    """Tags 501 and 502 stand on the same items; who likes 501 alone is led to items with 502 alone."""
    size = 600
    topics = [[501, 502], [501], [502], [601], [602], [603]]
    tags = [topics[i % 6] for i in range(size)]
    snapshot = ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=np.arange(1, size + 1),
        creator_id=np.arange(1, size + 1),
        published_at_ms=np.full(size, NOW_MS - 30 * DAY_MS),
        duration_ms=np.full(size, DURATION_MS),
        tag_indptr=np.concatenate([[0], np.cumsum([len(t) for t in tags])]),
        tag_ids=np.concatenate(tags),
    )
    state = UserState.empty()
    look(state, snapshot, snapshot.item_id[1::6][:5], DURATION_MS, NOW_MS - 100_000)
    view = build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), PARAMS)
    tags, _ = neighbouring_tags(view)
    assert snapshot.index.tags[tags].tolist() == [502]
    explored = np.concatenate(
        [
            slate.item_id[(slate.channel == Channel.EXPLORATION) & (slate.propensity < 0.5)]
            for slate in (page(snapshot, state, seed=seed) for seed in range(80))
        ]
    )
    near = (explored - 1) % 6 == 2
    assert explored.size >= 60
    assert near.mean() >= 1.8 / 6  # items with 502 alone are one in six of the catalogue
