"""Withheld tax: paid to the authorities once a month, and given back where it was withheld of what nobody kept."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Sum

from xingqu.accounts.services import record_platform_action
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import TAX_REMITTED, TAX_WITHHELD
from xingqu.ledger.selectors import balance_minor
from xingqu.ledger.services import post
from xingqu.settlement.domain.errors import (
    AlreadyRemitted,
    KeyReused,
    MonthNotOver,
    NothingToRemit,
    ReceiptUsed,
    RemittanceChanged,
    TooMuchTax,
)
from xingqu.settlement.models import TaxLine, TaxRemittance, TaxReturn, Withdrawal
from xingqu.settlement.selectors.remittances import waiting_returns, waiting_withdrawals
from xingqu.settlement.selectors.taxes import month_of

HELD = "tax-withheld"  # one step at a time with what is withheld


@retried
@transaction.atomic
def remit_tax(*, period: str, currency: str, total_minor: int, reference: str, note: str, person_id: int) -> str:
    """Write down that the tax withheld until the end of a month ("2026-10") was paid, with the number of its receipt.

    All of it that no run before had, less what was given back; `total_minor` is the sum that was seen. The same again answers
    the same. Returns the number. Raises, with nothing changed: MonthNotOver, AlreadyRemitted, RemittanceChanged,
    NothingToRemit, ReceiptUsed, InvalidInput.
    """
    try:
        _, until = month_of(period)
    except ValueError as error:
        raise InvalidInput(field="period", expected="a month such as 2026-10") from error
    now = clock.now()
    if until > now:
        raise MonthNotOver(field="period", expected="a month that is over")
    hold_names(HELD)
    earlier = TaxRemittance.objects.filter(period=period, currency=currency).first()
    if earlier is not None:
        if (earlier.reference, earlier.total_minor) != (reference, total_minor):
            raise AlreadyRemitted(field="period", data={"remittance_no": earlier.remittance_no})
        return earlier.remittance_no
    used = TaxRemittance.objects.filter(reference=reference).first()
    if used is not None:
        raise ReceiptUsed(field="reference", data={"remittance_no": used.remittance_no})
    row = TaxRemittance.objects.create(
        remittance_no=new_number("X", now),
        period=period,
        currency=currency,
        until=until,
        reference=reference,
        note=note,
        by_id=person_id,
        at=now,
    )
    _claim(row)
    if row.total_minor <= 0:
        raise NothingToRemit(data={"total_minor": row.total_minor})
    if row.total_minor != total_minor:
        raise RemittanceChanged(field="total_minor", data={"total_minor": row.total_minor})
    row.save(update_fields=["withheld_minor", "returned_minor", "total_minor"])
    post(
        entries=[(TAX_WITHHELD, row.total_minor), (TAX_REMITTED, -row.total_minor)],
        currency=currency,
        reference=row.remittance_no,
        idempotency_key=f"tax_remitted:{row.remittance_no}",
    )
    _tell(row)
    return row.remittance_no


def _claim(row: TaxRemittance) -> None:
    """Take what waits into the run: rows that are in one are never taken again. Sums are of what was taken."""
    waiting_withdrawals(until=row.until, currency=row.currency).update(remittance=row)
    waiting_returns(until=row.until, currency=row.currency).update(remittance=row)
    lines: dict[tuple[int, str, int | None], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for paid in Withdrawal.objects.filter(remittance=row).iterator():
        line = lines[paid.shop_id, paid.source, paid.rule_id]
        gross = paid.amount_minor + paid.tax_minor - paid.exempt_minor
        line[:3] = line[0] + 1, line[1] + gross, line[2] + paid.tax_minor
    for back in TaxReturn.objects.filter(remittance=row).select_related("withdrawal").iterator():
        lines[back.withdrawal.shop_id, back.withdrawal.source, back.withdrawal.rule_id][3] += back.amount_minor
    TaxLine.objects.bulk_create(
        [
            TaxLine(
                remittance=row,
                organisation_id=key[0],
                account=key[1],
                rule_id=key[2],
                payouts=line[0],
                gross_minor=line[1],
                withheld_minor=line[2],
                returned_minor=line[3],
            )
            for key, line in sorted(lines.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or 0))
        ],
        batch_size=500,
    )
    row.withheld_minor = sum(line[2] for line in lines.values())
    row.returned_minor = sum(line[3] for line in lines.values())
    row.total_minor = row.withheld_minor - row.returned_minor


def _tell(row: TaxRemittance) -> None:
    """Each payee's log says what was paid in their name."""
    sums = TaxLine.objects.filter(remittance=row).values_list("organisation_id").order_by("organisation_id")
    for organisation_id, withheld, returned in sums.annotate(Sum("withheld_minor"), Sum("returned_minor")):
        record_platform_action(
            organisation_id=organisation_id,
            person_id=row.by_id,
            action="tax.remit",
            subject=row.remittance_no,
            changes={"period": row.period, "amount_minor": withheld - returned, "reference": row.reference},
        )


@retried
@transaction.atomic
def return_tax(*, withdrawal_no: str, amount_minor: int, reason: str, key: str, person_id: int) -> str:
    """Give withheld tax of a payout back into the account it came from, once by `key`; the next remittance is less by it.

    At most what was withheld of that payout, and what is not with the authorities yet. Returns the number. Raises, with
    nothing changed: NotFound, TooMuchTax, KeyReused.
    """
    paid = (
        Withdrawal.objects.filter(withdrawal_no=withdrawal_no, state=Withdrawal.State.PAID).exclude(source="").first()
    )
    if paid is None:
        raise NotFound(field="withdrawal_no", expected="a payout of commission that was paid")
    hold_names(HELD, f"withdrawal:{paid.shop_id}")
    returns = TaxReturn.objects.filter(withdrawal=paid)
    earlier = returns.filter(key=key).first()
    if earlier is not None:
        if (earlier.amount_minor, earlier.reason) != (amount_minor, reason):
            raise KeyReused(field="Idempotency-Key", expected="a new key for every return")
        return earlier.return_no
    left = paid.tax_minor - (returns.aggregate(total=Sum("amount_minor"))["total"] or 0)
    most = min(left, balance_minor(account=TAX_WITHHELD, currency=paid.currency))
    if amount_minor > most:
        raise TooMuchTax(field="amount_minor", expected=f"at most {most}", data={"most_minor": most})
    now = clock.now()
    after = balance_minor(account=paid.source, currency=paid.currency) + amount_minor
    row = TaxReturn.objects.create(
        return_no=new_number("Y", now),
        withdrawal=paid,
        key=key,
        amount_minor=amount_minor,
        own_minor=min(amount_minor, max(after, 0)),
        currency=paid.currency,
        reason=reason,
        by_id=person_id,
        at=now,
    )
    post(
        entries=[(TAX_WITHHELD, amount_minor), (paid.source, -amount_minor)],
        currency=paid.currency,
        reference=row.return_no,
        idempotency_key=f"tax_returned:{row.return_no}",
    )
    record_platform_action(
        organisation_id=paid.shop_id,
        person_id=person_id,
        action="tax.return",
        subject=withdrawal_no,
        changes={"amount_minor": amount_minor, "reason": reason},
    )
    return row.return_no
