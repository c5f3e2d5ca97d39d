"""The two phases of a presale order as a payment meets them. Every change is a guarded update in the caller's transaction."""

from datetime import datetime, timedelta
from typing import Any

from xingqu.catalogue.services import extend_holds, hold_again
from xingqu.kit.sql import execute, fetch_one, read_time
from xingqu.ledger.contracts import presale_account, provider_account
from xingqu.ledger.services import post
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.transitions import OrderState, Phase
from xingqu.trade.models import PaymentAttempt, PresaleOrder, ShopOrder

# A payment that the buyer made in time may be heard of after the window: so long the order and its units wait for it.
FINAL_GRACE = timedelta(minutes=30)
_DEPOSIT = (
    "UPDATE trade_parentorder SET state = 'part_paid', expires_at = (SELECT r.final_until FROM trade_presaleorder r"
    " WHERE r.parent_id = trade_parentorder.id) WHERE id = %s AND state = 'unpaid' AND EXISTS (SELECT 1"
    " FROM trade_presaleorder r WHERE r.parent_id = trade_parentorder.id AND r.deposit_minor = %s)"
)
_FINAL = (
    "UPDATE trade_parentorder SET state = 'paid', paid_at = %s WHERE id = %s AND state = 'part_paid'"
    " AND payable_minor = %s + (SELECT r.deposit_minor FROM trade_presaleorder r WHERE r.parent_id = trade_parentorder.id)"
)


def due_phase(
    state: str, payable_minor: int, deposit_minor: int | None, final_from: Any, now: datetime
) -> tuple[Phase, int]:
    """What of a checkout is to be paid now, and how much. `deposit_minor` is None for one that is no presale.

    Raises WrongState for one that has nothing to pay now.
    """
    if state == OrderState.UNPAID:
        return (Phase.WHOLE, payable_minor) if deposit_minor is None else (Phase.DEPOSIT, deposit_minor)
    if state != OrderState.PART_PAID or deposit_minor is None:
        raise WrongState(expected="an unpaid order", data={"state": state})
    opens = read_time(final_from)
    if now < opens:
        raise WrongState(expected="the time to pay the rest", data={"state": state, "final_from": opens.isoformat()})
    return Phase.FINAL, payable_minor - deposit_minor


def take_deposit(parent_id: int, amount_minor: int, now: datetime) -> bool:
    """The deposit is paid: the order is reserved until its final window closes. False when it is not waiting for that."""
    if not execute(_DEPOSIT, [parent_id, amount_minor]):
        return False
    PresaleOrder.objects.filter(parent_id=parent_id).update(deposit_paid_at=now)
    return True


def extend_deposit_hold(parent_id: int, order_id: int, hold_ref: str, new_ref: str) -> None:
    """Keep the units until the rest must be paid; should the hold have run out, they are held anew. Raises SoldOut."""
    until = PresaleOrder.objects.values_list("final_until", flat=True).get(parent_id=parent_id)
    keep_until = until + FINAL_GRACE * 2
    if not extend_holds(order_ref=hold_ref, expires_at=keep_until):
        hold_again(order_ref=hold_ref, new_ref=new_ref, expires_at=keep_until)
        hold_ref = new_ref
    ShopOrder.objects.filter(pk=order_id).update(expires_at=until, hold_ref=hold_ref)


def book_deposit(attempt: PaymentAttempt, shop_id: int) -> None:
    """The buyer's deposit is neither the shop's nor in escrow until the rest is paid."""
    post(
        entries=[
            (provider_account(attempt.provider), attempt.amount_minor),
            (presale_account(shop_id), -attempt.amount_minor),
        ],
        currency=attempt.currency,
        reference=attempt.parent.order_no,
        idempotency_key=f"paid:{attempt.payment_no}",
    )


def take_final(parent_id: int, amount_minor: int, now: datetime) -> bool:
    """The rest is paid. False when the order does not wait for it, or for another amount: a coupon was changed since."""
    return bool(execute(_FINAL, [now, parent_id, amount_minor]))


def keep_no_deposit(parent_id: int) -> None:
    """The rest was paid and there are no units: whatever its terms say, the deposit goes back when the order ends."""
    PresaleOrder.objects.filter(parent_id=parent_id).update(forfeits=False)


def final_terms(parent_id: int, now: datetime) -> tuple[int, datetime]:
    """(the deposit paid before, when it must be shipped)"""
    deposit_minor, ship_days = PresaleOrder.objects.values_list("deposit_minor", "ship_days").get(parent_id=parent_id)
    return deposit_minor, now + timedelta(days=ship_days)


def captured(parent_id: int, phase: str) -> bool:
    """Whether a phase was paid before."""
    asked = "SELECT id FROM trade_paymentattempt WHERE parent_id = %s AND phase = %s AND outcome = 'applied'"
    return fetch_one(asked, [parent_id, phase]) is not None
