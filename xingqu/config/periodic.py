"""Everything that runs by the clock: the one table that the worker reads."""

from collections.abc import Callable

from xingqu.content import jobs as content

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    *content.PERIODIC,
]
