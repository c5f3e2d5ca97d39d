"""The rules of after-sale without a database: every step of the table, and the sums of refunds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.aftersale.domain.amounts import Bought, price_fall, split_refund, units_cap
from xingqu.aftersale.domain.eligibility import OrderFacts, why_not
from xingqu.aftersale.domain.reasons import REASONS
from xingqu.aftersale.domain.rules import Rules, check_rules, read_rules
from xingqu.aftersale.domain.states import (
    ARBITRATION,
    FINAL,
    OPEN,
    TABLE,
    WAITS,
    Course,
    Fault,
    Kind,
    Side,
    State,
    Step,
    freight_payer,
    may,
    path_of,
    steps_of,
    target_of,
)
from xingqu.kit.errors import InvalidInput

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
COURSES = [
    Course(kind, needs_return=returns, goods_back=back, instant=instant, refund_instead=instead)
    for kind in Kind
    for returns in (False, True)
    for back in (False, True)
    for instant in (False, True)
    for instead in (False, True)
]


def test_nothing_happens_to_a_case_that_is_over() -> None:
    assert {state for step in Step for state in TABLE[step][1]} & FINAL == set()
    assert all(steps_of(side, state, kind) == () for side in Side for state in FINAL for kind in Kind)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_somebody_who_must_act_and_a_way_on(state: State) -> None:
    wait = WAITS[state]
    assert wait.who is not None
    own = [step for step in Step if may(step, state, wait.who)]
    assert own or state is State.REFUNDING  # the machinery pays
    if wait.who is not Side.PLATFORM:
        assert wait.period is not None
        assert wait.timeout is not None
        assert may(wait.timeout, state, None)


@pytest.mark.parametrize("course", COURSES, ids=str)
def test_every_course_ends(course: Course) -> None:
    """By time-outs alone each state comes to an end, but for the platform's, which only people decide."""
    for start in OPEN:
        state, seen = start, set()
        goods_back = course.goods_back
        while state in OPEN and WAITS[state].timeout is not None and state not in seen:
            seen.add(state)
            step = WAITS[state].timeout
            assert step is not None
            if step is Step.CONFIRM_TIMEOUT:
                goods_back = True
            state = target_of(
                step, Course(course.kind, course.needs_return, goods_back, course.instant, course.refund_instead)
            )
        assert state in FINAL | {State.REFUNDING, State.HANDLING, State.NEGOTIATION}


@pytest.mark.parametrize("course", [course for course in COURSES if not course.goods_back], ids=str)
def test_the_path_is_what_the_table_does_when_both_agree(course: Course) -> None:
    agreeing = {
        State.MERCHANT_REVIEW: Step.APPROVE,
        State.BUYER_RETURN: Step.SHIP_RETURN,
        State.MERCHANT_CONFIRM: Step.CONFIRM_RETURN,
        State.MERCHANT_SHIP: Step.SHIP_REPLACEMENT,
        State.BUYER_RECEIVE: Step.CONFIRM_REPLACEMENT,
        State.REFUNDING: Step.REFUND_DONE,
    }
    state, walked = State.MERCHANT_REVIEW, [State.MERCHANT_REVIEW]
    while state in agreeing:
        step = agreeing[state]
        state = target_of(step, course)
        walked.append(state)
    assert tuple(walked) == path_of(course)


def test_no_side_takes_the_steps_of_another() -> None:
    for step, (who, sources, _) in TABLE.items():
        for state in State:
            for side in (*Side, None):
                assert may(step, state, side) is (side == who and state in sources)


def test_money_goes_back_only_from_states_with_a_verdict_a_grant_or_goods() -> None:
    to_refund = {step for step in Step for course in COURSES if target_of(step, course) is State.REFUNDING}
    assert to_refund == {
        Step.ACCEPT_OFFER,
        Step.APPROVE,
        Step.WAIVE_RETURN,
        Step.CONFIRM_RETURN,
        Step.REFUND_INSTEAD,
        Step.AUTO_APPROVE,
        Step.DECIDE_BUYER,
        Step.REVIEW_TIMEOUT,
        Step.OFFER_TIMEOUT,
        Step.CONFIRM_TIMEOUT,
        Step.SHIP_TIMEOUT,
        Step.TURNED_BACK,
        Step.SHIP_RETURN,  # only when the refund is instant
    }
    slow = Course(Kind.RETURN_AND_REFUND, needs_return=True)
    assert target_of(Step.SHIP_RETURN, slow) is State.MERCHANT_CONFIRM


def test_only_people_decide_arbitration() -> None:
    for state in ARBITRATION:
        timeout = WAITS[state].timeout
        assert timeout is None or target_of(timeout, Course(Kind.REFUND_ONLY, needs_return=False)) in ARBITRATION


def test_a_merchant_who_disputes_a_return_does_not_decide_alone() -> None:
    assert target_of(Step.DISPUTE_RETURN, Course(Kind.RETURN_AND_REFUND, needs_return=True)) is State.HANDLING
    assert not may(Step.REFUSE, State.MERCHANT_CONFIRM, Side.MERCHANT)


def test_offers_are_for_what_pays_back() -> None:
    assert Step.OFFER in steps_of(Side.MERCHANT, State.MERCHANT_REVIEW, Kind.REFUND_ONLY)
    for kind in (Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR, Kind.PRE_SHIP, Kind.PRICE_PROTECTION):
        assert Step.OFFER not in steps_of(Side.MERCHANT, State.MERCHANT_REVIEW, kind)


