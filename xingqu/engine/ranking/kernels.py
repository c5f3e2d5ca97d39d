"""Loops of the learned ranking. A row's result is computed from that row alone, in the same order whatever stands beside it."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from xingqu.engine.prefetch import prefetch

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

LOGIT_LIMIT = 30.0


@njit(cache=True, nogil=True)
def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(logit, -LOGIT_LIMIT), LOGIT_LIMIT)))


@njit(cache=True, nogil=True)
def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1.0 - 1e-9)
    return math.log(bounded / (1.0 - bounded))


@njit(cache=True, nogil=True)
def linear_logits(features: F32, weights: F32, bias: F32) -> F32:
    """(m, heads): ``features @ weights.T + bias``; minus infinity where the bias is."""
    result = np.empty(bias.shape, dtype=np.float32)
    for i in range(bias.shape[0]):
        for head in range(bias.shape[1]):
            logit = float(bias[i, head])
            if logit != -np.inf:
                for k in range(features.shape[1]):
                    logit += features[i, k] * weights[head, k]
            result[i, head] = logit
    return result


@njit(cache=True, nogil=True)
def to_stages(logits: F32, parent: I64) -> F32:
    """(m, heads): log-odds of each head given its parent has happened; its own log-odds where it has none (-1)."""
    result = np.empty(logits.shape, dtype=np.float32)
    for i in range(logits.shape[0]):
        for head in range(logits.shape[1]):
            logit = float(logits[i, head])
            above = parent[head]
            if above >= 0 and logit != -np.inf:
                share = _logistic(logit) / _logistic(float(logits[i, above]))
                logit = _log_odds(min(max(share, 1e-5), 0.999))
            result[i, head] = logit
    return result


@njit(cache=True, nogil=True)
def mix_experts(
    inputs: F32,
    inward: F32,
    inward_bias: F32,
    gate: F32,
    gate_bias: F32,
    outward: F32,
    outward_bias: F32,
    linear: F32,
) -> F32:
    """(m, heads) corrections: each head's own mixture of shared experts, and a linear part.

    ``inward`` (inputs, experts * width), ``gate`` (inputs, heads * experts), ``outward`` (heads, width), ``linear``
    (inputs, heads).
    """
    rows, count = inputs.shape
    heads, width = outward.shape
    experts = gate.shape[1] // heads
    result = np.empty((rows, heads), dtype=np.float32)
    hidden = np.empty(experts * width, dtype=np.float32)
    gates = np.empty(heads * experts, dtype=np.float32)
    direct = np.empty(heads, dtype=np.float32)
    for i in range(rows):
        hidden[:] = inward_bias
        gates[:] = gate_bias
        direct[:] = outward_bias
        for k in range(count):
            x = inputs[i, k]
            if x == 0.0:
                continue
            for j in range(hidden.size):
                hidden[j] += x * inward[k, j]
            for j in range(gates.size):
                gates[j] += x * gate[k, j]
            for j in range(heads):
                direct[j] += x * linear[k, j]
        for j in range(hidden.size):
            hidden[j] = max(hidden[j], np.float32(0.0))
        for head in range(heads):
            start = head * experts
            highest = gates[start]
            for e in range(1, experts):
                highest = max(highest, gates[start + e])
            total, mixed = 0.0, 0.0
            for e in range(experts):
                weight = math.exp(gates[start + e] - highest)
                said = 0.0
                for j in range(width):
                    said += hidden[e * width + j] * outward[head, j]
                total += weight
                mixed += weight * said
            result[i, head] = direct[head] + mixed / total
    return result


@njit(cache=True, nogil=True)
def chain_logits(stages: F32, parent: I64) -> F32:
    """(m, heads): log-odds over all impressions, from those of each stage: what follows happens only where its parent did."""
    result = np.empty(stages.shape, dtype=np.float32)
    overall = np.empty(stages.shape[1], dtype=np.float64)
    for i in range(stages.shape[0]):
        for head in range(stages.shape[1]):
            if stages[i, head] == -np.inf:
                result[i, head] = -np.inf
                overall[head] = 0.0
                continue
            probability = _logistic(float(stages[i, head]))
            above = parent[head]
            if above >= 0:
                probability *= overall[above]
            overall[head] = probability
            result[i, head] = _log_odds(probability) if above >= 0 else stages[i, head]
    return result


@njit(cache=True, nogil=True)
def calibrate_logits(logits: F32, knots: F32, levels: F32) -> F32:
    """(m, heads): through a monotone broken line a head, given by its corners (heads, k); of slope 1 beyond its ends."""
    result = np.empty(logits.shape, dtype=np.float32)
    last = knots.shape[1] - 1
    for i in range(logits.shape[0]):
        for head in range(logits.shape[1]):
            x = logits[i, head]
            if x == -np.inf:
                result[i, head] = x
            elif x <= knots[head, 0]:
                result[i, head] = levels[head, 0] + (x - knots[head, 0])
            elif x >= knots[head, last]:
                result[i, head] = levels[head, last] + (x - knots[head, last])
            else:
                j = 1
                while knots[head, j] < x:
                    j += 1
                step = knots[head, j] - knots[head, j - 1]
                share = (x - knots[head, j - 1]) / step if step > 0 else np.float32(1.0)
                result[i, head] = levels[head, j - 1] + share * (levels[head, j] - levels[head, j - 1])
    return result


@njit(cache=True, nogil=True)
def add_residuals(logits: F32, residual: F32, heads: I64, parent: I64) -> F32:
    """(m, heads): log-odds with a residual added to ``heads``; what follows a moved head moves with it, in proportion."""
    result = logits.copy()
    count = logits.shape[1]
    own = np.full(count, -1, dtype=np.int64)
    for j in range(heads.size):
        own[heads[j]] = j
    scale = np.empty(count, dtype=np.float64)
    for i in range(logits.shape[0]):
        for head in range(count):
            scale[head] = 1.0
            x = float(logits[i, head])
            if x == -np.inf:
                continue
            before = _logistic(x)
            above = parent[head]
            if above >= 0 and scale[above] != 1.0:
                x = _log_odds(before * scale[above])
            if own[head] >= 0:
                x += residual[i, own[head]]
            result[i, head] = x
            scale[head] = _logistic(x) / before
    return result


@njit(cache=True, nogil=True)
def to_probabilities(logits: F32, floor: float, ceiling: float) -> F32:
    """Within the bounds; 0 where the log-odds are minus infinity."""
    result = np.zeros(logits.shape, dtype=np.float32)
    for i in range(logits.shape[0]):
        for head in range(logits.shape[1]):
            if logits[i, head] != -np.inf:
                result[i, head] = min(max(_logistic(float(logits[i, head])), floor), ceiling)
    return result


MOST_TAGS = 8  # of an item, that have crosses of their own
KEYS_A_ROW = 5 + 2 * MOST_TAGS


@njit(cache=True, nogil=True)
def _slot(kind: int, first: int, second: int, mask: int) -> int:
    mixed = np.uint64(first) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (np.uint64(second) + np.uint64(kind) * np.uint64(1_000_003)) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    return int(mixed & np.uint64(mask))


@njit(cache=True, nogil=True)
def _sign(value: float, threshold: float) -> int:
    if value > threshold:
        return 2
    return 0 if value < -threshold else 1


@njit(cache=True, nogil=True)
def cross_keys(
    rows: I32,
    item_id: I64,
    creator_id: I64,
    category_id: I32,
    tag_indptr: I64,
    tag_ids: I32,
    drawn: F32,
    threshold: float,
    mask: int,
) -> I32:
    """(m, KEYS_A_ROW) hashed crosses of each row, -1 where there is none.

    ``drawn`` (m, 3): how far the person is drawn to the row, at each horizon; its signs are crossed with the item, its
    category and its tags.
    """
    keys = np.full((rows.size, KEYS_A_ROW), -1, dtype=np.int32)
    for i in range(rows.size):
        row = rows[i]
        signs = _sign(drawn[i, 0], threshold) + 3 * _sign(drawn[i, 2], threshold)
        keys[i, 0] = _slot(1, item_id[row], 0, mask)
        keys[i, 1] = _slot(2, creator_id[row], 0, mask)
        keys[i, 2] = _slot(3, category_id[row], 0, mask)
        keys[i, 3] = _slot(4, item_id[row], signs, mask)
        keys[i, 4] = _slot(5, category_id[row], signs, mask)
        links = min(tag_indptr[row + 1] - tag_indptr[row], MOST_TAGS)
        for j in range(links):
            tag = tag_ids[tag_indptr[row] + j]
            keys[i, 5 + 2 * j] = _slot(6, tag, 0, mask)
            keys[i, 6 + 2 * j] = _slot(7, tag, signs, mask)
    return keys


@njit(cache=True, nogil=True)
def sum_crosses(keys: I32, weights: F32) -> F32:
    """(m, heads) sums of the weights (slots, heads) of each row's crosses."""
    result = np.zeros((keys.shape[0], weights.shape[1]), dtype=np.float32)
    for i in range(keys.shape[0]):
        for j in range(keys.shape[1]):
            if keys[i, j] >= 0:
                for head in range(weights.shape[1]):
                    result[i, head] += weights[keys[i, j], head]
    return result


