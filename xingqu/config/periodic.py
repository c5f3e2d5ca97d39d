"""Everything that runs by the clock: the one table that the worker reads."""

from collections.abc import Callable

PERIODIC: list[tuple[float, Callable[[], object]]] = []
