"""The compiled loops behind ``apply_signals``: what a batch of events says, and the tables it goes into.

A person's tables are a few hundred entries and a batch a few events, so that numpy's price of a call was nine tenths of the
price of an event. Each loop here does what some lines of numpy would, in the same order of additions.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, F64, I32, I64, U8, Bool, njit

I8 = NDArray[np.int8]
U32 = NDArray[np.uint32]
PICTURE_POST = 1
COMPLETION, DWELL, SKIP = 3, 2, 4
IMPRESSION, FOLLOW, UNFOLLOW, NOT_INTERESTED, ORDER, SEARCH = 1, 9, 10, 15, 16, 18
HAS_REFUSAL, HAS_FOLLOW, HAS_PRICED, HAS_ORDER = 1, 2, 4, 8  # see ``lay_out``
# columns of ``SignalParams.grading``
QUANTITY_MAXIMUM, REPLAY_BONUS, PICTURE_MS, UNKNOWN_MS = 0, 1, 2, 3
QUICK_SHARE, QUICK_CEILING_MS, QUICK_FLOOR_MS, DWELL_MAXIMUM = 4, 5, 6, 7
DWELL_NEGATIVE, DWELL_POSITIVE, SKIP_NEGATIVE = 8, 9, 10


@njit(cache=True, nogil=True)
def grade_look(dwell_ms: float, duration_ms: float, is_picture: bool, numbers: F64) -> float:
    """One look; see ``signals.grade_dwell``."""
    nominal = numbers[PICTURE_MS] if is_picture else duration_ms
    if nominal <= 0:
        nominal = numbers[UNKNOWN_MS]
    threshold = min(nominal * numbers[QUICK_SHARE], numbers[QUICK_CEILING_MS])
    threshold = max(threshold, min(numbers[QUICK_FLOOR_MS], nominal * 0.8))
    if dwell_ms < threshold:
        return float(min(dwell_ms / threshold - 1.0, numbers[DWELL_MAXIMUM]))
    positive = min((dwell_ms - threshold) / max(nominal - threshold, 1.0), 1.0)
    replay = numbers[REPLAY_BONUS] * math.log2(max(dwell_ms / nominal, 1.0))
    return float(min(positive + replay, numbers[DWELL_MAXIMUM]))


@njit(cache=True, nogil=True)
def grade_events(
    kind: I8, value: F32, rows: I32, duration_ms: I32, item_kind: I8, strengths: F64, quantities: Bool, numbers: F64
) -> F64:
    """Signed strength of each event; see ``signals.grade_signals``."""
    result = np.empty(kind.size, dtype=np.float64)
    for i in range(kind.size):
        code = kind[i]
        strength = strengths[code]
        if quantities[code]:
            units = max(float(value[i]), 1.0)
            strength *= min(1.0 + math.log2(units), numbers[QUANTITY_MAXIMUM])
        elif code == COMPLETION:
            plays = min(max(float(value[i]), 1.0), 8.0)
            strength *= 1.0 + numbers[REPLAY_BONUS] * math.log2(plays)
        elif code in (DWELL, SKIP) and duration_ms.size:
            row = max(rows[i], 0)
            grade = grade_look(float(value[i]), float(duration_ms[row]), item_kind[row] == PICTURE_POST, numbers)
            if code == SKIP:
                # a swipe says "enough": early it is a refusal, late it is nothing
                strength = min(grade, 0.0) * numbers[SKIP_NEGATIVE]
            else:
                strength = grade * (numbers[DWELL_NEGATIVE] if grade < 0 else numbers[DWELL_POSITIVE])
        result[i] = strength
    return result


@njit(cache=True, nogil=True)
def effects_of(kind: I8, value: F32, strength: F64, refusals: F64) -> F64:
    """(m, 3): what each event does to tags, creator and category. ``refusals``: the same by reason, (reasons, 3)."""
    result = np.empty((kind.size, 3), dtype=np.float64)
    for i in range(kind.size):
        result[i, :] = strength[i]
        if kind[i] == NOT_INTERESTED:
            reason = int(value[i])
            result[i, :] = refusals[reason if reason < refusals.shape[0] else 0]
        elif kind[i] in (FOLLOW, UNFOLLOW):
            # following says who, not what
            result[i, 0] *= 0.3
            result[i, 2] = 0.0
    return result


@njit(cache=True, nogil=True)
def what_events_say(
    kind: I8,
    value: F32,
    rows: I32,
    duration_ms: I32,
    item_kind: I8,
    strengths: F64,
    quantities: Bool,
    numbers: F64,
    refusals: F64,
) -> tuple[F64, bool]:
    """(``effects_of`` the events as ``grade_events`` grades them, whether any says something of a tag, creator or category)."""
    graded = grade_events(kind, value, rows, duration_ms, item_kind, strengths, quantities, numbers)
    effects = effects_of(kind, value, graded, refusals)
    for i in range(kind.size):
        if kind[i] == SEARCH or effects[i, 0] != 0 or effects[i, 1] != 0 or effects[i, 2] != 0:
            return effects, True
    return effects, False


@njit(cache=True, nogil=True)
def tag_amounts(
    kind: I8,
    rows: I32,
    tag_id: I32,
    at_ms: I64,
    effects: F64,
    gains: F64,
    tag_indptr: I64,
    tag_ids: I32,
    tag_shares: F32,
) -> tuple[I64, F64, I64]:
    """(keys, amounts (k, 3), times): every tag of every event's item, then the tags that were searched for."""
    count = 0
    for i in range(kind.size):
        if rows[i] >= 0 and effects[i, 0] != 0:
            count += tag_indptr[rows[i] + 1] - tag_indptr[rows[i]]
        if kind[i] == SEARCH and tag_id[i] >= 0:
            count += 1
    keys, times = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    amounts = np.empty((count, gains.shape[1]), dtype=np.float64)
    at = 0
    for i in range(kind.size):
        if rows[i] >= 0 and effects[i, 0] != 0:
            for link in range(tag_indptr[rows[i]], tag_indptr[rows[i] + 1]):
                keys[at], times[at] = tag_ids[link], at_ms[i]
                amounts[at] = effects[i, 0] * tag_shares[link] * gains[kind[i]]
                at += 1
    for i in range(kind.size):
        if kind[i] == SEARCH and tag_id[i] >= 0:
            keys[at], times[at] = tag_id[i], at_ms[i]
            amounts[at] = effects[i, 0] * gains[kind[i]]
            at += 1
    return keys, amounts, times


