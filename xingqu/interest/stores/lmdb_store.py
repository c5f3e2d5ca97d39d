"""Adapter of the state port: one LMDB environment that all processes of the machine share.

LMDB lets one process write at a time, so "read state, apply, write state" in one write transaction never loses an
update. Values are sealed with the actor's key and actors' names are keyed hashes, because freed pages keep old bytes.
"""

import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import lmdb

from xingqu.engine.state.user import UserState
from xingqu.interest.stores.ports import (
    ActorGone,
    ApplyEvents,
    ChangeState,
    EventUpdate,
    StoredActor,
    fresh_indexes,
    is_idle,
)
from xingqu.signals.services import Vault

_SLOT = struct.Struct(">I")
_DAY = struct.Struct("<H")
_POSITION = struct.Struct(">Q")
_OWNER_PREFIX = b"o"
_ACTOR_PREFIX = b"a"
_IMPORTED_AT_ONCE = 2_000


class LmdbStateStore:
    """`actors`: hashed actor -> slots, and slot -> hashed actor; `states` and `events` by slot; `applied` by segment."""

    def __init__(self, folder: Path, vault: Vault, *, map_size_bytes: int = 1 << 36) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._vault = vault
        self._pepper = vault.pepper
        # A system crash may undo the last commit (never tear one): the log has it, and recovery applies it again.
        self._env = lmdb.open(str(folder), map_size=map_size_bytes, max_dbs=4, max_readers=512, metasync=False)
        self._actors = self._env.open_db(b"actors")
        self._states = self._env.open_db(b"states")
        self._events = self._env.open_db(b"events")
        self._applied = self._env.open_db(b"applied")
        self._cursor = b""
        self._idle_cursor = b"\0"
        self._lock = threading.Lock()

    def read(self, actor_key: str) -> UserState:
        with self._env.begin(buffers=False) as txn:
            slots = self._slots(txn, self._name(actor_key))
            sealed = txn.get(_SLOT.pack(slots[0]), db=self._states) if slots else None
        return self._open(slots[0], sealed) if slots else UserState.empty()

    def read_slot(self, slot: int) -> UserState:
        with self._env.begin(buffers=False) as txn:
            name = self._owner(txn, slot)
            slots = self._slots(txn, name) if name is not None else ()
            sealed = txn.get(_SLOT.pack(slots[0]), db=self._states) if slots else None
        return self._open(slots[0], sealed) if slots else UserState.empty()

    def slots(self, actor_key: str) -> tuple[int, ...]:
        with self._env.begin() as txn:
            return self._slots(txn, self._name(actor_key))

    def ensure_slot(self, actor_key: str) -> int:
        slots = self.slots(actor_key)
        return slots[0] if slots else self._make_slot(self._name(actor_key))

    def known_events(self, actor_key: str, event_ids: Sequence[bytes]) -> list[bool]:
        with self._env.begin() as txn:
            return self._known(txn, self._slots(txn, self._name(actor_key)), event_ids)

    def apply(self, update: EventUpdate, change: ApplyEvents) -> list[int]:
        with self._env.begin(write=True) as txn:
            name = self._owner(txn, update.slot)
            fresh = self._apply(txn, name, update, change) if name is not None else []
            self._move(txn, {update.position.segment: update.position.end})
        if name is None:
            raise ActorGone(update.slot)
        return fresh

    def update(self, actor_key: str, change: ChangeState) -> UserState:
        name = self._name(actor_key)
        self.ensure_slot(actor_key)
        with self._env.begin(write=True) as txn:
            slots = self._slots(txn, name)
            if not slots:
                raise ActorGone(actor_key)
            state = change(self._open(slots[0], txn.get(_SLOT.pack(slots[0]), db=self._states)))
            self._put(txn, slots[0], state)
        return state

    def merge(self, guest_key: str, person_key: str, join: Callable[[UserState, UserState], UserState]) -> bool:
        guest, person = self._name(guest_key), self._name(person_key)
        if not self.slots(guest_key):
            return False
        self.ensure_slot(person_key)
        with self._env.begin(write=True) as txn:
            theirs, own = self._slots(txn, guest), self._slots(txn, person)
            if not theirs or not own:
                return False
            states = [self._open(s[0], txn.get(_SLOT.pack(s[0]), db=self._states)) for s in (theirs, own)]
            self._put(txn, own[0], join(states[0], states[1]))
            txn.delete(_SLOT.pack(theirs[0]), db=self._states)
            txn.delete(_ACTOR_PREFIX + guest, db=self._actors)
            self._put_slots(txn, person, own + theirs)
        return True

    def delete(self, actor_key: str) -> bool:
        name = self._name(actor_key)
        with self._env.begin(write=True) as txn:
            return self._erase(txn, name)

    def forget_idle(self, before_ms: int, *, limit: int) -> int:
        with self._lock, self._env.begin() as txn, txn.cursor(db=self._states) as cursor:
            found, idle = cursor.set_range(self._idle_cursor), []
            for _ in range(limit):
                if not found:
                    break
                slot = _SLOT.unpack(cursor.key())[0]
                if is_idle(self._open(slot, cursor.value()), before_ms):
                    idle.append(slot)
                found = cursor.next()
            self._idle_cursor = cursor.key() if found else b"\0"
        return sum(self._forget_if_idle(slot, before_ms) for slot in idle)

    def _forget_if_idle(self, slot: int, before_ms: int) -> bool:
        with self._env.begin(write=True) as txn:
            name, sealed = self._owner(txn, slot), txn.get(_SLOT.pack(slot), db=self._states)
            # they may have come back in the meantime
            if name is None or sealed is None or not is_idle(self._open(slot, sealed), before_ms):
                return False
            return self._erase(txn, name)

    def applied(self) -> Mapping[int, int]:
        with self._env.begin() as txn, txn.cursor(db=self._applied) as cursor:
            return {_POSITION.unpack(key)[0]: _POSITION.unpack(value)[0] for key, value in cursor}

    def mark_applied(self, positions: Mapping[int, int]) -> None:
        with self._env.begin(write=True) as txn:
            self._move(txn, positions)

    def forget_segments(self, segments: Sequence[int]) -> None:
        with self._env.begin(write=True) as txn:
            for segment in segments:
                txn.delete(_POSITION.pack(segment), db=self._applied)

    def forget_events(self, before_day: int, *, limit: int) -> int:
        gone = 0
        with self._lock, self._env.begin(write=True) as txn, txn.cursor(db=self._events) as cursor:
            found = cursor.set_range(self._cursor) if self._cursor else cursor.first()
            for _ in range(limit):
                if not found:
                    self._cursor = b""
                    break
                self._cursor = cursor.key()
                if _DAY.unpack(cursor.value())[0] < before_day:
                    gone += 1
                    found = cursor.delete() and bool(cursor.key())
                else:
                    found = cursor.next()
        return gone

    def is_empty(self) -> bool:
        with self._env.begin() as txn:
            return not any(txn.stat(db)["entries"] for db in (self._actors, self._applied))

    def clear(self) -> None:
        with self._env.begin(write=True) as txn:
            for db in (self._actors, self._states, self._events, self._applied):
                txn.drop(db, delete=False)

    def export_actors(self) -> Iterator[StoredActor]:
        with self._env.begin() as txn, txn.cursor(db=self._actors) as cursor:
            found = cursor.set_range(_ACTOR_PREFIX)
            while found and bytes(cursor.key()).startswith(_ACTOR_PREFIX):
                yield self._stored(txn, bytes(cursor.key())[1:])
                found = cursor.next()

    def import_actors(self, actors: Iterable[StoredActor]) -> None:
        rows = iter(actors)
        while part := list(islice(rows, _IMPORTED_AT_ONCE)):
            with self._env.begin(write=True) as txn:
                for actor in part:
                    self._put_slots(txn, actor.name, actor.slots)
                    if actor.sealed is not None:
                        txn.put(_SLOT.pack(actor.slots[0]), actor.sealed, db=self._states)
                    for slot, event_id, day in actor.events:
                        txn.put(_SLOT.pack(slot) + event_id, _DAY.pack(day), db=self._events)

    def close(self) -> None:
        self._env.close()

    def _stored(self, txn: lmdb.Transaction, name: bytes) -> StoredActor:
        slots, events = self._slots(txn, name), []
        for slot in sorted(slots):
            prefix = _SLOT.pack(slot)
            with txn.cursor(db=self._events) as cursor:
                found = cursor.set_range(prefix)
                while found and bytes(cursor.key()).startswith(prefix):
                    events.append((slot, bytes(cursor.key())[_SLOT.size :], _DAY.unpack(cursor.value())[0]))
                    found = cursor.next()
        sealed = txn.get(_SLOT.pack(slots[0]), db=self._states)
        return StoredActor(name, slots, bytes(sealed) if sealed is not None else None, tuple(events))

    def _name(self, actor_key: str) -> bytes:
        return blake2b(actor_key.encode(), key=self._pepper, digest_size=16).digest()

    def _slots(self, txn: lmdb.Transaction, name: bytes) -> tuple[int, ...]:
        packed = txn.get(_ACTOR_PREFIX + name, db=self._actors)
        return tuple(slot for (slot,) in _SLOT.iter_unpack(packed)) if packed else ()

    def _owner(self, txn: lmdb.Transaction, slot: int) -> bytes | None:
        name = txn.get(_OWNER_PREFIX + _SLOT.pack(slot), db=self._actors)
        return bytes(name) if name is not None else None

    def _erase(self, txn: lmdb.Transaction, name: bytes) -> bool:
        slots = self._slots(txn, name)
        txn.delete(_ACTOR_PREFIX + name, db=self._actors)
        for slot in slots:
            self._vault.erase(slot)  # before the commit: should it fail, the rows are unreadable already
            key = _SLOT.pack(slot)
            txn.delete(_OWNER_PREFIX + key, db=self._actors)
            txn.delete(key, db=self._states)
            with txn.cursor(db=self._events) as cursor:
                while cursor.set_range(key) and bytes(cursor.key()).startswith(key):
                    cursor.delete()
        return bool(slots)

    def _put_slots(self, txn: lmdb.Transaction, name: bytes, slots: Sequence[int]) -> None:
        txn.put(_ACTOR_PREFIX + name, b"".join(_SLOT.pack(slot) for slot in slots), db=self._actors)
        for slot in slots:
            txn.put(_OWNER_PREFIX + _SLOT.pack(slot), name, db=self._actors)

    def _make_slot(self, name: bytes) -> int:
        with self._env.begin(write=True) as txn:
            slots = self._slots(txn, name)  # another process may have been faster
            if not slots:
                slots = (self._vault.new_slot(),)
                self._put_slots(txn, name, slots)
        return slots[0]

    def _known(self, txn: lmdb.Transaction, slots: Sequence[int], event_ids: Sequence[bytes]) -> list[bool]:
        prefixes = [_SLOT.pack(slot) for slot in slots]
        return [any(txn.get(p + event_id, db=self._events) is not None for p in prefixes) for event_id in event_ids]

    def _apply(self, txn: lmdb.Transaction, name: bytes, update: EventUpdate, change: ApplyEvents) -> list[int]:
        slots = self._slots(txn, name)
        known = self._known(txn, slots, update.event_ids)
        fresh = fresh_indexes(update.event_ids, known)
        if fresh:
            state = self._open(slots[0], txn.get(_SLOT.pack(slots[0]), db=self._states))
            change(state, fresh)
            self._put(txn, slots[0], state)
            prefix, day = _SLOT.pack(slots[0]), _DAY.pack(update.day)
            for index in fresh:
                txn.put(prefix + update.event_ids[index], day, db=self._events)
        return fresh

    def _open(self, slot: int, sealed: bytes | memoryview | None) -> UserState:
        data = self._vault.unseal(slot, bytes(sealed)) if sealed is not None else None
        return UserState.decode(data) if data is not None else UserState.empty()

    def _put(self, txn: lmdb.Transaction, slot: int, state: UserState) -> None:
        try:
            txn.put(_SLOT.pack(slot), self._vault.seal(slot, state.encode()), db=self._states)
        except KeyError as error:
            raise ActorGone(slot) from error

    def _move(self, txn: lmdb.Transaction, positions: Mapping[int, int]) -> None:
        for segment, end in positions.items():
            old = txn.get(_POSITION.pack(segment), db=self._applied)
            if old is None or _POSITION.unpack(old)[0] < end:
                txn.put(_POSITION.pack(segment), _POSITION.pack(end), db=self._applied)
