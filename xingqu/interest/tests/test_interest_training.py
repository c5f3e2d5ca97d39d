"""Trainings by the clock: due, alone, written down, and served only if no worse."""

import fcntl
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import services
from xingqu.interest.domain.training import Task, Trained
from xingqu.interest.models import Training
from xingqu.interest.services import training
from xingqu.interest.services.trainers import TRAINERS, Trainer
from xingqu.interest.storage import snapshots
from xingqu.interest.tests.test_interest_learning import columns, publish
from xingqu.interest.tests.world import event
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput

PATH = [5, 33, 70, 12, 41, 66]


def person(key: int) -> Actor:
    return Actor(person_id=None, guest_key=key)


def like(actor: Actor, content_ids: list[int], *, ago_ms: int = 1_000) -> None:
    at_ms = clock.now_ms() - ago_ms
    events = [event(Signal.LIKE, content_id=pk, occurred_at_ms=at_ms + place) for place, pk in enumerate(content_ids)]
    assert services.observe(actor=actor, events=events, received_at_ms=clock.now_ms()).accepted == len(content_ids)


def walk(keys: range) -> None:
    """Everyone goes from 5 over 33 to 70, and some further."""
    for place, key in enumerate(keys):
        for step, content_id in enumerate(PATH[: 3 + place % 4]):
            like(person(key), [content_id], ago_ms=1_000 - step)


@pytest.fixture
def soon(settings: object) -> None:
    environment = settings.ENVIRONMENT  # type: ignore[attr-defined]
    changed = {"training_every_s": 3_600, "training_events": 100, "training_budget_s": 5}
    settings.ENVIRONMENT = environment.model_copy(update=changed)  # type: ignore[attr-defined]


def test_every_model_is_trained_written_down_and_serves(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 61))
    taste, following, sessions, replenish, ranking = services.run_trainings(seed=1)
    assert [row.kind for row in (taste, following, sessions)] == ["taste", "next", "sessions"]
    assert (replenish.kind, replenish.state, replenish.why) == ("replenish", "skipped", "too_few_purchases")
    assert (ranking.kind, ranking.state, ranking.why) == ("ranking", "skipped", "too_few_impressions")
    for row in (taste, following, sessions):
        assert (row.state, row.why, row.before, row.anew) == ("adopted", "first", None, True)
        assert (row.people, row.events) == (60, 270)
        assert row.cases == {"taste": 60, "next": 30, "sessions": 30}[row.kind]
        assert row.after is not None
        assert row.after > 0.2
        assert row.finished_at is not None
    assert (taste.examples, following.examples, sessions.examples) == (270, 270, 270)
    items = snapshots().get().items
    assert items.version == sessions.snapshot_version
    assert set(items.models.present()) >= {"fusion", "next_item", "taste", "transitions"}
    like(person(99), [5, 33])
    page = services.recommend(actor=person(99), size=10)
    assert 70 in [place.content_id for place in page.items]
    assert {place.channel for place in page.items} & {"sessions", "sequence"}


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("engine.learn.next_train", "engine.learn.session_train", "interest.services.next_items"):
        monkeypatch.setattr(f"xingqu.{module}.find_spec", lambda name: None)


def test_a_training_goes_on_with_what_is_new(world: ItemSnapshot, soon: None, no_torch: None) -> None:
    walk(range(1, 61))
    services.run_trainings(seed=1)
    before = snapshots().get().items.models
    assert before.transitions is not None
    for key in range(1, 41):  # the same people go on, from what their state remembers
        like(person(key), [20, 21], ago_ms=500)
    following, sessions = services.run_trainings(kinds=["next", "sessions"], seed=1)
    after = snapshots().get().items.models
    assert after.transitions is not None
    assert (following.events, following.examples, following.people) == (80, 80, 40)
    assert (following.detail["went_on"], sessions.detail["went_on"]) == (True, True)
    assert (following.state, following.cases) == ("adopted", 20)
    assert following.before is not None
    assert following.after is not None
    assert following.after >= following.before
    row = {pk: int(world.rows_of([pk])[0]) for pk in (5, 20, 21)}
    assert after.transitions.counts[row[5]] == before.transitions.counts[row[5]] == 60
    assert after.transitions.counts[row[21]] == before.transitions.counts[row[21]] + 40
    own = slice(after.transitions.indptr[row[20]], after.transitions.indptr[row[20] + 1])
    assert row[21] in after.transitions.rows[own]
    assert before.next_item is not None
    assert after.next_item is not None
    assert len(after.next_item.sessions) == len(before.next_item.sessions) + 40


