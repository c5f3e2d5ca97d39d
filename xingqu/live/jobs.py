"""Work by the clock."""

from collections.abc import Callable

from xingqu.live import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (1.0, services.time_out_rooms),
    (2.0, services.close_silent_streams),
    (1.0, services.draw_due_bags),
    (1.0, services.run_scripts),
    (2.0, services.stop_unsellable),
    (5.0, services.make_cuts),
    (3600.0, services.sweep_recordings),
    (3600.0, services.sweep_chat),
]
