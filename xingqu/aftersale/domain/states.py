"""What may become of a case: the one table of transitions, and who must act in each state. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    NO_REASON_RETURN = "no_reason_return_7d"
    PRE_SHIP = "pre_ship"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    PRICE_PROTECTION = "price_protection"


class State(StrEnum):
    MERCHANT_REVIEW = "merchant_review"
    OFFERED = "offered"  # the merchant offers less than was asked
    REFUSED = "refused"
    BUYER_RETURN = "buyer_return"
    MERCHANT_CONFIRM = "merchant_confirm"  # the goods are on their way back, or have come
    MERCHANT_SHIP = "merchant_ship"  # a replacement, what was missing, or the mended goods
    BUYER_RECEIVE = "buyer_receive"
    REFUNDING = "refunding"
    HANDLING = "handling"  # arbitration: the platform looks into it
    MERCHANT_EVIDENCE = "merchant_evidence"
    NEGOTIATION = "negotiation"
    SUCCESS = "success"
    CLOSED = "closed"
    FAILED = "failed"  # agreed, but there is no money left in the order to give back


class Side(StrEnum):
    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"


class Fault(StrEnum):
    """Whose fault it was; a case without one has none."""

    MERCHANT = "merchant"
    BUYER = "buyer"
    CARRIER = "carrier"


class Step(StrEnum):
    """What happens to a case; also the code of its timeline entry."""

    # the buyer
    CHANGE = "changed"
    WITHDRAW = "withdrawn"
    ACCEPT_OFFER = "offer_accepted"
    DECLINE_OFFER = "offer_declined"
    SHIP_RETURN = "return_shipped"
    CONFIRM_REPLACEMENT = "replacement_received"
    ESCALATE = "escalated"
    # the merchant
    APPROVE = "approved"
    WAIVE_RETURN = "return_waived"
    OFFER = "offered"
    REFUSE = "refused"
    CONFIRM_RETURN = "return_received"
    DISPUTE_RETURN = "return_disputed"
    SHIP_REPLACEMENT = "replacement_shipped"
    REFUND_INSTEAD = "refunded_instead"
    SUBMIT_EVIDENCE = "evidence_submitted"
    # the platform
    AUTO_APPROVE = "auto_approved"
    ASK_EVIDENCE = "evidence_asked"
    NEGOTIATE = "negotiation_opened"
    DECIDE_BUYER = "buyer_wins"
    DECIDE_SELLER = "seller_wins"
    CLOSE = "arbitration_closed"
    TURNED_BACK = "turned_back"  # the package came back to the shop before it was delivered
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    # the clock
    REVIEW_TIMEOUT = "review_timeout"
    OFFER_TIMEOUT = "offer_timeout"
    REFUSED_TIMEOUT = "refused_timeout"
    RETURN_TIMEOUT = "return_timeout"
    CONFIRM_TIMEOUT = "confirm_timeout"
    SHIP_TIMEOUT = "ship_timeout"
    RECEIVE_TIMEOUT = "receive_timeout"
    EVIDENCE_TIMEOUT = "evidence_timeout"


OPENED, STATEMENT, DELIVERED = "opened", "statement", "parcel_delivered"  # timeline entries that are no steps
TURNED_BACK_PART = "turned_back_part"  # some of what a case is about came back


class Way(StrEnum):
    """A target that depends on the kind of case (`way_of`)."""

    GRANTED = "granted"  # what was asked for is agreed to
    GOODS_BACK = "goods_back"  # the merchant has the goods, or need not have them


FINAL = frozenset({State.SUCCESS, State.CLOSED, State.FAILED})
OPEN = frozenset(State) - FINAL
ARBITRATION = frozenset({State.HANDLING, State.MERCHANT_EVIDENCE, State.NEGOTIATION})
BRINGS_BACK = frozenset({Kind.RETURN_AND_REFUND, Kind.NO_REASON_RETURN, Kind.EXCHANGE, Kind.REPAIR})
SENDS_OUT = frozenset({Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR})
PAYS_BACK = frozenset(Kind) - SENDS_OUT

_S = State
_REVIEWED = frozenset({_S.MERCHANT_REVIEW})
_YIELDING = _REVIEWED | {_S.REFUSED, *ARBITRATION}

# Step -> who may take it, from which states, to which state or way. Nothing else ever happens to a case.
TABLE: dict[Step, tuple[Side | None, frozenset[State], State | Way]] = {
    Step.CHANGE: (Side.BUYER, frozenset({_S.MERCHANT_REVIEW, _S.REFUSED}), _S.MERCHANT_REVIEW),
    Step.WITHDRAW: (
        Side.BUYER,
        frozenset({_S.MERCHANT_REVIEW, _S.OFFERED, _S.REFUSED, _S.BUYER_RETURN, *ARBITRATION}),
        _S.CLOSED,
    ),
    Step.ACCEPT_OFFER: (Side.BUYER, frozenset({_S.OFFERED}), Way.GRANTED),
    Step.DECLINE_OFFER: (Side.BUYER, frozenset({_S.OFFERED}), _S.MERCHANT_REVIEW),
    Step.SHIP_RETURN: (Side.BUYER, frozenset({_S.BUYER_RETURN}), _S.MERCHANT_CONFIRM),
    Step.CONFIRM_REPLACEMENT: (Side.BUYER, frozenset({_S.BUYER_RECEIVE}), _S.SUCCESS),
    Step.ESCALATE: (Side.BUYER, frozenset({_S.OFFERED, _S.REFUSED, _S.BUYER_RECEIVE}), _S.HANDLING),
    Step.APPROVE: (Side.MERCHANT, _YIELDING, Way.GRANTED),
    Step.WAIVE_RETURN: (Side.MERCHANT, _YIELDING | {_S.BUYER_RETURN, _S.MERCHANT_CONFIRM}, _S.REFUNDING),
    Step.OFFER: (Side.MERCHANT, _REVIEWED, _S.OFFERED),
    Step.REFUSE: (Side.MERCHANT, _REVIEWED, _S.REFUSED),
    Step.CONFIRM_RETURN: (Side.MERCHANT, frozenset({_S.MERCHANT_CONFIRM}), Way.GOODS_BACK),
    # Both goods and money would stay with the merchant who refuses what came back: the platform decides that at once.
    Step.DISPUTE_RETURN: (Side.MERCHANT, frozenset({_S.MERCHANT_CONFIRM}), _S.HANDLING),
    Step.SHIP_REPLACEMENT: (Side.MERCHANT, frozenset({_S.MERCHANT_SHIP}), _S.BUYER_RECEIVE),
    Step.REFUND_INSTEAD: (Side.MERCHANT, frozenset({_S.MERCHANT_SHIP}), _S.REFUNDING),
    Step.SUBMIT_EVIDENCE: (Side.MERCHANT, frozenset({_S.MERCHANT_EVIDENCE}), _S.NEGOTIATION),
    Step.AUTO_APPROVE: (None, _REVIEWED, Way.GRANTED),
    Step.ASK_EVIDENCE: (Side.PLATFORM, frozenset({_S.HANDLING, _S.NEGOTIATION}), _S.MERCHANT_EVIDENCE),
    Step.NEGOTIATE: (Side.PLATFORM, frozenset({_S.HANDLING, _S.MERCHANT_EVIDENCE}), _S.NEGOTIATION),
    Step.DECIDE_BUYER: (Side.PLATFORM, ARBITRATION, Way.GRANTED),
    Step.DECIDE_SELLER: (Side.PLATFORM, ARBITRATION, _S.CLOSED),
    Step.CLOSE: (Side.PLATFORM, ARBITRATION, _S.CLOSED),
    # Goods that nobody has had are back: nobody has anything left to judge.
    Step.TURNED_BACK: (
        None,
        frozenset({_S.MERCHANT_REVIEW, _S.OFFERED, _S.REFUSED, _S.BUYER_RETURN, *ARBITRATION}),
        Way.GOODS_BACK,
    ),
    Step.REFUND_DONE: (None, frozenset({_S.REFUNDING}), _S.SUCCESS),
    Step.REFUND_FAILED: (None, OPEN, _S.FAILED),
    Step.REVIEW_TIMEOUT: (None, _REVIEWED, Way.GRANTED),
    Step.OFFER_TIMEOUT: (None, frozenset({_S.OFFERED}), Way.GRANTED),
    Step.REFUSED_TIMEOUT: (None, frozenset({_S.REFUSED}), _S.CLOSED),
    Step.RETURN_TIMEOUT: (None, frozenset({_S.BUYER_RETURN}), _S.CLOSED),
    Step.CONFIRM_TIMEOUT: (None, frozenset({_S.MERCHANT_CONFIRM}), Way.GOODS_BACK),
    Step.SHIP_TIMEOUT: (None, frozenset({_S.MERCHANT_SHIP}), _S.REFUNDING),
    Step.RECEIVE_TIMEOUT: (None, frozenset({_S.BUYER_RECEIVE}), _S.SUCCESS),
    Step.EVIDENCE_TIMEOUT: (None, frozenset({_S.MERCHANT_EVIDENCE}), _S.NEGOTIATION),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Who must act in a state, the name of the period they have (None: no period), and what happens by itself after it."""

    who: Side | None
    period: str | None = None
    timeout: Step | None = None


