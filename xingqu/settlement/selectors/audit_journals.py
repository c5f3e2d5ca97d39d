"""Each row of this room that moved money against the journal it wrote, and each deposit of a presale that found its end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

from django.db.models import Sum

from xingqu.ledger.selectors import booked_amounts
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Compensation, CustodyMove, DepositChange, TaxRemittance, TaxReturn, Withdrawal
from xingqu.trade.selectors import ended_presales

Count = Callable[[str, int], None]
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Booked:
    """The journal `key` must have moved `amount_minor` (debits less credits) on accounts of one `kind`."""

    what: str
    reference: str
    shop_id: int | None
    key: str
    kind: str
    amount_minor: int


def look_at_journals(count: Count) -> Iterator[Difference]:
    """Every withdrawal, move of tax, deposit and custody, compensation and ended presale stands in the books as it says."""
    rows = chain(_withdrawals(), _taxes(), _deposits(), _custody(), _compensations(), _presales())
    for kind, same in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind):
        told = list(same)
        count("journals", len(told))
        for start in range(0, len(told), AT_ONCE):
            batch = told[start : start + AT_ONCE]
            found = booked_amounts(keys=[row.key for row in batch], kind=kind)
            for row in batch:
                if found.get(row.key) != row.amount_minor:
                    words = str(row.amount_minor), str(found.get(row.key, "nothing"))
                    yield Difference("money", row.what, row.reference, row.shop_id, *words)


def _withdrawals() -> Iterator[Booked]:
    for row in Withdrawal.objects.filter(state=Withdrawal.State.PAID).iterator():
        number, key = row.withdrawal_no, f"withdrawn:{row.withdrawal_no}"
        yield Booked("withdrawal_booked", number, row.shop_id, key, "payout", -row.amount_minor)
        yield Booked("tax_booked", number, row.shop_id, key, "tax", -row.tax_minor)


def _taxes() -> Iterator[Booked]:
    for row in TaxRemittance.objects.iterator():
        number = row.remittance_no
        yield Booked("remittance_booked", number, None, f"tax_remitted:{number}", "tax", row.total_minor)
    for back in TaxReturn.objects.select_related("withdrawal").iterator():
        key, shop_id = f"tax_returned:{back.return_no}", back.withdrawal.shop_id
        yield Booked("tax_return_booked", back.return_no, shop_id, key, "tax", back.amount_minor)


def _deposits() -> Iterator[Booked]:
    """Payments through a provider are payments like others."""
    kinds, states = DepositChange.Kind, DepositChange.State
    moved = DepositChange.objects.filter(state__in=[states.DONE, states.DEDUCTED]).exclude(kind=kinds.PAYMENT)
    for row in moved.iterator():
        start = {kinds.FREEZE: "deposit_decided", kinds.RETURN: "deposit_returned"}.get(kinds(row.kind), "deposit")
        amount = -row.amount_minor if row.kind == kinds.PAY_IN else row.amount_minor
        key = f"{start}:{row.change_no}"
        yield Booked("deposit_booked", row.change_no, row.shop_id, key, "deposit", amount)


def _custody() -> Iterator[Booked]:
    """Payments through a provider are payments like others."""
    moves = CustodyMove.objects.exclude(account="").order_by("reference", "key", "into")
    for reference, key, into, total in moves.values_list("reference", "key", "into").annotate(Sum("amount_minor")):
        start, amount = ("custody_in", -total) if into else ("custody_out", total)
        yield Booked("custody_booked", reference, None, f"{start}:{reference}:{key}", "custody", amount)


def _compensations() -> Iterator[Booked]:
    for row in Compensation.objects.filter(state=Compensation.State.DONE, borne_minor__gt=0).iterator():
        number = row.compensation_no
        yield Booked("compensation_booked", number, row.shop_id, f"compensated:{number}", "fund", row.borne_minor)


def _presales() -> Iterator[Booked]:
    for order_no, shop_id, ended, minor in ended_presales():
        yield Booked("presale_booked", order_no, shop_id, f"deposit_{ended}:{order_no}", "presale", minor)