def test_going_on_counts_as_counting_at_once(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 31))
    services.run_trainings(kinds=["next"], seed=1)
    walk(range(101, 131))
    services.run_trainings(kinds=["next"], seed=1)
    bit_by_bit = snapshots().get().items.models.transitions
    services.run_trainings(kinds=["next"], seed=1)  # nothing is new: nothing to judge by
    Training.objects.all().delete()
    services.publish_snapshot(columns(world))
    services.run_trainings(kinds=["next"], anew=True, seed=1)
    at_once = snapshots().get().items.models.transitions
    assert bit_by_bit is not None
    assert at_once is not None
    assert np.array_equal(bit_by_bit.counts, at_once.counts)
    assert np.array_equal(bit_by_bit.indptr, at_once.indptr)
    assert bit_by_bit.shares == pytest.approx(at_once.shares, rel=1e-3)


def test_what_is_worse_is_not_served(world: ItemSnapshot, soon: None, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(range(1, 31))
    (first,) = services.run_trainings(kinds=["next"], seed=1)
    served = snapshots().get().items
    honest = TRAINERS["next"].run

    def worsened(task: Task) -> Trained:
        return replace(honest(task), before=0.5, after=0.4999)

    monkeypatch.setitem(TRAINERS, "next", Trainer(worsened))
    walk(range(31, 61))
    (second,) = services.run_trainings(kinds=["next"], seed=1)
    assert (second.state, second.why, second.snapshot_version) == ("rejected", "worse_than_served", None)
    assert snapshots().refresh().items.version == served.version == first.snapshot_version
    monkeypatch.undo()
    (third,) = services.run_trainings(kinds=["next"], seed=1)
    # what was rejected is still new to the models that serve
    assert (third.state, third.events, third.examples) == ("adopted", 0, second.examples)


def test_with_too_few_people_nothing_changes(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 10))
    version = snapshots().get().items.version
    rows = services.run_trainings(seed=1)
    assert {(row.state, row.why) for row in rows[:-2]} == {("skipped", "too_few_people")}
    assert [(row.state, row.why) for row in rows[-2:]] == [
        ("skipped", "too_few_purchases"),
        ("skipped", "too_few_impressions"),
    ]
    assert snapshots().refresh().items.version == version


def test_due_when_enough_is_new_and_not_too_often(world: ItemSnapshot, soon: None, settings: object) -> None:
    walk(range(1, 20))
    assert training.due_kinds() == []
    walk(range(20, 61))
    assert training.due_kinds() == ["taste", "next", "sessions", "replenish", "ranking"]
    services.run_trainings(kinds=["taste"], seed=1)
    assert training.due_kinds() == ["next", "sessions", "replenish", "ranking"]
    walk(range(101, 161))
    assert training.due_kinds() == ["next", "sessions", "replenish", "ranking"]
    Training.objects.update(started_at=clock.now() - timedelta(hours=2))
    assert training.due_kinds() == ["taste", "next", "sessions", "replenish", "ranking"]
    Training.objects.update(wall_ms=1_200_000)  # took twenty minutes: rests three hours
    assert training.due_kinds() == ["next", "sessions", "replenish", "ranking"]
    environment = settings.ENVIRONMENT.model_copy(update={"training_every_s": 0})  # type: ignore[attr-defined]
    settings.ENVIRONMENT = environment  # type: ignore[attr-defined]
    assert training.due_kinds() == []


def test_one_process_trains_at_a_time(world: ItemSnapshot, soon: None, home: Path) -> None:
    walk(range(1, 61))
    with (home / ".training").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert training.due_kinds() == []
        assert services.run_trainings() == []
    assert Training.objects.count() == 0
    with pytest.raises(InvalidInput):
        services.run_trainings(kinds=["tastes"])
    assert Training.objects.count() == 0


def test_deleted_and_unpersonalised_people_are_not_learned_from(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 61))
    services.delete_everything(actor=person(1))
    services.set_personalised(actor=person(2), personalised=False)
    taste, following, sessions, *_ = services.run_trainings(seed=1)
    assert (taste.people, following.people, sessions.people) == (58, 58, 58)


