"""Statements of plain SQL that PostgreSQL parses and plans once a connection, sent by libpq in one call each.

psycopg's cursors put a statement together in Python, wait for its answer by polling the socket and have the server plan it
anew each time. That is right for the ORM, but a checkout runs some eighty short statements, and what surrounds each of them
costs ten times what it does. Here the text goes to the server once; afterwards a call carries a name and the values, and
libpq waits for the answer by itself. Values are typed as the driver's literals are: whole numbers as int4 or int8, times as
timestamptz, booleans as such; text has no type of its own, so that the server takes that of the column. Rows are read by the
connection's own loaders, so they are the same as a cursor's.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.postgres import types
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus

BOOL, INT4, INT8, TIMESTAMPTZ = (types[name].oid for name in ("bool", "int4", "int8", "timestamptz"))
# A statement is prepared when it comes for the third time: lists of many lengths are as many texts.
SEEN_BEFORE_PREPARED = 2
MAX_PREPARED = 600
MAX_SEEN = 5000
GOOD = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
# The tables were changed, or somebody threw prepared statements away: what was prepared is of no use any more.
FORGOTTEN = frozenset({b"0A000", b"26000"})


@lru_cache(maxsize=4096)
def numbered(sql: str) -> bytes:
    """A text with `%s` for its values, and `%%` for a per cent sign, in the server's own style: `$1`, `$2` ..."""
    parts = sql.split("%s")
    text = parts[0]
    for number, part in enumerate(parts[1:], 1):
        text += f"${number}{part}"
    return text.replace("%%", "%").encode()


class Statements:
    """What one connection has prepared."""

    def __init__(self, raw: Any) -> None:
        """`raw` is psycopg's connection."""
        self._raw = raw
        self._libpq = raw.pgconn
        self._reader = Transformer(raw)
        self._names: dict[Any, bytes] = {}
        self._seen: dict[Any, int] = {}
        self._made = 0

    def run(self, sql: str, parameters: Sequence[Any], *, fresh_plan: bool = False) -> tuple[list[Any], int]:
        """(rows, how many rows it read or changed) of a statement. Raises psycopg's errors.

        `fresh_plan`: plan it for these very values, for a table in which they differ much in how many rows they find.
        """
        values, kinds = self._values(parameters)
        self.begin()
        key = (sql, kinds)
        name = self._names.get(key)
        if name is None and not fresh_plan:
            name = self._prepare(key)
        result = self._libpq.exec_prepared(name, values) if name is not None else None
        if result is None or self._was_forgotten(result):
            result = self._libpq.exec_params(numbered(sql), values, kinds)
        if result.status not in GOOD:
            self._fail(result)
        rows: list[Any] = []
        if result.ntuples:
            self._reader.set_pgresult(result)
            rows = self._reader.load_rows(0, result.ntuples, tuple)
        return rows, result.command_tuples or 0

    def command(self, text: bytes) -> None:
        """Run a command of transactions. Raises psycopg's errors."""
        result = self._libpq.exec_(text)
        if result.status not in GOOD:
            self._fail(result)

    def begin(self) -> None:
        """Open the transaction that Django has asked for; psycopg too opens one with the first statement."""
        if not self._raw.autocommit and self._libpq.transaction_status == TransactionStatus.IDLE:
            self.command(b"BEGIN")

    def end(self, command: bytes) -> None:
        """COMMIT or ROLLBACK what is open, if anything is."""
        if self._raw.closed:
            raise errors.OperationalError("the connection is closed")
        if self._libpq.transaction_status != TransactionStatus.IDLE:
            self.command(command)

    def _prepare(self, key: Any) -> bytes | None:
        """Name of a statement that has come often enough; None for one that has not."""
        seen = self._seen.get(key, 0)
        if seen < SEEN_BEFORE_PREPARED or len(self._names) >= MAX_PREPARED:
            if len(self._seen) >= MAX_SEEN:
                self._seen.clear()
            self._seen[key] = seen + 1
            return None
        self._made += 1
        name = b"xq%d" % self._made
        sql, kinds = key
        result = self._libpq.prepare(name, numbered(sql), kinds)
        if result.status not in GOOD:
            self._fail(result)
        self._names[key] = name
        return name

    def _was_forgotten(self, result: Any) -> bool:
        """Whether a statement failed only because it was prepared; in a transaction that is undone the caller must begin again."""
        if result.status in GOOD:
            return False
        if result.error_field(DiagnosticField.SQLSTATE) not in FORGOTTEN:
            return False
        self._names.clear()
        return bool(self._libpq.transaction_status == TransactionStatus.IDLE)

    def _fail(self, result: Any) -> None:
        error = errors.error_from_result(result, encoding=self._raw.info.encoding)
        if error.sqlstate is None:  # the connection broke
            raise errors.OperationalError(str(error))
        raise error

    def _values(self, parameters: Sequence[Any]) -> tuple[list[bytes | None], tuple[int, ...]]:
        values: list[bytes | None] = []
        kinds: list[int] = []
        for value in parameters:
            kind = type(value)
            if kind is int:
                values.append(b"%d" % value)
                kinds.append(INT4 if -2147483648 <= value <= 2147483647 else INT8)
            elif kind is str:
                values.append(_text(value))
                kinds.append(0)
            elif value is None:
                values.append(None)
                kinds.append(0)
            elif kind is bool:
                values.append(b"t" if value else b"f")
                kinds.append(BOOL)
            elif kind is datetime:
                values.append(value.isoformat().encode())
                kinds.append(TIMESTAMPTZ if value.tzinfo is not None else 0)
            elif isinstance(value, str):  # a choice of a model
                values.append(_text(value))
                kinds.append(0)
            else:
                dumper = self._reader.get_dumper(value, PyFormat.TEXT)
                dumped = dumper.dump(value)
                values.append(None if dumped is None else bytes(dumped))
                kinds.append(dumper.oid)
        return values, tuple(kinds)


def _text(value: str) -> bytes:
    found = str.encode(value)
    if b"\0" in found:
        raise errors.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return found
