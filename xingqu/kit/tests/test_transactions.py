"""Names that transactions hold, the repetition of what PostgreSQL undid, and which errors pass by themselves."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from xingqu.kit import transactions
from xingqu.kit.sql import execute, fetch, insert
from xingqu.kit.tests.threads import side_by_side
from xingqu.kit.transactions import hold_names, is_passing, one_moment, retried, sqlstate

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="what PostgreSQL does side by side")


class Undone(Exception):
    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.sqlstate = code


def failed(code: str | None) -> OperationalError:
    error = OperationalError("undone")
    error.__cause__ = Undone(code)
    return error


@pytest.fixture
def rows(transactional_db: None) -> list[int]:
    """Ids of two rows that anybody may write."""
    values = [(name, "{}", "2026-01-01 00:00:00+00:00", True) for name in ("0", "0")]
    insert("kit_outboxfact", ("name", "payload", "published_at", "fanned_out"), values)
    return [pk for (pk,) in fetch("SELECT id FROM kit_outboxfact ORDER BY id")]


def test_codes_of_errors() -> None:
    assert sqlstate(failed("40P01")) == "40P01"
    assert sqlstate(OperationalError("no such table")) is None
    assert sqlstate(None) is None


@pytest.mark.parametrize("vendor", ["postgresql"])
@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (failed("40P01"), True),
        (failed("55P03"), True),
        (failed("57P01"), True),
        (failed("53300"), True),
        (failed(None), True),  # the connection broke
        (InterfaceError("connection already closed"), True),
        (failed("22003"), False),
        (ValueError("wrong"), False),
        (None, False),
    ],
)
def test_what_passes_by_itself(monkeypatch: pytest.MonkeyPatch, vendor: str, error: Any, passes: bool) -> None:
    monkeypatch.setattr(transactions.connection._connections[transactions.connection._alias], "vendor", vendor)
    assert is_passing(error) is passes


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's words")
def test_a_locked_file_passes_and_a_missing_table_does_not() -> None:
    assert is_passing(OperationalError("database is locked"))
    assert not is_passing(OperationalError("no such table: nowhere"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own codes")
def test_a_full_disk_passes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "full.sqlite3")) as database:
        database.execute("PRAGMA max_page_count = 2")
        database.execute("CREATE TABLE t (x)")
        with pytest.raises(sqlite3.OperationalError) as full:
            database.execute("INSERT INTO t VALUES (zeroblob(100000))")
    error = OperationalError(str(full.value))
    error.__cause__ = full.value
    assert is_passing(error)


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_runs_again_until_it_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    ends = [failed("40001"), failed("40P01"), None]
    said: list[int] = []

    @retried
    def act(number: int) -> int:
        said.append(number)
        if (end := ends.pop(0)) is not None:
            raise end
        return number

    assert act(7) == 7
    assert said == [7, 7, 7]
    ends[:] = [failed("40001") for _ in range(9)]
    with pytest.raises(OperationalError):
        act(8)
    assert len(ends) == 4
    assert len(pauses) == 2 + 4
    ends[:] = [failed("22003")]
    with pytest.raises(OperationalError):
        act(9)
    assert said.count(9) == 1


@pytest.mark.django_db(transaction=True)
def test_only_the_outermost_transaction_is_repeated() -> None:
    calls: list[None] = []

    @retried
    def act() -> None:
        calls.append(None)
        raise failed("40P01")

    with pytest.raises(OperationalError), transaction.atomic():
        act()
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_names_need_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        hold_names("somebody")
    with transaction.atomic():
        hold_names("somebody", "somebody")


@on_postgresql
def test_two_that_wait_for_each_other_both_arrive(rows: list[int]) -> None:
    meet, tries = threading.Barrier(2, timeout=10), []

    def act(order: list[int]) -> None:
        @retried
        @transaction.atomic
        def add() -> None:
            tries.append(order)
            execute(
                "UPDATE kit_outboxfact SET name = CAST(CAST(name AS integer) + 1 AS text) WHERE id = %s", [order[0]]
            )
            if len(tries) <= 2:
                meet.wait()
            execute(
                "UPDATE kit_outboxfact SET name = CAST(CAST(name AS integer) + 1 AS text) WHERE id = %s", [order[1]]
            )

        add()

    assert side_by_side(lambda: act(rows), lambda: act(rows[::-1])) == [None, None]
    assert len(tries) == 3  # one was undone
    assert fetch("SELECT name FROM kit_outboxfact ORDER BY id") == [("2",), ("2",)]


@on_postgresql
def test_who_holds_a_name_is_alone(rows: list[int]) -> None:
    def act() -> None:
        with transaction.atomic():
            hold_names("b", "a")
            ((name,),) = fetch("SELECT name FROM kit_outboxfact WHERE id = %s", [rows[0]])
            time.sleep(0.05)
            execute("UPDATE kit_outboxfact SET name = %s WHERE id = %s", [str(int(name) + 1), rows[0]])

    assert side_by_side(*[act] * 4) == [None] * 4
    assert fetch("SELECT name FROM kit_outboxfact WHERE id = %s", [rows[0]]) == [("4",)]


@on_postgresql
def test_a_connection_that_the_server_closed_is_replaced(transactional_db: None) -> None:
    def act() -> None:
        ((pid,),) = fetch("SELECT pg_backend_pid()")
        with pytest.raises(OperationalError):
            fetch("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close_if_unusable_or_obsolete()
        ((other,),) = fetch("SELECT pg_backend_pid()")
        assert other != pid
        assert connection.is_usable()

    assert side_by_side(act) == [None]


@on_postgresql
def test_sums_come_as_plain_numbers(db: None) -> None:
    found = fetch("SELECT SUM(CAST(5 AS bigint)), -SUM(CAST(5 AS bigint)), 2 * 1.5, SUM(CAST(NULL AS bigint))")
    assert found == [(5, -5, 3.0, None)]
    assert [type(value) for value in found[0]] == [int, int, float, type(None)]


def test_what_is_read_in_one_moment_is_of_one_moment(rows: list[int]) -> None:
    def names() -> list[str]:
        return [name for (name,) in fetch("SELECT name FROM kit_outboxfact ORDER BY id")]

    def write() -> None:
        with transaction.atomic():
            execute("UPDATE kit_outboxfact SET name = 'later' WHERE id = %s", [rows[1]])

    with one_moment():
        assert names() == ["0", "0"]
        assert side_by_side(write) == [None]  # who writes does not wait
        assert names() == ["0", "0"]
    assert names() == ["0", "later"]
    with transaction.atomic(), one_moment():  # the caller's
        assert names() == ["0", "later"]
    with pytest.raises(RuntimeError), one_moment():
        raise RuntimeError
    with transaction.atomic():  # nothing is left open
        execute("UPDATE kit_outboxfact SET name = '0' WHERE id = %s", [rows[1]])
