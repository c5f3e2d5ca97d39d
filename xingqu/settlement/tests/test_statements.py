"""Statements: every line traced to its order and journal, sums that hold, files, pages, and any length in the same memory."""

import csv
import io
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from xingqu.kit import clock
from xingqu.settlement.selectors.statements import shop_accounts, statement_lines, statement_page, statement_rows
from xingqu.settlement.services.payouts import carry_out_withdrawals
from xingqu.settlement.tests.house import earn, give_back, ready_to_withdraw, settle
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db
EVER = {"since": datetime(2020, 1, 1, tzinfo=UTC), "until": datetime(2100, 1, 1, tzinfo=UTC)}
PERIOD = f"since={quote(EVER['since'].isoformat())}&until={quote(EVER['until'].isoformat())}"


@pytest.fixture
def story(buyer: Caller, shop: Shop, sku: int, earned: str) -> list[str]:
    """Two orders; a refund before and one after settlement; a withdrawal that was paid."""
    second = earn(buyer, shop, sku)
    give_back(earned, 9_900, "c1")
    settle()
    give_back(second, 10_000, "c2")
    owner = ready_to_withdraw(shop)
    owner.post(
        f"/shops/{shop.id}/funds/withdrawals", {"amount_minor": 5_000}, status=201, **{"Idempotency-Key": "k" * 8}
    )
    carry_out_withdrawals()
    return [earned, second]


def test_every_line_tells_what_it_is_of(shop: Shop, story: list[str]) -> None:
    first, second = story
    lines = [line for line, _ in statement_lines(accounts=shop_accounts(shop.id), **EVER)]
    told = [(li.kind, li.account, li.order_no, li.sold_minor, li.fee_minor, li.amount_minor) for li in lines]
    assert told == [
        ("received", "receivable", first, 29_900, -1_495, 28_405),
        ("received", "receivable", second, 29_900, -1_495, 28_405),
        ("refunded", "receivable", first, -9_900, 495, -9_405),
        ("settled", "receivable", first, -19_000, 0, -19_000),
        ("settled", "balance", first, 19_000, 0, 19_000),
        ("settled", "receivable", second, -28_405, 0, -28_405),
        ("settled", "balance", second, 28_405, 0, 28_405),
        ("refunded", "balance", second, -10_000, 500, -9_500),
        ("withdrawn", "balance", "", -5_000, 0, -5_000),
    ]
    assert all(line.journal_key == f"{line.kind}:{line.document}" for line in lines)


def test_the_sums_are_those_of_the_lines(shop: Shop, story: list[str]) -> None:
    owner = shop.member()
    found = owner.get(f"/shops/{shop.id}/funds/statement?{PERIOD}")
    assert [(a["account"], a["opening_minor"], a["closing_minor"]) for a in found["accounts"]] == [
        ("receivable", 0, 0),
        ("balance", 0, 32_905),
    ]
    lines = [line for line, _ in statement_lines(accounts=shop_accounts(shop.id), **EVER)]
    for account in found["accounts"]:
        sums: dict[str, int] = {}
        for line in lines:
            if line.account == account["account"]:
                sums[line.kind] = sums.get(line.kind, 0) + line.amount_minor
        assert {row["kind"]: row["amount_minor"] for row in account["sums"]} == sums
    # From the middle on, the opening balance is what came before.
    middle = lines[4].at
    later_on = owner.get(
        f"/shops/{shop.id}/funds/statement?since={quote(middle.isoformat())}&until={quote(EVER['until'].isoformat())}"
    )
    for account in later_on["accounts"]:
        before = sum(li.amount_minor for li in lines if li.account == account["account"] and li.at < middle)
        assert account["opening_minor"] == before
    months = owner.get(f"/shops/{shop.id}/funds/statements")
    assert months[0]["month"] == f"{clock.now():%Y-%m}"


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_end_between_journals_and_lose_nothing(shop: Shop, story: list[str], limit: int) -> None:
    whole = [line for line, _ in statement_lines(accounts=shop_accounts(shop.id), **EVER)]
    found, after = [], 0
    while True:
        page, position = statement_page(accounts=shop_accounts(shop.id), after=after, limit=limit, **EVER)
        found += page
        if position is None:
            break
        after = position
    assert found == whole
    listed = shop.member().get(f"/shops/{shop.id}/funds/statement/lines?{PERIOD}&limit={limit}")
    assert len(listed["items"]) >= min(limit, len(whole))


def test_files_carry_the_running_balance(shop: Shop, story: list[str]) -> None:
    client = shop.member().client
    answer = client.get(f"/api/v1/shops/{shop.id}/funds/statement.csv?{PERIOD}")
    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["kind"], row["account"], row["balance"]) for row in rows[:4]] == [
        ("opening", "receivable", "0"),
        ("opening", "balance", "0"),
        ("received", "receivable", "28405"),
        ("received", "receivable", "56810"),
    ]
    assert rows[-1]["balance"] == "32905"
    answer = client.get(f"/api/v1/shops/{shop.id}/funds/statement.xlsx?{PERIOD}")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert (len(cells), cells[-1][8], cells[0][:3]) == (len(rows) + 1, 32_905, ("at", "kind", "account"))


def test_rows_are_read_as_they_are_sent(shop: Shop, story: list[str], django_assert_max_num_queries) -> None:
    rows = statement_rows(accounts=shop_accounts(shop.id), **EVER)
    with django_assert_max_num_queries(4):
        assert next(rows)[0] == "at"
        assert next(rows)[1] == "opening"
