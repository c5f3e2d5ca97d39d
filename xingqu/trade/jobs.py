"""What the worker does for trade again and again. Each function takes what is due and is safe to run in several processes."""

import time
from collections.abc import Callable

from xingqu.trade.providers.sandbox.gateway import deliver_notices
from xingqu.trade.services.openings import open_payments
from xingqu.trade.services.orders import expire_unpaid, receive_overdue
from xingqu.trade.services.presale_notices import remind_presales
from xingqu.trade.services.presales import close_presales
from xingqu.trade.services.queries import query_payments
from xingqu.trade.services.reconciliation import reconcile_due
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.services.touches import forget_touches

NOTICE_WATCH_S = 1.0
NOTICE_PAUSE_S = 0.02


def watch_notices() -> int:
    """Send the gateway's notices as soon as they are due, for about a second: a payer waits for theirs."""
    until = time.monotonic() + NOTICE_WATCH_S
    arrived = 0
    while time.monotonic() < until:
        sent = deliver_notices()
        arrived += sent
        if not sent:
            time.sleep(NOTICE_PAUSE_S)
    return arrived


PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (0.05, watch_notices),
    (0.25, open_payments),
    (1.0, query_payments),
    (2.0, finish_refunds),
    (60.0, reconcile_due),
    (5.0, expire_unpaid),
    (30.0, close_presales),
    (30.0, remind_presales),
    (60.0, receive_overdue),
    (3_600.0, forget_touches),
]
