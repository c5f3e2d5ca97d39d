"""Short explicit SQL where the ORM costs: parameters are adapted to the database, rows are plain tuples."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of a query or of a statement with RETURNING. `sql` is a constant; values go in as parameters only."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_one(sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """First row, or None."""
    rows = fetch(sql, parameters)
    return rows[0] if rows else None


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement. Returns how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        return int(cursor.rowcount)


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows in one statement. Table and columns are constants."""
    if not rows:
        return
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    values = ", ".join([one] * len(rows))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [value for row in rows for value in row])


def _adapted(parameters: Sequence[Any]) -> list[Any]:
    """Times in the form that this database's columns hold."""
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in parameters]
