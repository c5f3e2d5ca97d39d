"""The compiled loops behind ``learn.taste``: what answers say of items, and of a person."""

from __future__ import annotations

import math

import numpy as np

from xingqu.engine.kernels import F32, F64, I64, Bool, njit


@njit(cache=True, nogil=True)
def learn_answers(
    inputs: F32,
    weight_mean: F64,
    weight_covariance: F64,
    own_mean: F32,
    own_variance: F32,
    rows: I64,
    positive: Bool,
    offset: F64,
    offset_variance: F64,
) -> None:
    """One Kalman step an answer, in place, on shared weights and the item's own part. See ``learn.taste``."""
    width = weight_mean.size
    pulled = np.empty(width, dtype=np.float64)
    for n in range(rows.size):
        row = rows[n]
        logit = offset[n] + own_mean[row]
        spread = 0.0
        for a in range(width):
            total = 0.0
            for b in range(width):
                total += weight_covariance[a, b] * inputs[row, b]
            pulled[a] = total
            logit += weight_mean[a] * inputs[row, a]
            spread += total * inputs[row, a]
        rate = 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))
        curvature = rate * (1.0 - rate) + 1e-4
        innovation = 1.0 / (spread + own_variance[row] + offset_variance[n] + 1.0 / curvature)
        step = ((1.0 if positive[n] else 0.0) - rate) / curvature * innovation
        for a in range(width):
            weight_mean[a] += pulled[a] * step
            for b in range(width):
                weight_covariance[a, b] -= pulled[a] * pulled[b] * innovation
        own_mean[row] += own_variance[row] * step
        own_variance[row] -= own_variance[row] * own_variance[row] * innovation


@njit(cache=True, nogil=True)
def _cholesky_inverse(matrix: F64) -> F64:
    """Inverse of a symmetric positive definite matrix."""
    size = matrix.shape[0]
    lower = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            lower[i, j] = math.sqrt(max(total, 1e-12)) if i == j else total / lower[j, j]
    half = np.zeros((size, size))
    for column in range(size):
        for i in range(column, size):
            total = 1.0 if i == column else 0.0
            for k in range(column, i):
                total -= lower[i, k] * half[k, column]
            half[i, column] = total / lower[i, i]
    inverse = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, size):
                total += half[k, i] * half[k, j]
            inverse[i, j] = total
            inverse[j, i] = total
    return inverse


@njit(cache=True, nogil=True)
def person_posterior(vectors: F32, bias: F32, positive: Bool, readiness_precision: float) -> tuple[F64, F64]:
    """Mean (1 + k,) and covariance of readiness and taste after the answers: Newton steps on the logistic posterior.

    Steps are bounded, so that a few answers of one kind can't throw it off.
    """
    count, dim = vectors.shape
    mean = np.zeros(dim + 1)
    direction = np.empty(dim + 1)
    covariance = np.zeros((dim + 1, dim + 1))
    for _turn in range(6):
        gradient = -mean
        gradient[0] *= readiness_precision
        hessian = np.eye(dim + 1)
        hessian[0, 0] = readiness_precision
        for n in range(count):
            direction[0] = 1.0
            logit = bias[n] + mean[0]
            for k in range(dim):
                direction[k + 1] = vectors[n, k]
                logit += mean[k + 1] * direction[k + 1]
            rate = 1.0 / (1.0 + math.exp(-min(max(logit, -30.0), 30.0)))
            miss = (1.0 if positive[n] else 0.0) - rate
            curvature = rate * (1.0 - rate) + 1e-3
            for a in range(dim + 1):
                gradient[a] += miss * direction[a]
                for b in range(a + 1):
                    hessian[a, b] += curvature * direction[a] * direction[b]
        for a in range(dim + 1):
            for b in range(a):
                hessian[b, a] = hessian[a, b]
        covariance = _cholesky_inverse(hessian)
        longest = 0.0
        for a in range(dim + 1):
            step = 0.0
            for b in range(dim + 1):
                step += covariance[a, b] * gradient[b]
            step = min(max(step, -2.0), 2.0)
            direction[a] = step
            longest = max(longest, abs(step))
        for a in range(dim + 1):
            mean[a] += direction[a]
        if longest < 1e-3:
            break
    return mean, covariance
