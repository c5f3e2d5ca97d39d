"""Plain SQL on PostgreSQL goes past the driver's cursors: what it reads, refuses and undoes is what a cursor would."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from xingqu.kit.models import OutboxFact
from xingqu.kit.postgresql.statements import MAX_PREPARED, numbered
from xingqu.kit.sql import execute, fetch, fetch_one

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has its own way"),
]
AT = datetime(2026, 11, 23, 4, 5, 6, 789012, tzinfo=UTC)
INSERT = "INSERT INTO kit_outboxfact (name, payload, published_at, fanned_out) VALUES (%s, '{}', %s, false)"
VALUES: list[tuple[str, Any]] = [
    ("bigint", 7),
    ("bigint", -(2**62)),
    ("integer", 2_147_483_647),
    ("text", "一件's \\ %s $1"),
    ("varchar(3)", "abc"),
    ("boolean", True),
    ("timestamptz", AT),
    ("timestamptz", None),
    ("double precision", 0.25),
    ("text[]", ["a", "b,c"]),
    ("bigint[]", [1, 2**40]),
    ("jsonb", '{"a": [1, null]}'),
    ("bytea", b"\x00\xff"),
]


def by_cursor(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def prepared() -> int:
    return int(by_cursor("SELECT COUNT(*) FROM pg_prepared_statements WHERE name LIKE 'xq%%'", [])[0][0])


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=[f"{kind} {value}" for kind, value in VALUES])
def test_values_are_read_as_by_a_cursor(kind: str, value: Any) -> None:
    sql = f"SELECT %s::{kind}, 5 %% 3, SUM(x) FROM (VALUES (1::bigint), (2)) t (x)"
    for _ in range(4):  # parsed anew, then prepared
        assert fetch(sql, [value]) == by_cursor(sql, [value])


def test_a_statement_is_prepared_when_it_comes_again() -> None:
    before = prepared()
    for number in range(5):
        assert fetch("SELECT %s::int + 1", [number]) == [(number + 1,)]
    assert prepared() == before + 1
    for number in range(5):
        assert fetch("SELECT %s::int + 2", [number], fresh_plan=True) == [(number + 2,)]
    assert prepared() == before + 1


def test_statements_of_many_lengths_do_not_pile_up() -> None:
    for length in range(1, MAX_PREPARED + 40):
        marks = ", ".join(["%s"] * length)
        for _ in range(3):
            assert fetch_one(f"SELECT 1 WHERE 1 IN ({marks})", [0] * length) is None
    assert prepared() == MAX_PREPARED


def test_how_many_rows_were_changed() -> None:
    sql = "UPDATE kit_outboxfact SET fanned_out = %s WHERE name = %s"
    OutboxFact.objects.bulk_create([OutboxFact(name="Lit", payload={}, published_at=AT) for _ in range(3)])
    assert [execute(sql, [True, "Lit"]) for _ in range(4)] == [3, 3, 3, 3]
    assert execute(sql, [True, "Dark"]) == 0


def test_a_text_with_a_nul_is_refused() -> None:
    with pytest.raises(DataError):
        fetch("SELECT %s::text", ["a\0b"])
    assert fetch("SELECT 1") == [(1,)]


def write_facts(*names: str) -> None:
    with transaction.atomic():
        for name in names:
            execute(INSERT, [name, AT])
        execute(INSERT, [names[0] * 200, AT])


def test_what_fails_is_undone_with_its_transaction() -> None:
    for _ in range(4):
        with pytest.raises(DataError):
            write_facts("undone", "undone too")
    assert OutboxFact.objects.count() == 0
    assert fetch("SELECT 1") == [(1,)]


def test_a_savepoint_is_rolled_back_alone() -> None:
    with transaction.atomic():
        execute(INSERT, ["kept", AT])
        with pytest.raises(DataError):
            write_facts("undone")
        execute(INSERT, ["kept too", AT])
    assert sorted(OutboxFact.objects.values_list("name", flat=True)) == ["kept", "kept too"]


def test_a_changed_table_is_planned_anew() -> None:
    execute("CREATE TABLE lamp (id int)")
    try:
        execute("INSERT INTO lamp VALUES (1)")
        for _ in range(4):
            assert fetch("SELECT * FROM lamp WHERE id = %s", [1]) == [(1,)]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE lamp ADD COLUMN lit boolean DEFAULT true")
        assert fetch("SELECT * FROM lamp WHERE id = %s", [1]) == [(1, True)]
    finally:
        execute("DROP TABLE lamp")


def test_marks_become_numbers() -> None:
    assert numbered("a = %s AND b LIKE '%%x' OR c = %s") == b"a = $1 AND b LIKE '%x' OR c = $2"
