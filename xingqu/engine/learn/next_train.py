"""All models of "what comes next" from what people took to: transitions, the sequence model, and how they are weighed."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from xingqu.engine.evaluate.splits import Sequences, leave_one_out
from xingqu.engine.learn.fusion_fit import fit_fusion
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.transitions import TransitionParams, learn_transitions
from xingqu.engine.models import Models
from xingqu.engine.state.items import ItemSnapshot

MINIMUM_PEOPLE = 20  # with fewer there is nothing to weigh sources by
CATCH_UP_EPOCHS = 2  # over everything, the latest items too, once the weights are found


def train_next(sequences: Sequences, snapshot: ItemSnapshot, *, seed: int, epochs: int = 14) -> Models:
    """The models of ``snapshot`` with transitions, sequence model and fusion learned anew.

    Rows of ``sequences`` are rows of ``snapshot``. Everyone's last item is held out while the weights are found; a sequence
    model that is there is continued from. Without torch there is no new sequence model, and the old one is kept.
    """
    items = ItemTags(snapshot.item_id, snapshot.tag_indptr, snapshot.tag_ids)
    before, params = snapshot.models, TransitionParams()
    held_out, early = leave_one_out(sequences), sequences.without_last(1)
    if len(held_out) < MINIMUM_PEOPLE:
        return before
    trial = replace(before, transitions=learn_transitions(early, items.item_id, params), fusion=None)
    final = replace(trial, transitions=learn_transitions(sequences, items.item_id, params))
    if find_spec("torch"):
        # only now: serving must not load torch
        from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence

        config = SequenceConfig(batch_people=128, epochs=epochs, patience=2, spread=(0.02, 0.05))
        model, _ = train_sequence(early, items, config, seed=seed, validation=held_out, start=before.sequence)
        trial = replace(trial, sequence=model)
        again, _ = train_sequence(sequences, items, replace(config, epochs=CATCH_UP_EPOCHS), seed=seed, start=model)
        final = replace(final, sequence=again)
    return replace(final, fusion=fit_fusion(replace(snapshot, models=trial), held_out, seed=seed))
