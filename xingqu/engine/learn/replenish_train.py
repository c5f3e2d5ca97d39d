"""The model of buying again, from what people's states remember of their purchases; judged on each one's newest interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xingqu.engine.learn.replenish import DueModel, DueParams, interval_log_likelihood
from xingqu.engine.state.memory import PURCHASE_DAYS, Purchases

LEAST_INTERVALS = 20


@dataclass(frozen=True, eq=False)
class FoundDue:
    """``before`` (None where nothing serves) and ``after``: mean log density of ``cases`` newest intervals, which the model
    judged had not met; ``model`` is fitted on all."""

    model: DueModel
    cases: int
    before: float | None
    after: float
    people: int
    purchases: int


def train_due(
    tables: Sequence[Purchases], *, served: DueModel | None = None, params: DueParams | None = None
) -> FoundDue | None:
    """From one table a person; None when fewer than ``LEAST_INTERVALS`` of them are told."""
    settings = params or DueParams()
    bought = [table for table in tables if len(table)]
    if not bought:
        return None
    category = np.concatenate([table.keys for table in bought])
    days = np.concatenate([table.days for table in bought]).astype(np.int64)
    person = np.repeat(np.arange(len(bought)), [len(table) for table in bought])
    judged = days[:, 1] > 0
    if np.count_nonzero(days[:, 1:]) < LEAST_INTERVALS:
        return None
    everything = _fit(person, category, days, settings)
    trial = _fit(person, category, np.where(judged[:, None] & (np.arange(PURCHASE_DAYS) == 0), 0, days), settings)
    present = days[judged, 1:] > 0
    gaps = np.where(present, days[judged, :-1] - days[judged, 1:], 1)
    log_days = np.where(present, np.log(gaps), np.nan)
    case = log_days[:, 0], log_days[:, 1:], category[judged]
    return FoundDue(
        model=everything,
        cases=int(judged.sum()),
        before=None if served is None else interval_log_likelihood(*case, served, settings),
        after=interval_log_likelihood(*case, trial, settings),
        people=len(bought),
        purchases=int(np.count_nonzero(days)),
    )


def _fit(person: np.ndarray, category: np.ndarray, days: np.ndarray, params: DueParams) -> DueModel:
    row, place = np.nonzero(days)
    return DueModel.fit(person[row], category[row], days[row, place], params)
