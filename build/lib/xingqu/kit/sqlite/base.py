"""Django's SQLite backend with a short queue for writers.

SQLite lets one transaction write at a time. Who finds the lock taken sleeps for 1, 2, 5, 10 and up to 100 ms and looks
again (`sqliteDefaultBusyCallback` in SQLite's main.c), so that the lock lies idle while everybody sleeps: under load
writers of several processes spend a third of their time so. Here a writer first waits for a file lock beside the
database, looking every fraction of a millisecond; the operating system releases it when a process dies. It orders the
writers and nothing else: what protects the data is SQLite's own lock, and a program that does not know of the file,
such as `sqlite3`, still waits its turn.
"""

import fcntl
import os
import time
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

PAUSE_S = 0.0004
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@lru_cache(maxsize=4096)
def _with_question_marks(query: str) -> str:
    """A query in SQLite's style of parameters; the same few hundred come again and again."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class QueuedCursor(base.SQLiteCursorWrapper):
    """Waits in the queue of writers with a writing statement that is a transaction of its own."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        if not query.startswith(WRITES) or not self.wrapper.wait_for_turn():
            return super().execute(query, params)
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.end_turn()

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, with a place in the queue of writers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: int | None = None
        self._is_first = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            self._queue = os.open(f"{conn_params['database']}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=QueuedCursor)
        cursor.wrapper = self
        return cursor

    def wait_for_turn(self) -> bool:
        """Become the writer. False when this connection is it already. Raises OperationalError when it takes too long."""
        if self._queue is None or self._is_first:
            return False
        until = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        while True:
            try:
                fcntl.flock(self._queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise OperationalError("database is locked") from None
                time.sleep(PAUSE_S)
            else:
                self._is_first = True
                return True

    def end_turn(self) -> None:
        """Let the next writer in."""
        if self._is_first and self._queue is not None:
            self._is_first = False
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _start_transaction_under_autocommit(self) -> None:
        self.wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.end_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            if not self._in_transaction():
                self.end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._is_first = False
            if self._queue is not None:
                os.close(self._queue)  # releases the lock too
                self._queue = None

    def _in_transaction(self) -> bool:
        return self.connection is not None and self.connection.in_transaction
