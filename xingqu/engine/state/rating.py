"""What buyers say of a product, as a bounded factor of what its items are worth.

A few stars say little of a product, many say much, so its mean is drawn towards the mean of the site by Bühlmann's
credibility (1967), the Bayesian estimate that best of all linear ones predicts the next review: with ``n`` reviews of mean
``s`` and a site's mean ``m`` it is ``m + n / (n + k) * (s - m)``, where ``k`` (``prior_reviews``) is the variance of stars
within a product over the variance of the products' own means. Items carry the distance to ``m``: 0 is a product like the
others, or one that nobody has reviewed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class RatingParams:
    """``gain_per_star`` 0 leaves reviews out of the ranking."""

    prior_reviews: float = 10.0  # stars vary by about 1 within a product, and by about 0.3 from product to product
    gain_per_star: float = 0.1  # share of the value for each star above or below the site's mean
    largest_gain: float = 0.2  # nothing gains or loses more, so that what fits a person goes before what others liked


def shrunk_ratings(total: ArrayLike, count: ArrayLike, params: RatingParams) -> F32:
    """(m,) stars above (below: negative) the site's mean, from each product's sum of stars and number of reviews.

    The site's mean is over all reviews given; a product without any has 0. See the module for the method.
    """
    stars, reviews = np.asarray(total, dtype=np.float64), np.asarray(count, dtype=np.float64)
    mean = stars.sum() / max(1.0, reviews.sum())
    gap: F32 = ((stars - mean * reviews) / (reviews + params.prior_reviews)).astype(np.float32)
    return gap


def gains_of(rating: F32, params: RatingParams) -> F32:
    """(m,) shares by which a value is raised or lowered, at most ``largest_gain``; 0 for a rating of 0."""
    gains: F32 = np.clip(params.gain_per_star * rating, -params.largest_gain, params.largest_gain)
    return gains


def rated(value: F32, rating: F32, params: RatingParams) -> F32:
    """(m,) ``value`` raised or lowered by the gain of ``rating``, at most ``largest_gain`` of its amount; unchanged at 0."""
    moved: F32 = (value + np.abs(value) * gains_of(rating, params)).astype(np.float32)
    return moved
