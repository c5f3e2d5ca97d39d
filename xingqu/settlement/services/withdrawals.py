"""Withdrawals: asked for once, kept aside in the books, then the bank's. Of a shop's balance, or of earned commission."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import TAX_WITHHELD, balance_account, payout_account
from xingqu.ledger.services import Overdrawn, post
from xingqu.settlement.domain.errors import DepositShort, FundsOnHold, KeyReused, NoPayoutAccount, NotEnoughBalance
from xingqu.settlement.models import DepositStanding, PayoutAccount, Withdrawal
from xingqu.settlement.selectors.funds import available_minor, left_minor
from xingqu.settlement.selectors.taxes import Withheld, withheld_of
from xingqu.settlement.selectors.terms import active_hold, terms_at
from xingqu.settlement.services.changes import CURRENCY


@dataclass(frozen=True, slots=True)
class _Demand:
    """`source` is a ledger account of commission, empty for the balance; `gross_minor` leaves it."""

    shop_id: int
    source: str
    gross_minor: int
    person_id: int
    key: str


@retried
@transaction.atomic
def set_payout_account(*, shop_id: int, holder: str, bank_name: str, number: str, person_id: int) -> None:
    """Where an organisation's withdrawals go from now on; those that were asked for go where they were going."""
    PayoutAccount.objects.update_or_create(
        shop_id=shop_id,
        defaults={
            "holder": holder,
            "bank_name": bank_name,
            "number": number,
            "changed_by_id": person_id,
            "changed_at": clock.now(),
        },
    )


@retried
def ask_withdrawal(*, shop_id: int, amount_minor: int, person_id: int, key: str) -> str:
    """Ask for money of the balance, once a `key`. Returns the number.

    The money is kept aside in the books until the bank has paid or refused. Raises, with nothing changed: NotEnoughBalance
    (also below zero), FundsOnHold, DepositShort, NoPayoutAccount, InvalidInput below the least amount, KeyReused.
    """
    try:
        with transaction.atomic():
            return _ask(_Demand(shop_id, "", amount_minor, person_id, key))
    except Overdrawn as error:
        raise NotEnoughBalance(
            field="amount_minor",
            data={"available_minor": max(available_minor(shop_id=shop_id, currency=CURRENCY), 0)},
        ) from error


@retried
def ask_commission_withdrawal(
    *, organisation_id: int, account: str, amount_minor: int, person_id: int, key: str
) -> str:
    """Ask for `amount_minor` of a commission's account (`ledger.contracts.commission_account`), once a `key`.

    The rule of the organisation's kind says what is withheld of it; the bank gets the rest. The caller has checked whose
    account it is. Returns the number. Raises as :func:`ask_withdrawal`, without DepositShort.
    """
    try:
        with transaction.atomic():
            return _ask(_Demand(organisation_id, account, amount_minor, person_id, key))
    except Overdrawn as error:
        raise NotEnoughBalance(
            field="amount_minor", data={"available_minor": max(left_minor(account=account, currency=CURRENCY), 0)}
        ) from error


def _ask(demand: _Demand) -> str:
    shop_id = demand.shop_id
    hold_names(f"withdrawal:{shop_id}", f"risk-hold:{shop_id}", f"deposit:{shop_id}")
    earlier = Withdrawal.objects.filter(shop_id=shop_id, key=demand.key).first()
    if earlier is not None:
        if (earlier.source, earlier.amount_minor + earlier.tax_minor) != (demand.source, demand.gross_minor):
            raise KeyReused(field="Idempotency-Key", expected="a new key for every withdrawal")
        return earlier.withdrawal_no
    now = clock.now()
    account = _check(demand, now)
    withheld = Withheld(0, 0, None)
    if demand.source:
        gross = demand.gross_minor
        withheld = withheld_of(organisation_id=shop_id, account=demand.source, amount_minor=gross, at=now)
    if withheld.tax_minor >= demand.gross_minor:
        data = {"tax_minor": withheld.tax_minor}
        raise InvalidInput(field="amount_minor", expected="more than the tax on it", data=data)
    return _file(demand, account, withheld, now)


def _check(demand: _Demand, now: datetime) -> PayoutAccount:
    least = terms_at(at=now).min_withdrawal_minor
    if demand.gross_minor < least:
        raise InvalidInput(field="amount_minor", expected=f"at least {least}", data={"least_minor": least})
    hold = active_hold(shop_id=demand.shop_id)
    if hold is not None:
        raise FundsOnHold(data={"reason": hold.reason})
    standing = DepositStanding.objects.filter(shop_id=demand.shop_id, state=DepositStanding.State.OVERDUE).first()
    if standing is not None and not demand.source:
        raise DepositShort(data={"short_minor": standing.short_minor})
    account = PayoutAccount.objects.filter(shop_id=demand.shop_id).first()
    if account is None:
        raise NoPayoutAccount
    return account


def _file(demand: _Demand, account: PayoutAccount, withheld: Withheld, now: datetime) -> str:
    tax_minor = withheld.tax_minor
    bank = settings.ENVIRONMENT.payout_bank
    row = Withdrawal.objects.create(
        withdrawal_no=new_number("W", now),
        shop_id=demand.shop_id,
        key=demand.key,
        source=demand.source,
        amount_minor=demand.gross_minor - tax_minor,
        tax_minor=tax_minor,
        exempt_minor=withheld.exempt_minor,
        rule_id=withheld.rule_id,
        currency=CURRENCY,
        bank=bank,
        holder=account.holder,
        bank_name=account.bank_name,
        number=account.number,
        due_at=now,
        asked_by_id=demand.person_id,
        asked_at=now,
    )
    source = demand.source or balance_account(demand.shop_id)
    entries = [(source, demand.gross_minor), (payout_account(bank), -row.amount_minor)]
    if tax_minor:
        entries.append((TAX_WITHHELD, -tax_minor))
    post(
        entries=entries,
        currency=CURRENCY,
        reference=row.withdrawal_no,
        idempotency_key=f"withdrawal:{row.withdrawal_no}",
        pending=True,
        must_bear=[source],
    )
    return row.withdrawal_no
