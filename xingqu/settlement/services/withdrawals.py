"""Withdrawals: asked for once, kept aside in the books, then the bank's."""

from django.conf import settings
from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import balance_account, payout_account
from xingqu.ledger.services import Overdrawn, post
from xingqu.settlement.domain.errors import DepositShort, FundsOnHold, KeyReused, NoPayoutAccount, NotEnoughBalance
from xingqu.settlement.models import DepositStanding, PayoutAccount, Withdrawal
from xingqu.settlement.selectors.funds import available_minor
from xingqu.settlement.selectors.terms import active_hold, terms_at
from xingqu.settlement.services.changes import CURRENCY


@retried
@transaction.atomic
def set_payout_account(*, shop_id: int, holder: str, bank_name: str, number: str, person_id: int) -> None:
    """Where withdrawals go from now on; those that were asked for go where they were going."""
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
            return _ask(shop_id, amount_minor, person_id, key)
    except Overdrawn as error:
        raise NotEnoughBalance(
            field="amount_minor",
            data={"available_minor": max(available_minor(shop_id=shop_id, currency=CURRENCY), 0)},
        ) from error


def _ask(shop_id: int, amount_minor: int, person_id: int, key: str) -> str:
    hold_names(f"withdrawal:{shop_id}", f"risk-hold:{shop_id}", f"deposit:{shop_id}")
    earlier = Withdrawal.objects.filter(shop_id=shop_id, key=key).first()
    if earlier is not None:
        if earlier.amount_minor != amount_minor:
            raise KeyReused(field="Idempotency-Key", expected="a new key for every withdrawal")
        return earlier.withdrawal_no
    now = clock.now()
    least = terms_at(at=now).min_withdrawal_minor
    if amount_minor < least:
        raise InvalidInput(field="amount_minor", expected=f"at least {least}", data={"least_minor": least})
    hold = active_hold(shop_id=shop_id)
    if hold is not None:
        raise FundsOnHold(data={"reason": hold.reason})
    standing = DepositStanding.objects.filter(shop_id=shop_id, state=DepositStanding.State.OVERDUE).first()
    if standing is not None:
        raise DepositShort(data={"short_minor": standing.short_minor})
    account = PayoutAccount.objects.filter(shop_id=shop_id).first()
    if account is None:
        raise NoPayoutAccount
    bank = settings.ENVIRONMENT.payout_bank
    row = Withdrawal.objects.create(
        withdrawal_no=new_number("W", now),
        shop_id=shop_id,
        key=key,
        amount_minor=amount_minor,
        currency=CURRENCY,
        bank=bank,
        holder=account.holder,
        bank_name=account.bank_name,
        number=account.number,
        due_at=now,
        asked_by_id=person_id,
        asked_at=now,
    )
    balance = balance_account(shop_id)
    post(
        entries=[(balance, amount_minor), (payout_account(bank), -amount_minor)],
        currency=CURRENCY,
        reference=row.withdrawal_no,
        idempotency_key=f"withdrawal:{row.withdrawal_no}",
        pending=True,
        must_bear=[balance],
    )
    return row.withdrawal_no
