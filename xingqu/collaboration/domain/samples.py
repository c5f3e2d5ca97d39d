"""What may become of a sample: one table of steps. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from xingqu.collaboration.domain.rules import Rules


class Side(StrEnum):
    MERCHANT = "merchant"
    CREATOR = "creator"
    PLATFORM = "platform"


class SampleKind(StrEnum):
    """free: nothing is paid. deposit: paid before it is sent, back when the work is out. buy_refund: its price is paid, back
    when the work is out; who keeps it without one has bought it."""

    FREE = "free"
    DEPOSIT = "deposit"
    BUY_REFUND = "buy_refund"


class SampleState(StrEnum):
    APPLIED = "applied"
    PAYING = "paying"  # approved, and the creator's payment is awaited
    APPROVED = "approved"
    SHIPPED = "shipped"
    DECLARED = "declared"  # the creator says that the work is out
    FULFILLED = "fulfilled"
    ABORTED = "aborted"
    BREACHED = "breached"


class SampleStep(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    PAY = "pay"
    CANCEL = "cancel"
    SHIP = "ship"
    DECLARE = "declare"
    CONFIRM = "confirm"
    DENY = "deny"
    RELEASE = "release"
    RECOGNISE = "recognise"
    TURN_BACK = "turn_back"
    NO_ANSWER = "no_answer"
    NOT_PAID = "not_paid"
    NOT_SHIPPED = "not_shipped"
    CONFIRM_TIMEOUT = "confirm_timeout"
    BREACH = "breach"


S, T = SampleState, SampleStep
FINAL = frozenset({S.FULFILLED, S.ABORTED, S.BREACHED})


@dataclass(frozen=True, slots=True)
class Move:
    """`side` None: the clock or the machinery takes it."""

    side: Side | None
    sources: frozenset[SampleState]
    target: SampleState


def _move(side: Side | None, target: SampleState, *sources: SampleState) -> Move:
    return Move(side, frozenset(sources), target)


MOVES: dict[SampleStep, Move] = {
    T.APPROVE: _move(Side.MERCHANT, S.APPROVED, S.APPLIED),  # or PAYING, see `target_of`
    T.REJECT: _move(Side.MERCHANT, S.ABORTED, S.APPLIED),
    T.WITHDRAW: _move(Side.CREATOR, S.ABORTED, S.APPLIED, S.PAYING, S.APPROVED),
    T.PAY: _move(None, S.APPROVED, S.PAYING),
    T.CANCEL: _move(Side.MERCHANT, S.ABORTED, S.PAYING, S.APPROVED),
    T.SHIP: _move(Side.MERCHANT, S.SHIPPED, S.APPROVED),
    T.DECLARE: _move(Side.CREATOR, S.DECLARED, S.SHIPPED),
    T.CONFIRM: _move(Side.MERCHANT, S.FULFILLED, S.DECLARED),
    T.DENY: _move(Side.MERCHANT, S.SHIPPED, S.DECLARED),
    T.RELEASE: _move(Side.MERCHANT, S.ABORTED, S.SHIPPED, S.DECLARED),
    T.RECOGNISE: _move(None, S.FULFILLED, S.SHIPPED, S.DECLARED),
    T.TURN_BACK: _move(None, S.ABORTED, S.SHIPPED, S.DECLARED),
    T.NO_ANSWER: _move(None, S.ABORTED, S.APPLIED),
    T.NOT_PAID: _move(None, S.ABORTED, S.PAYING),
    T.NOT_SHIPPED: _move(None, S.ABORTED, S.APPROVED),
    T.CONFIRM_TIMEOUT: _move(None, S.FULFILLED, S.DECLARED),
    T.BREACH: _move(None, S.BREACHED, S.SHIPPED),
}
# State -> who must act, the period of the rules that they have (None: told with the step), and what happens when they don't.
WAITS: dict[SampleState, tuple[Side, str | None, SampleStep]] = {
    S.APPLIED: (Side.MERCHANT, "answer_s", T.NO_ANSWER),
    S.PAYING: (Side.CREATOR, "pay_s", T.NOT_PAID),
    S.APPROVED: (Side.MERCHANT, "ship_s", T.NOT_SHIPPED),
    S.SHIPPED: (Side.CREATOR, None, T.BREACH),
    S.DECLARED: (Side.MERCHANT, "confirm_s", T.CONFIRM_TIMEOUT),
}


def target_of(step: SampleStep, kind: SampleKind) -> SampleState:
    """Where a step leads. What is paid for waits for the money; who bought a sample breaches nothing by keeping it."""
    if step is T.APPROVE and kind is not SampleKind.FREE:
        return S.PAYING
    if step is T.BREACH and kind is SampleKind.BUY_REFUND:
        return S.ABORTED
    return MOVES[step].target


def steps_of(side: Side, state: SampleState) -> list[SampleStep]:
    """What a side may do now."""
    return [step for step, move in MOVES.items() if move.side is side and state in move.sources]


def period_s(state: SampleState, rules: Rules) -> int | None:
    """Seconds that whoever must act has in a state; None where the step says it, or nobody must."""
    wait = WAITS.get(state)
    return getattr(rules, wait[1]) if wait is not None and wait[1] is not None else None
