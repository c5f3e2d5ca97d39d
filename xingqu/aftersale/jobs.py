"""What runs by the clock. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable

from xingqu.aftersale.services import run_due, sweep_pictures

PERIODIC: list[tuple[float, Callable[[], object]]] = [(5.0, run_due), (600.0, sweep_pictures)]
