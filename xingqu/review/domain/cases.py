"""What may become of a reported review: the table of states and steps, who must act, and what happens when nobody does. Pure.

A report asks the platform whether a review may stand. The side that the decision goes against may appeal once: the author
when the review is hidden, the shop when it reported the review and it stays. The other side may then say something, and the
platform decides for good. When the platform misses its time the review stands: nobody is silenced by a queue.
"""

from dataclasses import dataclass
from enum import StrEnum

from xingqu.review.domain.errors import WrongStep
from xingqu.review.domain.rules import Rules


class State(StrEnum):
    REPORTED = "reported"
    KEPT = "kept"
    HIDDEN = "hidden"
    STATEMENT = "statement"
    APPEALED = "appealed"
    CLOSED = "closed"


class Side(StrEnum):
    AUTHOR = "author"
    SHOP = "shop"
    PLATFORM = "platform"


class Step(StrEnum):
    REPORT = "report"
    KEEP = "keep"
    HIDE = "hide"
    DECIDE_TIMEOUT = "decide_timeout"
    APPEAL = "appeal"
    APPEAL_TIMEOUT = "appeal_timeout"
    STATEMENT = "statement"
    STATEMENT_TIMEOUT = "statement_timeout"


REASONS = ("abuse", "advert", "privacy", "irrelevant", "false_claim", "extortion", "obscene", "other")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. `hidden`: the review is; `by_shop`: the shop reported it."""

    state: State
    hidden: bool = False
    by_shop: bool = False
    appellant: Side | None = None


TIMEOUTS = {
    State.REPORTED: Step.DECIDE_TIMEOUT,
    State.KEPT: Step.APPEAL_TIMEOUT,
    State.HIDDEN: Step.APPEAL_TIMEOUT,
    State.STATEMENT: Step.STATEMENT_TIMEOUT,
    State.APPEALED: Step.DECIDE_TIMEOUT,
}


def waits_for(standing: Standing) -> Side | None:
    """Who may or must act now."""
    if standing.state == State.STATEMENT:
        return Side.SHOP if standing.appellant == Side.AUTHOR else Side.AUTHOR
    return {
        State.REPORTED: Side.PLATFORM,
        State.APPEALED: Side.PLATFORM,
        State.KEPT: Side.SHOP,
        State.HIDDEN: Side.AUTHOR,
    }.get(standing.state)


def time_for(state: State, rules: Rules) -> int | None:
    """Seconds that a state lasts at most; None for the last one."""
    return {
        State.REPORTED: rules.decide_s,
        State.KEPT: rules.appeal_s,
        State.HIDDEN: rules.appeal_s,
        State.STATEMENT: rules.statement_s,
        State.APPEALED: rules.appeal_decide_s,
    }.get(state)


def after(standing: Standing, step: Step, side: Side | None) -> Standing:
    """The standing after a step that a side takes (None: the clock). Raises WrongStep."""
    by_clock = step == TIMEOUTS.get(standing.state)
    if side != (None if by_clock else waits_for(standing)):
        raise WrongStep(data={"state": standing.state.value})
    hidden, by_shop, appellant = standing.hidden, standing.by_shop, standing.appellant
    match standing.state, step:
        case State.REPORTED, (Step.KEEP | Step.DECIDE_TIMEOUT):
            return Standing(State.KEPT if by_shop else State.CLOSED, by_shop=by_shop)
        case State.REPORTED, Step.HIDE:
            return Standing(State.HIDDEN, hidden=True, by_shop=by_shop)
        case ((State.KEPT | State.HIDDEN), Step.APPEAL):
            return Standing(State.STATEMENT, hidden, by_shop, side)
        case ((State.KEPT | State.HIDDEN), Step.APPEAL_TIMEOUT):
            return Standing(State.CLOSED, hidden, by_shop)
        case State.STATEMENT, (Step.STATEMENT | Step.STATEMENT_TIMEOUT):
            return Standing(State.APPEALED, hidden, by_shop, appellant)
        case State.APPEALED, (Step.KEEP | Step.DECIDE_TIMEOUT):
            return Standing(State.CLOSED, False, by_shop, appellant)
        case State.APPEALED, Step.HIDE:
            return Standing(State.CLOSED, True, by_shop, appellant)
    raise WrongStep(data={"state": standing.state.value})
