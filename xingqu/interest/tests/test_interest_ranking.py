"""The learned ranking from what was really served: trained, adopted, learning on, swapped in."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Counter, Feature, Head, Signal
from xingqu.engine.learn.impressions import NEVER_MS, Impressions, join_outcomes, seen_impressions
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest import services
from xingqu.interest.services import learning
from xingqu.interest.services.ranking import read_served
from xingqu.interest.storage import PARAMS, snapshots
from xingqu.interest.stores.served import ServedFormatError, decode_impressions, encode_page
from xingqu.interest.stores.snapshots import CurrentSnapshot, read_snapshot, write_snapshot
from xingqu.interest.tests.test_interest_learning import publish
from xingqu.interest.tests.world import event, linger, small_snapshot
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent


def watcher(key: int) -> Actor:
    return Actor(person_id=None, guest_key=key)


def watch_page(actor: Actor, loved: set[int] | None = None) -> list[int]:
    """A page is served and looked at: what is ``loved`` (everything if none is named) to the end, the rest skipped."""
    page = services.recommend(actor=actor, size=10)
    ids = [item.content_id for item in page.items]
    page = services.record_served(actor=actor, page=page, content_ids=ids)
    events: list[SignalEvent] = []
    for place, pk in enumerate(ids):
        where = {"content_id": pk, "position": place, "request_id": page.request_id, "surface": "for_you"}
        likes = loved is None or pk in loved
        events.append(event(Signal.IMPRESSION, **where))
        events.append(event(Signal.DWELL if likes else Signal.SKIP, value=12_000 if likes else 300, **where))
    services.observe(actor=actor, events=events, received_at_ms=clock.now_ms())
    return ids


def test_a_page_tells_what_its_items_were_ranked_by(world: ItemSnapshot, guest: Actor) -> None:
    linger(guest, [4, 8])
    page = services.recommend(actor=guest, size=6)
    assert {(len(item.ranked_by), len(item.biases)) for item in page.items} == {(len(Feature), len(Head))}
    data = encode_page(page)
    rows = decode_impressions(data, slot=5)
    assert rows.item_id.tolist() == [item.content_id for item in page.items]
    assert rows.position.tolist() == list(range(6))
    assert set(rows.person.tolist()) == {5}
    assert rows.features.tolist() == [list(item.ranked_by) for item in page.items]
    assert rows.prior_logit.tolist() == [list(item.biases) for item in page.items]
    assert np.isneginf(rows.prior_logit[:, Head.ORDER]).tolist() == [pk % 3 != 0 for pk in rows.item_id.tolist()]
    with pytest.raises(ServedFormatError):
        decode_impressions(data[:-1], slot=5)
    services.set_personalised(actor=guest, personalised=False)
    unknown = services.recommend(actor=guest, size=6)
    assert len(decode_impressions(encode_page(unknown), slot=5)) == 0


def test_a_snapshot_of_a_release_with_fewer_counters_is_read(world: ItemSnapshot, home: Path) -> None:
    folder = home / "snapshots"
    write_snapshot(folder, small_snapshot(7))
    name = f"{7:016d}"
    for path, width in (("counters", Counter.RETURNS), ("index-prior_logit", Head.RETURN)):
        file = folder / name / f"{path}.npy"
        np.save(file, np.load(file)[:, :width])
    items = read_snapshot(folder, name)
    assert items.counters.shape == (80, len(Counter))
    assert items.index.prior_logit.shape == (80, len(Head))


def test_outcomes_are_joined_to_the_impression_they_followed(world: ItemSnapshot) -> None:
    minute, day, start_ms = 60_000, 86_400_000, clock.now_ms() - 40 * 86_400_000
    served = Impressions(
        person=np.array([1, 1, 1, 2]),
        item_id=np.array([3, 3, 5, 3]),
        at_ms=start_ms + np.array([0, 10 * day, 0, 0]),
        surface=np.zeros(4, np.int8),
        position=np.arange(4, dtype=np.int16),
        features=np.zeros((4, len(Feature)), np.float32),
        prior_logit=np.where(np.array([[1], [1], [0], [1]]) == 1, 0.0, -np.inf) * np.ones((4, len(Head)), np.float32),
    )
    told = [  # person, kind, item, after, value
        (1, Signal.IMPRESSION, 3, minute, 0),
        (1, Signal.DWELL, 3, 2 * minute, 9_000),
        (1, Signal.PRODUCT_CLICK, 3, 3 * minute, 0),
        (1, Signal.ORDER, 3, 2 * day, 1),
        (1, Signal.RETURN, 3, 6 * day, 1),
        (1, Signal.IMPRESSION, 3, 10 * day + minute, 0),
        (1, Signal.ORDER, 3, 30 * day, 1),
        (1, Signal.IMPRESSION, 5, minute, 0),
        (1, Signal.LIKE, 5, 3 * 60 * minute, 0),
        (2, Signal.DWELL, 3, minute, 9_000),
    ]
    batch = SignalBatch.of(
        kind=[row[1] for row in told],
        item_id=[row[2] for row in told],
        at_ms=[start_ms + row[3] for row in told],
        value=[row[4] for row in told],
    )
    people = np.array([row[0] for row in told])
    seen, rows = seen_impressions(served, people, batch)
    assert rows.tolist() == [0, 1, 2]  # person 2 never had it on the screen
    assert (seen.at_ms - start_ms).tolist() == [minute, 10 * day + minute, minute]
    outcomes = join_outcomes(seen, people, batch, world, PARAMS)
    found = [(row, Head(head).name) for row, head in np.argwhere(outcomes.at_ms != NEVER_MS).tolist()]
    assert found == [
        (0, "WATCH"),
        (0, "PRODUCT_CLICK"),
        (0, "ORDER"),
        (0, "RETURN"),
        (0, "REPURCHASE"),
    ]  # the second order is too late for its impression, the like of 5 as well
    known = outcomes.by(start_ms + day)
    assert known[0, [Head.PRODUCT_CLICK, Head.ADD_TO_CART, Head.ORDER]].tolist() == [True, False, False]
    later = outcomes.by(start_ms + 3 * day)
    assert later[0, [Head.PRODUCT_CLICK, Head.ADD_TO_CART, Head.ORDER, Head.RETURN]].tolist() == [
        True,
        True,
        True,
        False,
    ]


@pytest.fixture
def trained(world: ItemSnapshot) -> ItemSnapshot:
    """Two hundred people watched a page each to the end but for content 5 and its kin; the ranking learned of it."""
    pytest.importorskip("torch")
    loved = {pk for pk in range(1, 81) if pk % 4 != 1}
    for key in range(1, 201):
        watch_page(watcher(key), loved)
    (row,) = services.run_trainings(kinds=["ranking"], seed=1)
    assert (row.state, row.why, row.metric) == ("adopted", "no_worse", "relative_information")
    assert row.before is not None
    assert row.after > row.before + 0.05
    assert (row.people, row.examples, row.detail["impressions"]) == (200, 2_000, 2_000)
    assert row.detail["heads"]["watch"]["adopted"] is True
    assert row.detail["heads"]["order"]["adopted"] is False
    return snapshots().get().items


def test_the_ranking_is_trained_on_what_was_served_and_serves_where_it_wins(trained: ItemSnapshot) -> None:
    assert trained.models.ranker is not None
    page = services.recommend(actor=watcher(999), size=10)
    assert sum(item.content_id % 4 == 1 for item in page.items) <= 2  # but for what is drawn to explore
    version = publish(trained).version
    carried = snapshots().refresh().items
    assert (carried.version, carried.models.ranker is not None) == (version, True)


def test_with_few_impressions_nothing_is_trained(world: ItemSnapshot, guest: Actor) -> None:
    watch_page(guest)
    (row,) = services.run_trainings(kinds=["ranking"], seed=1)
    assert (row.state, row.why) == ("skipped", "too_few_impressions")
    assert snapshots().get().items.models.ranker is None


def test_the_residual_follows_what_changes_without_a_new_snapshot(trained: ItemSnapshot, home: Path) -> None:
    assert trained.models.residual is not None
    before = trained.models.residual
    assert before.impressions == 2_000
    assert services.learn_from_log() > 0  # begins where training ended
    reader = CurrentSnapshot(home / "snapshots")
    mapped = reader.get().items
    disliked = {pk for pk in range(1, 81) if pk % 4 != 2}
    for key in range(301, 341):
        watch_page(watcher(key), disliked)
    assert services.learn_from_log() == 800
    assert snapshots().refresh().items.models.residual is not None
    assert learning._load().ranking.model is before  # too early to say what came of it
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        services.learn_from_log()
        after = learning._load().ranking.model
        services.learn_from_log()
        assert learning._load().ranking.model is after  # told once
    assert after is not None
    assert after.impressions == 2_400
    served = reader.refresh().items
    assert served.models.residual is not None
    assert served.models.residual.impressions == 2_400
    assert served.version == mapped.version
    assert served.item_id is mapped.item_id  # the catalogue was not read again
    features = np.zeros((80, len(Feature)), np.float32)
    rows = np.arange(80, dtype=np.int32)
    moved = (after.offsets(served, rows, features) - before.offsets(served, rows, features))[:, 0]
    shown = np.isin(served.item_id % 4, [2])
    assert moved[shown].mean() < moved[~shown].mean() - 0.3
    publish(served)
    assert snapshots().refresh().items.models.residual.impressions == 2_400  # type: ignore[union-attr]


def test_pages_of_the_deleted_are_not_read(world: ItemSnapshot) -> None:
    watch_page(watcher(1))
    watch_page(watcher(2))
    assert sum(len(rows) for rows in read_served(positions={})) == 20
    services.delete_everything(actor=watcher(1))
    assert sum(len(rows) for rows in read_served(positions={})) == 10
