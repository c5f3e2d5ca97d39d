"""The few compiled loops. Small, shared between stages, cached on disk; everything else is numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numba import njit as _njit
from numpy.typing import NDArray

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

if TYPE_CHECKING:
    Function = TypeVar("Function", bound=Callable[..., Any])

    def njit(**options: Any) -> Callable[[Function], Function]: ...

else:
    njit = _njit


@njit(cache=True, nogil=True)
def accumulate(
    indptr: I64, columns: I32, weights: F32, keys: I32, key_weights: F32, eligible: Bool, per_key: int
) -> tuple[I32, F32]:
    """Sum ``key_weight * weight`` over the rows of a CSR matrix named by ``keys``.

    At most ``per_key`` entries of each row are read (rows are stored best first). Returns the eligible
    columns that were touched and their sums, in order of first touch.
    """
    sums = np.zeros(eligible.size, dtype=np.float32)
    seen = np.zeros(eligible.size, dtype=np.bool_)
    total = 0
    for k in range(keys.size):
        total += min(per_key, indptr[keys[k] + 1] - indptr[keys[k]])
    touched = np.empty(total, dtype=np.int32)
    count = 0
    for k in range(keys.size):
        start = indptr[keys[k]]
        stop = min(indptr[keys[k] + 1], start + per_key)
        for position in range(start, stop):
            column = columns[position]
            if not eligible[column]:
                continue
            if not seen[column]:
                seen[column] = True
                touched[count] = column
                count += 1
            sums[column] += key_weights[k] * weights[position]
    rows = touched[:count].copy()
    scores = np.empty(count, dtype=np.float32)
    for i in range(count):
        scores[i] = sums[rows[i]]
    return rows, scores


@njit(cache=True, nogil=True)
def take_eligible(order: I32, eligible: Bool, limit: int) -> I32:
    """The first ``limit`` entries of ``order`` that are eligible."""
    taken = np.empty(min(limit, order.size), dtype=np.int32)
    count = 0
    for i in range(order.size):
        if count == taken.size:
            break
        if eligible[order[i]]:
            taken[count] = order[i]
            count += 1
    return taken[:count].copy()


@njit(cache=True, nogil=True)
def match_rows(rows: I32, indptr: I64, columns: I32, weights: F32, dense: F32) -> F32:
    """For each of ``rows``: the inner product of its CSR row with each column of ``dense`` (tags, k)."""
    width = dense.shape[1]
    result = np.zeros((rows.size, width), dtype=np.float32)
    for i in range(rows.size):
        row = rows[i]
        for position in range(indptr[row], indptr[row + 1]):
            for k in range(width):
                result[i, k] += weights[position] * dense[columns[position], k]
    return result


@njit(cache=True, nogil=True)
def gather_rows(rows: I32, indptr: I64, columns: I32, weights: F32) -> tuple[I64, I32, F32]:
    """The CSR rows ``rows`` alone, one after the other in memory: read many times, they stay in the cache."""
    pointer = np.zeros(rows.size + 1, dtype=np.int64)
    for i in range(rows.size):
        pointer[i + 1] = pointer[i] + indptr[rows[i] + 1] - indptr[rows[i]]
    picked = np.empty(pointer[-1], dtype=np.int32)
    values = np.empty(pointer[-1], dtype=np.float32)
    for i in range(rows.size):
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
def none_of(values: I64, taken: I64) -> Bool:
    """Which of ``values`` are not among the few ``taken``."""
    result = np.ones(values.size, dtype=np.bool_)
    for i in range(values.size):
        for k in range(taken.size):
            if values[i] == taken[k]:
                result[i] = False
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
