"""What runs by the clock."""

from collections.abc import Callable

from xingqu.experience.services import keep_scores_if_due
from xingqu.experience.services.creators import keep_reputations_if_due

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (300.0, keep_scores_if_due),
    (300.0, keep_reputations_if_due),
]
