"""Background work of interest."""

from collections.abc import Callable

from xingqu.interest import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (10.0, services.apply_unapplied),
    (600.0, services.forget_old),
    (20.0, services.train_if_due),
    (60.0, services.report_channels_if_due),
]
