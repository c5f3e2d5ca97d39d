"""What transactions side by side need beyond their own constraints and guarded updates.

SQLite lets one transaction write at a time, and each here begins as a writer, so what it reads stays true until it commits.
PostgreSQL runs them side by side, each statement seeing what was committed before it (READ COMMITTED): who reads, decides and
writes takes a lock first, on the row it decides about or, where there is no such row yet, on a name.
"""

import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from xingqu.kit.errors import BusinessError
from xingqu.kit.sql import execute, fetch

log = logging.getLogger(__name__)
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
# Two transactions waited for each other, or could not have run one after the other: PostgreSQL undid one of them.
UNDONE = frozenset({"40P01", "40001"})
LOCK_TIMEOUT = "55P03"
# The disk is full. SQLite says so in several ways; PostgreSQL's code is of the class 53.
NO_ROOM = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMOPEN"})
RETRY_PAUSES_S = (0.005, 0.02, 0.08, 0.3)
_HOLD_NAME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class DatabaseBusy(BusinessError):
    """The database was away or full, or too much waited for the same rows. What was asked did not happen, or may be asked again."""

    code = "database_busy"
    status = 503
    message = "The site is busy. Try again in a moment."


def hold_names(*names: str) -> None:
    """Wait until no other transaction holds any of these names, and hold them until the caller's transaction ends.

    Names are taken in ascending order. On SQLite a transaction that writes is alone anyway. Raises RuntimeError outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("names are held by a transaction")
    if connection.vendor != "postgresql":
        return
    for name in sorted(set(names)):
        fetch(_HOLD_NAME, [name])


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, whatever is written meanwhile; nobody waits for it. Nothing is to be written.

    Inside a transaction of the caller it is that transaction's.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        execute("BEGIN")  # a reader's: transactions of Django begin as writers here
        try:
            yield
        finally:
            execute("ROLLBACK")


def retried(call: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Repeat a function that is one transaction when PostgreSQL undid it in favour of another, a few times, then give up.

    Inside a transaction of the caller it runs once: only the outermost can be repeated. The function must not have had
    any effect outside the database. Raises the last OperationalError.
    """

    @functools.wraps(call)
    def repeat(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if connection.in_atomic_block:
            return call(*args, **kwargs)
        for pause_s in RETRY_PAUSES_S:
            try:
                return call(*args, **kwargs)
            except OperationalError as error:
                if sqlstate(error) not in UNDONE:
                    raise
                log.info("%s is repeated: %s", call.__qualname__, error)
            time.sleep(random.uniform(0.5, 1.5) * pause_s)
        return call(*args, **kwargs)

    return repeat


def sqlstate(error: BaseException | None) -> str | None:
    """PostgreSQL's code of an error of the database, None for SQLite and for a lost connection."""
    code = getattr(getattr(error, "__cause__", None), "sqlstate", None)
    return str(code) if code is not None else None


def is_passing(error: BaseException | None) -> bool:
    """Whether an error of the database says nothing about what was asked: it was away or full, or others held what was needed."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor == "sqlite":
        return "locked" in str(error) or getattr(error.__cause__, "sqlite_errorname", "") in NO_ROOM
    code = sqlstate(error)
    # No code: the connection broke. 08: connection, 53: resources, 57P: the server is going down or coming up.
    return code is None or code in UNDONE or code == LOCK_TIMEOUT or code.startswith(("08", "53", "57P"))
