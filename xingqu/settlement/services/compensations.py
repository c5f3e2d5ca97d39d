"""What an operator decides against a shop: a deduction of its deposit, and money to the buyer out of the protection fund.

The buyer gets a refund of the order like any other, so that no order ever gives back more than was paid. It costs the shop
what every refund costs it; the fund gives that to the shop's balance when it has gone through. Until then it is kept aside.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import PROTECTION_FUND, balance_account
from xingqu.ledger.services import post, resolve
from xingqu.settlement.domain.errors import NotEnoughBalance
from xingqu.settlement.models import Compensation, DepositChange
from xingqu.settlement.services.changes import CURRENCY
from xingqu.settlement.services.deposits import deduct
from xingqu.trade.selectors import refundable_of, refunds_cost_minor
from xingqu.trade.services import RefundTooHigh, refund_parts, split_amount


@retried
@transaction.atomic
def penalise(
    *,
    shop_id: int,
    amount_minor: int,
    reason: str,
    evidence_ids: Sequence[int],
    order_no: str,
    compensation_minor: int,
    person_id: int,
) -> tuple[str, str]:
    """Deduct from a deposit, compensate a buyer, or both at once. Returns (number of the deduction, of the compensation).

    Either amount may be 0, not both; then its number is empty. Raises, with nothing changed: NotEnoughBalance when the
    deposit or the fund has less, NotFound for an order that is not this shop's, InvalidInput for one that was not received
    (what is under way is refunded by an after-sale case), RefundTooHigh for more than is left of it.
    """
    if amount_minor == 0 and compensation_minor == 0:
        raise InvalidInput(field="amount_minor", expected="an amount to deduct, to compensate, or both")
    change = None
    if amount_minor:
        change = deduct(
            shop_id=shop_id,
            amount_minor=amount_minor,
            reason=reason,
            evidence_ids=evidence_ids,
            person_id=person_id,
        )
    if not compensation_minor:
        return (change.change_no if change else ""), ""
    row = _compensate(shop_id, order_no, compensation_minor, reason, change, person_id)
    return (change.change_no if change else ""), row.compensation_no


def _compensate(
    shop_id: int, order_no: str, amount_minor: int, reason: str, change: DepositChange | None, person_id: int
) -> Compensation:
    order = refundable_of(order_no=order_no)
    if order.shop_id != shop_id:
        raise NotFound(field="order_no", expected="an order of this shop")
    if order.done_at is None:
        raise InvalidInput(field="order_no", expected="an order that was received")
    try:
        parts = split_amount(refundable=order, amount_minor=amount_minor)
    except ValueError as error:
        raise RefundTooHigh(field="compensation_minor") from error
    now = clock.now()
    number = new_number("K", now)
    refund_no = refund_parts(order_no=order_no, parts=parts, reason=reason, reference=f"compensation:{number}")
    row = Compensation.objects.create(
        compensation_no=number,
        shop_id=shop_id,
        order_no=order_no,
        change=change,
        amount_minor=amount_minor,
        currency=CURRENCY,
        reason=reason,
        refund_no=refund_no,
        by_id=person_id,
        at=now,
    )
    try:
        with transaction.atomic():
            _from_fund(row, amount_minor, key=f"compensation:{number}", pending=True)
    except IntegrityError as error:
        raise NotEnoughBalance("There is not so much in the fund.", field="compensation_minor") from error
    return row


def finish_compensation(*, reference: str, at: datetime) -> None:
    """The buyer has the money: the fund bears what it cost the shop. Idempotent; other refunds are left alone.

    Of an order that was paid in two parts this is told of the refund that is carried out last, with both in the books.
    """
    number = reference.removeprefix("compensation:")
    if number == reference:
        return
    row = Compensation.objects.select_for_update(no_key=True).filter(compensation_no=number).first()
    if row is None or row.state != Compensation.State.ASKED:
        return
    cost = refunds_cost_minor(reference=reference)
    resolve(pending_key=f"compensation:{number}", outcome="void", idempotency_key=f"compensation_over:{number}")
    borne = min(max(cost, 0), row.amount_minor)
    if borne:
        _from_fund(row, borne, key=f"compensated:{number}")
    row.state, row.borne_minor, row.done_at = Compensation.State.DONE, borne, at
    row.save(update_fields=["state", "borne_minor", "done_at"])
    data = {"shop_id": row.shop_id, "order_no": row.order_no, "amount_minor": row.amount_minor, "reason": row.reason}
    notify(organisation_id=row.shop_id, kind="buyer_compensated", data=data)


def _from_fund(row: Compensation, amount_minor: int, *, key: str, pending: bool = False) -> None:
    post(
        entries=[(PROTECTION_FUND, amount_minor), (balance_account(row.shop_id), -amount_minor)],
        currency=row.currency,
        reference=row.order_no,
        idempotency_key=key,
        pending=pending,
    )
