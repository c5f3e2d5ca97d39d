"""What runs by the clock."""

from collections.abc import Callable

from xingqu.governance.services import end_restrictions

PERIODIC: list[tuple[float, Callable[[], object]]] = [(60.0, end_restrictions)]
