"""Statements: read from the books themselves, so that they can't say anything else than the books do."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from xingqu.kit import clock
from xingqu.kit.spreadsheets import Cell
from xingqu.ledger.contracts import AccountLine, balance_account, receivable_account
from xingqu.ledger.selectors import account_lines, first_line_at, moved_minor, sums_by_kind
from xingqu.settlement.contracts import StatementLine
from xingqu.trade.selectors import earnings_of, refund_amounts

ENRICH_AT_ONCE = 500
MONTHS_SHOWN = 36
COLUMNS = (
    "at",
    "kind",
    "account",
    "order_no",
    "document",
    "sold",
    "platform_fee",
    "amount",
    "balance",
    "currency",
    "journal",
    "journal_key",
)
# Kinds of postings whose document is an order.
_OF_ORDERS = ("received", "settled", "refunded", "cover_premium", "commission", "commission_back", "deposit_forfeited")


def shop_accounts(shop_id: int) -> list[str]:
    """The accounts that a shop's statement tells of."""
    return [receivable_account(shop_id), balance_account(shop_id)]


def statement_of(*, accounts: Sequence[str], since: datetime, until: datetime, currency: str = "CNY") -> dict[str, Any]:
    """What accounts had, gained and lost in [since, until), by account and kind of event."""
    opening = moved_minor(accounts=accounts, currency=currency, before=since)
    sums = sums_by_kind(accounts=accounts, currency=currency, since=since, until=until)
    parts = []
    for account in accounts:
        moved = {kind: total for (code, kind), total in sums.items() if code == account}
        before = opening.get(account, 0)
        parts.append(
            {
                "account": _short(account),
                "opening_minor": before,
                "closing_minor": before + sum(moved.values()),
                "sums": [{"kind": kind, "amount_minor": moved[kind]} for kind in sorted(moved)],
            }
        )
    return {"since": since, "until": until, "currency": currency, "accounts": parts}


def statement_months(*, accounts: Sequence[str]) -> list[dict[str, Any]]:
    """The months (of the site's time zone) for which there are statements, the latest first."""
    first = first_line_at(accounts=accounts)
    if first is None:
        return []
    months: list[dict[str, Any]] = []
    start = timezone.localtime(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = _next_month(start)
    while until > first and len(months) < MONTHS_SHOWN:
        months.append({"month": f"{start:%Y-%m}", "since": start, "until": until})
        until, start = start, _month_before(start)
    return months


def _next_month(start: datetime) -> datetime:
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def _month_before(start: datetime) -> datetime:
    return start.replace(year=start.year - (start.month == 1), month=(start.month - 2) % 12 + 1)


def statement_lines(
    *, accounts: Sequence[str], since: datetime, until: datetime, after: int = 0, currency: str = "CNY"
) -> Iterator[tuple[StatementLine, int]]:
    """Lines, oldest first, each with the position to go on from. Any number of them takes the same memory."""
    lines = account_lines(accounts=accounts, currency=currency, since=since, until=until, after=after)
    while batch := list(islice(lines, ENRICH_AT_ONCE)):
        yield from _enriched(batch)


def statement_page(
    *, accounts: Sequence[str], since: datetime, until: datetime, after: int, limit: int
) -> tuple[list[StatementLine], int | None]:
    """A page of lines; it ends between two journals, so it may be one line longer than `limit`."""
    page: list[tuple[StatementLine, int]] = []
    for line, position in statement_lines(accounts=accounts, since=since, until=until, after=after):
        if len(page) >= limit and line.journal_id != page[-1][0].journal_id:
            return [shown for shown, _ in page], page[-1][1]
        page.append((line, position))
    return [shown for shown, _ in page], None


def statement_rows(
    *, accounts: Sequence[str], since: datetime, until: datetime, currency: str = "CNY"
) -> Iterator[Sequence[Cell]]:
    """Rows of a file: a heading, the opening balances, every line with the running balance of its account."""
    before = moved_minor(accounts=accounts, currency=currency, before=since)
    running = {_short(account): before.get(account, 0) for account in accounts}
    yield COLUMNS
    for account in running:
        yield (since, "opening", account, "", "", None, None, None, running[account], currency, None, "")
    for line, _ in statement_lines(accounts=accounts, since=since, until=until, currency=currency):
        running[line.account] += line.amount_minor
        yield (
            line.at,
            line.kind,
            line.account,
            line.order_no,
            line.document,
            line.sold_minor,
            line.fee_minor,
            line.amount_minor,
            running[line.account],
            currency,
            line.journal_id,
            line.journal_key,
        )


def _enriched(batch: list[AccountLine]) -> Iterator[tuple[StatementLine, int]]:
    documents = {line.position: line.key.partition(":") for line in batch}
    earnings = earnings_of(order_nos={line.reference for line in batch if documents[line.position][0] == "received"})
    refunds = refund_amounts(refund_nos={rest for kind, _, rest in documents.values() if kind == "refunded"})
    for line in batch:
        kind, _, document = documents[line.position]
        sold, fee = line.amount_minor, 0
        if kind == "received" and line.reference in earnings:
            sold, fee = earnings[line.reference].income_minor, -earnings[line.reference].fee_minor
        elif kind == "refunded" and document in refunds:
            sold = -refunds[document].amount_minor - refunds[document].subsidy_minor
            fee = line.amount_minor - sold
        is_order = kind in _OF_ORDERS
        yield (
            StatementLine(
                at=line.at,
                kind=kind,
                account=_short(line.account),
                order_no=line.reference if is_order else "",
                document=document,
                sold_minor=sold,
                fee_minor=fee,
                amount_minor=line.amount_minor,
                journal_id=line.journal_id,
                journal_key=line.key,
            ),
            line.position,
        )


def _short(account: str) -> str:
    """What an account is called in a statement: its kind, of a commission whose it is (creator, mcn, colonel)."""
    kind, whose, _ = account.split(":")
    return whose if kind == "commission" else kind
