"""Both adapters of the store keep the same promises. Redis is Debian's, started here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from xingqu.standalone.stores.lmdb_store import LmdbStore
from xingqu.standalone.stores.ports import JournalEntry, PersonRecord, PersonWrite, Store, StoreBusy
from xingqu.standalone.stores.redis_store import RedisStore
from xingqu.standalone.tests.conftest import RedisServer

ONE, TWO, THREE = b"1" * 16, b"2" * 16, b"3" * 16


def adding(person: str, *event_ids: bytes, data: bytes = b"told") -> PersonWrite:
    """Each event applied adds a letter to the state."""

    def change(state: bytes | None, fresh: list[int]) -> tuple[bytes, bytes]:
        return (state or b"") + b"x" * len(fresh), data

    return PersonWrite(person, event_ids, change)


def test_an_event_is_applied_once(store: Store) -> None:
    assert store.apply([adding("anna", ONE, TWO, ONE)], day=5) == [[0, 1]]
    assert store.apply([adding("anna", TWO, THREE), adding("bert", ONE)], day=5) == [[1], [0]]
    assert store.apply([adding("anna", ONE)], day=6) == [[]]
    assert store.read_state("anna") == b"xxx"
    assert store.read_state("bert") == b"x"
    assert store.read_state("carl") is None
    assert store.person_journal("anna") == [b"told", b"told"]


def test_everything_is_there_when_opened_again(open_store: Callable[[], Store]) -> None:
    store = open_store()
    store.apply([adding("anna", ONE, data=b"first")], day=5)
    store.append([("anna", b"page"), ("bert", b"another")], day=5)
    assert store.numbers("tag", ["red", "blue", "red"]) == [1, 2, 1]
    assert store.change_items({1: b"{}", 2: b"{}"}, ()) == 1
    store.put_blob("name", b"\0data")
    again = open_store()
    assert again.read_state("anna") == b"x"
    assert again.apply([adding("anna", ONE)], day=5) == [[]]
    entries = again.journal(0, limit=10)
    slots = [again.slot_of("anna"), again.slot_of("bert")]
    assert entries == [
        JournalEntry(1, slots[0], b"first"),
        JournalEntry(2, slots[0], b"page"),
        JournalEntry(3, slots[1], b"another"),
    ]
    assert again.journal(1, limit=1) == [entries[1]]
    assert again.numbers("tag", ["green", "blue"]) == [3, 2]
    assert again.all_numbers("tag") == {"red": 1, "blue": 2, "green": 3}
    assert again.items_since(0) == (1, {1: b"{}", 2: b"{}"})
    assert again.blob("name") == b"\0data"
    assert again.blob("other") is None


def test_items_are_told_by_version(store: Store) -> None:
    assert store.items_since(0) == (0, {})
    assert store.change_items({1: b"a", 2: b"b"}, ()) == 1
    assert store.change_items({2: b"c"}, [1]) == 2
    assert store.items_since(1) == (2, {2: b"c", 1: None})
    assert store.items_since(2) == (2, {})
    assert store.read_items([1, 2, 9]) == [None, b"c", None]


def test_a_deleted_person_is_somebody_new(store: Store) -> None:
    store.apply([adding("anna", ONE), adding("bert", ONE)], day=5)
    slot = store.slot_of("anna")
    assert store.delete_person("anna") is True
    assert store.delete_person("anna") is False
    assert (store.slot_of("anna"), store.read_state("anna"), store.person_journal("anna")) == (0, None, [])
    assert [entry.slot for entry in store.journal(0, limit=10)] == [store.slot_of("bert")]
    assert store.apply([adding("anna", ONE)], day=6) == [[0]]
    assert store.slot_of("anna") not in (0, slot)
    assert store.read_state("bert") == b"x"


def test_the_idle_are_forgotten_and_so_is_what_is_old(store: Store) -> None:
    store.apply([adding("anna", ONE)], day=5)
    store.apply([adding("bert", ONE)], day=5)
    store.apply([adding("bert", TWO)], day=9)
    assert store.expire_people(before_day=6) == ["anna"]
    assert store.read_state("anna") is None
    assert store.forget(before_day=9) == 1
    assert store.person_journal("bert") == [b"told"]
    # its id is forgotten with it, that of the later event is not
    assert store.apply([adding("bert", ONE, TWO)], day=9) == [[0]]


def test_people_move_to_another_store(store: Store) -> None:
    store.put_person(PersonRecord("anna", 77, 5, b"state"), [(b"told", [ONE]), (b"page", [])])
    assert list(store.people()) == [PersonRecord("anna", store.slot_of("anna"), 5, b"state")]
    assert store.person_journal("anna") == [b"told", b"page"]
    assert store.apply([adding("anna", ONE, TWO)], day=5) == [[1]]
    assert store.read_state("anna") == b"statex"


def test_a_write_by_hand_needs_no_event(store: Store) -> None:
    store.apply([PersonWrite("anna", (), lambda state, _: ((state or b"") + b"h", b""))], day=5)
    store.apply([PersonWrite("anna", (), lambda state, _: ((state or b"") + b"h", b""))], day=5)
    assert store.read_state("anna") == b"hh"
    assert store.journal(0, limit=10) == []


def test_many_threads_lose_nothing(store: Store) -> None:
    def tell(number: int) -> None:
        for event in range(20):
            store.apply([adding("anna", bytes([number, event]) * 8)], day=5)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read_state("anna") == b"x" * 80
    assert [entry.position for entry in store.journal(0, limit=100)] == list(range(1, 81))


def test_a_folder_has_one_owner_and_readers_beside_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LmdbStore(tmp_path / "none", readonly=True)
    owner = LmdbStore(tmp_path / "store")
    owner.apply([adding("anna", ONE)], day=5)
    with pytest.raises(StoreBusy):
        LmdbStore(tmp_path / "store")
    owner.close()
    again = LmdbStore(tmp_path / "store")
    assert again.read_state("anna") == b"x"
    again.close()


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_of_a_deleted_person_is_in_the_folder(tmp_path: Path) -> None:
    store = LmdbStore(tmp_path / "store")
    store.apply([adding("anna-of-the-lake", ONE, data=b"what anna did"), adding("bert", ONE, data=b"bert's")], day=5)
    keys = (tmp_path / "store" / "keys").read_bytes()
    slot = store.slot_of("anna-of-the-lake")
    key = keys[32 * slot : 32 * slot + 32]
    assert key in bytes_of(tmp_path / "store")
    store.delete_person("anna-of-the-lake")
    store.close()
    left = bytes_of(tmp_path / "store")
    # never there in the clear; and the key that would open what freed pages still hold is gone
    for trace in (b"anna", b"what anna did", key):
        assert trace not in left
    assert keys[32 * slot + 32 : 32 * slot + 64] in left


@pytest.mark.slow
def test_nothing_of_a_deleted_person_is_in_redis_files(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url)
    store.apply([adding("anna-of-the-lake", ONE, data=b"what anna did"), adding("bert", TWO, data=b"bert's")], day=5)
    store.scrub()
    wait_for(lambda: b"what anna did" in bytes_of(redis_server.folder))
    store.delete_person("anna-of-the-lake")
    keys = list(store._redis.scan_iter())
    assert [key for key in keys if key.endswith(b":1")] == []
    deadline = time.monotonic() + 30
    while b"anna" in bytes_of(redis_server.folder) and time.monotonic() < deadline:
        store.scrub()
        time.sleep(0.3)
    left = bytes_of(redis_server.folder)
    for trace in (b"anna", b"what anna did", ONE):
        assert trace not in left
    assert b"bert's" in left
    store.close()


@pytest.mark.slow
def test_what_redis_acknowledged_survives_its_death(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url)
    for event in range(50):
        store.apply([adding("anna", bytes([event]) * 16)], day=5)
    redis_server.kill()
    redis_server.start()
    again = RedisStore(redis_server.url)
    assert again.read_state("anna") == b"x" * 50
    assert again.apply([adding("anna", *(bytes([event]) * 16 for event in range(51)))], day=5) == [[50]]
    again.close()
    store.close()


def wait_for(found: Callable[[], bool], *, timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.1)