def test_a_deletion_takes_the_sessions_with_it(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 41))
    like(person(77), [50, 51, 52])
    services.run_trainings(seed=1)
    row = int(world.rows_of([51])[0])
    model = snapshots().get().items.models.next_item
    assert model is not None
    assert row in model.sessions.rows
    services.delete_everything(actor=person(77))
    Training.objects.update(started_at=clock.now() - timedelta(hours=2))
    assert training.due_kinds() == ["sessions"]
    (again,) = services.run_trainings(kinds=["sessions"], seed=1)
    assert (again.state, again.why, again.anew) == ("adopted", "people_deleted", True)
    model = snapshots().get().items.models.next_item
    assert model is not None
    assert row not in model.sessions.rows
    for key in range(1, 41):
        services.delete_everything(actor=person(key))
    (last,) = services.run_trainings(kinds=["sessions"], seed=1)
    assert (last.state, last.why) == ("adopted", "people_deleted")
    models = snapshots().get().items.models
    assert models.next_item is None
    assert models.transitions is not None


def test_without_torch_the_rest_is_trained(
    world: ItemSnapshot, soon: None, no_torch: None, caplog: pytest.LogCaptureFixture
) -> None:
    walk(range(1, 61))
    with caplog.at_level(logging.INFO):
        rows = services.run_trainings(seed=1)
    assert [row.state for row in rows] == ["adopted", "adopted", "adopted", "skipped", "skipped"]
    assert [row.detail.get("skipped") for row in rows] == [None, "no_torch", "no_torch", None, None]
    assert "a part is left out, no_torch" in caplog.text
    models = snapshots().get().items.models
    assert models.sequence is None
    assert models.next_item is not None
    assert models.transitions is not None


def test_models_are_laid_over_items_that_came_meanwhile(world: ItemSnapshot, soon: None) -> None:
    walk(range(1, 61))
    honest, extra = TRAINERS["next"].run, np.delete(np.arange(80), 5)

    def slow(task: Task) -> Trained:
        found = honest(task)
        kept = {name: array for name, array in columns(world).items() if len(array) == 80}
        services.publish_snapshot(
            {name: array[extra] for name, array in kept.items()}
            | {"tag_indptr": np.arange(80), "tag_ids": world.tag_ids[extra]}
        )
        return found

    patched = dict(TRAINERS) | {"next": Trainer(slow)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "TRAINERS", patched)
        (row,) = services.run_trainings(kinds=["next"], seed=1)
    items = snapshots().get().items
    assert (row.state, len(items)) == ("adopted", 79)
    assert items.models.transitions is not None
    assert np.array_equal(items.models.transitions.item_id, items.item_id)
    services.recommend(actor=person(3), size=5)


def test_the_taste_model_learns_on_after_its_training(world: ItemSnapshot, soon: None) -> None:
    for key in range(1, 41):
        like(person(key), [5, 6, 7] if key % 2 else [20, 21, 22])
    services.learn_from_log()
    (row,) = services.run_trainings(kinds=["taste"], seed=1)
    model = snapshots().get().items.models.taste
    assert model is not None
    assert row.detail["positives"] == 120
    assert model.exposure.sum() == 0
    like(person(1), [5])
    services.learn_from_log()
    after = publish(world)
    learned = after.models.taste
    assert learned is not None
    five = int(after.rows_of([5])[0])
    assert learned.exposure[five] == 1
    assert learned.bias[five] > model.bias[five]
    for key in range(1, 41):
        like(person(key), [8] if key % 2 else [23])
    services.run_trainings(kinds=["taste"], seed=1)
    again = snapshots().get().items.models.taste
    assert again is not None
    assert again.exposure[five] == 1  # the price of exposure goes on


def test_intervals_between_purchases_are_learned_and_serve(
    world: ItemSnapshot, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.now_ms()
    for key in range(1, 11):
        for turn in range(4, 0, -1):
            monkeypatch.setattr(clock, "now_ms", lambda turn=turn: today - turn * 10 * 86_400_000)
            services.tell(actor=person(key), kind=Signal.ORDER, reference=f"P{key}:{turn}", product_id=1006, value=1)
    monkeypatch.setattr(clock, "now_ms", lambda: today)
    services.set_personalised(actor=person(1), personalised=False)
    (row,) = services.run_trainings(kinds=["replenish"], seed=1)
    assert (row.state, row.why, row.people, row.examples, row.cases) == ("adopted", "first", 9, 36, 9)
    model = snapshots().refresh().items.models.due
    assert model is not None
    assert model.category_id.tolist() == [1 + 6 % 4]
    assert model.intervals.tolist() == [27.0]
    assert 10 < np.exp(model.log_days[0]) < 15  # ten days, and a little of the prior's thirty
