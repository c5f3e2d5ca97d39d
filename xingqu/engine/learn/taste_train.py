"""The taste model anew from the answers of a log, judged on the newest of them.

Vectors come from who took to what; what the answers say of each item on top of that is learned again from the newest of
them, where that names held-out items better than the vectors alone. How often items were answered is carried over: it is
what the price of exposure goes by, and a new model must not give everybody's favourites a fresh start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.metrics import ndcg, pessimistic_rank
from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.taste import TasteModel

MINIMUM_PEOPLE = 20
JUDGED = 1_000  # people, at most
REPLAYED = 50_000  # answers, the newest
I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Answers:
    """``e`` answers in the order they were given: whose, about which row, and whether it was taken to."""

    person: I64
    row: I64
    positive: NDArray[np.bool_]

    def select(self, chosen: NDArray[np.bool_]) -> Answers:
        return Answers(self.person[chosen], self.row[chosen], self.positive[chosen])


@dataclass(frozen=True, eq=False)
class TrainedTaste:
    """The model and NDCG@10 over all items of the ``cases`` newest positives; ``before`` is None where nothing served."""

    model: TasteModel
    cases: int
    before: float | None
    after: float


def train_on_answers(
    answers: Answers, items: ItemTags, *, served: TasteModel | None, newest_from: int = 0
) -> TrainedTaste | None:
    """Rows of ``answers`` are rows of ``items``, ``served`` is aligned to them; None with too few people to judge by.

    Cases are the last positive of each person, given at place ``newest_from`` of ``answers`` or later.
    """
    case_places = _last_positives(answers, newest_from)[-JUDGED:]
    if case_places.size < MINIMUM_PEOPLE:
        return None
    early = np.ones(answers.person.size, dtype=np.bool_)
    early[case_places] = False
    known = answers.select(early)
    histories = _histories(known, answers.person[case_places])
    targets = answers.row[case_places]
    plain = _vectors(known, items)
    replayed = _replay(plain, known)
    quality = [taste_quality(model, histories, targets) for model in (plain, replayed)]
    again = _vectors(answers, items)
    model = again if quality[0] > quality[1] else _replay(again, answers)
    exposure = np.zeros(len(model), dtype=np.float32) if served is None else served.exposure
    return TrainedTaste(
        model=replace(model, exposure=exposure.copy()),
        cases=int(case_places.size),
        before=None if served is None else taste_quality(served, histories, targets),
        after=max(quality),
    )


def taste_quality(model: TasteModel, histories: list[tuple[I64, NDArray[np.bool_]]], targets: I64) -> float:
    """NDCG@10 of what came next among all items not answered before."""
    ranks = np.zeros(targets.size, dtype=np.int64)
    for case, ((rows, positive), target) in enumerate(zip(histories, targets.tolist(), strict=True)):
        odds = model.log_odds(model.person(rows, positive))
        odds[rows[rows != target]] = -np.inf
        ranks[case] = pessimistic_rank(odds, target)
    return ndcg(ranks, 10)


def _vectors(answers: Answers, items: ItemTags) -> TasteModel:
    liked = answers.select(answers.positive)
    return train_taste(person=liked.person, item_id=items.item_id[liked.row], items=items)


def _replay(model: TasteModel, answers: Answers) -> TasteModel:
    """Everyone counts as a stranger, as in the stream of answers while a model serves."""
    rows, positive = answers.row[-REPLAYED:], answers.positive[-REPLAYED:]
    variance = model.params.readiness_deviation**2 + np.square(model.vectors[rows]).sum(axis=1)
    return model.learned(rows, positive, np.zeros(rows.size), variance)


def _last_positives(answers: Answers, newest_from: int) -> I64:
    """Places of each person's last positive from ``newest_from`` on, of those with another answer, oldest first."""
    places = np.flatnonzero(answers.positive)
    _, first = np.unique(answers.person[places][::-1], return_index=True)
    last = places[::-1][first]
    _, group, count = np.unique(answers.person, return_inverse=True, return_counts=True)
    several = count[group][last] >= 2
    found: I64 = np.sort(last[several & (last >= newest_from)])
    return found


def _histories(answers: Answers, people: I64) -> list[tuple[I64, NDArray[np.bool_]]]:
    """Of each of ``people`` the distinct rows answered and whether ever positively."""
    order = np.argsort(answers.person, kind="stable")
    sorted_people = answers.person[order]
    found = []
    for person in people:
        own = order[np.searchsorted(sorted_people, person) : np.searchsorted(sorted_people, person, side="right")]
        rows, group = np.unique(answers.row[own], return_inverse=True)
        positive = np.bincount(group, weights=answers.positive[own], minlength=rows.size) > 0
        found.append((rows, positive))
    return found