@njit(cache=True, nogil=True)
def plain_amounts(
    keys: I64, rows: I32, kind: I8, at_ms: I64, effects: F64, part: int, gains: F64
) -> tuple[I64, F64, I64]:
    """(keys, amounts (k, 3), times) of the events that say something of their key: column ``part`` of ``effects``.

    Creators (part 1) count with a number above 0, categories (part 2) with a known item.
    """
    kept, times = np.empty(keys.size, dtype=np.int64), np.empty(keys.size, dtype=np.int64)
    amounts = np.empty((keys.size, gains.shape[1]), dtype=np.float64)
    count = 0
    for i in range(keys.size):
        if (keys[i] > 0 if part == 1 else rows[i] >= 0) and effects[i, part] != 0:
            kept[count], times[count] = keys[i], at_ms[i]
            amounts[count] = effects[i, part] * gains[kind[i]]
            count += 1
    return kept[:count].copy(), amounts[:count].copy(), times[:count].copy()


@njit(cache=True, nogil=True)
def lay_out(
    kind: I8, item_id: I64, creator_id: I64, rows: I32, of_creator: I64, of_category: I32, priced: Bool
) -> tuple[Bool, I64, I64, int]:
    """(which events met an item, creators, categories, what kinds of events there are: bits of ``HAS_``).

    A creator given with an event is used where its item is not known; 0 where there is none.
    """
    met = np.empty(kind.size, dtype=np.bool_)
    creators, categories = np.zeros(kind.size, dtype=np.int64), np.zeros(kind.size, dtype=np.int64)
    has = 0
    for i in range(kind.size):
        met[i] = item_id[i] > 0 and kind[i] != SEARCH
        creators[i] = creator_id[i]
        if rows[i] >= 0:
            creators[i], categories[i] = of_creator[rows[i]], of_category[rows[i]]
            if kind[i] == ORDER:
                has |= HAS_ORDER
            if priced[kind[i]]:
                has |= HAS_PRICED
        if kind[i] == NOT_INTERESTED and item_id[i] > 0:
            has |= HAS_REFUSAL
        if kind[i] in (FOLLOW, UNFOLLOW):
            has |= HAS_FOLLOW
    return met, creators, categories, has


