"""What runs by the clock."""

from collections.abc import Callable

from xingqu.accounts.services import sweep_actions

PERIODIC: list[tuple[float, Callable[[], object]]] = [(3600.0, sweep_actions)]
