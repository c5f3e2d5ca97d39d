"""Which models are trained by the clock, in this order: one line each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from xingqu.interest.domain.training import Task, Trained
from xingqu.interest.services.next_items import train_session_neighbours, train_what_follows
from xingqu.interest.services.ranking import train_ranking
from xingqu.interest.services.replenish import train_replenishment
from xingqu.interest.services.taste import train_taste_vectors


@dataclass(frozen=True)
class Trainer:
    """`run` may raise NothingToLearn. What is found replaces the models it names, if it is no worse.

    `personal`: models that hold what single people did, without their names. They are made anew when somebody's data was
    deleted, and that is served whatever its quality.
    """

    run: Callable[[Task], Trained]
    personal: tuple[str, ...] = ()


TRAINERS: Final[dict[str, Trainer]] = {
    "taste": Trainer(train_taste_vectors),
    "next": Trainer(train_what_follows),
    "sessions": Trainer(train_session_neighbours, personal=("next_item",)),  # after `next`, which it weighs
    "replenish": Trainer(train_replenishment),
    "ranking": Trainer(train_ranking),
}
