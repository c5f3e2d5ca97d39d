"""Streams a shop's statement as CSV: rows a second, and the most memory the process ever took.

python -m bench.trade.statement --rows 1000000
"""

import argparse
import json
import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta

import django
from django.core.management import call_command

AT_ONCE = 50_000


def fill(rows: int) -> None:
    """Receipts of one shop straight into the ledger's tables, where triggers keep the balances. Needs Django set up."""
    from django.db import transaction

    from xingqu.kit.sql import execute, fetch
    from xingqu.ledger.services import post

    with transaction.atomic():
        post(
            entries=[("escrow:shop:1", -(10**12)), ("provider:sandbox", 10**12)],
            currency="CNY",
            reference="P",
            idempotency_key="paid:bench",
        )
        post(
            entries=[("escrow:shop:1", 100), ("receivable:shop:1", -100)],
            currency="CNY",
            reference="S0",
            idempotency_key="received:S0",
        )
    ids = dict(fetch("SELECT code, id FROM ledger_ledgeraccount"))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(1, rows, AT_ONCE):
        last = min(first + AT_ONCE, rows)
        at = start + timedelta(seconds=first)
        with transaction.atomic():
            ((newest,),) = fetch("SELECT max(id) FROM ledger_journal")
            execute(
                "WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
                " INSERT INTO ledger_journal (idempotency_key, reference, currency, fingerprint, posted_at, phase, transfer_count)"
                " SELECT 'received:S' || i, 'S' || i, 'CNY', '', %s, 'posted', 1 FROM n",
                [first, last - 1, at],
            )
            execute(
                "INSERT INTO ledger_transfer (journal_id, debit_account_id, credit_account_id, amount_minor)"
                " SELECT j.id, %s, %s, 100 FROM ledger_journal j WHERE j.id > %s ORDER BY j.id",
                [ids["escrow:shop:1"], ids["receivable:shop:1"], newest],
            )


def stream() -> tuple[int, float]:
    """(lines, seconds) of the whole statement as CSV."""
    from xingqu.kit.spreadsheets import csv_stream
    from xingqu.settlement.selectors.statements import statement_rows

    started, lines = time.perf_counter(), 0
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    for _ in csv_stream(statement_rows(shop_id=1, since=first, until=last)):
        lines += 1
    return lines, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(XINGQU_HOME=home, DJANGO_SETTINGS_MODULE="xingqu.config.settings")
        django.setup()
        call_command("migrate", verbosity=0)
        fill(rows)
        import xingqu.settlement.selectors.statements  # noqa: F401  # what it imports is no memory of the rows

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        lines, seconds = stream()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "lines": lines,
                "seconds": round(seconds, 1),
                "rows_per_s": round(lines / seconds),
                "rss_before_mb": round(before / 1024),
                "peak_rss_mb": round(after / 1024),
            }
        )
    )


if __name__ == "__main__":
    main()
