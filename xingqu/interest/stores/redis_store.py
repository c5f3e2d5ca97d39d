"""Adapter of the state port: Redis or Valkey, shared by the processes of any number of machines.

The same rows as in LMDB, sealed with the same keys of the home folder: whatever copies Redis keeps (its append-only file, a
replica, a backup), deleting an actor makes all of them unreadable. A change reads the state, applies, and writes by a script that
compares what was read first; whoever was slower begins again.
"""

import logging
import random
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

from xingqu.engine.state.user import UserState
from xingqu.interest.stores import redis_scripts as scripts
from xingqu.interest.stores.ports import (
    ActorGone,
    ApplyEvents,
    ChangeState,
    EventUpdate,
    StatesUnavailable,
    StoredActor,
    fresh_indexes,
    is_idle,
)
from xingqu.signals.contracts import FIRST_RECORD
from xingqu.signals.services import Vault

log = logging.getLogger(__name__)
ATTEMPTS: Final = 100
CONNECT_S: Final = 1.0
ANSWER_S: Final = 5.0
REST_S: Final = 1.0  # after a connection was lost nobody waits for the next one for so long
_AT_ONCE: Final = 500
_SLOT = struct.Struct(">I")
_VERSION_BYTES: Final = 12
_ANY_VERSION: Final = b"*"


@dataclass(frozen=True, slots=True)
class _Found:
    """An actor as Redis had them at one moment."""

    name: bytes
    packed: bytes  # slots, the current one first
    sealed: bytes  # empty: no state
    known: tuple[bool, ...]

    @property
    def slots(self) -> tuple[int, ...]:
        return tuple(slot for (slot,) in _SLOT.iter_unpack(self.packed))

    @property
    def version(self) -> bytes:
        return self.sealed[:_VERSION_BYTES]


