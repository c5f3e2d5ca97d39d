"""Security deposits (保证金): paid in out of the balance; frozen by an operator, then deducted or released."""

from django.db import IntegrityError, transaction

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import PROTECTION_FUND, balance_account, deposit_account
from xingqu.ledger.services import Overdrawn, post, resolve
from xingqu.settlement.domain.errors import AlreadyDecided, NotEnoughBalance
from xingqu.settlement.models import DepositChange
from xingqu.settlement.services.withdrawals import CURRENCY


@retried
@transaction.atomic
def pay_deposit(*, shop_id: int, amount_minor: int, person_id: int) -> str:
    """Move money of the balance into the deposit. Returns the number. Raises NotEnoughBalance with nothing changed."""
    row = _write(shop_id, DepositChange.Kind.PAY_IN, DepositChange.State.DONE, amount_minor, "", person_id)
    balance = balance_account(shop_id)
    try:
        post(
            entries=[(balance, amount_minor), (deposit_account(shop_id), -amount_minor)],
            currency=CURRENCY,
            reference=row.change_no,
            idempotency_key=f"deposit:{row.change_no}",
            must_bear=[balance],
        )
    except Overdrawn as error:
        raise NotEnoughBalance(field="amount_minor") from error
    return row.change_no


@retried
def freeze_deposit(*, shop_id: int, amount_minor: int, reason: str, person_id: int) -> str:
    """Keep a part of a deposit aside for the consumer protection fund until it is decided. Raises NotEnoughBalance."""
    try:
        with transaction.atomic():
            row = _write(
                shop_id, DepositChange.Kind.FREEZE, DepositChange.State.FROZEN, amount_minor, reason, person_id
            )
            post(
                entries=[(deposit_account(shop_id), amount_minor), (PROTECTION_FUND, -amount_minor)],
                currency=CURRENCY,
                reference=row.change_no,
                idempotency_key=f"deposit:{row.change_no}",
                pending=True,
            )
    except IntegrityError as error:
        raise NotEnoughBalance("There is not so much in the deposit.", field="amount_minor") from error
    notify(organisation_id=shop_id, kind="deposit_frozen", data={"amount_minor": amount_minor, "reason": reason})
    return row.change_no


@retried
@transaction.atomic
def decide_deposit(*, change_no: str, deduct: bool, person_id: int) -> None:
    """Take what was frozen into the protection fund, or let it go. Raises NotFound, AlreadyDecided."""
    row = DepositChange.objects.filter(change_no=change_no, kind=DepositChange.Kind.FREEZE).first()
    if row is None:
        raise NotFound(field="change_no", expected="the number of a freeze")
    state = DepositChange.State.DEDUCTED if deduct else DepositChange.State.RELEASED
    frozen = DepositChange.objects.filter(pk=row.pk, state=DepositChange.State.FROZEN)
    if not frozen.update(state=state, decided_by_id=person_id, decided_at=clock.now()):
        raise AlreadyDecided
    resolve(
        pending_key=f"deposit:{change_no}",
        outcome="post" if deduct else "void",
        idempotency_key=f"deposit_decided:{change_no}",
    )
    kind = "deposit_deducted" if deduct else "deposit_released"
    notify(organisation_id=row.shop_id, kind=kind, data={"amount_minor": row.amount_minor, "reason": row.reason})


def _write(shop_id: int, kind: str, state: str, amount_minor: int, reason: str, person_id: int) -> DepositChange:
    now = clock.now()
    return DepositChange.objects.create(
        change_no=new_number("B", now),
        shop_id=shop_id,
        kind=kind,
        state=state,
        amount_minor=amount_minor,
        currency=CURRENCY,
        reason=reason,
        by_id=person_id,
        at=now,
    )
