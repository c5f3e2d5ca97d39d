"""What runs by the clock."""

from collections.abc import Callable

from xingqu.review import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [(600.0, services.sweep_pictures)]