def test_freight_of_goods_that_go_back() -> None:
    assert [freight_payer(fault) for fault in (Fault.MERCHANT, Fault.CARRIER, Fault.BUYER, None)] == [
        Side.MERCHANT,
        Side.MERCHANT,
        Side.BUYER,
        Side.BUYER,
    ]
    assert all(reason.fault is Fault.BUYER for reason in REASONS[Kind.NO_REASON_RETURN])


@pytest.mark.parametrize(
    ("kind", "state", "done_days", "paid_days", "why"),
    [
        (Kind.PRE_SHIP, "paid", None, 1, None),
        (Kind.PRE_SHIP, "part_shipped", None, 1, None),
        (Kind.PRE_SHIP, "shipped", None, 1, "state"),
        (Kind.REFUND_ONLY, "paid", None, 1, "state"),
        (Kind.REFUND_ONLY, "shipped", None, 1, None),
        (Kind.REFUND_ONLY, "done", 14, 20, None),
        (Kind.REFUND_ONLY, "done", 15, 20, "window"),
        (Kind.NO_REASON_RETURN, "done", 6, 20, None),
        (Kind.NO_REASON_RETURN, "done", 7, 20, "window"),
        (Kind.REPAIR, "shipped", None, 1, "state"),
        (Kind.REPAIR, "done", 364, 370, None),
        (Kind.PRICE_PROTECTION, "paid", None, 6, None),
        (Kind.PRICE_PROTECTION, "done", 1, 7, "window"),
        (Kind.EXCHANGE, "cancelled", None, 1, "state"),
        (Kind.EXCHANGE, "refunded", None, 1, "state"),
        (Kind.RETURN_AND_REFUND, "unpaid", None, None, "state"),
    ],
)
def test_windows(kind: Kind, state: str, done_days: int | None, paid_days: int | None, why: str | None) -> None:
    done = None if done_days is None else NOW - timedelta(days=done_days)
    paid = None if paid_days is None else NOW - timedelta(days=paid_days)
    assert why_not(kind, OrderFacts(state, paid, done), Rules(), NOW) == why


def test_the_seven_day_return_needs_the_promise() -> None:
    order = OrderFacts("done", NOW, NOW)
    assert why_not(Kind.NO_REASON_RETURN, order, Rules(), NOW, promised=False) == "promise"
    assert why_not(Kind.RETURN_AND_REFUND, order, Rules(), NOW, promised=False) is None


def test_rules_have_bounds_and_the_law_a_floor() -> None:
    check_rules(Rules())
    for change in ({"review_s": 59}, {"no_reason_days": 6}, {"instant_max_minor": -1}, {"return_s": 10**9}):
        with pytest.raises(InvalidInput) as refused:
            check_rules(read_rules(change))
        assert refused.value.field == next(iter(change))
    assert read_rules({"unknown": 3, "offer_s": 99}) == read_rules({"offer_s": 99})


AMOUNTS = st.integers(0, 10**7)


@settings(deadline=None)
@given(goods=st.lists(AMOUNTS, min_size=1, max_size=8), freight=AMOUNTS, share=st.integers(0, 10_000))
def test_a_split_sums_exactly_and_no_part_is_above_its_cap(goods: list[int], freight: int, share: int) -> None:
    total = (sum(goods) + freight) * share // 10_000
    parts, of_freight = split_refund(total, goods=goods, freight_minor=freight)
    assert sum(parts) + of_freight == total
    assert all(0 <= part <= cap for part, cap in zip(parts, goods, strict=True))
    assert 0 <= of_freight <= freight
    assert of_freight == 0 or sum(parts) == sum(goods)  # goods first


@settings(deadline=None)
@given(goods=st.lists(AMOUNTS, min_size=1, max_size=8), freight=AMOUNTS, over=st.integers(1, 100))
def test_a_split_of_too_much_is_refused(goods: list[int], freight: int, over: int) -> None:
    with pytest.raises(ValueError, match="caps"):
        split_refund(sum(goods) + freight + over, goods=goods, freight_minor=freight)
    with pytest.raises(ValueError, match="caps"):
        split_refund(-over, goods=goods, freight_minor=freight)


@settings(deadline=None)
@given(paid=AMOUNTS, groups=st.lists(st.integers(1, 20), min_size=1, max_size=8), other=AMOUNTS)
def test_shares_of_units_sum_to_the_line_however_they_are_grouped(paid: int, groups: list[int], other: int) -> None:
    quantity, back, given_back = sum(groups), 0, 0
    for units in groups:
        cap = units_cap(Bought(quantity, paid, given_back, back), units)
        assert 0 <= cap <= paid - given_back
        back, given_back = back + units, given_back + cap
    assert given_back == paid
    # Money that went back for other reasons, or waits in another case, lowers what is left.
    first = Bought(quantity, paid, refunded_minor=min(other, paid) // 2, reserved_minor=min(other, paid) // 2)
    assert units_cap(first, quantity) == paid - 2 * (min(other, paid) // 2)


@settings(deadline=None)
@given(
    paid=AMOUNTS,
    quantity=st.integers(1, 50),
    back=st.integers(0, 50),
    refunded=AMOUNTS,
    low=st.integers(0, 10**6),
)
def test_price_protection_leaves_the_lowest_price_paid(
    paid: int, quantity: int, back: int, refunded: int, low: int
) -> None:
    bought = Bought(quantity, paid, min(refunded, paid), min(back, quantity))
    fall = price_fall(bought, lowest_minor=low)
    remaining = quantity - bought.units_back
    assert 0 <= fall <= bought.left_minor
    if fall:
        assert bought.left_minor - fall == low * remaining
    else:
        assert remaining == 0 or bought.left_minor <= low * remaining
