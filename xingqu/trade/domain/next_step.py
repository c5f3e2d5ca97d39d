"""What an order waits for, who must act by when, and what its buyer may do now: derived from its state, pure."""

from dataclasses import dataclass
from datetime import datetime

from xingqu.trade.domain.transitions import OrderState


@dataclass(frozen=True, slots=True)
class NextStep:
    """`who` is buyer, merchant, carrier, platform or None when nothing is left to do; `by` is the deadline if there is one."""

    code: str
    who: str | None
    by: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The part of an order that decides what comes next."""

    state: OrderState
    reviewed: bool
    expires_at: datetime
    ship_by: datetime | None
    receive_by: datetime | None
    # Of a presale: when the rest can be paid, and whether the deposit comes back before that.
    final_from: datetime | None = None
    returns_deposit: bool = False


def next_step(order: Progress, now: datetime) -> NextStep:
    """The one line that tells what is happening with an order."""
    match order.state:
        case OrderState.UNPAID if order.expires_at <= now:
            return NextStep("cancel_expired", "platform", None)
        case OrderState.UNPAID:
            return NextStep("pay", "buyer", order.expires_at)
        case OrderState.PART_PAID if order.final_from is not None and now < order.final_from:
            return NextStep("final_opens", "buyer", order.final_from)
        case OrderState.PART_PAID:
            return NextStep("pay_final", "buyer", order.expires_at)
        case OrderState.PAID | OrderState.PART_SHIPPED:
            return NextStep("ship", "merchant", order.ship_by)
        case OrderState.SHIPPED:
            return NextStep("confirm_receipt", "buyer", order.receive_by)
        case OrderState.REFUNDING:
            return NextStep("refund", "platform", None)
        case OrderState.DONE if not order.reviewed:
            return NextStep("review", "buyer", None)
        case _:
            return NextStep("none", None, None)


def buyer_actions(order: Progress, now: datetime) -> tuple[str, ...]:
    """What the buyer may do now, most likely first."""
    match order.state:
        case OrderState.UNPAID:
            return ("pay", "cancel") if order.expires_at > now else ("cancel",)
        case OrderState.PART_PAID:
            is_open = order.final_from is not None and order.final_from <= now < order.expires_at
            return (*(("pay",) if is_open else ()), *(("cancel",) if order.returns_deposit else ()))
        case OrderState.PAID:
            return ("refund", "buy_again")
        case OrderState.PART_SHIPPED:
            return ("buy_again",)
        case OrderState.SHIPPED:
            return ("confirm_receipt", "buy_again")
        case OrderState.DONE:
            return ("buy_again",) if order.reviewed else ("review", "buy_again")
        case OrderState.CANCELLED | OrderState.REFUNDED:
            return ("buy_again",)
        case _:
            return ()
