"""Value of an impression: the sum of weight times probability over the outcomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head
from xingqu.engine.params import ValueParams


def value_of(predictions: NDArray[np.float32], params: ValueParams) -> NDArray[np.float32]:
    """(m,) in units of one watch, from (m, len(Head)) probabilities."""
    value = np.zeros(predictions.shape[0], dtype=np.float32)
    for head in Head:
        value += np.float32(params.weight[head]) * predictions[:, head]
    return value
