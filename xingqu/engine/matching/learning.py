"""What the site's own figures say about how far products differ: how soon a product's own sales are believed.

A site where everything sells alike draws every product to the mean; one where products differ believes their own figures early.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from xingqu.engine.matching.params import FitParams

EVENTS_LEAST: Final = 100  # orders, before anything is said about how far products differ
PRIOR_BOUNDS: Final = (10.0, 100_000.0)


def learn_prior_views(views: ArrayLike, orders: ArrayLike, params: FitParams | None = None) -> float:
    """Views after which a product's own rate counts half: the mean rate by the variance of true rates.

    Moments of the Poisson-Gamma model (Clayton and Kaldor 1987, Biometrics 43). The parameters' own number while fewer than
    a hundred orders are known.
    """
    settings = params or FitParams()
    seen, sold = np.asarray(views, np.float64), np.asarray(orders, np.float64)
    seen, sold = seen[seen > 0], sold[seen > 0]
    if seen.size < 2 or sold.sum() < EVENTS_LEAST:
        return settings.prior_views
    mean = float(sold.sum() / seen.sum())
    spread = float((seen * (sold / seen - mean) ** 2).sum()) - (seen.size - 1) * mean
    variance = spread / float(seen.sum() - (seen**2).sum() / seen.sum())
    return float(np.clip(mean / variance, *PRIOR_BOUNDS)) if variance > 0 else PRIOR_BOUNDS[1]
