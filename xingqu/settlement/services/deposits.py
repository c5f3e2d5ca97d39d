"""Security deposits (保证金): paid in out of the balance or through a payment provider; frozen, deducted, released."""

from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.accounts.services import notify
from xingqu.catalogue.services.pictures import MAX_BYTES, encode_picture
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.private_files import drop_private, keep_private_once
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import PROTECTION_FUND, balance_account, deposit_account
from xingqu.ledger.services import Overdrawn, post, resolve
from xingqu.settlement.domain.errors import AlreadyDecided, NotEnoughBalance
from xingqu.settlement.models import DepositChange, DepositEvidence
from xingqu.settlement.services.changes import CURRENCY, write_change
from xingqu.settlement.services.standing import locked_standing, review_shop
from xingqu.trade.services import open_charge, start_payment

Kind, State = DepositChange.Kind, DepositChange.State
EVIDENCE_WAITS: Final = timedelta(days=1)
MAX_EVIDENCE: Final = 9


@retried
@transaction.atomic
def pay_deposit(*, shop_id: int, amount_minor: int, person_id: int) -> str:
    """Move money of the balance into the deposit. Returns the number. Raises NotEnoughBalance with nothing changed."""
    locked_standing(shop_id)
    row = write_change(
        shop_id=shop_id, kind=Kind.PAY_IN, state=State.DONE, amount_minor=amount_minor, person_id=person_id
    )
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
    review_shop(shop_id=shop_id)
    return row.change_no


def start_deposit_payment(
    *, shop_id: int, person_id: int, amount_minor: int, provider: str | None, language: str | None, payer_ip: str
) -> tuple[str, str]:
    """(payment number, address to send the payer to): pay into the deposit through a payment provider.

    The deposit grows when the provider says that the money came. Raises MethodUnavailable.
    """
    with transaction.atomic():
        expires_at = clock.now() + timedelta(seconds=settings.ENVIRONMENT.deposit_payment_s)
        row = write_change(
            shop_id=shop_id,
            kind=Kind.PAYMENT,
            state=State.WAITING,
            amount_minor=amount_minor,
            person_id=person_id,
            expires_at=expires_at,
        )
        row.order_no = open_charge(
            buyer_key=f"p{person_id}",
            account=deposit_account(shop_id),
            reference=row.change_no,
            amount_minor=amount_minor,
            currency=CURRENCY,
            expires_at=expires_at,
        )
        row.save(update_fields=["order_no"])
        return start_payment(
            buyer_key=f"p{person_id}",
            order_no=row.order_no,
            provider=provider,
            return_path=f"/workbench/shops/{shop_id}/funds?tab=deposit",
            language=language,
            payer_ip=payer_ip,
        )


def take_payment(*, change_no: str, at: Any) -> None:
    """The money of a payment came; the books have it already. Idempotent; what is no deposit is left alone."""
    row = DepositChange.objects.filter(change_no=change_no, kind=Kind.PAYMENT).first()
    if row is None:
        return
    locked_standing(row.shop_id)
    open_ones = DepositChange.objects.filter(pk=row.pk, state__in=[State.WAITING, State.LAPSED])
    if open_ones.update(state=State.DONE, decided_at=at):
        data = {"shop_id": row.shop_id, "amount_minor": row.amount_minor, "room": "deposit"}
        notify(organisation_id=row.shop_id, kind="deposit_paid", data=data)
        review_shop(shop_id=row.shop_id)


def lapse_payments() -> int:
    """Payments that did not come in time. Money that comes later all the same is taken. For the worker."""
    late = DepositChange.objects.filter(kind=Kind.PAYMENT, state=State.WAITING, expires_at__lte=clock.now())
    return late.update(state=State.LAPSED)


@retried
def freeze_deposit(*, shop_id: int, amount_minor: int, reason: str, person_id: int) -> str:
    """Keep a part of a deposit aside for the consumer protection fund until it is decided. Raises NotEnoughBalance."""
    try:
        with transaction.atomic():
            locked_standing(shop_id)
            row = write_change(
                shop_id=shop_id,
                kind=Kind.FREEZE,
                state=State.FROZEN,
                amount_minor=amount_minor,
                reason=reason,
                person_id=person_id,
            )
            _to_fund(row, key=f"deposit:{row.change_no}", pending=True)
    except IntegrityError as error:
        raise NotEnoughBalance("There is not so much in the deposit.", field="amount_minor") from error
    data = {"shop_id": shop_id, "amount_minor": amount_minor, "reason": reason, "room": "deposit"}
    notify(organisation_id=shop_id, kind="deposit_frozen", data=data)
    return row.change_no


