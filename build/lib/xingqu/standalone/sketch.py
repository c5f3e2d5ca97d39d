"""Admission by frequency: an id that nobody put gets a row of its own only when it has been met often enough.

A count-min sketch (Cormode and Muthukrishnan 2005) counts in bounded memory; it never counts too little. Counts are halved
when the sketch fills up, so that yesterday's noise doesn't add up to an admission.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


class CountMinSketch:
    """``depth`` rows of ``width`` counters. A count is too high by more than 2 · total / width with probability
    2 ** -depth at most."""

    def __init__(self, width: int, depth: int) -> None:
        self._counts = np.zeros((depth, width), dtype=np.uint32)
        self._rows = np.arange(depth)
        self._total = 0

    def add(self, name: str) -> int:
        """Meet a name; returns how often it was met, this time included (never less)."""
        depth, width = self._counts.shape
        digest = np.frombuffer(blake2b(name.encode(), digest_size=8 * depth).digest(), dtype=np.uint64)
        columns = (digest % np.uint64(width)).astype(np.int64)
        counts = self._counts[self._rows, columns]
        # conservative update: what is larger than the smallest already counts for another name
        count = int(counts.min()) + 1
        self._counts[self._rows, columns] = np.maximum(counts, count)
        self._total += 1
        if self._total >= 2 * width:
            self._counts >>= 1
            self._total //= 2
        return count
