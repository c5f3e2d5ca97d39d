"""Work by the clock."""

from collections.abc import Callable

from xingqu.programmes.services import turn_campaigns, turn_presales
from xingqu.programmes.services.admission import let_in


def start_and_end_campaigns() -> int:
    """Put flash units on sale when their sale starts, and back into general stock when it is over."""
    return turn_campaigns() + turn_presales()


PERIODIC: list[tuple[float, Callable[[], object]]] = [(0.5, let_in), (2.0, start_and_end_campaigns)]
