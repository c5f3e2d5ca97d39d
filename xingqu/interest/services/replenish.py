"""When people buy again, by category: learned from the days of purchase that their states remember."""

from xingqu.engine.columns import Signal
from xingqu.engine.learn.replenish_train import train_due
from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.storage import PARAMS, state_store
from xingqu.signals.selectors import read_batches


def train_replenishment(task: Task) -> Trained:
    """Intervals of everybody of whose orders the log still tells and who wants to be known. Raises NothingToLearn."""
    slots = {
        batch.slot for batch in read_batches(positions={}) if any(event.kind == Signal.ORDER for event in batch.events)
    }
    states = (state_store().read_slot(slot) for slot in sorted(slots))
    tables = [state.purchases for state in states if state.personalised]
    found = train_due(tables, served=task.snapshot.models.due, params=PARAMS.due)
    if found is None:
        raise NothingToLearn("too_few_purchases")
    return Trained(
        models={"due": found.model},
        metric="interval_log_likelihood",
        cases=found.cases,
        before=found.before,
        after=found.after,
        people=found.people,
        examples=found.purchases,
    )
