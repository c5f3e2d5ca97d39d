"""Moves all tables from one database to another, SQLite and PostgreSQL in either direction, and compares both afterwards.

Values go through Django's fields, so that each database stores them its own way. The ledger's triggers step aside for the copy,
or balances would be added up twice. Numbers that were given to rows since deleted are not given again: states and logs outside
the database know people and contents by them.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import AutoField, Field, Model

ROWS_AT_ONCE = 2_000
# Filled by `migrate` itself; the source's rows take their place.
FILLED_BY_MIGRATE = ("django_content_type", "auth_permission", "django_migrations")


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that both databases now have: its rows, and a digest of what is in them that does not depend on their order."""

    table: str
    rows: int
    digest: str


def copy_all(*, source: str, target: str, say: Callable[[str], object]) -> list[Copied]:
    """Copy every table between two aliases of `connections`; one transaction, all or nothing.

    Raises CommandError when the source is not migrated, the target not empty, a value does not fit, or what arrived differs.
    """
    refuse_unmigrated(connections[source])
    refuse_full(connections[target])
    say("Making tables ...")
    call_command("migrate", database=target, verbosity=0, interactive=False)
    models = ordered_models()
    with _reading(connections[source]), transaction.atomic(using=target), _without_triggers(connections[target]):
        for model in reversed(models):
            with connections[target].cursor() as cursor:
                cursor.execute(f"DELETE FROM {_quoted(connections[target], model)}")
        sent = [_copy(model, source, target, say) for model in models]
        for model in models:
            _carry_numbers(model, connections[source], connections[target])
        say("Comparing ...")
        for model, expected in zip(models, sent, strict=True):
            arrived = _measure(model, _rows(model, target))
            if arrived != expected:
                raise CommandError(f"{expected.table} differs: {expected} was sent, {arrived} arrived")
        _refuse_broken_links(connections[target], models)
    return sent


def ordered_models() -> list[type[Model]]:
    """Every model with a table, each after those that it points to (a circle is begun anywhere: links are checked at the end)."""
    left = {
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    }
    done: list[type[Model]] = []
    while left:
        free = [model for model in left if not (_pointed_at(model) & left) - {model}]
        for model in sorted(free or [min(left, key=_table)], key=_table):
            left.discard(model)
            done.append(model)
    return done


def refuse_unmigrated(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError unless the database has the tables of this very release."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database to copy from is not that of this release: run `xingqu migrate` on it first.")


def refuse_full(connection: BaseDatabaseWrapper) -> None:
    """Raises CommandError when a table of the database has rows that `migrate` does not make."""
    for table in connection.introspection.table_names():
        if table in FILLED_BY_MIGRATE:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
            if cursor.fetchone():
                raise CommandError(f"The database to copy to is not empty: {table} has rows. Nothing was changed.")


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _quoted(connection: BaseDatabaseWrapper, model: type[Model]) -> str:
    return str(connection.ops.quote_name(_table(model)))


def _pointed_at(model: type[Model]) -> set[type[Model]]:
    related = (field.related_model for field in model._meta.local_concrete_fields if field.related_model is not None)
    return {found for found in related if isinstance(found, type)}


def _fields(model: type[Model]) -> Sequence[Field[Any, Any]]:
    return model._meta.local_concrete_fields


def _rows(model: type[Model], alias: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    return rows.iterator(chunk_size=ROWS_AT_ONCE)


def _copy(model: type[Model], source: str, target: str, say: Callable[[str], object]) -> Copied:
    connection, fields = connections[target], _fields(model)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {_quoted(connection, model)} ({columns}) VALUES ({marks})"
    tally = _Tally()
    read = _rows(model, source)
    while chunk := list(itertools.islice(read, ROWS_AT_ONCE)):
        prepared = [
            [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
            for row in chunk
        ]
        try:
            with connection.cursor() as cursor:
                cursor.executemany(sql, prepared)
        except (DatabaseError, ValueError) as error:  # a NUL or a text longer than its column: SQLite took them
            where = f"{_table(model)}, rows {chunk[0][0]} to {chunk[-1][0]}"
            raise CommandError(
                f"{where}: {error}\nNothing was kept; mend the row in the source and start again."
            ) from error
        tally.add(chunk)
    say(f"  {_table(model)}: {tally.count}")
    return tally.of(model)


def _measure(model: type[Model], rows: Iterator[tuple[Any, ...]]) -> Copied:
    tally = _Tally()
    while chunk := list(itertools.islice(rows, ROWS_AT_ONCE)):
        tally.add(chunk)
    return tally.of(model)


class _Tally:
    """Counts rows and adds up their digests."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take these rows in."""
        for row in rows:
            text = orjson.dumps(row, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
            self.total += int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())
        self.count += len(rows)

    def of(self, model: type[Model]) -> Copied:
        """What was counted."""
        return Copied(table=_table(model), rows=self.count, digest=f"{self.total % 2**128:032x}")


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)


@contextmanager
def _reading(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """All that is read inside is of one moment."""
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The target's own triggers do nothing inside; should the copy fail, the transaction brings them back."""
    before, after = _trigger_statements(connection)
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which alters no table that has links left to check
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in after:
            cursor.execute(statement)


def _trigger_statements(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
            found = cursor.fetchall()
            return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) ORDER BY 1"
        )
        tables = [connection.ops.quote_name(table) for (table,) in cursor.fetchall()]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


def _carry_numbers(model: type[Model], source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Let the target go on numbering rows where the source is."""
    key = model._meta.pk
    if not isinstance(key, AutoField):
        return
    last = _last_number(source, model, str(key.column))
    if not last:
        return
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [_quoted(target, model), key.column, last]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [_table(model)])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [_table(model), last])


def _last_number(connection: BaseDatabaseWrapper, model: type[Model], column: str) -> int:
    """The highest number that was ever given to a row of this table; 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE(MAX({connection.ops.quote_name(column)}), 0) FROM {_quoted(connection, model)}"
        )
        highest = int(cursor.fetchone()[0])
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [_table(model), column]
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [_table(model)])
        row = cursor.fetchone()
    return max(highest, int(row[0] or 0) if row else 0)


def _refuse_broken_links(connection: BaseDatabaseWrapper, models: Sequence[type[Model]]) -> None:
    if connection.vendor == "sqlite":  # PostgreSQL has checked them when triggers came back
        connection.check_constraints(table_names=[_table(model) for model in models])
