"""The learned ranking of this installation, trained on what was served and what came of it; then learning on by itself."""

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.learn.impressions import Impressions, join_outcomes, seen_impressions
from xingqu.engine.learn.ranking_train import LEAST_IMPRESSIONS, newest, train_ranking_models
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.served import ServedFormatError, decode_impressions
from xingqu.kit import clock
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log, unseal_record


def train_ranking(task: Task) -> Trained:
    """The network where it wins over the hand-set scorer on held-out impressions, and the residual where that helps.

    Raises NothingToLearn, also where the hand-set scorer, which serves already, is not beaten. Needs torch for the network.
    """
    served, people, told = _read()
    rows, _ = seen_impressions(served, people, told)
    if len(rows) < LEAST_IMPRESSIONS:
        raise NothingToLearn("too_few_impressions")
    items = task.snapshot
    found = train_ranking_models(
        rows,
        join_outcomes(rows, people, told, items, PARAMS),
        items,
        PARAMS.scorer,
        now_ms=clock.now_ms(),
        seed=task.seed,
        budget_s=task.budget_s,
    )
    if found.is_nothing and items.models.ranker is None:
        raise NothingToLearn("hand_set_not_beaten")
    return Trained(
        models={"ranker": found.models.ranker, "residual": found.models.residual},
        metric="relative_information",
        cases=found.cases,
        before=found.before,
        after=found.after,
        people=int(np.unique(rows.person).size),
        examples=len(rows),
        detail=found.detail,
    )


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
    served = newest(Impressions.joined(parts))
    slots = np.unique(served.person).tolist()
    known = [slot for slot in slots if state_store().read_slot(slot).personalised]
    served, shown = served.select(np.isin(served.person, known)), snapshots().get()
    people, events = [], []
    for batch in read_batches(positions={}, slots=set(known)):
        told = [event for event in batch.events if event.kind != Signal.SEARCH]
        events += told
        people += [batch.slot] * len(told)
    return served, np.array(people, dtype=np.int64), to_engine(events, item_of_product=shown.item_showing)
