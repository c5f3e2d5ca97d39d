"""Django's PostgreSQL backend for connections that live as long as their process.

A connection may have died since it was last used: the server was restarted, or its process was killed. Django finds that
out with a `SELECT 1` before each request, a round trip that nearly always says yes. A server that goes away closes its end,
which makes the socket readable while nobody asked for anything: looking at that costs no round trip.

Sums of 64-bit columns are of PostgreSQL's exact type `numeric`. The platform keeps nothing in that type, so what comes in it
is read as SQLite gives it: a whole number as int, any other as float.

Plain SQL (`kit.sql`) and the commands of transactions go past psycopg's cursors; `statements` says why.
"""

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg.adapt import Loader

from xingqu.kit.postgresql.statements import Statements


class NumberLoader(Loader):
    """`numeric` as int or float."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, looked at before each request (`CONN_HEALTH_CHECKS`)."""

    _statements: Statements | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("numeric", NumberLoader)
        self._statements = None
        return connection

    def run_statement(self, sql: str, parameters: Sequence[Any], *, fresh_plan: bool = False) -> tuple[list[Any], int]:
        """(rows, how many rows it read or changed) of a statement of plain SQL; see `Statements.run`."""
        if self.connection is None:
            self.ensure_connection()
        self.validate_thread_sharing()
        self.validate_no_broken_transaction()
        if self.execute_wrappers or self.queries_logged:
            with self.cursor() as cursor:
                cursor.execute(sql, parameters)
                return (cursor.fetchall() if cursor.description else []), int(cursor.rowcount)
        with self.wrap_database_errors:
            return self._own_statements().run(sql, parameters, fresh_plan=fresh_plan)

    def _own_statements(self) -> Statements:
        if self._statements is None:
            self._statements = Statements(self.connection)
        return self._statements

    def _commit(self) -> None:
        self._end(b"COMMIT")

    def _rollback(self) -> None:
        self._end(b"ROLLBACK")

    def _end(self, command: bytes) -> None:
        if self.connection is None:
            return
        with debug_transaction(self, command.decode()), self.wrap_database_errors:
            self._own_statements().end(command)

    def _savepoint(self, sid: str) -> None:
        self._mark(self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._mark(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._mark(self.ops.savepoint_commit_sql(sid))

    def _mark(self, command: str) -> None:
        if self.execute_wrappers or self.queries_logged:
            with self.cursor() as cursor:
                cursor.execute(command)
            return
        with self.wrap_database_errors:
            statements = self._own_statements()
            statements.begin()
            statements.command(command.encode())

    def is_usable(self) -> bool:
        """Whether the connection still stands; asks the server only when something unexpected has arrived from it."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0) or bool(super().is_usable())
