"""One person: recent events, interests, what was seen, what they set by hand."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Flag, Horizon, Signal
from xingqu.engine.params import EngineParams, StateParams
from xingqu.engine.state.apply_kernels import extend_ring
from xingqu.engine.state.memory import HISTOGRAM_TYPES, PURCHASE_DAYS, Histogram, Purchases
from xingqu.engine.state.tables import HORIZONS, InterestTable, TimedIds

FORMAT_VERSION = 3
# version 2 had the arrays in the order of the fields, unaligned; version 1 the same, and nothing in the last two tables
_READABLE = (1, 2, 3)
_MAGIC = b"XQU"
# magic, version, personalised, items since commerce, events in all, price log sum, price weight,
# three reference times, then eight lengths
_HEADER = struct.Struct("<3sB?xxxiqdd3q8I")
_EVENT_TYPES: tuple[Any, ...] = (np.int8, np.int64, np.float32, np.int64)
_TABLE = ((np.int64, 1), (np.float32, HORIZONS), (np.uint32, 1), (np.uint8, 1))
# (type, which of the lengths, numbers an entry) of every array of a state
_LAYOUT: tuple[tuple[np.dtype[Any], int, int], ...] = tuple(
    (np.dtype(dtype), part, width)
    for dtype, part, width in (
        *((dtype, 0, 1) for dtype in _EVENT_TYPES),
        *((dtype, part, width) for part in (1, 2, 3) for dtype, width in _TABLE),
        *((dtype, part, 1) for part in (4, 5) for dtype in (np.int64, np.uint32)),
        *((dtype, 6, 1) for dtype in HISTOGRAM_TYPES),
        (np.int64, 7, 1),
        (np.uint16, 7, PURCHASE_DAYS),
    )
)
_BY_WIDTH = sorted(range(len(_LAYOUT)), key=lambda index: -_LAYOUT[index][0].itemsize)

INTEREST_DTYPE = np.dtype(
    [
        ("tag_id", np.int32),
        ("instant", np.float32),
        ("mid", np.float32),
        ("long_term", np.float32),
        ("score", np.float32),
        ("touched_at_ms", np.int64),
        ("pinned", np.bool_),
        ("blocked", np.bool_),
    ]
)


class StateFormatError(ValueError):
    """The bytes are not a user state of a version this engine reads."""


@dataclass(eq=False)
class EventRing:
    """The last events, oldest first by time."""

    kind: NDArray[np.int8]
    item_id: NDArray[np.int64]
    value: NDArray[np.float32]
    at_ms: NDArray[np.int64]

    @classmethod
    def empty(cls) -> EventRing:
        return cls(*(np.empty(0, dtype) for dtype in _EVENT_TYPES))

    def __len__(self) -> int:
        return int(self.kind.size)

    def add(
        self,
        kind: NDArray[np.int8],
        item_id: NDArray[np.int64],
        value: NDArray[np.float32],
        at_ms: NDArray[np.int64],
        capacity: int,
    ) -> None:
        told = (kind.astype(np.int8, copy=False), item_id, value.astype(np.float32, copy=False), at_ms)
        ring = extend_ring(self.kind, self.item_id, self.value, self.at_ms, *told, capacity)
        self.kind, self.item_id, self.value, self.at_ms, ordered = ring
        if not ordered:
            order = np.lexsort((self.value, self.kind, self.item_id, self.at_ms))[-capacity:]
            self.kind, self.item_id = self.kind[order], self.item_id[order]
            self.value, self.at_ms = self.value[order], self.at_ms[order]

    def last_items(self, signal: Signal, count: int) -> NDArray[np.int64]:
        """The last items with this signal, newest last."""
        return self.item_id[self.kind == signal][-count:] if count > 0 else np.empty(0, np.int64)


@dataclass(eq=False)
class UserState:
    events: EventRing = field(default_factory=EventRing.empty)
    tags: InterestTable = field(default_factory=InterestTable.empty)
    creators: InterestTable = field(default_factory=InterestTable.empty)
    categories: InterestTable = field(default_factory=InterestTable.empty)
    seen: TimedIds = field(default_factory=TimedIds.empty)
    hidden: TimedIds = field(default_factory=TimedIds.empty)  # "not interested": never again
    personalised: bool = True
    items_since_commerce: int = 1_000
    events_total: int = 0
    price_log_sum: float = 0.0  # of products clicked, carted, ordered; weighted, decayed by count
    price_weight: float = 0.0
    clusters: Histogram = field(default_factory=Histogram.empty)
    purchases: Purchases = field(default_factory=Purchases.empty)  # by category

    @classmethod
    def empty(cls) -> UserState:
        return cls()

    @property
    def touched_ms(self) -> int:
        """When something last happened, Unix milliseconds to the second; 0 where nothing did."""
        tables = (self.tags, self.creators, self.categories)
        last_s = [int(times.max(initial=0)) for times in (*(t.touched_s for t in tables), self.seen.at_s)]
        return 1000 * max(*last_s, int(self.events.at_ms.max(initial=0)) // 1000)

    def encode(self) -> bytes:
        """Compact, versioned bytes; ``decode`` reads them back exactly."""
        tables = (self.tags, self.creators, self.categories)
        counted = (self.events, *tables, self.seen, self.hidden, self.clusters, self.purchases)
        lengths = (len(part) for part in counted)
        head = _HEADER.pack(
            _MAGIC,
            FORMAT_VERSION,
            self.personalised,
            self.items_since_commerce,
            self.events_total,
            self.price_log_sum,
            self.price_weight,
            *(t.as_of_ms for t in tables),
            *lengths,
        )
        # the widest numbers first, so that each array is aligned where it lies
        arrays = self._arrays()
        return b"".join([head, *[arrays[index].data for index in _BY_WIDTH]])

    def _arrays(self) -> list[NDArray[Any]]:
        """Every array, in the order of ``lengths``."""
        ring, met, bought = self.events, self.clusters, self.purchases
        arrays: list[NDArray[Any]] = [ring.kind, ring.item_id, ring.value, ring.at_ms]
        for table in (self.tags, self.creators, self.categories):
            arrays += [table.keys, table.weights, table.touched_s, table.flags]
        for ids in (self.seen, self.hidden):
            arrays += [ids.ids, ids.at_s]
        return [*arrays, met.keys, met.liked, met.shown, met.days, met.last_s, bought.keys, bought.days]

    @classmethod
    def decode(cls, data: bytes) -> UserState:
        """Raises StateFormatError when ``data`` is cut short, too long or of another version."""
        if len(data) < _HEADER.size or data[:3] != _MAGIC:
            raise StateFormatError("not an encoded user state")
        header = _HEADER.unpack_from(data)
        if header[1] not in _READABLE:
            raise StateFormatError(f"state format {header[1]}, this engine reads up to {FORMAT_VERSION}")
        as_of, lengths = header[7:10], header[10:18]
        arrays = _split(data, lengths) if header[1] == FORMAT_VERSION else _split_unaligned(data, lengths)
        events = EventRing(*arrays[:4])
        tables = [
            InterestTable(keys, weights.reshape(-1, HORIZONS), touched_s, flags, as_of_ms)
            for (keys, weights, touched_s, flags), as_of_ms in zip(_fours(arrays[4:16]), as_of, strict=True)
        ]
        sets = [TimedIds(*arrays[16:18]), TimedIds(*arrays[18:20])]
        clusters = Histogram(*arrays[20:25])
        bought, days = arrays[25], arrays[26].reshape(-1, PURCHASE_DAYS)
        return cls(
            events=events,
            tags=tables[0],
            creators=tables[1],
            categories=tables[2],
            seen=sets[0],
            hidden=sets[1],
            personalised=header[2],
            items_since_commerce=header[3],
            events_total=header[4],
            price_log_sum=header[5],
            price_weight=header[6],
            clusters=clusters,
            purchases=Purchases(bought, days),
        )


_NOTHING: NDArray[Any] = np.empty(0)


def _fours(arrays: list[NDArray[Any]]) -> list[list[NDArray[Any]]]:
    return [arrays[start : start + 4] for start in range(0, len(arrays), 4)]


def _split(data: bytes, lengths: tuple[int, ...]) -> list[NDArray[Any]]:
    """The arrays of format 3, as views of one copy of the bytes: aligned, and theirs to change."""
    whole = bytearray(data[_HEADER.size :])
    found, offset, size = [_NOTHING] * len(_LAYOUT), 0, len(whole)
    for index in _BY_WIDTH:
        dtype, part, width = _LAYOUT[index]
        count = lengths[part] * width
        if offset + dtype.itemsize * count > size:
            raise StateFormatError("cut short")
        # at the very end there are no bytes to view
        found[index] = np.frombuffer(whole, dtype, count, offset) if count else np.empty(0, dtype)
        offset += dtype.itemsize * count
    if offset != size:
        raise StateFormatError("trailing bytes")
    return found


def _split_unaligned(data: bytes, lengths: tuple[int, ...]) -> list[NDArray[Any]]:
    """The arrays of formats 1 and 2: one after the other, each copied, because it may begin anywhere."""
    arrays, offset = [], _HEADER.size
    for dtype, part, width in _LAYOUT:
        count = lengths[part] * width
        if offset + dtype.itemsize * count > len(data):
            raise StateFormatError("cut short")
        arrays.append(np.frombuffer(data, dtype, count, offset).copy())
        offset += dtype.itemsize * count
    if offset != len(data):
        raise StateFormatError("trailing bytes")
    return arrays


def intensities(table: InterestTable, now_ms: int, params: StateParams) -> NDArray[np.float64]:
    """Weights at each horizon squeezed into (-1, 1): ``w / (|w| + half saturation)``; shape (k, HORIZONS)."""
    weights = table.weights_at(now_ms, params.half_lives_ms)
    squeezed: NDArray[np.float64] = weights / (np.abs(weights) + np.asarray(params.half_saturations))
    return squeezed


def interests(state: UserState, now_ms: int, params: EngineParams) -> NDArray[np.void]:
    """The person's interest tags for them to see (INTEREST_DTYPE), strongest first.

    ``instant``, ``mid``, ``long_term`` and ``score`` lie in (-1, 1). A pinned tag scores at least the pinned
    intensity, a blocked tag -1.
    """
    table = state.tags
    squeezed = intensities(table, now_ms, params.state)
    score = squeezed @ np.asarray(params.state.shares)
    pinned = (table.flags & Flag.PINNED) != 0
    blocked = (table.flags & Flag.BLOCKED) != 0
    score = np.where(pinned, np.maximum(score, params.state.pinned_intensity), score)
    score = np.where(blocked, -1.0, score)
    result = np.zeros(len(table), dtype=INTEREST_DTYPE)
    result["tag_id"] = table.keys
    for horizon in Horizon:
        result[horizon.name.lower()] = squeezed[:, horizon]
    result["score"] = score
    result["touched_at_ms"] = table.touched_s.astype(np.int64) * 1000
    result["pinned"], result["blocked"] = pinned, blocked
    return result[np.lexsort((table.keys, -score))]


def pin_tag(state: UserState, tag_id: int) -> None:
    """The person says they want this; unblocks it."""
    state.tags.set_flag(tag_id, Flag.BLOCKED, False)
    state.tags.set_flag(tag_id, Flag.PINNED, True)


def unpin_tag(state: UserState, tag_id: int) -> None:
    state.tags.set_flag(tag_id, Flag.PINNED, False)


def block_tag(state: UserState, tag_id: int) -> None:
    """Nothing with this tag is ever shown again, until unblocked; unpins it."""
    state.tags.set_flag(tag_id, Flag.PINNED, False)
    state.tags.set_flag(tag_id, Flag.BLOCKED, True)


def unblock_tag(state: UserState, tag_id: int) -> None:
    state.tags.set_flag(tag_id, Flag.BLOCKED, False)


def block_creator(state: UserState, creator_id: int) -> None:
    """Nothing of this creator is ever shown again, until unblocked; unfollows them."""
    state.creators.set_flag(creator_id, Flag.FOLLOWED, False)
    state.creators.set_flag(creator_id, Flag.BLOCKED, True)


def unblock_creator(state: UserState, creator_id: int) -> None:
    state.creators.set_flag(creator_id, Flag.BLOCKED, False)


def delete_tag(state: UserState, tag_id: int) -> None:
    """Forget what was learned about this tag and what was set on it. Later behaviour may teach it anew."""
    state.tags.remove(np.array([tag_id], dtype=np.int64))


def set_personalised(state: UserState, on: bool) -> None:
    """Off: nothing personal is used or learned (see ``apply_signals``, ``recommend``); nothing is deleted."""
    state.personalised = on


def merge_states(guest: UserState, person: UserState, now_ms: int, params: EngineParams | None = None) -> UserState:
    """What both knew together; commutative. Personalisation stays off if either had it off."""
    limits = (params or EngineParams()).state
    half_lives = limits.half_lives_ms
    events = EventRing.empty()
    # the same order whichever comes first
    for ring in sorted((guest.events, person.events), key=lambda r: r.at_ms.tobytes()):
        events.add(ring.kind, ring.item_id, ring.value, ring.at_ms, 2 * limits.event_capacity)
    order = np.lexsort((events.value, events.kind, events.item_id, events.at_ms))[-limits.event_capacity :]
    merged = UserState(
        events=EventRing(events.kind[order], events.item_id[order], events.value[order], events.at_ms[order]),
        tags=guest.tags.merged(person.tags, half_lives),
        creators=guest.creators.merged(person.creators, half_lives),
        categories=guest.categories.merged(person.categories, half_lives),
        seen=guest.seen.merged(person.seen, limits.seen_capacity),
        hidden=guest.hidden.merged(person.hidden, limits.hidden_capacity),
        personalised=guest.personalised and person.personalised,
        items_since_commerce=min(guest.items_since_commerce, person.items_since_commerce),
        events_total=guest.events_total + person.events_total,
        price_log_sum=guest.price_log_sum + person.price_log_sum,
        price_weight=guest.price_weight + person.price_weight,
        clusters=guest.clusters.merged(person.clusters, limits.cluster_capacity),
        purchases=guest.purchases.merged(person.purchases, limits.purchase_capacity),
    )
    for table in (merged.tags, merged.creators, merged.categories):
        table.advance(now_ms, half_lives)
    merged.tags.trim(limits.tag_capacity)
    merged.creators.trim(limits.creator_capacity)
    merged.categories.trim(limits.category_capacity)
    return merged