class RedisStateStore:
    """`url` as ``redis://[:password@]host:port/db``. Raises ImproperlyConfigured for a wrong one or without the client.

    Several sites may share one Redis: their keys begin with a hash of each one's own secret.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as error:
            raise ImproperlyConfigured(
                "XINGQU_STATE_URL names a Redis, whose client is missing: pip install 'xingqu[redis]'"
            ) from error
        try:
            # Tried twice, for a connection of the pool may have been closed meanwhile.
            self._redis: Any = redis.Redis.from_url(
                url, socket_connect_timeout=CONNECT_S, socket_timeout=ANSWER_S, retry=Retry(NoBackoff(), 1)
            )
        except ValueError as error:
            raise ImproperlyConfigured("XINGQU_STATE_URL: expected redis://[:password@]host:port/db") from error
        self._failed = redis.exceptions.RedisError
        self._refused = redis.exceptions.ResponseError
        self._vault = vault
        self._pepper = vault.pepper
        self._tag = f"{{xingqu-{blake2b(self._pepper, digest_size=8, person=b'states').hexdigest()}}}:".encode()
        names = ("actors", "owners", "states", "touched", "days", "applied", "doomed", "site")
        self._actors, self._owners, self._states, self._touched, self._days, self._applied, self._doomed, self._site = (
            self._tag + name.encode() for name in names
        )
        self._ids = self._tag + b"e:"
        self._find, self._write, self._hand_out, self._merge, self._erase, self._forget, self._mark, self._move = (
            self._redis.register_script(text)
            for text in (
                scripts.FIND,
                scripts.WRITE,
                scripts.HAND_OUT,
                scripts.MERGE,
                scripts.ERASE,
                scripts.FORGET,
                scripts.MARK,
                scripts.MOVE,
            )
        )
        self._down_until_s = 0.0

    # --- one actor -----------------------------------------------------------------------------------------------

    def read(self, actor_key: str) -> UserState:
        return self._state(self._look_up(name=self._name(actor_key)))

    def read_slot(self, slot: int) -> UserState:
        return self._state(self._look_up(slot=slot))

    def slots(self, actor_key: str) -> tuple[int, ...]:
        found = self._look_up(name=self._name(actor_key))
        return found.slots if found else ()

    def ensure_slot(self, actor_key: str) -> int:
        slots = self.slots(actor_key)
        return slots[0] if slots else self._make_slot(self._name(actor_key))

    def known_events(self, actor_key: str, event_ids: Sequence[bytes]) -> list[bool]:
        found = self._look_up(name=self._name(actor_key), event_ids=event_ids)
        return list(found.known) if found else [False] * len(event_ids)

    def apply(self, update: EventUpdate, change: ApplyEvents) -> list[int]:
        segment, start, end = update.position
        place = (segment, start, end, FIRST_RECORD)
        written: dict[bytes, list[int]] = {}
        for _ in self._attempts():
            found = self._look_up(slot=update.slot, event_ids=update.event_ids)
            if found is None:
                self._move_on(place)
                raise ActorGone(update.slot)
            if found.version in written:  # our own, whose answer was lost
                return written[found.version]
            fresh = fresh_indexes(update.event_ids, found.known)
            if not fresh:
                self._move_on(place)
                return []
            state = self._state(found)
            change(state, fresh)
            sealed = self._seal(found, state)
            written[sealed[:_VERSION_BYTES]] = fresh
            ids = [update.event_ids[index] for index in fresh]
            if self._put(found, sealed, state, place, update.day, ids):
                return fresh
        raise StatesUnavailable

    def update(self, actor_key: str, change: ChangeState) -> UserState:
        self.ensure_slot(actor_key)
        written: dict[bytes, UserState] = {}
        for _ in self._attempts():
            found = self._look_up(name=self._name(actor_key))
            if found is None:
                raise ActorGone(actor_key)
            if found.version in written:
                return written[found.version]
            state = change(self._state(found))
            sealed = self._seal(found, state)
            written[sealed[:_VERSION_BYTES]] = state
            if self._put(found, sealed, state):
                return state
        raise StatesUnavailable

    def merge(self, guest_key: str, person_key: str, join: Callable[[UserState, UserState], UserState]) -> bool:
        guest, person = self._name(guest_key), self._name(person_key)
        for attempt in self._attempts():
            theirs = self._look_up(name=guest)
            if theirs is None:
                return attempt > 0 and bool(self.slots(person_key))
            self.ensure_slot(person_key)
            own = self._look_up(name=person)
            if own is None:
                continue
            state = join(self._state(theirs), self._state(own))
            names = [guest, person, theirs.packed, own.packed, theirs.version, own.version]
            args = [*names, self._seal(own, state), _touched(state)]
            with self._talking():
                if self._merge(keys=[self._actors, self._owners, self._states, self._touched], args=args):
                    return True
        raise StatesUnavailable

    def delete(self, actor_key: str) -> bool:
        name, gone = self._name(actor_key), False
        for _ in self._attempts():
            found = self._look_up(name=name)
            if found is None:
                self._overwrite_doomed()
                return gone
            gone = self._remove(found, _ANY_VERSION) or gone
        raise StatesUnavailable

    # --- all actors ----------------------------------------------------------------------------------------------

    def forget_idle(self, before_ms: int, *, limit: int) -> int:
        self._overwrite_doomed()
        with self._talking():
            slots = self._redis.zrangebyscore(self._touched, "-inf", f"({before_ms}", start=0, num=limit)
        gone = 0
        for (slot,) in map(_SLOT.unpack, slots):
            found = self._look_up(slot=slot)
            # they may have come back in the meantime
            if found is not None and is_idle(self._state(found), before_ms):
                gone += self._remove(found, found.version)
        self._overwrite_doomed()
        return gone

    def forget_events(self, before_day: int, *, limit: int) -> int:
        gone = 0
        while gone < limit:
            with self._talking():
                slots = self._redis.zrangebyscore(self._days, "-inf", f"({before_day}", start=0, num=_AT_ONCE)
                for slot in slots:
                    gone += self._forget(keys=[self._days, self._ids + slot], args=[slot, before_day])
                    if gone >= limit:
                        break
            if not slots:
                break
        return gone

    def applied(self) -> Mapping[int, int]:
        with self._talking():
            return {int(segment): int(end) for segment, end in self._redis.hgetall(self._applied).items()}

    def mark_applied(self, positions: Mapping[int, int]) -> None:
        with self._talking():
            self._mark(keys=[self._applied], args=[number for pair in positions.items() for number in pair])

    def forget_segments(self, segments: Sequence[int]) -> None:
        if segments:
            with self._talking():
                self._redis.hdel(self._applied, *segments)

    # --- moving --------------------------------------------------------------------------------------------------

    def is_empty(self) -> bool:
        with self._talking():
            return not self._redis.exists(self._actors, self._applied)

    def belongs(self) -> bool:
        """Whether this Redis was told to keep the states of this site, and has not forgotten since."""
        with self._talking():
            return bool(self._redis.exists(self._site))

    def take_over(self) -> None:
        with self._talking():
            self._redis.set(self._site, 1)

    def clear(self) -> None:
        with self._talking():
            for keys in _parts(self._redis.scan_iter(match=self._tag + b"*", count=_AT_ONCE)):
                self._redis.delete(*keys)

    def export_actors(self) -> Iterator[StoredActor]:
        seen: set[bytes] = set()  # a scan may come by twice
        with self._talking():
            for name, packed in self._redis.hscan_iter(self._actors, count=_AT_ONCE):
                if name in seen:
                    continue
                seen.add(name)
                events = []
                for place in range(0, len(packed), _SLOT.size):
                    slot = packed[place : place + _SLOT.size]
                    rows = self._redis.zrange(self._ids + slot, 0, -1, withscores=True)
                    events += [(_SLOT.unpack(slot)[0], event_id, int(day)) for event_id, day in rows]
                slots = tuple(slot for (slot,) in _SLOT.iter_unpack(packed))
                sealed = self._redis.hget(self._states, packed[: _SLOT.size])
                yield StoredActor(name=name, slots=slots, sealed=sealed, events=tuple(sorted(events)))

    def import_actors(self, actors: Iterable[StoredActor]) -> None:
        for part in _parts(actors):
            with self._talking(), self._redis.pipeline(transaction=True) as pipe:
                for actor in part:
                    self._import(pipe, actor)
                pipe.execute()

    def close(self) -> None:
        self._redis.close()

    # --- parts ---------------------------------------------------------------------------------------------------

    def _name(self, actor_key: str) -> bytes:
        return blake2b(actor_key.encode(), key=self._pepper, digest_size=16).digest()

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """What Redis fails at is StatesUnavailable; for a moment after it was lost nobody else waits for it."""
        if time.monotonic() < self._down_until_s:
            raise StatesUnavailable
        try:
            yield
        except self._failed as error:
            log.error("Redis, where people's states are: %s: %s", type(error).__name__, error)
            if not isinstance(error, self._refused):
                self._down_until_s = time.monotonic() + REST_S
            raise StatesUnavailable from error

    def _attempts(self) -> Iterator[int]:
        for attempt in range(ATTEMPTS):
            yield attempt
            time.sleep(random.uniform(0, min(0.0005 * (1 + attempt), 0.02)))

    def _look_up(self, *, name: bytes = b"", slot: int = 0, event_ids: Sequence[bytes] = ()) -> _Found | None:
        with self._talking():
            rows = self._find(
                keys=[self._actors, self._owners, self._states], args=[self._ids, name, _SLOT.pack(slot), *event_ids]
            )
        return _Found(rows[0], rows[1], rows[2], tuple(bool(known) for known in rows[3])) if rows else None

    def _state(self, found: _Found | None) -> UserState:
        data = self._vault.unseal(found.slots[0], found.sealed) if found is not None and found.sealed else None
        return UserState.decode(data) if data is not None else UserState.empty()

    def _seal(self, found: _Found, state: UserState) -> bytes:
        try:
            return self._vault.seal(found.slots[0], state.encode())
        except KeyError as error:
            raise ActorGone(found.slots[0]) from error

    def _put(
        self,
        found: _Found,
        sealed: bytes,
        state: UserState,
        place: tuple[int, int, int, int] | None = None,
        day: int = 0,
        event_ids: Sequence[bytes] = (),
    ) -> bool:
        keys = [self._actors, self._states, self._touched, self._days, self._applied]
        args = [found.name, found.packed, found.version, sealed, _touched(state), *(place or [b""] * 4)]
        with self._talking():
            return bool(self._write(keys=keys, args=[*args, self._ids, day, *event_ids]))

    def _move_on(self, place: tuple[int, int, int, int]) -> None:
        with self._talking():
            self._move(keys=[self._applied], args=place)

    def _make_slot(self, name: bytes) -> int:
        fresh = self._vault.new_slot()
        with self._talking():
            packed = self._hand_out(keys=[self._actors, self._owners], args=[name, _SLOT.pack(fresh)])
        slot = int(_SLOT.unpack_from(packed)[0])
        if slot != fresh:  # another process was faster
            self._vault.erase(fresh)
        return slot

    def _remove(self, found: _Found, version: bytes) -> bool:
        tables = [self._actors, self._owners, self._states, self._touched, self._days, self._doomed]
        with self._talking():
            return bool(self._erase(keys=tables, args=[found.name, found.packed, version, self._ids]))

    def _overwrite_doomed(self) -> None:
        """The keys of deleted rows, also of those whose deletion a crash cut short."""
        with self._talking():
            doomed = self._redis.smembers(self._doomed)
            for slot in doomed:
                self._vault.erase(_SLOT.unpack(slot)[0])
            if doomed:
                self._redis.srem(self._doomed, *doomed)

    def _import(self, pipe: Any, actor: StoredActor) -> None:
        packed = [_SLOT.pack(slot) for slot in actor.slots]
        pipe.hset(self._actors, actor.name, b"".join(packed))
        for slot in packed:
            pipe.hset(self._owners, slot, actor.name)
        if actor.sealed is not None:
            pipe.hset(self._states, packed[0], actor.sealed)
            touched = _touched(self._state(_Found(actor.name, packed[0], actor.sealed, ())))
            if touched != b"":
                pipe.zadd(self._touched, {packed[0]: touched})
        for slot_number, event_id, day in actor.events:
            slot = _SLOT.pack(slot_number)
            pipe.zadd(self._ids + slot, {event_id: day})
            pipe.zadd(self._days, {slot: day}, lt=True)


def _touched(state: UserState) -> int | bytes:
    """When something was last learned, for what is forgotten when idle; nothing of a state that is kept anyway."""
    return state.touched_ms if is_idle(state, 1 << 62) else b""


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(values)
    while part := list(islice(rows, _AT_ONCE)):
        yield part
