"""What may become of a collaboration: one table of steps. Pure."""

from enum import StrEnum

from xingqu.collaboration.domain.samples import Side


class State(StrEnum):
    NEGOTIATING = "negotiating"
    FUNDING = "funding"  # agreed; the slot fee is awaited
    RUNNING = "running"
    DISPUTED = "disputed"
    DONE = "done"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    BREAK_OFF = "break_off"
    DISPUTE = "dispute"
    AGREE = "agree"  # both have accepted the same terms
    FUND = "fund"
    RELEASE = "release"
    END = "end"
    VERDICT = "verdict"
    OFFER_TIMEOUT = "offer_timeout"
    FUND_TIMEOUT = "fund_timeout"


FINAL = frozenset({State.DONE, State.DECLINED, State.LAPSED, State.CANCELLED})
BOTH = (Side.MERCHANT, Side.CREATOR)
# Step -> (sides that may take it; empty: the clock or the machinery, states it may be taken in).
STEPS: dict[Step, tuple[tuple[Side, ...], frozenset[State]]] = {
    Step.COUNTER: (BOTH, frozenset({State.NEGOTIATING})),
    Step.ACCEPT: (BOTH, frozenset({State.NEGOTIATING})),
    Step.DECLINE: (BOTH, frozenset({State.NEGOTIATING})),
    Step.WITHDRAW: (BOTH, frozenset({State.NEGOTIATING})),
    Step.BREAK_OFF: (BOTH, frozenset({State.FUNDING, State.RUNNING})),
    Step.DISPUTE: (BOTH, frozenset({State.RUNNING})),
    Step.FUND: ((Side.MERCHANT,), frozenset({State.FUNDING})),
    Step.VERDICT: ((Side.PLATFORM,), frozenset({State.DISPUTED})),
}


def may(step: Step, side: Side, state: State, *, is_turn: bool) -> bool:
    """Whether a side may take a step. While terms are talked about, whose turn it is answers; the other may only withdraw."""
    sides, states = STEPS[step]
    if side not in sides or state not in states:
        return False
    if step in (Step.COUNTER, Step.ACCEPT, Step.DECLINE):
        return is_turn
    return not is_turn if step is Step.WITHDRAW else True


def steps_of(side: Side, state: State, *, is_turn: bool) -> list[Step]:
    """What a side may do now."""
    return [step for step in STEPS if may(step, side, state, is_turn=is_turn)]


def other(side: Side) -> Side:
    """The side across the table."""
    return Side.CREATOR if side is Side.MERCHANT else Side.MERCHANT
