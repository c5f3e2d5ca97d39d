"""The store in Redis, shared by any number of servers.

A person's state is written by one script that compares its version first, so that two servers that answer the same person
never lose an event of either. All keys carry one hash tag. A server that must not lose the last second needs
``appendonly yes`` and ``appendfsync always``; deleted bytes leave the append-only file at its next rewrite, see ``scrub``.
"""

from __future__ import annotations

import base64
import logging
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

from xingqu.standalone.stores.lmdb_store import fresh_indexes
from xingqu.standalone.stores.ports import JournalEntry, PersonRecord, PersonWrite, StoreBusy

log = logging.getLogger(__name__)
ATTEMPTS: Final = 20
_DAY: Final = struct.Struct("<H")

# KEYS: person, events, journal of the person, journal, days, positions. ARGV: version, slot, day, state, data, ids...
# A state of one zero byte is left as it is. 1: written; 0: the person has changed or gone since it was read.
_APPLY: Final = """
local version = redis.call('HGET', KEYS[1], 'version')
if not version or (ARGV[1] ~= '' and version ~= ARGV[1]) then return 0 end
if ARGV[4] ~= '\\0' then
  redis.call('HSET', KEYS[1], 'state', ARGV[4])
  redis.call('HINCRBY', KEYS[1], 'version', 1)
  redis.call('ZADD', KEYS[5], ARGV[3], ARGV[2])
end
for i = 6, #ARGV do redis.call('ZADD', KEYS[2], ARGV[3], ARGV[i]) end
if ARGV[5] ~= '' then
  local position = redis.call('INCR', KEYS[6])
  redis.call('HSET', KEYS[3], position, ARGV[5])
  redis.call('ZADD', KEYS[4], position, ARGV[2] .. ':' .. position)
end
return 1
"""
# KEYS: name, slots, days. ARGV: prefix of a person's key, id as stored, day.
_ENSURE: Final = """
local slot = redis.call('GET', KEYS[1])
if slot then return tonumber(slot) end
slot = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], slot)
redis.call('HSET', ARGV[1] .. slot, 'version', 1, 'name', ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], slot)
return slot
"""
# KEYS: name, person, events, journal of the person, journal, days. ARGV: slot, day. With a day only who was idle before it.
_DELETE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and tonumber(redis.call('ZSCORE', KEYS[6], ARGV[1]) or '0') >= tonumber(ARGV[2]) then return 0 end
for _, position in ipairs(redis.call('HKEYS', KEYS[4])) do
  redis.call('ZREM', KEYS[5], ARGV[1] .. ':' .. position)
end
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return 1
"""
# KEYS: numbers of the kind. ARGV: names.
_NUMBERS: Final = """
local found = {}
for i, name in ipairs(ARGV) do
  local number = redis.call('HGET', KEYS[1], name)
  if not number then
    number = redis.call('HLEN', KEYS[1]) + 1
    redis.call('HSET', KEYS[1], name, number)
  end
  found[i] = tonumber(number)
end
return found
"""
# KEYS: catalogue, items, changes. ARGV: number of puts, number, data, ..., then numbers to delete.
_ITEMS: Final = """
local version = redis.call('INCR', KEYS[1])
local puts = tonumber(ARGV[1])
for i = 1, puts do
  redis.call('HSET', KEYS[2], ARGV[2 * i], ARGV[2 * i + 1])
  redis.call('ZADD', KEYS[3], version, ARGV[2 * i])
end
for i = 2 * puts + 2, #ARGV do
  redis.call('HDEL', KEYS[2], ARGV[i])
  redis.call('ZADD', KEYS[3], version, ARGV[i])
