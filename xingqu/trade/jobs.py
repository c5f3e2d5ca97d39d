"""What the worker does for trade again and again. Each function takes what is due and is safe to run in several processes."""

from collections.abc import Callable

from xingqu.trade.providers.sandbox.gateway import deliver_notices
from xingqu.trade.services.orders import expire_unpaid, receive_overdue
from xingqu.trade.services.payments import query_payments
from xingqu.trade.services.refunds import finish_refunds

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (0.5, deliver_notices),
    (1.0, query_payments),
    (2.0, finish_refunds),
    (5.0, expire_unpaid),
    (60.0, receive_overdue),
]
