"""What runs by the clock. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable

from xingqu.review import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (600.0, services.sweep_pictures),
    (30.0, services.run_due_cases),
    (60.0, services.give_defaults),
    (3600.0, services.train_if_due),
]
