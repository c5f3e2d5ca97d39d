"""The taste model of this installation, trained on its whole log; in between it learns from every answer by itself."""

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.taste_train import train_on_answers
from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.services.training_log import read_answers


def train_taste_vectors(task: Task) -> Trained:
    """Who took to what, by all that the log still holds. Raises NothingToLearn."""
    items, served = task.snapshot, task.snapshot.models.taste
    answers, newest_from = read_answers(task)
    rows = ItemTags(items.item_id, items.tag_indptr, items.tag_ids)
    found = train_on_answers(answers, rows, served=served, newest_from=0 if served is None else newest_from)
    if found is None:
        raise NothingToLearn("too_few_people")
    return Trained(
        models={"taste": found.model},
        metric="ndcg_at_10",
        cases=found.cases,
        before=found.before,
        after=found.after,
        people=len(set(answers.person.tolist())),
        examples=int(answers.person.size),
        detail={"positives": int(answers.positive.sum())},
    )
