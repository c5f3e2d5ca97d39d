"""Streams a shop's statement as CSV: rows a second, and the most memory the process ever took.

python -m bench.trade.statement --rows 1000000 [--home FOLDER]

Besides the peak, the memory that is the process's own (anonymous) is looked at along the way: pages of the database's file, which
SQLite maps (256 MB at most), count as resident too, but are the kernel's to take back.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def own_mb() -> dict[str, float]:
    """Megabytes of this process that are its own, and those that are pages of files."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return {name: round(int(fields[name].split()[0]) / 1024, 1) for name in ("RssAnon", "RssFile")}


def stream() -> tuple[int, float, list[dict[str, float]]]:
    """(lines, seconds, memory at each tenth) of the whole statement as CSV."""
    from xingqu.kit.spreadsheets import csv_stream
    from xingqu.settlement.selectors.statements import shop_accounts, statement_rows

    started, lines, seen = time.perf_counter(), 0, []
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    for _ in csv_stream(statement_rows(accounts=shop_accounts(1), since=first, until=last)):
        lines += 1
        if lines % 100_000 == 1:
            seen.append({"line": lines, **own_mb()})
    return lines, time.perf_counter() - started, seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--home", default="", help="keep the database in this folder and use it again")
    asked = parser.parse_args()
    rows = asked.rows
    with tempfile.TemporaryDirectory() as temporary:
        os.environ.update(XINGQU_HOME=asked.home or temporary, DJANGO_SETTINGS_MODULE="xingqu.config.settings")
        django.setup()
        call_command("migrate", verbosity=0)
        from xingqu.ledger.models import Journal

        if not Journal.objects.exists():
            fill(rows)
        import xingqu.settlement.selectors.statements  # noqa: F401  # what it imports is no memory of the rows

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        lines, seconds, seen = stream()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "lines": lines,
                "seconds": round(seconds, 1),
                "rows_per_s": round(lines / seconds),
                "rss_before_mb": round(before / 1024),
                "peak_rss_mb": round(after / 1024),
                "along": seen,
            }
        )
    )


if __name__ == "__main__":
    main()
