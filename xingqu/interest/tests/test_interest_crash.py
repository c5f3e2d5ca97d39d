"""Several processes, crashes, and the swap of a snapshot under way."""

import importlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, pin_tag, set_personalised
from xingqu.interest import selectors, services
from xingqu.interest.storage import snapshots, state_store
from xingqu.interest.stores.lmdb_store import LmdbStateStore
from xingqu.interest.stores.snapshots import write_snapshot
from xingqu.interest.tests.world import event, small_snapshot
from xingqu.kit import clock
from xingqu.signals.services import open_log, open_vault

observing = importlib.import_module("xingqu.interest.services.observe")  # the package names a function so, too
# Likes contents one by one for guest 77 and says each number once it was acknowledged.
WRITER = """
import sys, uuid, django
django.setup()
from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.interest import services
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent
first, last = int(sys.argv[1]), int(sys.argv[2])
for number in range(first, last):
    told = SignalEvent(uuid.UUID(int=number).bytes, Signal.LIKE, clock.now_ms(), content_id=1 + number % 80)
    services.observe(actor=Actor(None, 77), events=[told], received_at_ms=clock.now_ms())
    print(number, flush=True)
"""


def writer(home: Path, first: int, last: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"XINGQU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xingqu.config.settings"}
    command = [sys.executable, "-c", WRITER, str(first), str(last)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def test_a_batch_that_was_logged_but_not_applied_is_applied_by_recovery(
    world: ItemSnapshot, guest: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = event(Signal.LIKE, content_id=5)

    def fail(*_: object) -> list[int]:
        raise OSError("the disk is full")

    monkeypatch.setattr(LmdbStateStore, "apply", fail)
    with pytest.raises(OSError, match="full"):
        services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms())
    monkeypatch.undo()
    assert state_store().read(guest.key).events_total == 0
    # another batch is applied meanwhile; it must not hide the one before
    services.observe(actor=guest, events=[event(Signal.LIKE, content_id=6)], received_at_ms=clock.now_ms())
    assert services.apply_unapplied() == 1
    assert services.apply_unapplied() == 0
    assert state_store().read(guest.key).events_total == 2
    assert services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms()).duplicates == 1