end
return version
"""


class RedisStore:
    """``url`` as ``redis://[:password@]host:port/db``. Needs the extra ``xingqu[redis]``."""

    def __init__(self, url: str, *, tag: str = "xingqu") -> None:
        try:
            import redis
        except ImportError as error:
            raise ImportError("Redis needs its client: pip install 'xingqu[redis]'") from error
        self._redis: Any = redis.Redis.from_url(url, socket_timeout=20, socket_connect_timeout=5)
        self._refused = redis.exceptions.ResponseError
        self._tag = f"{{{tag}}}:"
        self._apply, self._ensure, self._erase, self._number, self._item = (
            self._redis.register_script(text) for text in (_APPLY, _ENSURE, _DELETE, _NUMBERS, _ITEMS)
        )

    # --- people ------------------------------------------------------------------------------------------------

    def apply(self, writes: Sequence[PersonWrite], *, day: int) -> list[list[int]]:
        applied: dict[int, list[int]] = {}
        waiting = list(range(len(writes)))
        for _ in range(ATTEMPTS):
            waiting = self._attempt(writes, waiting, applied, day)
            if not waiting:
                return [applied[index] for index in range(len(writes))]
        raise StoreBusy("people's states change faster than this process can write them")

    def _attempt(
        self, writes: Sequence[PersonWrite], waiting: list[int], applied: dict[int, list[int]], day: int
    ) -> list[int]:
        """Try the writes that wait; returns those that still do."""
        slots = self._ensured([writes[index].person for index in waiting], day)
        with self._redis.pipeline(transaction=False) as pipe:
            for index, slot in zip(waiting, slots, strict=True):
                pipe.hmget(self._person(slot), "version", "state")
                if writes[index].event_ids:
                    pipe.zmscore(self._events(slot), list(writes[index].event_ids))
            answers = iter(pipe.execute())
        tried = []
        with self._redis.pipeline(transaction=False) as pipe:
            for index, slot in zip(waiting, slots, strict=True):
                write = writes[index]
                version, state = next(answers)
                known = [score is not None for score in next(answers)] if write.event_ids else []
                applied[index] = fresh_indexes(write.event_ids, known)
                if applied[index] or not write.event_ids:
                    after, data = write.change(state or None, applied[index])
                    ids = [write.event_ids[i] for i in applied[index]]
                    self._write(pipe, slot, version or b"-", day, after, data, ids)
                    tried.append(index)
            written = pipe.execute() if tried else []
        return [index for index, done in zip(tried, written, strict=True) if not done]

    def append(self, records: Sequence[tuple[str, bytes]], *, day: int) -> None:
        slots = self._ensured([person for person, _ in records], day)
        with self._redis.pipeline(transaction=False) as pipe:
            for slot, (_, data) in zip(slots, records, strict=True):
                self._write(pipe, slot, b"", day, b"\0", data, ())
            pipe.execute()

    def read_state(self, person: str) -> bytes | None:
        slot = self.slot_of(person)
        state: bytes | None = self._redis.hget(self._person(slot), "state") if slot else None
        return state

    def slot_of(self, person: str) -> int:
        return int(self._redis.get(self._name(person)) or 0)

    def person_journal(self, person: str) -> list[bytes]:
        slot = self.slot_of(person)
        kept = self._redis.hgetall(self._journal_of(slot)) if slot else {}
        return [kept[position][_DAY.size :] for position in sorted(kept, key=int)]

    def people(self) -> Iterator[PersonRecord]:
        for member, day in self._redis.zscan_iter(self._tag + "days", count=500):
            name, state = self._redis.hmget(self._person(int(member)), "name", "state")
            if name is not None:
                yield PersonRecord(name.decode(), int(member), int(day), state)

    def put_person(self, record: PersonRecord, journal: Sequence[tuple[bytes, Sequence[bytes]]]) -> None:
        slot = self._ensured([record.person], record.day)[0]
        with self._redis.pipeline(transaction=False) as pipe:
            self._write(pipe, slot, b"", record.day, record.state or b"\0", b"", ())
            for data, event_ids in journal:
                self._write(pipe, slot, b"", record.day, b"\0", data, event_ids)
            pipe.execute()

    def delete_person(self, person: str) -> bool:
        return self._delete(self.slot_of(person), person, before_day=None)

    def scrub(self) -> None:
        """Ask Redis to rewrite its files now; a hosted one that refuses does so when it sees fit."""
        for command in ("BGREWRITEAOF", "BGSAVE"):
            try:
                self._redis.execute_command(command)
            except self._refused as error:
                log.info("%s: %s", command, error)

    def expire_people(self, *, before_day: int) -> list[str]:
        gone = []
        for member in self._redis.zrangebyscore(self._tag + "days", "-inf", f"({before_day}"):
            name = self._redis.hget(self._person(int(member)), "name")
            if name is not None and self._delete(int(member), name.decode(), before_day=before_day):
                gone.append(name.decode())
        return gone

    def forget(self, *, before_day: int) -> int:
        gone, journal = 0, self._tag + "journal"
        while True:
            members = self._redis.zrange(journal, 0, 499)
            old = []
            for member in members:
                slot, position = member.split(b":")
                data = self._redis.hget(self._journal_of(int(slot)), position)
                if data is not None and _DAY.unpack_from(data)[0] >= before_day:
                    break
                old.append((member, int(slot), position))
            with self._redis.pipeline(transaction=False) as pipe:
                for member, slot, position in old:
                    pipe.hdel(self._journal_of(slot), position)
                    pipe.zrem(journal, member)
                pipe.execute()
            gone += len(old)
            if len(old) < len(members) or not members:
                break
        for member, _ in self._redis.zscan_iter(self._tag + "days", count=500):
            self._redis.zremrangebyscore(self._events(int(member)), "-inf", f"({before_day}")
        return gone

    # --- journal, numbers, items ---------------------------------------------------------------------------------

    def journal(self, after: int, *, limit: int) -> list[JournalEntry]:
        members = self._redis.zrangebyscore(self._tag + "journal", f"({after}", "+inf", start=0, num=limit)
        places = [tuple(int(part) for part in member.split(b":")) for member in members]
        with self._redis.pipeline(transaction=False) as pipe:
            for slot, position in places:
                pipe.hget(self._journal_of(slot), position)
            found = pipe.execute()
        return [
            JournalEntry(position, slot, data[_DAY.size :] if data else b"")
            for (slot, position), data in zip(places, found, strict=True)
        ]

    def numbers(self, kind: str, names: Sequence[str]) -> list[int]:
        return _in_parts(names, lambda part: self._number(keys=[f"{self._tag}numbers:{kind}"], args=part))

    def all_numbers(self, kind: str) -> dict[str, int]:
        found = self._redis.hgetall(f"{self._tag}numbers:{kind}")
        return {name.decode(): int(number) for name, number in found.items()}

    def change_items(self, puts: Mapping[int, bytes], deletes: Sequence[int]) -> int:
        args = [len(puts), *(part for pair in puts.items() for part in pair), *deletes]
        return int(self._item(keys=[self._tag + name for name in ("catalogue", "items", "changes")], args=args))

    def read_items(self, numbers: Sequence[int]) -> list[bytes | None]:
        return _in_parts(numbers, lambda part: self._redis.hmget(self._tag + "items", part))

    def items_since(self, version: int) -> tuple[int, dict[int, bytes | None]]:
        found = self._redis.zrangebyscore(self._tag + "changes", f"({version}", "+inf", withscores=True)
        numbers = [int(member) for member, _ in found]
        data = _in_parts(numbers, lambda part: self._redis.hmget(self._tag + "items", part))
        return max([version, *(int(score) for _, score in found)]), dict(zip(numbers, data, strict=True))

    def blob(self, name: str) -> bytes | None:
        data: bytes | None = self._redis.hget(self._tag + "blobs", name)
        return data

    def put_blob(self, name: str, data: bytes) -> None:
        self._redis.hset(self._tag + "blobs", name, data)

    def check(self) -> None:
        self._redis.ping()

    def close(self) -> None:
        self._redis.close()

    # --- keys and parts ------------------------------------------------------------------------------------------

    def _name(self, person: str) -> str:
        # of one length whatever the id; base64 because every other key is text too
        return f"{self._tag}n:{base64.b64encode(blake2b(person.encode(), digest_size=18).digest()).decode()}"

    def _person(self, slot: int) -> str:
        return f"{self._tag}p:{slot}"

    def _events(self, slot: int) -> str:
        return f"{self._tag}e:{slot}"

    def _journal_of(self, slot: int) -> str:
        return f"{self._tag}j:{slot}"

    def _ensured(self, people: Sequence[str], day: int) -> list[int]:
        with self._redis.pipeline(transaction=False) as pipe:
            for person in people:
                keys = [self._name(person), self._tag + "slots", self._tag + "days"]
                self._ensure(keys=keys, args=[self._tag + "p:", person, day], client=pipe)
            return [int(slot) for slot in pipe.execute()]

    def _write(
        self, pipe: Any, slot: int, version: bytes, day: int, state: bytes, data: bytes, event_ids: Sequence[bytes]
    ) -> None:
        shared = [self._tag + name for name in ("journal", "days", "positions")]
        keys = [self._person(slot), self._events(slot), self._journal_of(slot), *shared]
        kept = _DAY.pack(day) + data if data else b""
        self._apply(keys=keys, args=[version, slot, day, state, kept, *event_ids], client=pipe)

    def _delete(self, slot: int, person: str, *, before_day: int | None) -> bool:
        keys = [self._name(person), self._person(slot), self._events(slot), self._journal_of(slot)]
        keys += [self._tag + "journal", self._tag + "days"]
        return bool(slot and self._erase(keys=keys, args=[slot, "" if before_day is None else before_day]))


def _in_parts(values: Sequence[Any], ask: Callable[[Sequence[Any]], Any], size: int = 1_000) -> list[Any]:
    """``ask`` in parts, for a script takes so many arguments only."""
    return [answer for start in range(0, len(values), size) for answer in ask(values[start : start + size])]
