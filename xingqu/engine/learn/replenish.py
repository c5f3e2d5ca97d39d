"""When a person is due to buy again, by category: how long they usually wait, and how long they have been waiting.

The logarithms of a person's intervals are normally distributed around their own mean, the means of people around the
category's (a two-level model with its textbook posterior, as in Gelman et al., Bayesian Data Analysis, ch. 5). After each
purchase a person may have stopped for good, as in ``learn.repurchase``; having bought again and again speaks against it,
having been silent for long speaks for it. A regular buyer is due around the usual day, not at every moment alike, which is
what distinguishes coffee from tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.state.memory import PURCHASE_DAYS, Purchases

F64 = NDArray[np.float64]
DAY_MS = 86_400_000


@dataclass(frozen=True)
class DueParams:
    """Deviations are of the logarithm of an interval in days."""

    interval_days: float = 30.0  # of a category nothing is known of
    between_deviation: float = 0.7  # of people around their category
    within_deviation: float = 0.5  # of a person around their mean
    least_between: float = 0.15
    scatter_evidence: float = 4.0  # intervals that a category's deviation within a person is worth for one of them
    prior_intervals: float = 10.0  # intervals a category needs to count as much as the prior
    prior_buyers: float = 10.0
    repeat_share: float = 0.5  # of those who bought once, those who buy again; of a category nothing is known of
    stop_evidence: float = 2.0  # purchases that the share of those who stop is worth for one person
    least_intervals: float = 20.0  # a category's, before somebody who bought once only is called due
    window_days: float = 7.0  # due: likely to buy within so many days, if they still buy at all
    least_due: float = 0.15  # below this a category brings no items
    seen_again_days: float = 7.0  # after so many days a product that was bought may come again
    categories: int = 6


@dataclass(frozen=True, eq=False)
class Due:
    """One row a category that a person bought of, ``k`` of them, most due first."""

    category_id: NDArray[np.int64]
    chance: F64  # that they buy within the window
    due_at_ms: NDArray[np.int64]  # when the usual interval is over


@dataclass(frozen=True, eq=False)
class DueModel:
    """``g`` categories, by ascending id."""

    category_id: NDArray[np.int64]
    log_days: NDArray[np.float64]  # mean logarithm of intervals
    within: NDArray[np.float64]  # deviation of a person's intervals around their mean
    between: NDArray[np.float64]  # deviation of people's means
    intervals: NDArray[np.float64]  # evidence
    repeat: NDArray[np.float64]  # share of buyers that buy again

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        return {column.name: getattr(self, column.name) for column in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> DueModel:
        """Inverse of ``to_arrays``. Raises KeyError when an array is missing."""
        return cls(**{column.name: arrays[column.name] for column in fields(cls)})

    def aligned(self, items: ItemTags) -> DueModel:
        """Categories do not depend on rows."""
        return self

    @classmethod
    def fit(
        cls, person: ArrayLike, category_id: ArrayLike, day: ArrayLike, params: DueParams | None = None
    ) -> DueModel:
        """From purchases, one row each: who, of which category, on which day. Two of a day are one.

        Raises ValueError when the columns differ in length.
        """
        settings = params or DueParams()
        who, what, when = (np.asarray(column, dtype=np.int64) for column in (person, category_id, day))
        if not who.size == what.size == when.size:
            raise ValueError("columns differ in length")
        told = np.unique(np.stack([what, who, when], axis=1), axis=0)
        what, who, when = told.T
        categories, group = np.unique(what, return_inverse=True)
        same = (np.diff(what) == 0) & (np.diff(who) == 0)
        log_days, place = np.log(np.diff(when)[same]), group[1:][same]
        first = np.r_[True, ~same][: what.size]
        buyer = np.cumsum(first) - 1
        count = np.bincount(place, minlength=categories.size).astype(np.float64)
        weight = settings.prior_intervals
        total = np.bincount(place, weights=log_days, minlength=categories.size)
        mean = (total + weight * np.log(settings.interval_days)) / (count + weight)
        # scatter within one buyer, from those who came back at least twice
        of_buyer = buyer[1:][same]
        size = np.bincount(of_buyer, minlength=int(first.sum()))
        own_mean = np.bincount(of_buyer, weights=log_days, minlength=size.size) / np.maximum(size, 1)
        squared = np.bincount(place, weights=(log_days - own_mean[of_buyer]) ** 2, minlength=categories.size)
        freedom = np.bincount(group[first], weights=np.maximum(size - 1, 0), minlength=categories.size)
        within = np.sqrt((squared + weight * settings.within_deviation**2) / (freedom + weight))
        around = np.bincount(place, weights=(log_days - mean[place]) ** 2, minlength=categories.size)
        prior = settings.between_deviation**2 + settings.within_deviation**2
        between = np.sqrt(
            np.maximum((around + weight * prior) / (count + weight) - within**2, settings.least_between**2)
        )
        buyers = np.bincount(group[first], minlength=categories.size)
        again = np.bincount(group[first], weights=size > 0, minlength=categories.size)
        repeat = (again + settings.repeat_share * settings.prior_buyers) / (buyers + settings.prior_buyers)
        return cls(categories, mean, within, between, count, repeat)


def due_of(purchases: Purchases, now_ms: int, model: DueModel | None, params: DueParams) -> Due:
    """What the person is due to buy. Without a model only what they bought on two days at least can be."""
    days = purchases.days.astype(np.float64)
    met = (days > 0).sum(axis=1)
    known = _of_categories(purchases.keys, model, params)
    intervals = np.maximum(met - 1, 0)
    present = np.arange(PURCHASE_DAYS - 1) < intervals[:, None]
    gaps = np.where(present, days[:, :-1] - days[:, 1:], 1.0)
    log_gaps = np.log(gaps)
    own_mean = log_gaps.sum(axis=1) / np.maximum(intervals, 1)
    scatter = np.where(present, (log_gaps - own_mean[:, None]) ** 2, 0.0).sum(axis=1)
    mean, deviation = _foretold(known, intervals, own_mean, scatter, params)
    waited = np.maximum(now_ms / DAY_MS - days[:, 0], 0.5)
    before, after = (_normal((np.log(until) - mean) / deviation) for until in (waited, waited + params.window_days))
    stopped = (1.0 - known.repeat) * params.stop_evidence / (params.stop_evidence + intervals)
    silent = 1.0 - before
    alive = (1.0 - stopped) * silent / np.maximum((1.0 - stopped) * silent + stopped, 1e-12)
    chance = alive * (after - before) / np.maximum(silent, 1e-9)
    chance = np.where((intervals > 0) | (known.intervals >= params.least_intervals), chance, 0.0)
    due_at_ms = ((days[:, 0] + np.exp(mean)) * DAY_MS).astype(np.int64)
    order = np.lexsort((purchases.keys, -chance))
    return Due(purchases.keys[order], chance[order], due_at_ms[order])


def interval_log_likelihood(
    log_days: F64, before: F64, category_id: NDArray[np.int64], model: DueModel | None, params: DueParams
) -> float:
    """Mean log density of intervals, given those of the same person before: what a model is judged by.

    ``log_days`` (n,) their logarithms; ``before`` (n, m) those of the intervals before, NaN where there was none.
    """
    present = np.isfinite(before)
    count = present.sum(axis=1)
    own_mean = np.where(present, before, 0.0).sum(axis=1) / np.maximum(count, 1)
    scatter = np.where(present, (before - own_mean[:, None]) ** 2, 0.0).sum(axis=1)
    mean, deviation = _foretold(_of_categories(category_id, model, params), count, own_mean, scatter, params)
    away = (log_days - mean) / deviation
    return float(np.mean(-0.5 * away**2 - np.log(deviation) - 0.5 * np.log(2 * np.pi)))


def _foretold(
    known: DueModel, intervals: NDArray[np.integer], own_mean: F64, scatter: F64, params: DueParams
) -> tuple[F64, F64]:
    """Mean and deviation of the logarithm of the next interval, of people whose ``intervals`` before are told."""
    evidence = params.scatter_evidence
    within = np.sqrt((evidence * known.within**2 + scatter) / (evidence + np.maximum(intervals - 1, 0)))
    weight = (within / known.between) ** 2
    mean = (intervals * own_mean + weight * known.log_days) / (intervals + weight)
    return mean, within * np.sqrt(1.0 + 1.0 / (intervals + weight))


def _of_categories(category_id: NDArray[np.int64], model: DueModel | None, params: DueParams) -> DueModel:
    """What is known of each of the categories, in this order; the prior where nothing is."""
    size = category_id.size
    columns: dict[str, NDArray[Any]] = {
        "log_days": np.full(size, np.log(params.interval_days)),
        "within": np.full(size, params.within_deviation),
        "between": np.full(size, params.between_deviation),
        "intervals": np.zeros(size),
        "repeat": np.full(size, params.repeat_share),
    }
    if model is not None and model.category_id.size:
        place = np.minimum(np.searchsorted(model.category_id, category_id), model.category_id.size - 1)
        known = model.category_id[place] == category_id
        for name, column in columns.items():
            column[known] = getattr(model, name)[place[known]]
    return DueModel(category_id, **columns)


def _normal(z: F64) -> F64:
    """The distribution function of the standard normal, to 1e-7 (Abramowitz and Stegun 26.2.17)."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) * series
    below: F64 = np.where(z >= 0, 1.0 - tail, tail)
    return below
