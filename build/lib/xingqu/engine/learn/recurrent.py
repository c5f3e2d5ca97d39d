"""A recurrent reading of a short session, by numpy: gated recurrence and an attention that asks from the last state.

After NARM (Li et al. 2017) and SR-GNN (Wu et al. 2019), with unit vectors throughout (NISER: Gupta et al. 2019). Weights of the
attention are not normalised: two visits to an item say more than one. ``recurrent_net`` learns it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
INPUT_SCALE = 0.3  # of an item's vector, times the root of its length
# stored (from, to); the recurrence has its reset, update and new parts side by side
RECURRENT_ARRAYS = (
    "inward",
    "inward_bias",
    "again",
    "again_bias",
    "ask",
    "ask_bias",
    "answer",
    "place",
    "weigh",
    "out",
)


def read_session(weights: Mapping[str, F32], units: F32) -> F32:
    """(d,), not of unit length, for the unit vectors (l, d) of at most ``max_len`` items, oldest first."""
    width = units.shape[1]
    items = units * np.float32(INPUT_SCALE * np.sqrt(width))
    told = items @ weights["inward"] + weights["inward_bias"]
    states = np.zeros((items.shape[0] + 1, width), dtype=np.float32)
    for place in range(items.shape[0]):
        before = states[place]
        kept = before @ weights["again"] + weights["again_bias"]
        gates = _sigmoid(told[place, : 2 * width] + kept[: 2 * width])
        new = np.tanh(told[place, 2 * width :] + gates[:width] * kept[2 * width :])
        states[place + 1] = new + gates[width:] * (before - new)
    last = states[-1]
    distance = np.arange(items.shape[0] - 1, -1, -1)
    asked = last @ weights["ask"] + weights["ask_bias"]
    attention = _sigmoid(asked + states[1:] @ weights["answer"] + weights["place"][distance]) @ weights["weigh"]
    result: F32 = np.concatenate([last, attention @ items]) @ weights["out"]
    return result


def _sigmoid(value: F32) -> F32:
    squeezed: F32 = np.float32(1) / (np.float32(1) + np.exp(-value))
    return squeezed
