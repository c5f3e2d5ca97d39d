"""Writers that come at the same time share a commit, and nothing else."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import lmdb
import pytest

from xingqu.standalone.stores.group_commit import GroupCommit
from xingqu.standalone.stores.lmdb_store import LmdbStore
from xingqu.standalone.stores.ports import PersonWrite
from xingqu.vault import KEY_BYTES, Vault


class CountingEnvironment:
    """An LMDB environment that counts its own commits (not those of transactions within one) and can be told to wait."""

    def __init__(self, folder: Path) -> None:
        self.env = lmdb.open(str(folder))
        self.commits = 0
        self.gate = threading.Event()
        self.gate.set()

    def begin(self, *, write: bool, parent: Any = None) -> Any:
        if parent is None:
            self.gate.wait()
            self.commits += 1
        return self.env.begin(write=write, parent=parent)

    def get(self, key: bytes) -> bytes | None:
        with self.env.begin() as txn:
            found: bytes | None = txn.get(key)
        return found


def put(key: bytes) -> Any:
    def work(txn: Any) -> bytes:
        txn.put(key, b"told")
        if key.startswith(b"bad"):
            raise ValueError(key.decode())
        return key

    return work


def test_those_who_wait_share_one_commit_and_a_failure_is_ones_own(tmp_path: Path) -> None:
    env = CountingEnvironment(tmp_path)
    commits = GroupCommit(env)
    results: dict[bytes, object] = {}

    def write(key: bytes) -> None:
        try:
            results[key] = commits.run(put(key))
        except ValueError as error:
            results[key] = str(error)

    env.gate.clear()
    keys = [b"first", *(b"%d" % number for number in range(20)), b"bad"]
    threads = [threading.Thread(target=write, args=(key,)) for key in keys]
    threads[0].start()
    while commits._waiting or not commits._turn.locked():  # the first stands before the gate, alone
        threading.Event().wait(0.001)
    for thread in threads[1:]:
        thread.start()
    while len(commits._waiting) < len(keys) - 1:
        threading.Event().wait(0.001)
    env.gate.set()
    for thread in threads:
        thread.join()
    assert env.commits == 2
    assert results == {**{key: key for key in keys[:-1]}, b"bad": "bad"}
    assert [env.get(key) for key in keys] == [b"told"] * (len(keys) - 1) + [None]


def test_who_fails_alone_writes_nothing_and_the_next_one_writes(tmp_path: Path) -> None:
    env = CountingEnvironment(tmp_path)
    commits = GroupCommit(env)
    with pytest.raises(ValueError, match="bad one"):
        commits.run(put(b"bad one"))
    assert env.get(b"bad one") is None
    assert commits.run(put(b"good")) == b"good"
    assert env.get(b"good") == b"told"


def test_keys_of_many_new_people_wait_for_the_disk_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LmdbStore(tmp_path)
    syncs = []
    monkeypatch.setattr(os, "fdatasync", lambda fd: syncs.append(fd))

    def change(state: bytes | None, fresh: list[int]) -> tuple[bytes, bytes]:
        return b"state", b""

    store.apply([PersonWrite(f"p{number}", [b"1" * 16], change) for number in range(50)], day=1)
    assert len(syncs) == 1
    assert len({store.slot_of(f"p{number}") for number in range(50)}) == 50
    store.apply([PersonWrite("p3", [b"2" * 16], change)], day=1)
    assert len(syncs) == 1
    store.close()


def test_slots_given_together_are_keys_of_their_own(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "keys")
    slots = vault.new_slots(3)
    assert list(slots) == [1, 2, 3]
    assert list(vault.new_slots(0)) == []
    assert vault.new_slot() == 4
    sealed = [vault.seal(slot, b"secret") for slot in slots]
    assert [[vault.unseal(slot, data) for data in sealed].count(b"secret") for slot in slots] == [1, 1, 1]
    assert (tmp_path / "keys").stat().st_size == 5 * KEY_BYTES
