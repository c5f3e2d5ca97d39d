"""Short explicit SQL where the ORM costs: parameters are adapted to the database, rows are plain tuples."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import DateTimeField, JSONField, Model

PLAIN = frozenset({int, str, bool, type(None)})  # stored as they are, except in a JSON field


def fetch(sql: str, parameters: Sequence[Any] = (), *, fresh_plan: bool = False) -> list[tuple[Any, ...]]:
    """Rows of a query or of a statement with RETURNING. `sql` is a constant; values go in as parameters only.

    PostgreSQL plans what comes again once a connection; `fresh_plan` has it planned for these values, which a statement
    over a large table needs where some values find a few rows and others a million.
    """
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    if wrapper.vendor == "postgresql":
        found: list[tuple[Any, ...]] = wrapper.run_statement(sql, parameters, fresh_plan=fresh_plan)[0]
        return found
    with wrapper.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_one(sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """First row, or None."""
    rows = fetch(sql, parameters)
    return rows[0] if rows else None


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement. Returns how many rows it changed."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    if wrapper.vendor == "postgresql":
        return int(wrapper.run_statement(sql, parameters)[1])
    with wrapper.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        return int(cursor.rowcount)


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows in one statement. Table and columns are constants."""
    if not rows:
        return
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    values = ", ".join([one] * len(rows))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [value for row in rows for value in row])


def read_time(value: str | datetime) -> datetime:
    """Aware time of what plain SQL read: SQLite gives a naive time in UTC (a column) or text (an expression)."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _adapted(parameters: Sequence[Any]) -> list[Any]:
    """Times in the form that this database's columns hold."""
    return [_adapted_time(value) if isinstance(value, datetime) else value for value in parameters]


def _adapted_time(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def insert_rows(rows: Sequence[Model]) -> None:
    """`bulk_create` for the hot path: new rows of one model in one statement, their ids set; no signals, no `save()`."""
    if not rows:
        return
    prefix, one, fields = _insert_form(type(rows[0]))
    values = [_stored(field, kind, getattr(row, name)) for row in rows for field, name, kind in fields]
    written = fetch(f"{prefix} VALUES {', '.join([one] * len(rows))} RETURNING id", values)
    for row, (pk,) in zip(rows, written, strict=True):
        row.pk = pk


def _stored(field: Any, kind: type, value: Any) -> Any:
    """A value as `field` stores it; the short way for what is stored as it is, for times and for JSON."""
    if kind is JSONField:
        if value is not None and field.encoder is None:
            return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    elif type(value) in PLAIN:
        return value
    elif kind is DateTimeField and type(value) is datetime and value.tzinfo is not None:
        return _adapted_time(value)
    return field.get_db_prep_save(value, connection)


@cache
def _insert_form(model: type[Model]) -> tuple[str, str, tuple[Any, ...]]:
    fields = tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    prefix = f'INSERT INTO "{model._meta.db_table}" ({columns})'
    forms = tuple((field, field.attname, type(field)) for field in fields)
    return prefix, "(" + ", ".join(["%s"] * len(fields)) + ")", forms