@njit(cache=True, nogil=True)
def place_of(keys: I64, key: int) -> int:
    """Where ``key`` stands, or belongs, in ascending ``keys``."""
    low, high = 0, keys.size
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def join_keys(keys: I64, more: I64) -> tuple[I64, I64]:
    """(both together, ascending and distinct; where each of ``keys`` went)."""
    missing = np.empty(more.size, dtype=np.int64)
    count = 0
    for i in range(more.size):
        place = place_of(keys, more[i])
        if place == keys.size or keys[place] != more[i]:
            missing[count] = more[i]
            count += 1
    missing = np.sort(missing[:count])
    joined = np.empty(keys.size + count, dtype=np.int64)
    moved = np.empty(keys.size, dtype=np.int64)
    i, j, size = 0, 0, 0
    while i < keys.size or j < count:
        if j == count or (i < keys.size and keys[i] < missing[j]):
            joined[size] = keys[i]
            moved[i] = size
            i += 1
            size += 1
        else:
            if size == 0 or joined[size - 1] != missing[j]:
                joined[size] = missing[j]
                size += 1
            j += 1
    return joined[:size].copy(), moved


@njit(cache=True, nogil=True)
def decay_weights(weights: F32, elapsed_ms: int, half_lives_ms: F64, vanished: float) -> F32:
    """(k, horizons) after so long; what is smaller than ``vanished`` is 0."""
    result = np.empty_like(weights)
    for horizon in range(weights.shape[1]):
        factor = 2.0 ** (-elapsed_ms / half_lives_ms[horizon])
        for i in range(weights.shape[0]):
            weight = weights[i, horizon] * factor
            result[i, horizon] = weight if abs(weight) >= vanished else 0.0
    return result


