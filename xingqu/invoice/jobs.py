"""What the worker does for invoices again and again."""

from collections.abc import Callable

from xingqu.invoice.services.asking import ripen_requests
from xingqu.invoice.services.issuing import issue_due

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (5.0, ripen_requests),
    (5.0, issue_due),
]
