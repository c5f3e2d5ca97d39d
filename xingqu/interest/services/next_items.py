"""The models of what comes next of this installation, trained on what people took to, in order."""

from importlib.util import find_spec
from typing import Any

from xingqu.engine.learn.next_train import train_next
from xingqu.engine.learn.session_train import train_sessions
from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.services.training_log import read_visits
from xingqu.interest.storage import PARAMS

EPOCHS = 14
EPOCHS_ON = 4  # of a model that goes on from the one before


def train_what_follows(task: Task) -> Trained:
    """Transitions, sequence model (with torch) and their weights; goes on from those that serve. Raises NothingToLearn."""
    goes_on = not task.anew and task.snapshot.models.transitions is not None
    visits = read_visits(task, goes_on=goes_on)
    found = train_next(
        visits,
        task.snapshot,
        seed=task.seed,
        epochs=EPOCHS_ON if goes_on else EPOCHS,
        budget_s=task.budget_s,
        anew=not goes_on,
    )
    if found is None:
        raise NothingToLearn("too_few_people")
    models = {name: getattr(found.models, name) for name in ("transitions", "fusion")}
    if found.epochs:
        models["sequence"] = found.models.sequence
    return Trained(
        models=models,
        metric="ndcg_at_10",
        cases=found.cases,
        before=found.before,
        after=found.after,
        people=len(visits),
        examples=int(visits.fresh.sum()),
        detail={"went_on": goes_on, "epochs": found.epochs, **_without_torch()},
    )


def train_session_neighbours(task: Task) -> Trained:
    """The sessions whose neighbours are looked up, and (with torch) what the evidence is worth. Raises NothingToLearn."""
    goes_on = not task.anew and task.snapshot.models.next_item is not None
    visits = read_visits(task, goes_on=goes_on)
    found = train_sessions(visits, task.snapshot, seed=task.seed, params=PARAMS.sessions, anew=not goes_on)
    if found is None:
        raise NothingToLearn("too_few_people")
    return Trained(
        models={"next_item": found.model},
        metric="ndcg_at_10",
        cases=found.cases,
        before=found.before,
        after=found.after,
        people=len(visits),
        examples=int(visits.fresh.sum()),
        detail={"went_on": goes_on, "sessions": found.sessions, "weighed": found.weighed, **_without_torch()},
    )


def _without_torch() -> dict[str, Any]:
    return {} if find_spec("torch") else {"skipped": "no_torch"}
