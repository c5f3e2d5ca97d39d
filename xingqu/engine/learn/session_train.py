"""The model of sessions from what people visited: which visits are one session, and what neighbours are worth.

As in ``learn.next_train`` everyone's last visit is held out; the older half of that finds the weights of the evidence,
the newer half judges. Without torch no weights are found: those that are there stay, else neighbours alone count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.metrics import list_ranks, ndcg
from xingqu.engine.evaluate.splits import NextItem
from xingqu.engine.learn.next_item import Blend, NextItemModel, gather, look, sequence_alone
from xingqu.engine.learn.next_train import MINIMUM_PEOPLE, Visits, halves
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.params import SessionParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.sessions import SessionIndex

SESSION_GAP_MS = 1_800_000  # a longer pause begins a new session
MAXIMUM_VISITS = 4_000_000  # kept, the newest
FITTED = 4_000  # cases that the weights are found on
LISTED = 20


@dataclass(frozen=True, eq=False)
class TrainedSessions:
    """As ``next_train.Trained``. ``sessions``: in the model; ``weighed``: whether the weights of the evidence are new."""

    model: NextItemModel
    cases: int
    before: float | None
    after: float
    sessions: int
    weighed: bool


def train_sessions(
    visits: Visits, snapshot: ItemSnapshot, *, seed: int, params: SessionParams, anew: bool
) -> TrainedSessions | None:
    """The sessions of ``snapshot`` with the fresh visits added (``anew``: of all visits alone); None with too few people.

    Rows of ``visits`` are rows of ``snapshot``.
    """
    served, sequence, size = snapshot.models.next_item, snapshot.models.sequence, len(snapshot)
    held_out, early = visits.held_out()
    if len(held_out) < MINIMUM_PEOPLE:
        return None
    told, judged = halves(held_out)
    old = None if anew or served is None else served.sessions
    index = _index(old, _sessions_of(early, anew=old is None), size)
    blend = served.blend if served is not None else sequence_alone()
    weighed = sequence is not None and find_spec("torch") is not None
    if weighed and sequence is not None:
        blend = _fit(index, told, sequence, params, seed)
    trial = NextItemModel(snapshot.item_id, index, blend)
    whole = _index(old, _sessions_of(visits, anew=old is None), size)
    return TrainedSessions(
        model=replace(trial, sessions=whole),
        cases=len(judged),
        before=None if served is None else sessions_quality(served, sequence, judged, params),
        after=sessions_quality(trial, sequence, judged, params),
        sessions=len(whole),
        weighed=weighed,
    )


def sessions_quality(
    model: NextItemModel, sequence: SequenceModel | None, cases: NextItem, params: SessionParams
) -> float:
    """NDCG@10 of the ranked candidates, as the channel ranks them; ties count against us."""
    lists = np.full((len(cases), LISTED), -1, dtype=np.int64)
    for case, target in enumerate(cases.target.tolist()):
        history = cases.history[case]
        if sequence is None:
            rows, odds = model.sessions.neighbours(history, params)
        else:
            rows, odds = model.rank(history, look(sequence, history, params.candidates), params)
        order = np.lexsort((rows == target, -odds))[:LISTED]
        lists[case, : order.size] = rows[order]
    return ndcg(list_ranks(lists, cases.target), 10)


def _fit(index: SessionIndex, told: NextItem, sequence: SequenceModel, params: SessionParams, seed: int) -> Blend:
    from xingqu.engine.learn.next_item_train import fit_blend  # serving must not load torch

    histories = [told.history[case] for case in range(len(told))][-FITTED:]
    evidence = [gather(index, part, look(sequence, part, params.candidates), params) for part in histories]
    return fit_blend(evidence, told.target[-FITTED:], seed=seed)


def _sessions_of(visits: Visits, *, anew: bool) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(lengths, rows) of the sessions of two visits and more, by the time of their end; fresh visits only, or all."""
    chosen = visits.fresh | anew
    person = np.repeat(np.arange(len(visits)), visits.sequences.lengths)[chosen]
    rows, at_ms = visits.sequences.rows[chosen], visits.at_ms[chosen]
    if not rows.size:
        return np.empty(0, np.int64), rows
    begins = np.append(True, (person[1:] != person[:-1]) | (np.diff(at_ms) > SESSION_GAP_MS))
    start = np.flatnonzero(begins)
    length = np.diff(np.append(start, rows.size))
    kept = np.flatnonzero(length >= 2)
    order = kept[np.argsort(at_ms[start[kept] + length[kept] - 1], kind="stable")]
    parts = [rows[start[k] : start[k] + length[k]] for k in order]
    return length[order].astype(np.int64), np.concatenate(parts) if parts else rows[:0]


def _index(old: SessionIndex | None, new: tuple[NDArray[np.int64], NDArray[np.int32]], size: int) -> SessionIndex:
    """Old sessions, then new ones; the newest ``MAXIMUM_VISITS`` visits of them."""
    lengths, rows = new
    if old is not None:
        lengths, rows = np.concatenate([np.diff(old.indptr), lengths]), np.concatenate([old.rows, rows])
    end = np.cumsum(lengths)
    first = int(np.searchsorted(end, rows.size - MAXIMUM_VISITS, side="left")) + 1 if rows.size > MAXIMUM_VISITS else 0
    dropped = int(end[first - 1]) if first else 0
    indptr = np.zeros(lengths.size - first + 1, dtype=np.int64)
    np.cumsum(lengths[first:], out=indptr[1:])
    return SessionIndex.build(indptr, rows[dropped:], size)
