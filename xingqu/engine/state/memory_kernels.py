"""The compiled loop behind ``state.memory``: an event is applied in microseconds, which a dozen numpy calls are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, I64, njit

U64 = NDArray[np.uint64]
U32 = NDArray[np.uint32]


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
