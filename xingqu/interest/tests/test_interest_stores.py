"""Both adapters of the state port keep the same promises, and a site moves between them. Redis is Debian's, started here."""

import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured

from xingqu.engine.state.user import UserState, pin_tag, set_personalised
from xingqu.interest.stores import place
from xingqu.interest.stores.ports import ActorGone, EventUpdate, StatesUnavailable
from xingqu.interest.stores.redis_store import RedisStateStore
from xingqu.signals.contracts import FIRST_RECORD, LogPosition
from xingqu.signals.services import Vault
from xingqu.standalone.tests.conftest import RedisServer

ONE, TWO, THREE = b"1" * 16, b"2" * 16, b"3" * 16
DAY = 20_000
KINDS = ["lmdb", pytest.param("redis", marks=pytest.mark.slow)]
Opener = Callable[[], place.Store]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> str:
    """What `XINGQU_STATE_URL` is for this adapter."""
    return request.getfixturevalue("redis_server").url if request.param == "redis" else ""


@pytest.fixture
def store(home: Path, url: str, vault: Vault) -> Iterator[place.Store]:
    with closing(place.open_store(home, url, vault)) as store:
        yield store


def learning(
    store: place.Store, key: str, ids: Sequence[bytes], *, start: int = FIRST_RECORD, day: int = DAY
) -> list[int]:
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


def test_old_ids_are_forgotten(store: place.Store) -> None:
    learning(store, "g1", [ONE], day=DAY - 9)
    learning(store, "g1", [TWO], day=DAY)
    learning(store, "g2", [ONE], day=DAY - 9)
    assert store.forget_events(DAY - 4, limit=1_000) == 2
    assert store.forget_events(DAY - 4, limit=1_000) == 0
    assert store.known_events("g1", [ONE, TWO]) == [False, True]
    assert store.known_events("g2", [ONE]) == [False]


def test_the_idle_are_forgotten(store: place.Store, vault: Vault) -> None:
    for key, at_ms in (("g1", 5_000), ("g2", 5_000), ("g2", 50_000), ("g3", 5_000)):
        store.update(key, seeing(at_ms))
    store.update("g3", unknown)
    store.update("g4", with_a_pin)
    slot = store.slots("g1")[0]
    assert store.forget_idle(5_000, limit=100) == 0
    assert store.forget_idle(50_000, limit=100) == 1
    assert [bool(store.slots(key)) for key in ("g1", "g2", "g3", "g4")] == [False, True, True, True]
    with pytest.raises(KeyError):
        vault.seal(slot, b"again")


def seeing(at_ms: int) -> Callable[[UserState], UserState]:
    """Something happened at that time."""

    def change(state: UserState) -> UserState:
        told = (np.array([1], np.int8), np.array([5]), np.array([1.0], np.float32), np.array([at_ms]))
        state.events.add(*told, 50)
        return state

    return change


def unknown(state: UserState) -> UserState:
    set_personalised(state, False)
    return state


def with_a_pin(state: UserState) -> UserState:
    pin_tag(state, 3)
    return state


def test_many_writers_lose_nothing(store: place.Store) -> None:
    slot = store.ensure_slot("g1")

    def tell(number: int) -> None:
        for told in range(25):
            place_ = LogPosition(number, FIRST_RECORD + told, FIRST_RECORD + told + 1)
            store.apply(EventUpdate(slot, [bytes([number, told]) * 8], DAY, place_), counting)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read("g1").events_total == 100
    assert store.applied() == dict.fromkeys(range(1, 5), FIRST_RECORD + 25)


@pytest.mark.slow
def test_a_lost_redis_is_not_asked_for_a_moment(vault: Vault, redis_server: RedisServer) -> None:
    store = RedisStateStore(redis_server.url, vault)
    store.ensure_slot("g1")
    redis_server.kill()
    with pytest.raises(StatesUnavailable):
        store.read("g1")
    redis_server.start()
    with pytest.raises(StatesUnavailable):
        store.read("g1")
    store._down_until_s = 0.0
    assert len(store.slots("g1")) == 1
    store.close()


@pytest.mark.slow
def test_a_deletion_that_was_cut_short_is_finished(vault: Vault, redis_server: RedisServer) -> None:
    store = RedisStateStore(redis_server.url, vault)
    learning(store, "g1", [ONE])
    slot = store.slots("g1")[0]
    found = store._look_up(slot=slot)
    assert found is not None
    assert store._remove(found, found.version) is True  # and here the process dies
    vault.seal(slot, b"readable still")
    assert store.slots("g1") == ()
    assert store.forget_idle(0, limit=10) == 0
    with pytest.raises(KeyError):
        vault.seal(slot, b"again")
    store.close()


def test_an_address_that_is_none_is_refused(vault: Vault) -> None:
    with pytest.raises(ImproperlyConfigured, match="XINGQU_STATE_URL"):
        RedisStateStore("http://somewhere", vault)


def test_the_client_of_redis_is_an_extra(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ImproperlyConfigured, match=r"xingqu\[redis\]"):
        RedisStateStore("redis://127.0.0.1/0", vault)
