"""Writers of a SQLite file take turns without sleeping, and nobody keeps a turn that is over."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction

from xingqu.kit.models import OutboxFact
from xingqu.kit.sqlite.base import DatabaseWrapper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the queue is SQLite's"),
]
INSERT = "INSERT INTO kit_outboxfact (name, payload, published_at, fanned_out) VALUES ('Lit', '{}', '2026-11-22', 1)"


@pytest.fixture
def other() -> Iterator[DatabaseWrapper]:
    """A second connection, as another process would have one."""
    found = connection.copy()
    assert isinstance(found, DatabaseWrapper)
    found.inc_thread_sharing()
    found.settings_dict = {**found.settings_dict, "OPTIONS": {**found.settings_dict["OPTIONS"], "timeout": 0.2}}
    found.ensure_connection()
    yield found
    found.close()


def insert(through: DatabaseWrapper) -> None:
    with through.cursor() as cursor:
        cursor.execute(INSERT)


def test_a_writer_waits_no_longer_than_it_may(other: DatabaseWrapper) -> None:
    with transaction.atomic():
        started = time.monotonic()
        with pytest.raises(OperationalError, match="database is locked"):
            insert(other)
        assert 0.2 <= time.monotonic() - started < 5
    insert(other)
    assert OutboxFact.objects.count() == 1


def test_the_next_writer_starts_when_a_transaction_ends(other: DatabaseWrapper) -> None:
    other.settings_dict["OPTIONS"]["timeout"] = 20.0
    waiting = threading.Thread(target=insert, args=(other,))
    with transaction.atomic():
        insert(connection)  # type: ignore[arg-type]
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()
    assert OutboxFact.objects.count() == 2


def test_a_rollback_ends_the_turn(other: DatabaseWrapper) -> None:
    with transaction.atomic():
        insert(connection)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    insert(other)
    assert OutboxFact.objects.count() == 1


def test_a_statement_of_its_own_ends_its_turn_also_when_it_fails(other: DatabaseWrapper) -> None:
    insert(connection)  # type: ignore[arg-type]
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    insert(other)
    assert OutboxFact.objects.count() == 2


def test_a_connection_that_breaks_off_leaves_the_queue(other: DatabaseWrapper) -> None:
    other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    other.close()
    insert(connection)  # type: ignore[arg-type]
    assert OutboxFact.objects.count() == 1


def test_readers_do_not_queue(other: DatabaseWrapper) -> None:
    with transaction.atomic():
        insert(connection)  # type: ignore[arg-type]
        with other.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM kit_outboxfact")
            assert cursor.fetchone() == (0,)