# The platform's own states have a promised time, but a verdict is never made by the clock.
WAITS: dict[State, Wait] = {
    State.MERCHANT_REVIEW: Wait(Side.MERCHANT, "review_s", Step.REVIEW_TIMEOUT),
    State.OFFERED: Wait(Side.BUYER, "offer_s", Step.OFFER_TIMEOUT),
    State.REFUSED: Wait(Side.BUYER, "refused_s", Step.REFUSED_TIMEOUT),
    State.BUYER_RETURN: Wait(Side.BUYER, "return_s", Step.RETURN_TIMEOUT),
    State.MERCHANT_CONFIRM: Wait(Side.MERCHANT, "confirm_s", Step.CONFIRM_TIMEOUT),
    State.MERCHANT_SHIP: Wait(Side.MERCHANT, "ship_s", Step.SHIP_TIMEOUT),
    State.BUYER_RECEIVE: Wait(Side.BUYER, "receive_s", Step.RECEIVE_TIMEOUT),
    State.REFUNDING: Wait(Side.PLATFORM),
    State.HANDLING: Wait(Side.PLATFORM, "handling_s"),
    State.MERCHANT_EVIDENCE: Wait(Side.MERCHANT, "evidence_s", Step.EVIDENCE_TIMEOUT),
    State.NEGOTIATION: Wait(Side.PLATFORM, "verdict_s"),
    State.SUCCESS: Wait(None),
    State.CLOSED: Wait(None),
    State.FAILED: Wait(None),
}


