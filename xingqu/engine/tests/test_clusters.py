"""Clusters of items, the ids that outlive them, and the channel that never forgets an interest."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from xingqu.engine.columns import Channel, Signal
from xingqu.engine.learn.cluster_fit import fit_clusters, is_due, with_clusters
from xingqu.engine.learn.clusters import ClusterModel, ClusterParams
from xingqu.engine.models import Models
from xingqu.engine.params import RetrievalParams
from xingqu.engine.retrieval.exploration import neighbouring_clusters
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, set_personalised
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
    signal,
    topic_tag,
)
from xingqu.engine.view import Request, build_view

SETTINGS = ClusterParams(items_per_cluster=25)


@cache
def catalogue() -> ItemSnapshot:
    return with_clusters(build_catalogue(1_000), SETTINGS)


def model_of(snapshot: ItemSnapshot) -> ClusterModel:
    assert snapshot.models.clusters is not None
    return snapshot.models.clusters


def purity(snapshot: ItemSnapshot) -> float:
    """Share of items that are of the commonest topic of their cluster."""
    model, topic = model_of(snapshot), snapshot.item_id % TOPICS
    table = np.zeros((len(model), TOPICS))
    np.add.at(table, (model.item_cluster, topic), 1)
    return float(table.max(axis=1).sum() / len(snapshot))


def test_clusters_are_of_one_kind_and_hold_every_item_once() -> None:
    snapshot = catalogue()
    model = model_of(snapshot)
    assert purity(snapshot) >= 0.95
    assert 20 <= len(model) <= 48
    assert 3 <= np.unique(model.parent).size <= 9
    assert np.array_equal(np.sort(model.rows), np.arange(1_000))
    for cluster in range(len(model)):
        rows = model.rows[model.indptr[cluster] : model.indptr[cluster + 1]]
        assert (model.item_cluster[rows] == cluster).all()
        assert (np.diff(snapshot.index.quality[rows]) <= 0).all()
    assert model.share.sum() == pytest.approx(1.0, rel=1e-5)
    assert (model.neighbour != np.arange(len(model))[:, None]).all()


def test_the_same_snapshot_gives_the_same_clusters() -> None:
    one, other = (fit_clusters(build_catalogue(300), SETTINGS) for _ in range(2))
    for name, array in one.to_arrays().items():
        assert np.array_equal(array, other.to_arrays()[name]), name


def test_clusters_travel_with_the_snapshot() -> None:
    again = ItemSnapshot.from_arrays(catalogue().to_arrays())
    for name, array in model_of(catalogue()).to_arrays().items():
        assert np.array_equal(array, getattr(model_of(again), name)), name
    assert not model_of(again).centres.flags.writeable


def test_a_new_item_joins_the_cluster_of_its_kind_at_once() -> None:
    old, model = catalogue(), model_of(catalogue())
    # 40 more items, and the first hundred are gone
    bigger = build_catalogue(1_040)
    keep = np.arange(100, 1_040)
    snapshot = ItemSnapshot.build(
        version=2,
        built_at_ms=NOW_MS,
        item_id=bigger.item_id[keep],
        creator_id=bigger.creator_id[keep],
        tag_indptr=np.arange(keep.size + 1) * 5,
        tag_ids=bigger.tag_ids.reshape(-1, 5)[keep].ravel(),
        models=Models(clusters=model),
    )
    laid = model_of(snapshot)
    assert np.array_equal(laid.cluster_id, model.cluster_id)
    stayed = old.rows_of(snapshot.item_id[:900])
    assert np.array_equal(laid.item_cluster[:900], model.item_cluster[stayed])
    topics = np.array([np.bincount(old.item_id[model.item_cluster == c] % TOPICS).argmax() for c in range(len(model))])
    right = topics[laid.item_cluster[900:]] == snapshot.item_id[900:] % TOPICS
    assert right.mean() >= 0.95
    assert not is_due(laid, snapshot, SETTINGS)


def test_ids_are_handed_on_when_items_are_clustered_anew() -> None:
    """Fitted again on a catalogue half of which is new, an id still names the same topic."""
    before = model_of(catalogue())
    grown = with_clusters(build_catalogue(2_000, models=Models(clusters=before)), SETTINGS)
    after = model_of(grown)
    assert is_due(before, grown, SETTINGS)
    assert after.fitted[1] == 2_000
    topic_before = {
        int(before.cluster_id[c]): int(np.bincount(catalogue().item_id[before.item_cluster == c] % TOPICS).argmax())
        for c in range(len(before))
    }
    topic_after = [
        int(np.bincount(grown.item_id[after.item_cluster == c] % TOPICS).argmax()) for c in range(len(after))
    ]
    places = after.places(before.cluster_id)
    assert (places >= 0).all()
    same = [topic_after[place] == topic_before[int(key)] for key, place in zip(before.cluster_id, places, strict=True)]
    assert np.mean(same) >= 0.95
    handed = np.isin(before.cluster_id, after.cluster_id)
    assert handed.mean() >= 0.7
    new = ~np.isin(after.cluster_id, before.cluster_id)
    assert (after.cluster_id[new] > before.cluster_id.max()).all()
    assert np.unique(after.cluster_id).size == len(after)
    assert after.places(np.array([10**6])).tolist() == [-1]


def test_a_small_catalogue_goes_without() -> None:
    assert with_clusters(build_catalogue(40), SETTINGS).models.clusters is None
    state = UserState.empty()
    look(state, build_catalogue(40), [1, 2], DURATION_MS, NOW_MS)
    assert len(state.clusters) == 0


def served(state: UserState, *, limit: int = 96, now_ms: int = NOW_MS) -> dict[Channel, np.ndarray]:
    params = replace(PARAMS, retrieval=replace(RetrievalParams(), clusters_limit=limit))
    trace = page(catalogue(), state, trace=True, params=params, now_ms=now_ms).trace
    assert trace is not None
    return {channel: told.item_id for channel, told in trace.channels.items()}


def test_the_histogram_counts_what_was_shown_and_liked() -> None:
    snapshot, state = catalogue(), UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 5), DURATION_MS, NOW_MS - 2 * DAY_MS)
    look(state, snapshot, items_of(snapshot, 3, 2, offset=5), DURATION_MS, NOW_MS)
    look(state, snapshot, items_of(snapshot, 8, 3), 300, NOW_MS)
    signal(state, snapshot, Signal.LIKE, int(items_of(snapshot, 3, 1)[0]), NOW_MS)
    assert state.clusters.shown.sum() == 10
    profile = build_view(snapshot, state, Request(size=1, now_ms=NOW_MS), PARAMS).clusters
    assert profile is not None
    own = np.isin(profile.place, model_of(snapshot).item_cluster[snapshot.item_id % TOPICS == 3])
    # a dwell of 1, a completion of .6 each, and a like of 1.5
    assert profile.liked[own].sum() == pytest.approx(7 * 1.6 + 1.5)
    assert profile.days.max() == 2
    assert profile.liked[~own].sum() == 0


def test_an_interest_of_years_ago_still_brings_items_when_every_tag_has_faded() -> None:
    snapshot, state = catalogue(), UserState.empty()
    years = 3 * 365 * DAY_MS
    for day in range(4):
        look(state, snapshot, items_of(snapshot, 7, 4, offset=4 * day), DURATION_MS, NOW_MS - years + day * DAY_MS)
    look(state, snapshot, items_of(snapshot, 2, 10), DURATION_MS, NOW_MS - 100_000)
    found = served(state)
    assert (found[Channel.INTEREST_TAGS] % TOPICS == 7).mean() <= 0.05
    assert (found[Channel.CLUSTERS] % TOPICS == 7).mean() >= 0.4
    assert (found[Channel.CLUSTERS] % TOPICS == 2).mean() >= 0.2
    assert not np.isin(found[Channel.CLUSTERS], state.seen.ids).any()
    assert served(state, limit=0)[Channel.CLUSTERS].size == 0


def test_many_interests_each_get_their_share() -> None:
    snapshot, state = catalogue(), UserState.empty()
    for place, topic in enumerate((1, 4, 9, 15)):
        look(state, snapshot, items_of(snapshot, topic, 12 if topic == 1 else 3), DURATION_MS, NOW_MS - place * DAY_MS)
    topics = served(state)[Channel.CLUSTERS] % TOPICS
    for topic in (1, 4, 9, 15):
        assert (topics == topic).mean() >= 0.1


def test_nothing_comes_for_a_stranger_or_who_wishes_not_to_be_known() -> None:
    state = UserState.empty()
    assert served(state)[Channel.CLUSTERS].size == 0
    look(state, catalogue(), items_of(catalogue(), 3, 5), DURATION_MS, NOW_MS)
    assert served(state)[Channel.CLUSTERS].size > 0
    set_personalised(state, False)
    assert served(state)[Channel.CLUSTERS].size == 0
    before = state.clusters.keys.copy()
    look(state, catalogue(), items_of(catalogue(), 5, 5), DURATION_MS, NOW_MS)
    assert np.array_equal(state.clusters.keys, before)


def test_the_clusters_of_a_tag_are_known() -> None:
    model, snapshot = model_of(catalogue()), catalogue()
    ids = model.ids_of_tag(topic_tag(6))
    own = np.unique(model.cluster_id[model.item_cluster[snapshot.item_id % TOPICS == 6]])
    assert set(ids.tolist()) <= set(own.tolist())
    assert ids.size >= 1
    assert model.ids_of_tag(10**6).size == 0


def test_exploration_crosses_to_clusters_that_people_go_on_to() -> None:
    """Who likes topic 3 goes on to topic 11, with which it shares nothing: so is who likes topic 3 alone, and is told why."""
    size = 1_000
    follow = np.array([[row + 8 if row % TOPICS == 2 else row for row in range(size)]]).ravel() % size
    linked = (np.arange(size) % TOPICS == 2).astype(np.int64)
    snapshot = with_clusters(
        build_catalogue(
            size,
            covisit_indptr=np.concatenate([[0], np.cumsum(linked)]),
            covisit_rows=follow[linked > 0],
            covisit_weights=np.ones(int(linked.sum())),
        ),
        SETTINGS,
    )
    state = UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 4), DURATION_MS, NOW_MS - 100_000)

    def explored(limit: int = 0) -> np.ndarray:
        """Without co-visit as a channel of its own, which would bring the same."""
        params = replace(PARAMS, retrieval=replace(RetrievalParams(), covisit_limit=limit))
        pages = (page(snapshot, state, seed=seed, trace=True, params=params) for seed in range(30))
        traces = [told.trace for told in pages]
        found = [trace.channels[Channel.EXPLORATION] for trace in traces if trace is not None]
        assert all((channel.inclusion > 0).all() and (channel.inclusion < 1).any() for channel in found)
        return np.concatenate([channel.item_id for channel in found]) % TOPICS

    view = build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), PARAMS)
    clusters, weights = neighbouring_clusters(view)
    model = model_of(snapshot)
    eleven = np.unique(model.item_cluster[snapshot.item_id % TOPICS == 11])
    # before it stands at most the other half of the topic itself
    assert np.isin(clusters[:2], eleven).any()
    assert (np.diff(weights) <= 0).all()
    assert (explored() == 11).mean() >= 0.1  # one in twenty items is of that topic
    # shown often enough without an answer it is no discovery any more
    look(state, snapshot, items_of(snapshot, 11, 12), 2_900, NOW_MS - 50_000)
    later = build_view(snapshot, state, Request(size=10, now_ms=NOW_MS), PARAMS)
    assert not np.isin(neighbouring_clusters(later)[0], eleven).any()
    assert (explored() == 11).mean() <= 0.07
