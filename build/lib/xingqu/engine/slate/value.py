"""Value of an impression: the sum of weight times probability over the outcomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head
from xingqu.engine.params import ValueParams
from xingqu.engine.view import View


def value_of(predictions: NDArray[np.float32], params: ValueParams) -> NDArray[np.float32]:
    """(m,) in units of one watch, from (m, len(Head)) probabilities."""
    value = np.zeros(predictions.shape[0], dtype=np.float32)
    for head in Head:
        value += np.float32(params.weight[head]) * predictions[:, head]
    return value


def worth_of(view: View, rows: NDArray[np.int32], value: NDArray[np.float32]) -> NDArray[np.float32]:
    """(m,) what showing each row is worth to the house: ``value``, the bonus of the long tail, less the exposure's price.

    The price is the dual variable of a bound on the Gini coefficient of exposure: what one more look at an item adds to
    that coefficient is linear in the item's rank by exposure. Raising it traces the frontier of good outcomes against
    spread, and a little of it pays for itself, as it tries what is little known. Without a taste model, which counts
    exposures, or with both at 0, it is the value.
    """
    params, model = view.params.value, view.snapshot.models.taste
    if model is None or (params.exposure_price == 0.0 and params.tail_bonus == 0.0):
        return value
    worth = value
    if params.tail_bonus:
        above = (model.bias[rows] - np.float32(model.well_liked)) / np.float32(params.tail_softness)
        tail = np.float32(1) / (np.float32(1) + np.exp(np.minimum(above, np.float32(60))))
        worth = worth + np.float32(params.tail_bonus) * tail * np.maximum(value, np.float32(0))
    if params.exposure_price:
        worth = worth - np.float32(params.exposure_price) * model.crowding[rows]
    priced: NDArray[np.float32] = worth.astype(np.float32)
    return priced
