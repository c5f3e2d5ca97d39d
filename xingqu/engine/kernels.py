"""The few compiled loops. Small, shared between stages, cached on disk; everything else is numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numba import njit as _njit
from numpy.typing import NDArray

from xingqu.engine.prefetch import AHEAD, prefetch

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]

if TYPE_CHECKING:
    Function = TypeVar("Function", bound=Callable[..., Any])

    def njit(**options: Any) -> Callable[[Function], Function]: ...

else:
    njit = _njit


@njit(cache=True, nogil=True)
def set_bits(bits: U8, rows: I32) -> int:
    """Set the bits of ``rows``, in place; returns how many were not set. Negative rows are none."""
    count = 0
    for row in rows:
        if row >= 0:
            byte, bit = row >> 3, np.uint8(1 << (row & 7))
            if not bits[byte] & bit:
                bits[byte] |= bit
                count += 1
    return count


@njit(cache=True, nogil=True)
def clear_bits(bits: U8, rows: I32) -> int:
    """Clear the bits of ``rows``, in place; returns how many were set. Negative rows are none."""
    count = 0
    for row in rows:
        if row >= 0:
            byte, bit = row >> 3, np.uint8(1 << (row & 7))
            if bits[byte] & bit:
                bits[byte] ^= bit
                count += 1
    return count


@njit(cache=True, nogil=True)
def read_bits(bits: U8, rows: I32) -> Bool:
    """Which of ``rows`` are set."""
    result = np.empty(rows.size, dtype=np.bool_)
    for i in range(rows.size):
        result[i] = (bits[rows[i] >> 3] >> (rows[i] & 7)) & 1
    return result


class HasBits(Protocol):
    """A set of rows as ``row_set.RowSet`` keeps it."""

    bits: U8


def accumulate(
    indptr: I64,
    columns: I32,
    weights: F32,
    keys: I32,
    key_weights: F32,
    eligible: HasBits | Bool | None,
    per_key: int,
) -> tuple[I32, F32]:
    """Sum ``key_weight * weight`` over the rows of a CSR matrix named by ``keys``.

    At most ``per_key`` entries of each row are read (rows are stored best first). Returns the columns that were
    touched and are ``eligible`` (None: all are), and their sums, in order of first touch.
    """
    if eligible is None:
        bits = np.empty(0, dtype=np.uint8)
    elif isinstance(eligible, np.ndarray):
        bits = np.packbits(eligible, bitorder="little")
    else:
        bits = eligible.bits
    found: tuple[I32, F32] = accumulate_bits(indptr, columns, weights, keys, key_weights, bits, per_key)
    return found


@njit(cache=True, nogil=True)
def accumulate_bits(
    indptr: I64, columns: I32, weights: F32, keys: I32, key_weights: F32, eligible: U8, per_key: int
) -> tuple[I32, F32]:
    """See ``accumulate``; no bits at all: every column is eligible.

    Where each touched column's sum stands is kept in a hash table, so that neither time nor memory depend on the number
    of columns.
    """
    total = 0
    for k in range(keys.size):
        total += min(per_key, indptr[keys[k] + 1] - indptr[keys[k]])
    shift = 28
    while shift > 1 and (1 << (32 - shift)) < 2 * total:
        shift -= 1
    wrap = (1 << (32 - shift)) - 1
    slots = np.full(wrap + 1, -1, dtype=np.int32)
    touched = np.empty(total, dtype=np.int32)
    sums = np.empty(total, dtype=np.float32)
    count = 0
    for k in range(keys.size):
        start = indptr[keys[k]]
        stop = min(indptr[keys[k] + 1], start + per_key)
        for position in range(start, stop):
            column = columns[position]
            if eligible.size and not (eligible[column >> 3] >> (column & 7)) & 1:
                continue
            slot = ((np.uint64(column) * np.uint64(2654435769)) & np.uint64(0xFFFFFFFF)) >> np.uint64(shift)
            place = slots[slot]
            while place >= 0 and touched[place] != column:
                slot = (slot + np.uint64(1)) & np.uint64(wrap)
                place = slots[slot]
            if place < 0:
                place = count
                slots[slot] = count
                touched[count] = column
                sums[count] = 0.0
                count += 1
            sums[place] += key_weights[k] * weights[position]
    return touched[:count].copy(), sums[:count].copy()


@njit(cache=True, nogil=True)
def take_eligible(order: I32, eligible: U8, limit: int) -> I32:
    """The first ``limit`` entries of ``order`` whose bit is set in ``eligible``."""
    taken = np.empty(min(limit, order.size), dtype=np.int32)
    count = 0
    for i in range(order.size):
        if count == taken.size:
            break
        if (eligible[order[i] >> 3] >> (order[i] & 7)) & 1:
            taken[count] = order[i]
            count += 1
    return taken[:count].copy()


@njit(cache=True, nogil=True)
def find_rows(sorted_ids: I64, starts: I32, shift: int, wanted: I64) -> I32:
    """Place of each of ``wanted`` in ``sorted_ids``, -1 where it is not there; ``starts`` as ``index.id_table`` makes it."""
    rows = np.full(wanted.size, -1, dtype=np.int32)
    if not sorted_ids.size:
        return rows
    first, last = sorted_ids[0], sorted_ids[-1]
    for i in range(wanted.size):
        if first <= wanted[i] <= last:
            prefetch(starts, (wanted[i] - first) >> shift)
    for i in range(wanted.size):
        ahead = i + AHEAD
        if ahead < wanted.size and first <= wanted[ahead] <= last:
            prefetch(sorted_ids, starts[(wanted[ahead] - first) >> shift])
        if wanted[i] < first or wanted[i] > last:
            continue
        stretch = (wanted[i] - first) >> shift
        low, high = starts[stretch], starts[stretch + 1]
        while low < high:
            middle = (low + high) >> 1
            if sorted_ids[middle] < wanted[i]:
                low = middle + 1
            else:
                high = middle
        if low < sorted_ids.size and sorted_ids[low] == wanted[i]:
            rows[i] = low
    return rows


@njit(cache=True, nogil=True)
def _ask_ahead(rows: I32, i: int, indptr: I64, columns: I32, weights: F32) -> None:
    """Asks memory for CSR rows that a loop over ``rows``, now at ``i``, will come to."""
    if i + 2 * AHEAD < rows.size:
        prefetch(indptr, rows[i + 2 * AHEAD])
    if i + AHEAD < rows.size:
        start = indptr[rows[i + AHEAD]]
        # two lines of memory, for a row hardly ever begins with one
        prefetch(columns, start)
        prefetch(columns, start + 8)
        prefetch(weights, start)
        prefetch(weights, start + 8)


@njit(cache=True, nogil=True)
def match_rows(rows: I32, indptr: I64, columns: I32, weights: F32, dense: F32) -> F32:
    """For each of ``rows``: the inner product of its CSR row with each column of ``dense`` (tags, k)."""
    width = dense.shape[1]
    result = np.zeros((rows.size, width), dtype=np.float32)
    for i in range(min(2 * AHEAD, rows.size)):
        prefetch(indptr, rows[i])
    for i in range(rows.size):
        _ask_ahead(rows, i, indptr, columns, weights)
        row = rows[i]
        for position in range(indptr[row], indptr[row + 1]):
            for k in range(width):
                result[i, k] += weights[position] * dense[columns[position], k]
    return result


@njit(cache=True, nogil=True)
def sum_rows(rows: I64, places: I64, vectors: F32, size: int) -> F32:
    """(size, d): for each row the sum of the ``vectors`` that stand at its ``places``, without laying them out first."""
    sums = np.zeros((size, vectors.shape[1]), dtype=np.float32)
    for link in range(rows.size):
        for k in range(vectors.shape[1]):
            sums[rows[link], k] += vectors[places[link], k]
    return sums


@njit(cache=True, nogil=True)
def gather_rows(rows: I32, indptr: I64, columns: I32, weights: F32) -> tuple[I64, I32, F32]:
    """The CSR rows ``rows`` alone, one after the other in memory: read many times, they stay in the cache."""
    pointer = np.zeros(rows.size + 1, dtype=np.int64)
    for i in range(rows.size):
        prefetch(indptr, rows[i])
    for i in range(rows.size):
        pointer[i + 1] = pointer[i] + indptr[rows[i] + 1] - indptr[rows[i]]
    picked = np.empty(pointer[-1], dtype=np.int32)
    values = np.empty(pointer[-1], dtype=np.float32)
    for i in range(rows.size):
        _ask_ahead(rows, i, indptr, columns, weights)
        start = indptr[rows[i]]
        for k in range(pointer[i + 1] - pointer[i]):
            picked[pointer[i] + k] = columns[start + k]
            values[pointer[i] + k] = weights[start + k]
    return pointer, picked, values


@njit(cache=True, nogil=True)
def similarity_discounts(
    indptr: I64,
    columns: I32,
    weights: F32,
    groups: I32,
    dense: F32,
    group: int,
    same_group: float,
    penalty: float,
) -> F32:
    """``1 - penalty * similarity`` of each CSR row to ``dense``.

    The similarity is the inner product, plus ``same_group`` for the rows of ``group``; at most 1.
    """
    result = np.empty(groups.size, dtype=np.float32)
    for i in range(groups.size):
        total = same_group if groups[i] == group else 0.0
        for position in range(indptr[i], indptr[i + 1]):
            total += weights[position] * dense[columns[position]]
        result[i] = 1.0 - penalty * min(total, 1.0)
    return result


@njit(cache=True, nogil=True)
def logistic_heads(features: F32, weights: F32, bias: F32, floor: float, ceiling: float) -> F32:
    """``1 / (1 + exp(-(features @ weights.T + bias)))`` within the bounds; 0 where the bias is minus infinity."""
    result = np.zeros(bias.shape, dtype=np.float32)
    for i in range(bias.shape[0]):
        for head in range(bias.shape[1]):
            logit = float(bias[i, head])
            if logit == -np.inf:
                continue
            for k in range(features.shape[1]):
                logit += features[i, k] * weights[head, k]
            probability = 1.0 / (1.0 + math.exp(-min(max(logit, -60.0), 60.0)))
            result[i, head] = min(max(probability, floor), ceiling)
    return result


@njit(cache=True, nogil=True)
def all_odds(vectors: F32, bias: F32, taste: F32) -> F32:
    """``bias + vectors . taste`` of every row. In one thread: a library that wakes others for it waits for them."""
    result = np.empty(bias.size, dtype=np.float32)
    for i in range(bias.size):
        total = bias[i]
        for k in range(taste.size):
            total += vectors[i, k] * taste[k]
        result[i] = total
    return result


@njit(cache=True, nogil=True)
def taste_odds(vectors: F32, rows: I32, taste: F32, readiness: float) -> F32:
    """``readiness + vectors[row] . taste``, each row summed on its own."""
    result = np.empty(rows.size, dtype=np.float32)
    for i in range(rows.size):
        if i + AHEAD < rows.size:
            prefetch(vectors, rows[i + AHEAD] * taste.size)
        total = readiness
        for k in range(taste.size):
            total += vectors[rows[i], k] * taste[k]
        result[i] = total
    return result
