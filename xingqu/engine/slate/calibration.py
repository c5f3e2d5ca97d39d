"""Calibration: a page in the proportions of a person's interests (Steck, "Calibrated recommendations", RecSys 2018).

Ranking by value alone serves the strongest interest all the time, for each of its items is worth more than any of the second.
Here each position is worth more that brings the page's mix of interests closer to the person's own: what the divergence
``KL(person || page)`` falls by. That gain is submodular, so taking the best position by position is nearly the best page.
The person's mix is their histogram over coarse clusters, which forgets nothing, and to some part what they took to just now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Surface
from xingqu.engine.kernels import F32, F64, I64, njit

if TYPE_CHECKING:
    from xingqu.engine.view import View


@dataclass(frozen=True)
class CalibrationParams:
    weight: float = 0.2  # in deviations of the shortlist's values; 0: off
    evidence: float = 15.0  # strength of all that was liked at which calibration has half its weight
    now_share: float = 0.5  # of the person's mix, that of the latest half hour, where they took to something in it
    now_ms: int = 30 * 60_000
    now_places: float = 3.0  # within it: likes after which an earlier one counts half
    smoothing: float = 0.05  # share of the person's mix in every page, so that a divergence is finite


class Calibration:
    """Adds to the value of what the page lacks. Does nothing without clusters, or for someone not known."""

    def __init__(self, view: View, rows: NDArray[np.int32], value: NDArray[np.float32]) -> None:
        self._params = view.params.calibration
        self._weight = 0.0
        model, profile = view.snapshot.models.clusters, view.clusters
        if model is None or profile is None or self._params.weight <= 0 or view.request.surface != Surface.FOR_YOU:
            return
        self._parent, self._item_cluster = model.parent, model.item_cluster
        self._wanted = self._mix(view)
        liked = float(profile.liked.sum())
        self._weight = (
            self._params.weight * float(value.std() if value.size else 0) * liked / (liked + self._params.evidence)
        )
        self._group = self._groups(rows)
        self._shown = np.zeros(self._wanted.size)
        for row in view.recent_rows:
            self.push(int(row))

    @property
    def works(self) -> bool:
        return self._weight > 0

    def push(self, row: int) -> None:
        """``row`` now stands above."""
        if self._weight:
            cluster = int(self._item_cluster[row])
            if cluster >= 0:
                self._shown[self._parent[cluster]] += 1.0

    def adjust(self, value: NDArray[np.float32]) -> NDArray[np.float32]:
        """``value`` plus what each candidate would take off the divergence, up to what is the same for all."""
        if not self._weight:
            return value
        calibrated: NDArray[np.float32] = with_gains(
            value, self._group, self._wanted, self._shown, self._weight, self._params.smoothing
        )
        return calibrated

    def divergence(self) -> float:
        """KL(person || page) as it stands now."""
        total, smoothing = max(self._shown.sum(), 1.0), self._params.smoothing
        page = (1 - smoothing) * self._shown / total + smoothing * self._wanted
        told = self._wanted > 0
        return float((self._wanted[told] * np.log(self._wanted[told] / page[told])).sum())

    def _groups(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        cluster = self._item_cluster[rows]
        return np.where(cluster >= 0, self._parent[cluster], -1).astype(np.int64)

    def _mix(self, view: View) -> F64:
        """Share of each coarse cluster in what the person took to; 0 throughout for someone who took to nothing."""
        profile, params = view.clusters, self._params
        assert profile is not None
        size = int(self._parent.max(initial=-1)) + 1
        always = np.bincount(self._parent[profile.place], weights=profile.liked, minlength=size)
        rows, strength = view.ring_told
        lately = (rows >= 0) & (strength > 0) & (view.state.events.at_ms >= view.now_ms - params.now_ms)
        group = self._groups(rows[lately])
        # the ring is in the order of time: what was liked last says most about the mood of the moment
        fading = strength[lately] * np.exp2(-np.arange(group.size)[::-1] / params.now_places)
        now = np.bincount(group[group >= 0], weights=fading[group >= 0], minlength=size)
        share = params.now_share if now.sum() > 0 else 0.0
        mix: F64 = (1 - share) * always / max(always.sum(), 1e-12) + share * now / max(now.sum(), 1e-12)
        return mix


@njit(cache=True, nogil=True)
def with_gains(value: F32, group: I64, wanted: F64, shown: F64, weight: float, smoothing: float) -> F32:
    """``value`` plus ``weight`` times what one more of each candidate's ``group`` (-1: none) would take off the divergence."""
    total = 1.0
    for count in shown:
        total += count
    gain = np.zeros(wanted.size, dtype=np.float64)
    for i in range(wanted.size):
        if wanted[i] > 0:
            without = (1 - smoothing) * shown[i] / total + smoothing * wanted[i]
            more = (1 - smoothing) * (shown[i] + 1) / total + smoothing * wanted[i]
            gain[i] = wanted[i] * math.log(more / without)
    result = np.empty(value.size, dtype=np.float32)
    for i in range(value.size):
        result[i] = value[i] + weight * (gain[group[i]] if group[i] >= 0 else 0.0)
    return result
