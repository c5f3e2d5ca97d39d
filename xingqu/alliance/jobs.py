"""What runs by the clock. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable

from xingqu.alliance.services.agencies import end_contracts

PERIODIC: list[tuple[float, Callable[[], object]]] = [(30.0, end_contracts)]
