"""Both adapters of the state port keep the same promises, and a site moves between them. Redis is Debian's, started here."""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from xingqu.engine.state.user import UserState, pin_tag, set_personalised
from xingqu.interest import storage
from xingqu.interest.stores import place, transfer
from xingqu.interest.stores.ports import ActorGone, EventUpdate, StatesUnavailable
from xingqu.interest.stores.redis_store import RedisStateStore
from xingqu.interest.tests.test_interest_crash import WRITER
from xingqu.signals.contracts import FIRST_RECORD, LogPosition
from xingqu.signals.services import Vault
from xingqu.standalone.tests.conftest import RedisServer, redis_server

__all__ = ["redis_server"]
ONE, TWO, THREE = b"1" * 16, b"2" * 16, b"3" * 16
DAY = 20_000
KINDS = ["lmdb", pytest.param("redis", marks=pytest.mark.slow)]
Opener = Callable[[], place.Store]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> str:
    """What `XINGQU_STATE_URL` is for this adapter."""
    return request.getfixturevalue("redis_server").url if request.param == "redis" else ""


@pytest.fixture
def vault(home: Path) -> Iterator[Vault]:
    vault = Vault(home / "signals" / "keys")
    yield vault
    vault.close()


@pytest.fixture
def store(home: Path, url: str, vault: Vault) -> Iterator[place.Store]:
    with closing(place.open_store(home, url, vault)) as store:
        yield store


def learning(store: place.Store, key: str, ids: Sequence[bytes], *, start: int = FIRST_RECORD, day: int = DAY) -> list[int]:
    """Apply events, each of which the state counts."""
    return store.apply(EventUpdate(store.ensure_slot(key), ids, day, LogPosition(7, start, start + 10)), counting)


def counting(state: UserState, fresh: Sequence[int]) -> None:
    state.events_total += len(fresh)


def test_an_event_is_applied_once(store: place.Store) -> None:
    assert store.is_empty() is True
    assert learning(store, "g1", [ONE, TWO, ONE]) == [0, 1]
    assert learning(store, "g1", [TWO, THREE], start=18) == [1]
    assert learning(store, "g1", [THREE, ONE], start=28) == []
    assert learning(store, "p1", [ONE], start=38) == [0]
    assert (store.read("g1").events_total, store.read("p1").events_total) == (3, 1)
    assert store.known_events("g1", [ONE, b"4" * 16]) == [True, False]
    assert store.known_events("nobody", [ONE]) == [False]
    assert store.read_slot(store.slots("g1")[0]).events_total == 3
    assert (store.read("nobody").events_total, store.read_slot(99).events_total, store.slots("nobody")) == (0, 0, ())
    assert store.applied() == {7: 48}
    store.mark_applied({7: 20, 8: 9})
    assert store.applied() == {7: 48, 8: 9}
    store.forget_segments([7])
    assert (store.applied(), store.is_empty()) == ({8: 9}, False)


def test_what_fails_leaves_nothing_behind(store: place.Store) -> None:
    learning(store, "g1", [ONE])

    def fail(state: UserState, fresh: Sequence[int]) -> None:
        state.events_total = 99
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        store.apply(EventUpdate(store.ensure_slot("g1"), [TWO], DAY, LogPosition(7, 18, 28)), fail)
    assert store.read("g1").events_total == 1
    assert store.known_events("g1", [TWO]) == [False]
    assert store.applied() == {7: 18}


def test_a_deletion_leaves_nothing(store: place.Store, vault: Vault) -> None:
    learning(store, "g1", [ONE])
    learning(store, "p1", [ONE], start=18)
    slot = store.slots("g1")[0]
    assert store.delete("g1") is True
    assert store.delete("g1") is False
    with pytest.raises(KeyError):
        vault.seal(slot, b"again")
    assert (store.slots("g1"), store.read("g1").events_total, store.known_events("g1", [ONE])) == ((), 0, [False])
    assert [actor.slots for actor in store.export_actors()] == [store.slots("p1")]
    with pytest.raises(ActorGone):
        store.apply(EventUpdate(slot, [TWO], DAY, LogPosition(7, 28, 38)), counting)
    assert store.applied() == {7: 38}  # nobody's any more, so recovery need not come back to it
    assert learning(store, "g1", [ONE], start=38) == [0]
    assert store.slots("g1")[0] != slot
    if isinstance(store, RedisStateStore):
        packed = struct.pack(">I", slot)
        keys = list(store._redis.scan_iter())
        assert not any(key.endswith(b"e:" + packed) for key in keys)
        assert not any(store._redis.hexists(table, packed) for table in (store._owners, store._states))
        assert [store._redis.zscore(table, packed) for table in (store._touched, store._days)] == [None, None]
        assert store._redis.scard(store._doomed) == 0


def test_a_guest_becomes_a_person(store: place.Store) -> None:
    learning(store, "g1", [ONE])
    learning(store, "p1", [TWO], start=18)
    guest, person = store.slots("g1")[0], store.slots("p1")[0]

    def join(theirs: UserState, own: UserState) -> UserState:
        own.events_total += 10 * theirs.events_total
        return own

    assert store.merge("g1", "p1", join) is True
    assert store.merge("g1", "p1", join) is False
    assert (store.slots("g1"), store.slots("p1")) == ((), (person, guest))
    assert store.read("p1").events_total == store.read_slot(guest).events_total == 11
    assert store.known_events("p1", [ONE, TWO, THREE]) == [True, True, False]
    # logged as the guest, applied to the person
    assert store.apply(EventUpdate(guest, [ONE, THREE], DAY, LogPosition(7, 28, 38)), counting) == [1]
    assert store.read("p1").events_total == 12
    assert store.delete("p1") is True
    assert (store.read_slot(guest).events_total, list(store.export_actors())) == (0, [])


def test_old_ids_and_idle_actors_are_forgotten(store: place.Store) -> None:
    def at(time_ms: int) -> Callable[[UserState], UserState]:
        def change(state: UserState) -> UserState:
            state.tags.add([5], [1.0], time_ms, 1, (1.0, 1.0, 1.0)) if False else None
            state.seen.add([5], [time_ms])
            return state

        return change

    learning(store, "g1", [ONE], day=DAY - 9)
    learning(store, "g1", [TWO], day=DAY)
    learning(store, "g2", [ONE], day=DAY - 9)
    assert store.forget_events(DAY - 4, limit=1_000) == 2
    assert store.forget_events(DAY - 4, limit=1_000) == 0
    assert store.known_events("g1", [ONE, TWO]) == [False, True]


def test_many_writers_lose_nothing(store: place.Store) -> None:
    slot = store.ensure_slot("g1")

    def tell(number: int) -> None:
        for event in range(25):
            place_ = LogPosition(number, FIRST_RECORD + event, FIRST_RECORD + event + 1)
            store.apply(EventUpdate(slot, [bytes([number, event]) * 8], DAY, place_), counting)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read("g1").events_total == 100
    assert store.applied() == dict.fromkeys(range(1, 5), FIRST_RECORD + 25)
