"""The models of what comes next of this installation, trained on its whole log and served at once."""

import numpy as np

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.learn.next_train import train_next
from xingqu.engine.state.signals import grade_signals
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.services.learning import publish_models
from xingqu.interest.storage import PARAMS, snapshots
from xingqu.signals.selectors import read_batches

EPOCHS = 14


def train_next_models(*, seed: int = 0, epochs: int = EPOCHS) -> int:
    """Train on what each person took to, in order, by all that the log still holds; returns how many such events.

    Goes on from the models that are served. Whose data was deleted is not in it. Needs torch for the sequence model; without
    it transitions alone are learned.
    """
    served = snapshots().refresh()
    items = served.items
    people: list[np.ndarray] = [np.empty(0, np.int64)]
    rows: list[np.ndarray] = [np.empty(0, np.int64)]
    times: list[np.ndarray] = [np.empty(0, np.int64)]
    for batch in read_batches(positions={}):
        if not batch.events:
            continue
        told = to_engine(batch.events, item_of_product=served.item_showing)
        met = items.rows_of(told.item_id)
        strength = grade_signals(told, met, items, PARAMS.signals)
        liked = (met >= 0) & (strength >= PARAMS.learn.covisit_minimum_strength)
        rows.append(met[liked].astype(np.int64))
        times.append(told.at_ms[liked])
        people.append(np.full(int(liked.sum()), batch.slot, dtype=np.int64))
    sequences = _in_order(np.concatenate(people), np.concatenate(rows), np.concatenate(times))
    publish_models(train_next(sequences, items, seed=seed, epochs=epochs))
    return int(sequences.rows.size)


def _in_order(people: np.ndarray, rows: np.ndarray, at_ms: np.ndarray) -> Sequences:
    """Each person's items by time; several signs of liking one item in a row are one."""
    order = np.lexsort((at_ms, people))
    people, rows = people[order], rows[order]
    new = np.ones(rows.size, dtype=np.bool_)
    new[1:] = (people[1:] != people[:-1]) | (rows[1:] != rows[:-1])
    people, rows = people[new], rows[new]
    _, counts = np.unique(people, return_counts=True)
    return Sequences(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows.astype(np.int32))
