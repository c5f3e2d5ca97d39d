"""The store in a folder, by LMDB. One process owns it and writes; others may read beside it.

Freed pages keep old bytes, so what is kept of a person is sealed with a key of their own in a file beside it, and deleting
a person overwrites that key in place (see ``xingqu.vault``). People's ids are stored as keyed hashes.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import lmdb

from xingqu.standalone.stores.group_commit import GroupCommit
from xingqu.standalone.stores.ports import JournalEntry, PersonRecord, PersonWrite, StoreBusy
from xingqu.vault import Vault

_SLOT: Final = struct.Struct(">I")
_DAY: Final = struct.Struct("<H")
_U64: Final = struct.Struct(">Q")
_OWNER: Final = struct.Struct("<H16s")  # day of the last activity, hashed id
_ENTRY: Final = struct.Struct(">IH")  # slot, day
_TABLES: Final = (
    "people",  # hashed id -> slot
    "owners",  # slot -> day, hashed id
    "states",  # slot -> sealed(name, state)
    "events",  # slot, event id -> day
    "journal",  # position -> slot, day, sealed data
    "journal_of",  # slot, position -> nothing
    "numbers",  # kind, name -> number
    "items",  # number -> version, data (no data: deleted)
    "changes",  # version, number -> nothing
    "blobs",
    "counts",  # name -> last used number
)


class LmdbStore:
    """``readonly``: read beside the process that owns the folder; writing then raises lmdb.ReadonlyError.

    Raises StoreBusy when another process owns the folder, FileNotFoundError when there is nothing to read.
    """

    def __init__(self, folder: Path, *, readonly: bool = False, map_size_bytes: int = 1 << 38) -> None:
        if readonly and not (folder / "data.mdb").exists():
            raise FileNotFoundError(f"no engine has written to {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = -1
        if not readonly:
            self._lock = os.open(folder / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self._lock)
                raise StoreBusy(f"another process serves {folder}") from None
        self._vault = Vault(folder / "keys")
        self._pepper = self._vault.pepper
        self._env: Any = lmdb.open(
            str(folder), map_size=map_size_bytes, max_dbs=len(_TABLES), max_readers=256, readonly=readonly
        )
        self._commits = GroupCommit(self._env)
        self._db: dict[str, Any] = {name: self._env.open_db(name.encode(), create=not readonly) for name in _TABLES}

    # --- people ------------------------------------------------------------------------------------------------

    def apply(self, writes: Sequence[PersonWrite], *, day: int) -> list[list[int]]:
        return self._commits.run(lambda txn: self._apply(txn, writes, day))

    def _apply(self, txn: Any, writes: Sequence[PersonWrite], day: int) -> list[list[int]]:
        applied, table = [], self._db["events"]
        slots, _ = self._slots(txn, [write.person for write in writes])
        for write in writes:
            slot = slots[write.person]
            prefix = _SLOT.pack(slot)
            known = [txn.get(prefix + event, db=table) is not None for event in write.event_ids]
            fresh = fresh_indexes(write.event_ids, known)
            applied.append(fresh)
            if not fresh and write.event_ids:
                continue
            state, data = write.change(self._state(txn, slot), fresh)
            self._put_state(txn, slot, write.person, state, day)
            self._put_journal(txn, slot, day, data, [write.event_ids[i] for i in fresh])
        return applied

    def append(self, records: Sequence[tuple[str, bytes]], *, day: int) -> None:
        def put(txn: Any) -> None:
            slots, new = self._slots(txn, [person for person, _ in records])
            for person in new:
                self._put_state(txn, slots[person], person, b"", day)
            for person, data in records:
                self._put_journal(txn, slots[person], day, data, ())

        self._commits.run(put)

    def read_state(self, person: str) -> bytes | None:
        with self._env.begin() as txn:
            slot = self._slot(txn, person)
            return self._state(txn, slot) if slot else None

    def slot_of(self, person: str) -> int:
        with self._env.begin() as txn:
            return self._slot(txn, person)

    def person_journal(self, person: str) -> list[bytes]:
        with self._env.begin() as txn:
            slot = self._slot(txn, person)
            return [data for _, data in self._journal_of(txn, slot)] if slot else []

    def people(self) -> Iterator[PersonRecord]:
        with self._env.begin() as txn, txn.cursor(db=self._db["owners"]) as cursor:
            for key, value in cursor:
                slot = _SLOT.unpack(key)[0]
                named = self._named(txn, slot)
                if named is not None:
                    yield PersonRecord(named[0], slot, _OWNER.unpack(value)[0], named[1] or None)

    def put_person(self, record: PersonRecord, journal: Sequence[tuple[bytes, Sequence[bytes]]]) -> None:
        with self._env.begin(write=True) as txn:
            slots, new = self._slots(txn, [record.person])
            slot = slots[record.person]
            if record.state is not None or new:
                self._put_state(txn, slot, record.person, record.state or b"", record.day)
            for data, event_ids in journal:
                self._put_journal(txn, slot, record.day, data, event_ids)

    def delete_person(self, person: str) -> bool:
        with self._env.begin(write=True) as txn:
            slot = self._slot(txn, person)
            if slot:
                self._delete(txn, slot, self._name(person))
        return bool(slot)

    def scrub(self) -> None:
        """Nothing to do: what was deleted cannot be read any more."""

    def expire_people(self, *, before_day: int) -> list[str]:
        with self._env.begin() as txn, txn.cursor(db=self._db["owners"]) as cursor:
            idle = [(_SLOT.unpack(k)[0], _OWNER.unpack(v)[1]) for k, v in cursor if _OWNER.unpack(v)[0] < before_day]
        gone = []
        for slot, name in idle:
            with self._env.begin(write=True) as txn:
                owner = txn.get(_SLOT.pack(slot), db=self._db["owners"])
                if owner is None or _OWNER.unpack(owner)[0] >= before_day:
                    continue  # back in the meantime
                named = self._named(txn, slot)
                self._delete(txn, slot, name)
            gone.append(named[0] if named else "")
        return gone

    def forget(self, *, before_day: int) -> int:
        gone = 0
        with self._env.begin(write=True) as txn:
            with txn.cursor(db=self._db["journal"]) as cursor:
                while cursor.first():
                    slot, day = _ENTRY.unpack_from(cursor.value())
                    if day >= before_day:
                        break
                    txn.delete(_SLOT.pack(slot) + cursor.key(), db=self._db["journal_of"])
                    cursor.delete()
                    gone += 1
            with txn.cursor(db=self._db["events"]) as cursor:
                found = cursor.first()
                while found:
                    old = _DAY.unpack(cursor.value())[0] < before_day
                    found = cursor.delete() and bool(cursor.key()) if old else cursor.next()
        return gone

    # --- journal, numbers, items ---------------------------------------------------------------------------------

    def journal(self, after: int, *, limit: int) -> list[JournalEntry]:
        entries: list[JournalEntry] = []
        with self._env.begin() as txn, txn.cursor(db=self._db["journal"]) as cursor:
            found = cursor.set_range(_U64.pack(after + 1))
            while found and len(entries) < limit:
                slot, _ = _ENTRY.unpack_from(cursor.value())
                data = self._vault.unseal(slot, cursor.value()[_ENTRY.size :])
                entries.append(JournalEntry(_U64.unpack(cursor.key())[0], slot, data or b""))
                found = cursor.next()
        return entries

    def numbers(self, kind: str, names: Sequence[str]) -> list[int]:
        keys = [_number_key(kind, name) for name in names]
        with self._env.begin() as txn:
            found = [txn.get(key, db=self._db["numbers"]) for key in keys]
        if any(value is None for value in found):
            with self._env.begin(write=True) as txn:
                for position, key in enumerate(keys):
                    found[position] = txn.get(key, db=self._db["numbers"])
                    if found[position] is None:
                        found[position] = _U64.pack(self._next(txn, f"number-{kind}"))
                        txn.put(key, found[position], db=self._db["numbers"])
        return [_U64.unpack(value)[0] for value in found]

    def all_numbers(self, kind: str) -> dict[str, int]:
        prefix, found = _number_key(kind, ""), {}
        with self._env.begin() as txn, txn.cursor(db=self._db["numbers"]) as cursor:
            more = cursor.set_range(prefix)
            while more and cursor.key().startswith(prefix):
                found[cursor.key()[len(prefix) :].decode()] = _U64.unpack(cursor.value())[0]
                more = cursor.next()
        return found

    def change_items(self, puts: Mapping[int, bytes], deletes: Sequence[int]) -> int:
        with self._env.begin(write=True) as txn:
            version = self._next(txn, "catalogue")
            for number, data in [*puts.items(), *((number, b"") for number in deletes)]:
                key = _U64.pack(number)
                before = txn.get(key, db=self._db["items"])
                if before is not None:
                    txn.delete(before[: _U64.size] + key, db=self._db["changes"])
                txn.put(key, _U64.pack(version) + data, db=self._db["items"])
                txn.put(_U64.pack(version) + key, b"", db=self._db["changes"])
        return version

    def read_items(self, numbers: Sequence[int]) -> list[bytes | None]:
        with self._env.begin() as txn:
            found = [txn.get(_U64.pack(number), db=self._db["items"]) for number in numbers]
        return [(data[_U64.size :] or None) if data is not None else None for data in found]

    def items_since(self, version: int) -> tuple[int, dict[int, bytes | None]]:
        changed: dict[int, bytes | None] = {}
        with self._env.begin() as txn, txn.cursor(db=self._db["changes"]) as cursor:
            found = cursor.set_range(_U64.pack(version + 1))
            while found:
                version = _U64.unpack_from(cursor.key())[0]
                key = cursor.key()[_U64.size :]
                changed[_U64.unpack(key)[0]] = txn.get(key, db=self._db["items"])[_U64.size :] or None
                found = cursor.next()
        return version, changed

    def blob(self, name: str) -> bytes | None:
        with self._env.begin() as txn:
            data: bytes | None = txn.get(name.encode(), db=self._db["blobs"])
        return data

    def put_blob(self, name: str, data: bytes) -> None:
        with self._env.begin(write=True) as txn:
            txn.put(name.encode(), data, db=self._db["blobs"])

    def check(self) -> None:
        with self._env.begin() as txn:
            txn.stat(self._db["counts"])

    def close(self) -> None:
        self._env.close()
        self._vault.close()
        if self._lock >= 0:
            os.close(self._lock)

    # --- within a transaction ------------------------------------------------------------------------------------

    def _name(self, person: str) -> bytes:
        return blake2b(person.encode(), key=self._pepper, digest_size=16).digest()

    def _slot(self, txn: Any, person: str) -> int:
        packed = txn.get(self._name(person), db=self._db["people"])
        return int(_SLOT.unpack(packed)[0]) if packed else 0

    def _slots(self, txn: Any, people: Sequence[str]) -> tuple[dict[str, int], list[str]]:
        """The slot of each, and who is new: their state is for the caller to put. All new keys wait for the disk once."""
        slots = {person: self._slot(txn, person) for person in people}
        new = [person for person, slot in slots.items() if not slot]
        for person, slot in zip(new, self._vault.new_slots(len(new)) if new else (), strict=True):
            txn.put(self._name(person), _SLOT.pack(slot), db=self._db["people"])
            slots[person] = slot
        return slots, new

    def _put_state(self, txn: Any, slot: int, person: str, state: bytes, day: int) -> None:
        key, name = _SLOT.pack(slot), person.encode()
        txn.put(key, self._vault.seal(slot, _DAY.pack(len(name)) + name + state), db=self._db["states"])
        txn.put(key, _OWNER.pack(day, self._name(person)), db=self._db["owners"])

    def _named(self, txn: Any, slot: int) -> tuple[str, bytes] | None:
        sealed = txn.get(_SLOT.pack(slot), db=self._db["states"])
        data = self._vault.unseal(slot, sealed) if sealed is not None else None
        if data is None:
            return None
        end = _DAY.size + _DAY.unpack_from(data)[0]
        return data[_DAY.size : end].decode(), data[end:]

    def _state(self, txn: Any, slot: int) -> bytes | None:
        named = self._named(txn, slot)
        return (named[1] or None) if named else None

    def _put_journal(self, txn: Any, slot: int, day: int, data: bytes, event_ids: Sequence[bytes]) -> None:
        key = _SLOT.pack(slot)
        for event in event_ids:
            txn.put(key + event, _DAY.pack(day), db=self._db["events"])
        if data:
            position = _U64.pack(self._next(txn, "journal"))
            txn.put(position, _ENTRY.pack(slot, day) + self._vault.seal(slot, data), db=self._db["journal"])
            txn.put(key + position, b"", db=self._db["journal_of"])

    def _journal_of(self, txn: Any, slot: int) -> list[tuple[bytes, bytes]]:
        prefix, found = _SLOT.pack(slot), []
        with txn.cursor(db=self._db["journal_of"]) as cursor:
            more = cursor.set_range(prefix)
            while more and cursor.key().startswith(prefix):
                position = cursor.key()[_SLOT.size :]
                entry = txn.get(position, db=self._db["journal"])
                found.append((position, self._vault.unseal(slot, entry[_ENTRY.size :]) or b""))
                more = cursor.next()
        return found

    def _delete(self, txn: Any, slot: int, name: bytes) -> None:
        key = _SLOT.pack(slot)
        for position, _ in self._journal_of(txn, slot):
            txn.delete(position, db=self._db["journal"])
        self._vault.erase(slot)  # before the commit: should it fail, nothing of the person can be read any more
        txn.delete(name, db=self._db["people"])
        txn.delete(key, db=self._db["owners"])
        txn.delete(key, db=self._db["states"])
        for table in ("events", "journal_of"):
            with txn.cursor(db=self._db[table]) as cursor:
                while cursor.set_range(key) and cursor.key().startswith(key):
                    cursor.delete()

    def _next(self, txn: Any, name: str) -> int:
        packed = txn.get(name.encode(), db=self._db["counts"])
        number = (_U64.unpack(packed)[0] if packed else 0) + 1
        txn.put(name.encode(), _U64.pack(number), db=self._db["counts"])
        return number


def fresh_indexes(event_ids: Sequence[bytes], known: Sequence[bool]) -> list[int]:
    """Indexes of the ids that are not known; of an id that stands there twice the first."""
    met, fresh = set(), []
    for index, event in enumerate(event_ids):
        if event not in met and not (known and known[index]):
            fresh.append(index)
        met.add(event)
    return fresh


def _number_key(kind: str, name: str) -> bytes:
    return f"{kind}\0{name}".encode()
