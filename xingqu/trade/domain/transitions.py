"""The one table of what may become of an order. Every change is an UPDATE guarded by it (`services.transition`)."""

from enum import StrEnum


class OrderState(StrEnum):
    UNPAID = "unpaid"
    PART_PAID = "part_paid"  # a presale's deposit
    PAID = "paid"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Step(StrEnum):
    """What happens to an order; also the code of its timeline entry."""

    PAY = "paid"
    PAY_DEPOSIT = "deposit_paid"
    PAY_FINAL = "final_paid"
    CLOSE_PRESALE = "presale_closed"
    CANCEL = "cancelled"
    EXPIRE = "expired"
    REVIVE = "paid_late"  # the payment arrived after the time-out and the stock was still there
    SHIP_PART = "part_shipped"
    SHIP = "shipped"
    RECEIVE = "received"
    ASK_REFUND = "refund_asked"
    REFUND = "refunded"


TO_SHIP = (OrderState.PAID, OrderState.PART_SHIPPED)
# Parts of an order can go back in these states. When everything has gone back, the order ends from any of them.
REFUNDABLE = (*TO_SHIP, OrderState.SHIPPED, OrderState.DONE)
# Orders that were paid, whatever became of them: what GMV is the sum of.
PAID_STATES = (*REFUNDABLE, OrderState.REFUNDING, OrderState.REFUNDED)
# From any of these states, to that one.
TRANSITIONS: dict[Step, tuple[tuple[OrderState, ...], OrderState]] = {
    Step.PAY: ((OrderState.UNPAID,), OrderState.PAID),
    Step.PAY_DEPOSIT: ((OrderState.UNPAID,), OrderState.PART_PAID),
    Step.PAY_FINAL: ((OrderState.PART_PAID,), OrderState.PAID),
    Step.CLOSE_PRESALE: ((OrderState.PART_PAID,), OrderState.CANCELLED),
    Step.CANCEL: ((OrderState.UNPAID,), OrderState.CANCELLED),
    Step.EXPIRE: ((OrderState.UNPAID,), OrderState.CANCELLED),
    Step.REVIVE: ((OrderState.CANCELLED,), OrderState.PAID),
    Step.SHIP_PART: (TO_SHIP, OrderState.PART_SHIPPED),
    Step.SHIP: (TO_SHIP, OrderState.SHIPPED),
    Step.RECEIVE: ((OrderState.SHIPPED,), OrderState.DONE),
    Step.ASK_REFUND: ((OrderState.PAID,), OrderState.REFUNDING),
    Step.REFUND: ((OrderState.REFUNDING, *REFUNDABLE), OrderState.REFUNDED),
}

# The column that keeps when a state was reached.
STAMPS: dict[OrderState, str] = {
    OrderState.PAID: "paid_at",
    OrderState.SHIPPED: "shipped_at",
    OrderState.DONE: "done_at",
    OrderState.CANCELLED: "cancelled_at",
    OrderState.REFUNDED: "refunded_at",
}


class CancelReason(StrEnum):
    BUYER = "buyer"
    TIMEOUT = "timeout"
    FINAL_UNPAID = "final_unpaid"
    MERCHANT = "merchant"


class PaymentState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CLOSED = "closed"


class Phase(StrEnum):
    """What of an order a payment is for. At most one of each is captured; a presale has a deposit and the rest."""

    WHOLE = ""
    DEPOSIT = "deposit"
    FINAL = "final"
    # Several checkouts, each whole: what is for which, the payment's shares say.
    MERGED = "merged"


# In which state of the checkout a phase can be paid.
PAYABLE_IN: dict[Phase, OrderState] = {
    Phase.WHOLE: OrderState.UNPAID,
    Phase.DEPOSIT: OrderState.UNPAID,
    Phase.FINAL: OrderState.PART_PAID,
    Phase.MERGED: OrderState.UNPAID,
}
