"""Money kept between two sides (托管) until it is clear whose it is, each matter in an account of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xingqu.events.settlement import CustodyPaid
from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import custody_account
from xingqu.ledger.services import Overdrawn, post
from xingqu.settlement.domain.errors import NotEnoughBalance
from xingqu.settlement.models import CustodyMove
from xingqu.trade.services import open_charge, start_payment

State = CustodyMove.State
CURRENCY = "CNY"


@retried
@transaction.atomic
def pay_into_custody(*, reference: str, key: str, account: str, amount_minor: int) -> bool:
    """Take money of a credit account (a shop's balance, a creator's commission) into custody, once by its key.

    Returns False when that was done before. Raises NotEnoughBalance with nothing changed.
    """
    hold_names(f"custody:{reference}")
    if CustodyMove.objects.filter(reference=reference, key=key).exists():
        return False
    now = clock.now()
    CustodyMove.objects.create(
        move_no=new_number("K", now),
        reference=reference,
        key=key,
        into=True,
        account=account,
        state=State.DONE,
        amount_minor=amount_minor,
        currency=CURRENCY,
        at=now,
        done_at=now,
    )
    try:
        post(
            entries=[(account, amount_minor), (custody_account(reference), -amount_minor)],
            currency=CURRENCY,
            reference=reference,
            idempotency_key=f"custody_in:{reference}:{key}",
            must_bear=[account],
        )
    except Overdrawn as error:
        raise NotEnoughBalance(field="amount_minor") from error
    return True


def start_custody_payment(
    *,
    reference: str,
    person_id: int,
    amount_minor: int,
    provider: str | None,
    return_path: str,
    language: str | None,
    payer_ip: str,
) -> tuple[str, str]:
    """(payment number, address to send the payer to): pay into custody through a payment provider.

    `CustodyPaid` is published when the provider says that the money came, also when that is late. Raises MethodUnavailable.
    """
    with transaction.atomic():
        now = clock.now()
        number = new_number("K", now)
        row = CustodyMove.objects.create(
            move_no=number,
            reference=reference,
            key=number,
            into=True,
            state=State.WAITING,
            amount_minor=amount_minor,
            currency=CURRENCY,
            expires_at=now + timedelta(seconds=settings.ENVIRONMENT.deposit_payment_s),
            at=now,
        )
        row.order_no = open_charge(
            buyer_key=f"p{person_id}",
            account=custody_account(reference),
            reference=number,
            amount_minor=amount_minor,
            currency=CURRENCY,
            expires_at=now + timedelta(seconds=settings.ENVIRONMENT.deposit_payment_s),
        )
        row.save(update_fields=["order_no"])
        return start_payment(
            buyer_key=f"p{person_id}",
            order_no=row.order_no,
            provider=provider,
            return_path=return_path,
            language=language,
            payer_ip=payer_ip,
        )


def take_custody_payment(*, move_no: str, at: datetime) -> None:
    """The money of a payment came; the books have it already. Idempotent; what is no custody is left alone."""
    row = CustodyMove.objects.filter(move_no=move_no, account="").first()
    if row is None:
        return
    open_ones = CustodyMove.objects.filter(pk=row.pk, state__in=[State.WAITING, State.LAPSED])
    if open_ones.update(state=State.DONE, done_at=at):
        publish(CustodyPaid(reference=row.reference, move_no=move_no, amount_minor=row.amount_minor, at=at))


def lapse_custody_payments() -> int:
    """Payments that did not come in time. Money that comes later all the same is taken. For the worker."""
    return CustodyMove.objects.filter(state=State.WAITING, expires_at__lte=clock.now()).update(state=State.LAPSED)


@retried
@transaction.atomic
def give_from_custody(*, reference: str, key: str, shares: Mapping[str, int], is_own: bool = False) -> bool:
    """Give money in custody to credit accounts, once by its key; shares of nothing are left out.

    `is_own`: it goes back to who had paid it in, so that it is no income when it is paid out.
    Returns False when it was given before, or there is nothing to give. Raises PostedDifferently for a key used for other
    shares, django.db.IntegrityError for more than is there (nothing is kept of it then).
    """
    hold_names(f"custody:{reference}")
    given = {account: amount for account, amount in shares.items() if amount}
    total = sum(given.values())
    if not given:
        return False
    entries = [(custody_account(reference), total), *((account, -amount) for account, amount in given.items())]
    journal = f"custody_out:{reference}:{key}"
    if not post(entries=entries, currency=CURRENCY, reference=reference, idempotency_key=journal):
        return False
    now = clock.now()
    for account, amount_minor in given.items():
        CustodyMove.objects.create(
            move_no=new_number("K", now),
            reference=reference,
            key=key,
            into=False,
            account=account,
            is_own=is_own,
            state=State.DONE,
            amount_minor=amount_minor,
            currency=CURRENCY,
            at=now,
            done_at=now,
        )
    return True
