"""Withheld tax: each remittance against its rows, and what the books should hold of it."""

from collections.abc import Callable, Iterator

from django.db.models import Sum

from xingqu.ledger.contracts import TAX_REMITTED, TAX_WITHHELD
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import TaxLine, TaxRemittance, TaxReturn, Withdrawal

Count = Callable[[str, int], None]


def look_at_taxes(count: Count, expected: dict[tuple[str, str], int]) -> Iterator[Difference]:
    """Each run against its payouts and returns and against its lines; adds to `expected` what the accounts should hold."""
    rows = TaxRemittance.objects.order_by("id")
    sums = {
        name: dict(table.exclude(remittance=None).values_list("remittance_id").order_by().annotate(Sum(column)))
        for name, table, column in (
            ("withheld", Withdrawal.objects, "tax_minor"),
            ("returned", TaxReturn.objects, "amount_minor"),
            ("line_withheld", TaxLine.objects, "withheld_minor"),
            ("line_returned", TaxLine.objects, "returned_minor"),
        )
    }
    count("remittances", len(rows))
    for row in rows:
        expected[TAX_WITHHELD, row.currency] -= row.total_minor
        expected[TAX_REMITTED, row.currency] += row.total_minor
        said = f"{row.withheld_minor} - {row.returned_minor}"
        for start in ("", "line_"):
            found = f"{sums[f'{start}withheld'].get(row.pk, 0)} - {sums[f'{start}returned'].get(row.pk, 0)}"
            if found != said:
                yield Difference("money", "remittance_rows", row.remittance_no, None, said, found)
    back = TaxReturn.objects.values_list("withdrawal__source", "currency").order_by().annotate(Sum("amount_minor"))
    for source, currency, total in back:
        expected[source, currency] += total
        expected[TAX_WITHHELD, currency] -= total
