"""Django's PostgreSQL backend for connections that live as long as their process.

A connection may have died since it was last used: the server was restarted, or its process was killed. Django finds that
out with a `SELECT 1` before each request, a round trip that nearly always says yes. A server that goes away closes its end,
which makes the socket readable while nobody asked for anything: looking at that costs no round trip.

Sums of 64-bit columns are of PostgreSQL's exact type `numeric`. The platform keeps nothing in that type, so what comes in it
is read as SQLite gives it: a whole number as int, any other as float.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.adapt import Loader


class NumberLoader(Loader):
    """`numeric` as int or float."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, looked at before each request (`CONN_HEALTH_CHECKS`)."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("numeric", NumberLoader)
        return connection

    def is_usable(self) -> bool:
        """Whether the connection still stands; asks the server only when something unexpected has arrived from it."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0) or bool(super().is_usable())
