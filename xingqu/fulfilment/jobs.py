"""What the worker does for fulfilment again and again. Safe to run in several processes."""

from collections.abc import Callable

from xingqu.fulfilment.carriers.simulated.carrier import tell
from xingqu.fulfilment.services.watching import flag_silent, remind_shops, send_intercepts, watch_packages

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (2.0, watch_packages),
    (2.0, send_intercepts),
    (2.0, tell),
    (60.0, flag_silent),
    (60.0, remind_shops),
]