@njit(cache=True, nogil=True)
def add_weights(
    keys: I64,
    weights: F32,
    touched_s: U32,
    flags: U8,
    more_keys: I64,
    amounts: F64,
    at_ms: I64,
    as_of_ms: int,
    half_lives_ms: F64,
) -> tuple[I64, F32, U32, U8]:
    """The table with ``amounts`` of ``at_ms`` added, as of ``as_of_ms`` (its own and not before any event's time)."""
    joined, moved = join_keys(keys, more_keys)
    width = weights.shape[1]
    sums = np.zeros((joined.size, width), dtype=np.float64)
    out_touched, out_flags = np.zeros(joined.size, dtype=np.uint32), np.zeros(joined.size, dtype=np.uint8)
    for i in range(keys.size):
        out_touched[moved[i]], out_flags[moved[i]] = touched_s[i], flags[i]
        for horizon in range(width):
            sums[moved[i], horizon] = weights[i, horizon]
    faded = np.empty(width, dtype=np.float64)
    for i in range(more_keys.size):
        if i == 0 or at_ms[i] != at_ms[i - 1]:
            for horizon in range(width):
                faded[horizon] = 2.0 ** (-(as_of_ms - at_ms[i]) / half_lives_ms[horizon])
        place = place_of(joined, more_keys[i])
        for horizon in range(width):
            sums[place, horizon] += amounts[i, horizon] * faded[horizon]
        out_touched[place] = max(out_touched[place], np.uint32(at_ms[i] // 1000))
    return joined, sums.astype(np.float32), out_touched, out_flags


@njit(cache=True, nogil=True)
def keep_strongest(keys: I64, weights: F32, touched_s: U32, flags: U8, capacity: int) -> tuple[I64, F32, U32, U8]:
    """The table without its faintest entries beyond ``capacity``, of equals the first; a flagged entry stays longest."""
    size, excess = keys.size, keys.size - capacity
    strength = np.empty(size, dtype=np.float64)
    for i in range(size):
        strength[i] = np.inf if flags[i] else 0.0
        if not flags[i]:
            for horizon in range(weights.shape[1]):
                strength[i] = max(strength[i], abs(weights[i, horizon]))
    limit = np.partition(strength, excess - 1)[excess - 1]
    equals = excess
    for i in range(size):
        if strength[i] < limit:
            equals -= 1
    kept = np.empty(capacity, dtype=np.int64)
    count = 0
    for i in range(size):
        if strength[i] == limit and equals > 0:
            equals -= 1
        elif strength[i] >= limit:
            kept[count] = i
            count += 1
    kept = kept[:count]
    return keys[kept], weights[kept], touched_s[kept], flags[kept]


@njit(cache=True, nogil=True)
def meet_ids(ids: I64, at_s: U32, more: I64, at_ms: I64, capacity: int) -> tuple[I64, U32]:
    """The set with ``more`` met at ``at_ms``; beyond ``capacity`` the oldest leave, of equals the lowest id first."""
    joined, moved = join_keys(ids, more)
    latest = np.zeros(joined.size, dtype=np.uint32)
    for i in range(ids.size):
        latest[moved[i]] = at_s[i]
    for i in range(more.size):
        place = place_of(joined, more[i])
        latest[place] = max(latest[place], np.uint32(at_ms[i] // 1000))
    excess = joined.size - capacity
    if excess <= 0:
        return joined, latest
    limit = np.partition(latest, excess - 1)[excess - 1]
    equals = excess
    for i in range(joined.size):
        if latest[i] < limit:
            equals -= 1
    count = 0
    for i in range(joined.size):
        if latest[i] == limit and equals > 0:
            equals -= 1
        elif latest[i] >= limit:
            joined[count], latest[count] = joined[i], latest[i]
            count += 1
    return joined[:count].copy(), latest[:count].copy()


@njit(cache=True, nogil=True)
def extend_ring(
    kind: I8,
    item_id: I64,
    value: F32,
    at_ms: I64,
    more_kind: I8,
    more_item_id: I64,
    more_value: F32,
    more_at_ms: I64,
    capacity: int,
) -> tuple[I8, I64, F32, I64, bool]:
    """The last ``capacity`` of both together, and whether they stand in the order of time."""
    ordered = True
    for i in range(1, more_at_ms.size):
        ordered &= more_at_ms[i - 1] <= more_at_ms[i]
    if at_ms.size and more_at_ms.size:
        ordered &= at_ms[-1] <= more_at_ms[0]
    size = kind.size + more_kind.size
    # out of order all are needed, to be sorted
    start = max(0, size - capacity) if ordered else 0
    kinds, ids = np.empty(size - start, dtype=np.int8), np.empty(size - start, dtype=np.int64)
    values, times = np.empty(size - start, dtype=np.float32), np.empty(size - start, dtype=np.int64)
    for i in range(start, size):
        j = i - kind.size
        if j < 0:
            kinds[i - start], ids[i - start] = kind[i], item_id[i]
            values[i - start], times[i - start] = value[i], at_ms[i]
        else:
            kinds[i - start], ids[i - start] = more_kind[j], more_item_id[j]
            values[i - start], times[i - start] = more_value[j], more_at_ms[j]
    return kinds, ids, values, times, ordered


@njit(cache=True, nogil=True)
def since_commerce(kind: I8, rows: I32, at_ms: I64, product_id: I64, before: int, limit: int) -> int:
    """How many items without a product were shown since the last one with, after these events; at most ``limit``."""
    shown = np.empty(kind.size, dtype=np.int64)
    count = 0
    for i in range(kind.size):
        if kind[i] == IMPRESSION and rows[i] >= 0:
            shown[count] = i
            count += 1
    for i in range(1, count):
        # nearly always in order already
        moving, j = shown[i], i
        while j > 0 and at_ms[shown[j - 1]] > at_ms[moving]:
            shown[j] = shown[j - 1]
            j -= 1
        shown[j] = moving
    since = before
    for i in range(count):
        since = 0 if product_id[rows[shown[i]]] != 0 else since + 1
    return min(since, limit) if count else before
