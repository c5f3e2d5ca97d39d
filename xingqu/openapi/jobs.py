"""What the worker does for the open API again and again."""

from collections.abc import Callable

from xingqu.openapi.services.changes import prune_changes
from xingqu.openapi.services.webhooks import deliver_webhooks

PERIODIC: list[tuple[float, Callable[[], object]]] = [(2.0, deliver_webhooks), (3_600.0, prune_changes)]