def test_data_deleted_between_log_and_state_is_not_brought_back(
    world: ItemSnapshot, guest: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.observe(actor=guest, events=[event(Signal.LIKE, content_id=5)], received_at_ms=clock.now_ms())
    append, calls = observing.append_batch, []

    def delete_after_append(**options: object) -> object:
        position = append(**options)  # type: ignore[arg-type]
        if not calls:
            calls.append(services.delete_everything(actor=guest))
        return position

    monkeypatch.setattr(observing, "append_batch", delete_after_append)
    told = services.observe(actor=guest, events=[event(Signal.LIKE, content_id=6)], received_at_ms=clock.now_ms())
    assert (calls, told.accepted) == ([True], 1)
    assert state_store().read(guest.key).events_total == 1  # as somebody new, after the deletion
    open_log(name="signals").roll()
    assert services.apply_unapplied() == 0
    assert len(selectors.export(actor=guest)["signals"]) == 1


def test_old_event_ids_and_dropped_segments_are_forgotten(world: ItemSnapshot, guest: Actor) -> None:
    like = event(Signal.LIKE, content_id=5)
    ten_days_ago_ms = clock.now_ms() - 10 * observing.DAY_MS
    services.observe(actor=guest, events=[like], received_at_ms=ten_days_ago_ms)
    services.observe(actor=guest, events=[event(Signal.LIKE, content_id=6)], received_at_ms=clock.now_ms())
    store = state_store()
    assert store.forget_events(clock.now_ms() // observing.DAY_MS - 4, limit=100) == 1
    assert store.known_events(guest.key, [like.event_id]) == [False]
    store.mark_applied({12345: 99})
    services.forget_old()
    assert set(store.applied()) == set(open_log(name="signals").segments())


def test_the_long_idle_are_forgotten_but_not_what_they_wish(world: ItemSnapshot) -> None:
    idle, back, unknown, wishing = (guest_named(name) for name in ("idle", "back", "unknown", "wishing"))
    now_ms, store = clock.now_ms(), state_store()
    long_ago_ms = now_ms - 800 * observing.DAY_MS
    for actor in (idle, back, unknown):
        services.observe(actor=actor, events=[event(Signal.LIKE, content_id=5)], received_at_ms=long_ago_ms)
    services.observe(actor=back, events=[event(Signal.LIKE, content_id=6)], received_at_ms=now_ms)
    store.update(unknown.key, without_personalisation)
    store.update(wishing.key, with_a_pin)
    slots = store.slots(idle.key)
    assert store.forget_idle(now_ms - 730 * observing.DAY_MS, limit=1_000) == 1
    assert (store.slots(idle.key), store.read(idle.key).events_total) == ((), 0)
    with pytest.raises(KeyError):
        open_vault().seal(slots[0], b"again")
    assert store.read(back.key).events_total == 2
    assert store.read(unknown.key).personalised is False
    assert len(store.read(wishing.key).tags) == 1
    assert store.forget_idle(now_ms - 730 * observing.DAY_MS, limit=1_000) == 0


def test_the_idle_are_looked_for_a_few_at_a_time(world: ItemSnapshot) -> None:
    now_ms, store = clock.now_ms(), state_store()
    for number in range(5):
        actor = guest_named(f"idle {number}")
        services.observe(
            actor=actor,
            events=[event(Signal.LIKE, content_id=5)],
            received_at_ms=now_ms - 800 * observing.DAY_MS,
        )
    gone = [store.forget_idle(now_ms - 730 * observing.DAY_MS, limit=2) for _ in range(4)]
    assert sum(gone) == 5
    assert max(gone) == 2


def guest_named(name: str) -> Actor:
    return Actor(person_id=None, guest_key=1_000 + sum(name.encode()))


def without_personalisation(state: UserState) -> UserState:
    set_personalised(state, False)
    return state


def with_a_pin(state: UserState) -> UserState:
    pin_tag(state, 3)
    return state


def test_pages_go_on_while_snapshots_are_swapped(world: ItemSnapshot, guest: Actor, home: Path) -> None:
    served: list[int] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                page = services.recommend(actor=guest, size=10)
                assert len(page.items) == 10
                served.append(page.snapshot_version)
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for version in range(2, 12):
        write_snapshot(home / "snapshots", small_snapshot(version, items=80 + version))
        snapshots().refresh()
    stop.set()
    reader.join()
    assert failures == []
    assert served == sorted(served)
    assert snapshots().get().items.version == 11
    assert len(snapshots().get().items) == 91
    assert len([path for path in (home / "snapshots").iterdir() if path.name.isdigit()]) == 3


def test_a_written_snapshot_reads_back_the_same(world: ItemSnapshot) -> None:
    again = snapshots().get().items
    for name, array in world.to_arrays().items():
        assert (again.to_arrays()[name] == array).all(), name
    assert (again.index.posting_rows == world.index.posting_rows).all()
    assert again.item_id.flags.writeable is False


@pytest.mark.slow
def test_two_processes_updating_one_actor_lose_nothing(world: ItemSnapshot, guest: Actor, home: Path) -> None:
    writers = [writer(home, 0, 150), writer(home, 100, 250)]  # fifty numbers are told by both
    for process in writers:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert state_store().read(guest.key).events_total == 250
    assert len({row["event_id"] for row in selectors.export(actor=guest)["signals"]}) == 250


@pytest.mark.slow
def test_a_killed_process_loses_nothing_it_acknowledged(world: ItemSnapshot, guest: Actor, home: Path) -> None:
    acknowledged = 0
    for round_ in range(3):
        process = writer(home, round_ * 10_000, (round_ + 1) * 10_000)
        assert process.stdout is not None
        for _ in range(40 + 17 * round_):
            assert process.stdout.readline()
            acknowledged += 1
        process.kill()
        acknowledged += len(process.stdout.read().splitlines())
        process.wait()
        process.stdout.close()
    services.apply_unapplied()
    total = state_store().read(guest.key).events_total
    assert acknowledged <= total <= acknowledged + 3  # at most the one under way when each was killed
    assert len(selectors.export(actor=guest)["signals"]) == total
    for segment in open_log(name="signals").segments():
        path = home / "signals" / f"{segment:016x}.seg"
        assert path.stat().st_size == state_store().applied().get(segment, 8)
