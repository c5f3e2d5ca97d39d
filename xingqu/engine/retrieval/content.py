"""Content: items whose text is close to what the person liked lately; the way to an item that nobody has met yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import F32, I32, I64, njit
from xingqu.engine.learn.content import SCALE
from xingqu.engine.retrieval.candidates import Candidates, best
from xingqu.engine.view import View

RECENT = 8  # liked items asked from
PROBES = 4  # cells read for each of them
FADING = 0.85  # of what was liked one item earlier
LEAST_COSINE = 0.3
LIKED_STRENGTH = 0.3


def retrieve(view: View, limit: int) -> Candidates:
    """``score`` is the highest cosine to something liked, less for what was liked earlier."""
    model = view.snapshot.models.content
    if model is None or limit <= 0 or not model.centres.shape[0]:
        return Candidates.none()
    liked = np.array([view.seed_row], dtype=np.int32) if view.seed_row >= 0 else liked_lately(view)
    liked = liked[model.item_cell[liked] >= 0][:RECENT]
    if not liked.size:
        return Candidates.none()
    asked = model.vectors[liked].astype(np.float32) / np.float32(SCALE)
    near = np.argsort(-(asked @ model.centres.T), axis=1, kind="stable")[:, :PROBES]
    cells = np.unique(near).astype(np.int32)
    weight = (FADING ** np.arange(liked.size)).astype(np.float32)
    rows, scores = closest_in_cells(
        model.indptr, model.rows, cells, model.vectors, asked * weight[:, None] / np.float32(SCALE), view.eligible.bits
    )
    close = scores >= LEAST_COSINE
    return best(rows[close], scores[close], limit)


def liked_lately(view: View) -> NDArray[np.int32]:
    """Distinct rows of the ring that the person took to, latest first."""
    rows, strength = view.ring_told
    if not view.personalised or not rows.size:
        return np.empty(0, np.int32)
    distinct, group = np.unique(rows, return_inverse=True)
    total = np.bincount(group, weights=strength, minlength=distinct.size)
    last = np.zeros(distinct.size, dtype=np.int64)
    np.maximum.at(last, group, np.where(strength > 0, np.arange(rows.size), 0))
    liked = np.flatnonzero((distinct >= 0) & (total >= LIKED_STRENGTH))
    return distinct[liked[np.argsort(-last[liked], kind="stable")]]


@njit(cache=True, nogil=True)
def closest_in_cells(
    indptr: I64, rows: I32, cells: I32, vectors: NDArray[np.int8], asked: F32, eligible: NDArray[np.uint8]
) -> tuple[I32, F32]:
    """Rows of the cells whose bit is set in ``eligible``, each with its greatest inner product with one of ``asked``."""
    total = 0
    for cell in cells:
        total += indptr[cell + 1] - indptr[cell]
    found, score = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.float32)
    count = 0
    for cell in cells:
        for position in range(indptr[cell], indptr[cell + 1]):
            row = rows[position]
            if not (eligible[row >> 3] >> (row & 7)) & 1:
                continue
            most = np.float32(-1e9)
            for a in range(asked.shape[0]):
                product = np.float32(0)
                for k in range(asked.shape[1]):
                    product += asked[a, k] * vectors[row, k]
                most = max(most, product)
            found[count], score[count] = row, most
            count += 1
    return found[:count].copy(), score[:count].copy()