@njit(cache=True, nogil=True)
def learn_crosses(
    keys: I32,
    base: F32,
    labels: Bool,
    told: Bool,
    z: F32,
    n: F32,
    weights: F32,
    rate: float,
    beta: float,
    ridge: float,
    memory: float,
) -> None:
    """One FTRL-proximal step an impression and head, in place; see ``ranking.residual``."""
    for i in range(keys.shape[0]):
        for head in range(base.shape[1]):
            if not told[i, head]:
                continue
            logit = float(base[i, head])
            count = 0
            for j in range(keys.shape[1]):
                if keys[i, j] >= 0:
                    logit += weights[keys[i, j], head]
                    count += 1
            gradient = _logistic(logit) - (1.0 if labels[i, head] else 0.0)
            for j in range(keys.shape[1]):
                slot = keys[i, j]
                if slot < 0:
                    continue
                before = float(n[slot, head])
                after = memory * before + gradient * gradient
                shift = (math.sqrt(after) - math.sqrt(before)) / rate
                z[slot, head] += gradient - shift * weights[slot, head]
                n[slot, head] = after
                weights[slot, head] = -z[slot, head] / ((beta + math.sqrt(after)) / rate + ridge)


@njit(cache=True, nogil=True)
def shares_at(indptr: I64, columns: I32, shares: F32, keys: I32, key_weights: F32, asked: I32) -> F32:
    """What ``kernels.accumulate`` would sum up in the columns ``asked`` (distinct), 0 where it would not come."""
    shift = 28
    while shift > 1 and (1 << (32 - shift)) < 2 * asked.size:
        shift -= 1
    wrap = (1 << (32 - shift)) - 1
    slots = np.full(wrap + 1, -1, dtype=np.int32)
    for i in range(asked.size):
        slot = ((np.uint64(asked[i]) * np.uint64(2654435769)) & np.uint64(0xFFFFFFFF)) >> np.uint64(shift)
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & np.uint64(wrap)
        slots[slot] = i
    sums = np.zeros(asked.size, dtype=np.float32)
    for k in range(keys.size):
        if k + 1 < keys.size:
            prefetch(columns, indptr[keys[k + 1]])
            prefetch(shares, indptr[keys[k + 1]])
        for position in range(indptr[keys[k]], indptr[keys[k] + 1]):
            column = columns[position]
            slot = ((np.uint64(column) * np.uint64(2654435769)) & np.uint64(0xFFFFFFFF)) >> np.uint64(shift)
            while slots[slot] >= 0 and asked[slots[slot]] != column:
                slot = (slot + np.uint64(1)) & np.uint64(wrap)
            if slots[slot] >= 0:
                sums[slots[slot]] += key_weights[k] * shares[position]
    return sums


@njit(cache=True, nogil=True)
def tag_profile(rows: I32, weight: F32, indptr: I64, tags: I32, vectors: F32, size: int) -> F32:
    """(size,) the weighted sum of the tag vectors of ``rows``."""
    profile = np.zeros(size, dtype=np.float32)
    for i in range(rows.size):
        for link in range(indptr[rows[i]], indptr[rows[i] + 1]):
            profile[tags[link]] += weight[i] * vectors[link]
    return profile
