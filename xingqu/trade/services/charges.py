"""Charges: payments that buy nothing, such as a shop's security deposit. Other rooms ask for them and are told by a fact."""

from datetime import datetime

from xingqu.events.trade import ChargePaid
from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.ledger.contracts import provider_account
from xingqu.ledger.services import post
from xingqu.trade.domain.transitions import CancelReason, OrderState
from xingqu.trade.models import Charge, ParentOrder


def open_charge(
    *, buyer_key: str, account: str, reference: str, amount_minor: int, currency: str, expires_at: datetime
) -> str:
    """Make something that the payer can pay like a checkout, in the caller's transaction. Returns its number.

    What is paid is posted to the credit `account` with `reference`, then `ChargePaid` is published.
    """
    now = clock.now()
    parent = ParentOrder.objects.create(
        order_no=new_number("P", now),
        buyer_key=buyer_key,
        payable_minor=amount_minor,
        currency=currency,
        address={},
        created_at=now,
        expires_at=expires_at,
    )
    Charge.objects.create(parent=parent, account=account, reference=reference)
    return parent.order_no


def pay_charge(parent_id: int, payment_no: str, provider: str, now: datetime) -> bool:
    """Book a payment of a charge, in the caller's transaction. False when it was paid before."""
    charge = Charge.objects.select_related("parent").get(parent_id=parent_id)
    parent = ParentOrder.objects.filter(pk=parent_id)
    open_ones = parent.filter(state=OrderState.UNPAID) | parent.filter(
        state=OrderState.CANCELLED, cancel_reason=CancelReason.TIMEOUT
    )
    if not open_ones.update(state=OrderState.PAID, paid_at=now, cancel_reason=""):
        return False
    amount_minor, currency = charge.parent.payable_minor, charge.parent.currency
    post(
        entries=[(provider_account(provider), amount_minor), (charge.account, -amount_minor)],
        currency=currency,
        reference=charge.reference,
        idempotency_key=f"paid:{payment_no}",
    )
    publish(
        ChargePaid(
            reference=charge.reference,
            payment_no=payment_no,
            provider=provider,
            amount_minor=amount_minor,
            currency=currency,
            paid_at=now,
        )
    )
    return True
