"""Background work of the feed."""

from collections.abc import Callable

from xingqu.feed import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [(1.0, services.build_if_due)]