@retried
@transaction.atomic
def decide_deposit(*, change_no: str, deduct: bool, person_id: int) -> int:
    """Take what was frozen into the protection fund, or let it go; returns the shop. Raises NotFound, AlreadyDecided."""
    row = DepositChange.objects.filter(change_no=change_no, kind=Kind.FREEZE).first()
    if row is None:
        raise NotFound(field="change_no", expected="the number of a freeze")
    locked_standing(row.shop_id)
    state = State.DEDUCTED if deduct else State.RELEASED
    frozen = DepositChange.objects.filter(pk=row.pk, state=State.FROZEN)
    if not frozen.update(state=state, decided_by_id=person_id, decided_at=clock.now()):
        raise AlreadyDecided
    resolve(
        pending_key=f"deposit:{change_no}",
        outcome="post" if deduct else "void",
        idempotency_key=f"deposit_decided:{change_no}",
    )
    _tell(row, "deposit_deducted" if deduct else "deposit_released")
    review_shop(shop_id=row.shop_id)
    return row.shop_id


def deduct(
    *, shop_id: int, amount_minor: int, reason: str, evidence_ids: Sequence[int], person_id: int
) -> DepositChange:
    """Take a part of a deposit into the protection fund at once, in the caller's transaction.

    Raises NotEnoughBalance for more than the deposit has free, InvalidInput for evidence that is not there.
    """
    locked_standing(shop_id)
    row = write_change(
        shop_id=shop_id,
        kind=Kind.DEDUCT,
        state=State.DEDUCTED,
        amount_minor=amount_minor,
        reason=reason,
        person_id=person_id,
    )
    loose = DepositEvidence.objects.filter(pk__in=evidence_ids, change=None, by_id=person_id)
    if len(set(evidence_ids)) != len(evidence_ids) or loose.update(change=row) != len(evidence_ids):
        raise InvalidInput(field="evidence_ids", expected="pictures that you uploaded, each once")
    try:
        with transaction.atomic():
            _to_fund(row, key=f"deposit:{row.change_no}")
    except IntegrityError as error:
        raise NotEnoughBalance("There is not so much in the deposit.", field="amount_minor") from error
    _tell(row, "deposit_deducted")
    review_shop(shop_id=shop_id)
    return row


def add_evidence(*, person_id: int, file: IO[bytes]) -> int:
    """Keep a picture for a deduction, privately; it waits a day for it. Returns its id. Raises TooLarge, BadFile."""
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    now = clock.now()
    path = keep_private_once(folder=f"deposits/{now:%Y%m}", data=data, suffix=".webp")
    row = DepositEvidence.objects.create(path=path, width=width, height=height, by_id=person_id, at=now)
    return row.pk


def sweep_evidence() -> int:
    """Delete pictures that no deduction has taken within a day; returns how many. For the worker."""
    swept = 0
    late = DepositEvidence.objects.filter(change=None, at__lt=clock.now() - EVIDENCE_WAITS)
    for pk, path in list(late.values_list("id", "path")[:1000]):
        with transaction.atomic():
            gone, _ = DepositEvidence.objects.filter(pk=pk, change=None).delete()
        if gone:
            drop_private(path)
            swept += 1
    return swept


def _to_fund(row: DepositChange, *, key: str, pending: bool = False) -> None:
    post(
        entries=[(deposit_account(row.shop_id), row.amount_minor), (PROTECTION_FUND, -row.amount_minor)],
        currency=CURRENCY,
        reference=row.change_no,
        idempotency_key=key,
        pending=pending,
    )


def _tell(row: DepositChange, kind: str) -> None:
    data = {"shop_id": row.shop_id, "amount_minor": row.amount_minor, "reason": row.reason, "room": "deposit"}
    notify(organisation_id=row.shop_id, kind=kind, data=data)
