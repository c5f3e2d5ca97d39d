"""What runs by the clock. The media queue's task itself is `services.processing.process_asset_task`."""

from collections.abc import Callable

from xingqu.content import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (5.0, services.count_views),
    (5.0, services.publish_due),
    (15.0, services.requeue_stalled),
    (60.0, services.sweep_uploads),
    (60.0, services.requeue_seeds),
]
