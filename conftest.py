"""Every test has a home folder of its own: states, logs and snapshots of one test are not another's."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as property_settings

# A change is judged by the same examples every time; new ones are looked for with `make explore`, where a find is a find
# and not somebody else's red run.
property_settings.register_profile("repeatable", derandomize=True)
property_settings.register_profile("explore", derandomize=False, print_blob=True)
TIMES = int(os.environ.get("XINGQU_EXPLORE_TIMES", "1"))
if TIMES > 1:
    # So many times as many examples as each test asks for, also where it names a number of its own.
    _plain: Any = property_settings.__init__

    @functools.wraps(_plain)
    def _more(self: property_settings, *args: Any, **options: Any) -> None:
        if isinstance(options.get("max_examples"), int):
            options["max_examples"] *= TIMES
        _plain(self, *args, **options)

    property_settings.__init__ = _more  # type: ignore[method-assign]
property_settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Iterator[Path]:
    """The home folder of this test."""
    from xingqu.interest import storage as interest_storage
    from xingqu.signals import storage as signal_storage

    settings.HOME = tmp_path
    yield tmp_path
    interest_storage.close_stores()
    signal_storage.close_logs()


@pytest.fixture(autouse=True, scope="session")
def _flush_despite_append_only_tables() -> Iterator[None]:
    """Tests with real commits empty all tables afterwards; the ledger's triggers, which forbid that, step aside meanwhile."""
    operations = type(connection.ops)
    flush = operations.sql_flush
    around = {"sqlite": _without_triggers, "postgresql": _without_ledger_triggers}[connection.vendor]

    def sql_flush(self: BaseDatabaseOperations, *args: object, **options: object) -> list[str]:
        return around(flush(self, *args, **options))

    operations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    operations.sql_flush = flush  # type: ignore[method-assign]


def _without_triggers(statements: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers] + statements + [sql for _, sql in triggers]


def _without_ledger_triggers(statements: list[str]) -> list[str]:
    tables = ("ledger_journal", "ledger_transfer")
    off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
    return off + statements + [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
