"""What runs by the clock. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable

from xingqu.collaboration.services.pictures import sweep_pictures
from xingqu.collaboration.services.running import run_due_collaborations
from xingqu.collaboration.services.sample_timers import recognise_works, run_due_samples

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (10.0, run_due_samples),
    (10.0, run_due_collaborations),
    (60.0, recognise_works),
    (3600.0, sweep_pictures),
]
