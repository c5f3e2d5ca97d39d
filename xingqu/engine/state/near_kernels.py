"""The compiled loops behind ``state.near``: reading the lists of an inverted file, and products of scattered rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, I32, I64, U8, njit
from xingqu.engine.prefetch import AHEAD, prefetch

I8 = NDArray[np.int8]
LINE = 16  # numbers of four bytes in a line of memory


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def row_products(vectors: F32, rows: I32, asked: F32) -> F32:
    """Products of the rows' vectors with ``asked``; each by the same additions whatever stands beside it."""
    width = asked.size
    result = np.empty(rows.size, dtype=np.float32)
    for i in range(rows.size):
        if i + AHEAD < rows.size:
            for start in range(0, width, LINE):
                prefetch(vectors, rows[i + AHEAD] * width + start)
        vector = vectors[rows[i]]
        total = np.float32(0)
        for k in range(width):
            total += vector[k] * asked[k]
        result[i] = total
    return result


@njit(cache=True, nogil=True)
def _sink(score: F32, row: I32, size: int) -> None:
    """Puts the first entry of a heap (the lowest score first) where it belongs."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and score[child + 1] < score[child]:
            child += 1
        if score[at] <= score[child]:
            return
        score[at], score[child] = score[child], score[at]
        row[at], row[child] = row[child], row[at]
        at = child


@njit(cache=True, nogil=True)
def _rise(score: F32, row: I32, at: int) -> None:
    """Puts the last entry of a heap where it belongs."""
    while at > 0:
        above = (at - 1) >> 1
        if score[above] <= score[at]:
            return
        score[at], score[above] = score[above], score[at]
        row[at], row[above] = row[above], row[at]
        at = above


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def scan_lists(
    order: I64, indptr: I64, codes: I8, rows: I32, asked: F32, eligible: U8, wanted: int, count: int, budget: int
) -> tuple[I32, F32]:
    """Of the lists in this ``order``, the ``count`` rows whose codes have the highest product with ``asked``; in no order.

    Lists are read until ``budget`` codes were, and on until ``wanted`` rows are found. A row counts whose bit is set in
    ``eligible`` (no bits: every one) and that is not negative.
    """
    best, score = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.float32)
    found, read, width = 0, 0, asked.size
    for turn in range(order.size):
        if read >= budget and found >= wanted:
            break
        first, last = indptr[order[turn]], indptr[order[turn] + 1]
        read += last - first
        if turn + 1 < order.size:
            prefetch(codes, indptr[order[turn + 1]] * width)
        for position in range(first, last):
            code = codes[position]
            total = np.float32(0)
            for k in range(width):
                total += asked[k] * np.float32(code[k])
            if found == count and total <= score[0]:
                continue
            row = rows[position]
            if row < 0 or (eligible.size and not (eligible[row >> 3] >> (row & 7)) & 1):
                continue
            if found < count:
                best[found], score[found] = row, total
                _rise(score, best, found)
                found += 1
            else:
                best[0], score[0] = row, total
                _sink(score, best, count)
    return best[:found].copy(), score[:found].copy()
