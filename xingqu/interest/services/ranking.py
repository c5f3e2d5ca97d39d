"""The learned ranking of this installation, trained on what was served and what came of it; then learning on by itself."""

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head, Signal
from xingqu.engine.learn.impressions import Impressions, join_outcomes, seen_impressions
from xingqu.engine.learn.residual_fit import replay
from xingqu.engine.ranking.ranker import FIGURES, RankerModel
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.served import ServedFormatError, decode_impressions
from xingqu.kit import clock
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log, unseal_record

LEAST_IMPRESSIONS = 500
MOST_IMPRESSIONS = 400_000  # the newest


def train_ranking(task: Task) -> Trained:
    """The network where it wins over the hand-set scorer on held-out impressions, and the residual where that helps.

    Raises NothingToLearn, also where the hand-set scorer, which serves already, is not beaten. Needs torch for the network.
    """
    served, people, told = _read()
    rows, _ = seen_impressions(served, people, told)
    if len(rows) < LEAST_IMPRESSIONS:
        raise NothingToLearn("too_few_impressions")
    now_ms, items = clock.now_ms(), task.snapshot
    outcomes = join_outcomes(rows, people, told, items, PARAMS)
    detail: dict[str, Any] = {"impressions": len(rows)}
    models, before, after = items.models, None, 0.0
    if find_spec("torch"):
        # only now: serving must not load torch
        from xingqu.engine.learn.multitask_train import RankerConfig, quality_of, train_ranker

        config = RankerConfig(budget_s=task.budget_s)
        ranker = train_ranker(rows, outcomes, now_ms=now_ms, scorer=PARAMS.scorer, config=config, seed=task.seed)
        before = quality_of(models.ranker, rows, outcomes, now_ms=now_ms, scorer=PARAMS.scorer, config=config)
        after = quality_of(ranker, rows, outcomes, now_ms=now_ms, scorer=PARAMS.scorer, config=config)
        detail |= {"heads": figures_of(ranker)}
        models = replace(models, ranker=ranker if ranker.adopted.any() else None)
    else:
        detail |= {"skipped": "no_torch"}
    learned = replay(rows, outcomes.by(now_ms), items, models, PARAMS.scorer, start=ResidualModel.empty(born_ms=now_ms))
    detail |= {"residual_helps": learned.helps, "residual": _residual_figures(learned.before, learned.after)}
    models = replace(models, residual=learned.model if learned.helps else None)
    if models.ranker is None and models.residual is None and items.models.ranker is None:
        raise NothingToLearn("hand_set_not_beaten")
    return Trained(
        models={"ranker": models.ranker, "residual": models.residual},
        metric="relative_information",
        cases=learned.judged,
        before=before,
        after=after,
        people=int(np.unique(rows.person).size),
        examples=len(rows),
        detail=detail,
    )


def figures_of(ranker: RankerModel) -> dict[str, dict[str, float | bool]]:
    """By outcome what was found on held-out impressions, and whether the network predicts it."""
    return {
        head.name.lower(): {"adopted": bool(ranker.adopted[head])}
        | {name: round(float(figure), 6) for name, figure in zip(FIGURES, ranker.figures[head], strict=True)}
        for head in Head
    }


def read_served(*, positions: dict[int, int]) -> list[Impressions]:
    """Served items beyond ``positions``, which are moved on, oldest first; a record that cannot be read gives none."""
    found = []
    for position, record in open_log(name="served", sync=False).read(positions):
        positions[position.segment] = position.end
        slot, data = unseal_record(record=record)
        if data is None:
            continue
        try:
            found.append(decode_impressions(data, slot=slot))
        except ServedFormatError:
            continue
    return [rows for rows in found if len(rows)]


def _read() -> tuple[Impressions, NDArray[np.int64], SignalBatch]:
    """What was served lately to people who may be known, and what they did."""
    parts = read_served(positions={})
    if not parts:
        raise NothingToLearn("too_few_impressions")
    served = Impressions.joined(parts)
    served = served.select(np.argsort(served.at_ms, kind="stable")[-MOST_IMPRESSIONS:])
    slots = np.unique(served.person)
    known = np.array([slot for slot in slots.tolist() if state_store().read_slot(slot).personalised], dtype=np.int64)
    served = served.select(np.isin(served.person, known))
    shown, people, events = snapshots().get(), [], []
    wanted = set(known.tolist())
    for batch in read_batches(positions={}, slots=wanted):
        told = [event for event in batch.events if event.kind != Signal.SEARCH]
        events += told
        people += [batch.slot] * len(told)
    return served, np.array(people, dtype=np.int64), to_engine(events, item_of_product=shown.item_showing)


def _residual_figures(before: NDArray[np.float64], after: NDArray[np.float64]) -> dict[str, list[float]]:
    """By outcome the log-loss without and with the residual."""
    return {
        head.name.lower(): [round(float(before[head]), 6), round(float(after[head]), 6)]
        for head in Head
        if before[head] > 0
    }
