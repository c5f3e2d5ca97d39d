"""From the log to the next snapshot."""

from pathlib import Path

import numpy as np
import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Counter, Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import selectors, services
from xingqu.interest.models import ContentDay
from xingqu.interest.services import learning
from xingqu.interest.storage import snapshots
from xingqu.interest.tests.world import event
from xingqu.kit import clock

PEOPLE = [Actor(person_id=None, guest_key=key) for key in range(1, 9)]


def like(actor: Actor, content_ids: list[int], *, ago_ms: int = 0) -> None:
    at_ms = clock.now_ms() - ago_ms
    events = [event(Signal.LIKE, content_id=pk, occurred_at_ms=at_ms + place) for place, pk in enumerate(content_ids)]
    assert services.observe(actor=actor, events=events, received_at_ms=clock.now_ms()).accepted == len(content_ids)


def columns(items: ItemSnapshot) -> dict[str, np.ndarray]:
    return {
        name: array
        for name, array in items.to_arrays().items()
        if name not in ("version", "built_at_ms", "counters") and not name.startswith(("covisit", "model-"))
    }


def neighbours(items: ItemSnapshot, content_id: int) -> dict[int, float]:
    row = int(items.rows_of([content_id])[0])
    start, end = items.covisit_indptr[row], items.covisit_indptr[row + 1]
    rows = items.covisit_rows[start:end]
    return dict(zip(items.item_id[rows].tolist(), items.covisit_weights[start:end].tolist(), strict=True))


def publish(world: ItemSnapshot) -> ItemSnapshot:
    services.publish_snapshot(columns(world))
    return snapshots().refresh().items


def test_what_people_did_is_in_the_next_snapshot(world: ItemSnapshot) -> None:
    for actor in PEOPLE:
        like(actor, [5, 6])
    assert services.learn_from_log() == 16
    assert services.learn_from_log() == 0
    items = publish(world)
    assert items.version > world.version
    assert items.counters[items.rows_of([5])[0], Counter.LIKES] == pytest.approx(8, rel=1e-3)
    assert set(neighbours(items, 5)) == {6}
    assert set(neighbours(items, 6)) == {5}


def test_learning_bit_by_bit_is_learning_at_once(world: ItemSnapshot) -> None:
    likes = [
        (actor, [5 + place, 20 + place], ago_ms)
        for place, ago_ms in ((0, 0), (2, 9_000), (1, 4_000))
        for actor in PEOPLE
    ]
    for actor, content_ids, ago_ms in likes:
        like(actor, content_ids, ago_ms=ago_ms)
        services.learn_from_log()
    bit_by_bit = learning._load()
    learning._learned.clear()
    learning._path().unlink(missing_ok=True)
    assert services.learn_from_log() == 48
    at_once = learning._load()
    assert np.allclose(bit_by_bit.stream.counters.counts, at_once.stream.counters.counts)
    at_once.stream.covisits.fold(learning.PARAMS.learn)
    bit_by_bit.stream.covisits.fold(learning.PARAMS.learn)
    pairs = set(zip(at_once.stream.covisits.low.tolist(), at_once.stream.covisits.high.tolist(), strict=True))
    assert pairs == set(
        zip(bit_by_bit.stream.covisits.low.tolist(), bit_by_bit.stream.covisits.high.tolist(), strict=True)
    )
    assert (at_once.stream.covisits.weight > 0).all()
    assert (bit_by_bit.stream.covisits.weight > 0).all()


def test_late_events_never_make_a_snapshot_impossible(world: ItemSnapshot) -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        actor = PEOPLE[int(rng.integers(len(PEOPLE)))]
        like(actor, rng.integers(1, 80, size=4).tolist(), ago_ms=int(rng.integers(0, 3_600_000)))
        services.learn_from_log()
    items = publish(world)
    assert (items.covisit_weights > 0).all()
    assert items.covisit_rows.size > 0


def test_days_are_counted_once_whatever_is_lost_or_repeated(world: ItemSnapshot) -> None:
    def shown(content_id: int) -> None:
        told = event(Signal.IMPRESSION, content_id=content_id)
        services.observe(actor=PEOPLE[0], events=[told], received_at_ms=clock.now_ms())

    shown(5)
    services.learn_from_log()
    publish(world)
    shown(5)
    services.learn_from_log()  # read, but not saved with a snapshot
    learning._learned.clear()
    assert services.learn_from_log() == 1
    publish(world)
    ContentDay.objects.all().delete()  # a crash between table and book
    learning._learned.clear()
    publish(world)
    (row,) = selectors.item_days(content_id=5)
    assert (row.impressions, row.watches, row.orders) == (2, 0, 0)


def test_a_restart_goes_on_where_it_stopped(world: ItemSnapshot, home: Path) -> None:
    like(PEOPLE[0], [5, 6])
    services.learn_from_log()
    publish(world)
    learning._learned.clear()
    assert services.learn_from_log() == 0
    like(PEOPLE[0], [7])
    assert services.learn_from_log() == 1
    assert learning._load().stream.counters.item_id.tolist() == [5, 6, 7]
    assert sorted(path.name for path in home.glob("learned*")) == ["learned.npz"]
