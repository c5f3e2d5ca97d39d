"""The compiled loop behind ``state.memory``: an event is applied in microseconds, which a dozen numpy calls are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, F64, I32, I64, njit

U64 = NDArray[np.uint64]
U32 = NDArray[np.uint32]
I8 = NDArray[np.int8]
IMPRESSION = 1
DAY_S, DAY_BITS = 86_400, 64


@njit(cache=True, nogil=True)
def join_counts(
    keys: I64,
    liked: F32,
    shown: F32,
    days: U64,
    last_s: U32,
    more_keys: I64,
    more_liked: F32,
    more_shown: F32,
    more_days: U64,
    more_last_s: U32,
) -> tuple[I64, F32, F32, U64, U32]:
    """Two tables by key as one, keys ascending: sums, unions and maxima. ``keys`` ascend; ``more_keys`` need not, nor be unique."""
    order = np.argsort(more_keys, kind="mergesort")
    size = keys.size + more_keys.size
    out_keys, out_last = np.empty(size, np.int64), np.empty(size, np.uint32)
    out_liked, out_shown = np.empty(size, np.float32), np.empty(size, np.float32)
    out_days = np.empty(size, np.uint64)
    i, j, count = 0, 0, 0
    while i < keys.size or j < order.size:
        if j == order.size or (i < keys.size and keys[i] <= more_keys[order[j]]):
            key, a, b, c, d = keys[i], liked[i], shown[i], days[i], last_s[i]
            i += 1
        else:
            place = order[j]
            key, a, b = more_keys[place], more_liked[place], more_shown[place]
            c, d = more_days[place], more_last_s[place]
            j += 1
        if count and out_keys[count - 1] == key:
            out_liked[count - 1] += a
            out_shown[count - 1] += b
            out_days[count - 1] |= c
            out_last[count - 1] = max(out_last[count - 1], d)
        else:
            out_keys[count], out_liked[count], out_shown[count] = key, a, b
            out_days[count], out_last[count] = c, d
            count += 1
    return (
        out_keys[:count].copy(),
        out_liked[:count].copy(),
        out_shown[:count].copy(),
        out_days[:count].copy(),
        out_last[:count].copy(),
    )


@njit(cache=True, nogil=True)
def count_told(
    keys: I64,
    liked: F32,
    shown: F32,
    days: U64,
    last_s: U32,
    more_keys: I64,
    more_liked: F64,
    more_shown: F64,
    at_ms: I64,
) -> tuple[I64, F32, F32, U64, U32]:
    """The table with what events told of their clusters: the day and time of each that was liked, too."""
    size = more_keys.size
    told, seen = np.empty(size, np.float32), np.empty(size, np.float32)
    bits, last = np.zeros(size, np.uint64), np.zeros(size, np.uint32)
    for i in range(size):
        told[i], seen[i] = more_liked[i], more_shown[i]
        if more_liked[i] > 0:
            seconds = at_ms[i] // 1000
            bits[i] = np.uint64(1) << np.uint64(seconds // DAY_S % DAY_BITS)
            last[i] = seconds
    return join_counts(keys, liked, shown, days, last_s, more_keys, told, seen, bits, last)


@njit(cache=True, nogil=True)
def cluster_amounts(
    kind: I8, rows: I32, effects: F64, at_ms: I64, item_cluster: I32, cluster_id: I64
) -> tuple[I64, F64, F64, I64]:
    """(cluster ids, liked, shown, times) of the events that showed an item of a cluster or say something good of it."""
    keys, times = np.empty(kind.size, dtype=np.int64), np.empty(kind.size, dtype=np.int64)
    liked, shown = np.empty(kind.size, dtype=np.float64), np.empty(kind.size, dtype=np.float64)
    count = 0
    for i in range(kind.size):
        seen = kind[i] == IMPRESSION
        if rows[i] < 0 or item_cluster[rows[i]] < 0 or not (seen or effects[i, 0] > 0):
            continue
        keys[count], times[count] = cluster_id[item_cluster[rows[i]]], at_ms[i]
        liked[count], shown[count] = max(effects[i, 0], 0.0), 1.0 if seen else 0.0
        count += 1
    return keys[:count].copy(), liked[:count].copy(), shown[:count].copy(), times[:count].copy()


@njit(cache=True, nogil=True)
def count_events(
    keys: I64,
    liked: F32,
    shown: F32,
    days: U64,
    last_s: U32,
    kind: I8,
    rows: I32,
    effects: F64,
    at_ms: I64,
    item_cluster: I32,
    cluster_id: I64,
) -> tuple[I64, F32, F32, U64, U32]:
    """The table with what ``cluster_amounts`` makes of events."""
    more, told, seen, times = cluster_amounts(kind, rows, effects, at_ms, item_cluster, cluster_id)
    return count_told(keys, liked, shown, days, last_s, more, told, seen, times)
