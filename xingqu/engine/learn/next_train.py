"""All models of "what comes next" from what people took to: transitions, the sequence model, and how they are weighed.

The last visit of everyone is held out while they learn. The older half of what is held out finds the weights, the newer
half tells whether the new models name it better than those that serve; only then the last visits are learned as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.metrics import ndcg, pessimistic_rank
from xingqu.engine.evaluate.splits import NextItem, Sequences
from xingqu.engine.learn.fusion_fit import fit_fusion
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.transitions import TransitionParams, Transitions, learn_transitions
from xingqu.engine.models import Models
from xingqu.engine.ranking.fusion import next_scores
from xingqu.engine.state.items import ItemSnapshot

MINIMUM_PEOPLE = 20  # with fewer there is nothing to weigh sources by
CATCH_UP_EPOCHS = 2  # over everything, the latest items too, once the weights are found
JUDGED = 1_000  # cases, at most


@dataclass(frozen=True, eq=False)
class Trained:
    """New models, and NDCG@10 over all items on ``cases`` that neither they nor those before had met.

    ``before`` is None where nothing served. ``epochs`` of the sequence model: 0 where it was not trained.
    """

    models: Models
    cases: int
    before: float | None
    after: float
    epochs: int = 0


@dataclass(frozen=True, eq=False)
class Visits:
    """What people took to, person by person, by the time of their last visit, oldest first.

    ``fresh``: not known to the models that serve; their last visits are what old and new models are judged by.
    """

    sequences: Sequences
    at_ms: NDArray[np.int64]  # of each row of ``sequences``
    fresh: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.sequences)

    def held_out(self) -> tuple[NextItem, Visits]:
        """The last visits, where they are fresh and not the only ones, as cases; and everything but them."""
        sequences = self.sequences
        people = np.flatnonzero(sequences.lengths >= 2)
        last = sequences.indptr[people + 1] - 1
        people, last = people[self.fresh[last]], last[self.fresh[last]]
        kept = np.ones(sequences.rows.size, dtype=np.bool_)
        kept[last] = False
        person = np.repeat(np.arange(len(sequences)), sequences.lengths)[kept]
        indptr = np.zeros_like(sequences.indptr)
        np.cumsum(np.bincount(person, minlength=len(sequences)), out=indptr[1:])
        early = Visits(Sequences(indptr, sequences.rows[kept]), self.at_ms[kept], self.fresh[kept])
        return NextItem(early.sequences.select(people), sequences.rows[last]), early


def train_next(
    visits: Visits, snapshot: ItemSnapshot, *, seed: int, epochs: int = 14, budget_s: float = 1_200.0, anew: bool = True
) -> Trained | None:
    """The models of ``snapshot`` with transitions, sequence model and fusion learned; None with too few people.

    Rows of ``visits`` are rows of ``snapshot``. A sequence model that is there is continued from. Transitions are counted
    ``anew``, else those that are there are counted on by what is fresh. Without torch the sequence model stays as it is.
    """
    items = ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids)
    before, params = snapshot.models, TransitionParams()
    held_out, early = visits.held_out()
    if len(held_out) < MINIMUM_PEOPLE:
        return None
    told, judged = halves(held_out)

    def count(part: Visits) -> Transitions:
        if anew or before.transitions is None:
            return learn_transitions(part.sequences, items.item_id, params)
        return learn_transitions(part.sequences, items.item_id, params, start=before.transitions, fresh=part.fresh)

    trial = replace(before, transitions=count(early), fusion=None)
    final, spent = replace(trial, transitions=count(visits)), 0
    if find_spec("torch"):
        # only now: serving must not load torch
        from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence

        config = SequenceConfig(batch_people=128, epochs=epochs, patience=2, spread=(0.02, 0.05), budget_s=budget_s)
        model, progress = train_sequence(
            early.sequences, items, config, seed=seed, validation=told, start=before.sequence
        )
        trial, spent = replace(trial, sequence=model), progress.epochs
        catch_up = replace(config, epochs=CATCH_UP_EPOCHS)
        again, _ = train_sequence(visits.sequences, items, catch_up, seed=seed, start=model)
        final = replace(final, sequence=again)
    fusion = fit_fusion(replace(snapshot, models=trial), told, seed=seed)
    serves = before.sequence is not None or before.fusion is not None
    return Trained(
        models=replace(final, fusion=fusion),
        cases=len(judged),
        before=next_quality(snapshot, judged) if serves else None,
        after=next_quality(replace(snapshot, models=replace(trial, fusion=fusion)), judged),
        epochs=spent,
    )


def next_quality(snapshot: ItemSnapshot, cases: NextItem) -> float:
    """NDCG@10 over all items; what a person met before is left out where nobody returns to anything."""
    once = not any(target in cases.history[case] for case, target in enumerate(cases.target.tolist()))
    ranks = np.zeros(len(cases), dtype=np.int64)
    for case, target in enumerate(cases.target.tolist()):
        scores = next_scores(snapshot, cases.history[case])
        if once:
            scores[cases.history[case]] = -np.inf
        ranks[case] = pessimistic_rank(scores, target)
    return ndcg(ranks, 10)


def halves(held_out: NextItem) -> tuple[NextItem, NextItem]:
    """The older half of the cases, and the newest of the newer one."""
    middle, people = len(held_out) // 2, np.arange(len(held_out))
    newest = people[max(middle, people.size - JUDGED) :]
    return _some(held_out, people[:middle]), _some(held_out, newest)


def _some(cases: NextItem, chosen: NDArray[np.integer]) -> NextItem:
    return NextItem(cases.history.select(chosen), cases.target[chosen])