@dataclass(frozen=True, slots=True)
class Course:
    """What of a case decides where a step leads.

    `goods_back`: the merchant has the goods already. `needs_return`: they must come back first. `instant`: the money goes
    back as soon as the buyer has handed the goods to a carrier (极速退款). `refund_instead`: money in place of what a merchant
    should have sent.
    """

    kind: Kind
    needs_return: bool
    goods_back: bool = False
    instant: bool = False
    refund_instead: bool = False

    @property
    def sends_out(self) -> bool:
        return self.kind in SENDS_OUT and not self.refund_instead


def may(step: Step, state: State, side: Side | None) -> bool:
    """Whether this side may take this step now; None is the platform's own doing and the clock."""
    who, sources, _ = TABLE[step]
    return who == side and state in sources


def target_of(step: Step, course: Course) -> State:
    """Where a step leads for a case of this course."""
    target = TABLE[step][2]
    if step is Step.SHIP_RETURN and course.instant and not course.sends_out:
        return State.REFUNDING
    if target is Way.GRANTED:
        returns = course.needs_return and not course.goods_back
        return State.BUYER_RETURN if returns else _after_goods(course)
    if target is Way.GOODS_BACK:
        return _after_goods(course)
    assert isinstance(target, State)
    return target


def _after_goods(course: Course) -> State:
    return State.MERCHANT_SHIP if course.sends_out else State.REFUNDING


# What changes who must act only in the eyes of one kind of case: these steps make no sense for the others.
_ONLY: dict[Step, frozenset[Kind]] = {
    Step.OFFER: PAYS_BACK - {Kind.PRICE_PROTECTION, Kind.PRE_SHIP},
    Step.WAIVE_RETURN: BRINGS_BACK & PAYS_BACK,
}


def steps_of(side: Side, state: State, kind: Kind) -> tuple[Step, ...]:
    """What a side may do with a case of this kind in this state, in the order of the table."""
    return tuple(step for step in TABLE if may(step, state, side) and kind in _ONLY.get(step, frozenset(Kind)))


def path_of(course: Course) -> tuple[State, ...]:
    """The states a case of this course passes when both sides agree, in order: what a progress bar shows."""
    path = [State.MERCHANT_REVIEW]
    if course.needs_return:
        path.append(State.BUYER_RETURN)
        if not (course.instant and not course.sends_out):
            path.append(State.MERCHANT_CONFIRM)
    path += [State.MERCHANT_SHIP, State.BUYER_RECEIVE] if course.sends_out else [State.REFUNDING]
    return (*path, State.SUCCESS)


def freight_payer(fault: Fault | None) -> Side:
    """Who bears the freight of goods that go back: the merchant for a fault of theirs or the carrier's, else the buyer."""
    return Side.MERCHANT if fault in (Fault.MERCHANT, Fault.CARRIER) else Side.BUYER
