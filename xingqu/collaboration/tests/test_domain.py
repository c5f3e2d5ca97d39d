"""The tables of steps and the arithmetic of the slot fee, pure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.collaboration.domain.rules import Rules, read_rules
from xingqu.collaboration.domain.samples import (
    FINAL,
    MOVES,
    WAITS,
    SampleKind,
    SampleState,
    SampleStep,
    Side,
    steps_of,
    target_of,
)
from xingqu.collaboration.domain.states import State, Step, may
from xingqu.collaboration.domain.terms import (
    ReleaseKind,
    Terms,
    broken_off_minor,
    content_hash,
    earned_minor,
    next_release,
    proof_ids,
    read_terms,
)

TERMS = Terms(
    product_ids=(1, 2),
    commission_bp=2_000,
    slot_fee_minor=100_000,
    release_kind=ReleaseKind.PROPORTIONAL,
    target_minor=500_000,
    starts_on=date(2026, 12, 1),
    ends_on=date(2026, 12, 10),
    release_days=(date(2026, 12, 12), date(2026, 12, 30)),
    works=1,
    lives=0,
)
AMOUNTS = st.integers(-(10**9), 10**12)


def test_every_open_state_waits_for_somebody_and_goes_on() -> None:
    for state in SampleState:
        leaving = [step for step, move in MOVES.items() if state in move.sources]
        if state in FINAL:
            assert leaving == []
            continue
        side, _, timeout = WAITS[state]
        assert state in MOVES[timeout].sources
        assert MOVES[timeout].side is None
        assert target_of(timeout, SampleKind.FREE) in FINAL
        paid_by_machine = state is SampleState.PAYING
        assert any(MOVES[step].side is side for step in leaving) or paid_by_machine


def test_no_side_takes_the_steps_of_another() -> None:
    for state in SampleState:
        mine = {side: set(steps_of(side, state)) for side in Side}
        assert mine[Side.MERCHANT] & mine[Side.CREATOR] == set()
        assert mine[Side.PLATFORM] == set()


def test_where_money_is_asked_for_it_is_waited_for() -> None:
    assert target_of(SampleStep.APPROVE, SampleKind.FREE) is SampleState.APPROVED
    assert target_of(SampleStep.APPROVE, SampleKind.DEPOSIT) is SampleState.PAYING
    assert target_of(SampleStep.BREACH, SampleKind.DEPOSIT) is SampleState.BREACHED
    assert target_of(SampleStep.BREACH, SampleKind.BUY_REFUND) is SampleState.ABORTED


def test_whose_turn_it_is_answers_and_the_other_may_withdraw() -> None:
    answers = (Step.COUNTER, Step.ACCEPT, Step.DECLINE)
    for side in (Side.MERCHANT, Side.CREATOR):
        assert all(may(step, side, State.NEGOTIATING, is_turn=True) for step in answers)
        assert not any(may(step, side, State.NEGOTIATING, is_turn=False) for step in answers)
        assert may(Step.WITHDRAW, side, State.NEGOTIATING, is_turn=False)
        assert not may(Step.WITHDRAW, side, State.NEGOTIATING, is_turn=True)
    assert not may(Step.FUND, Side.CREATOR, State.FUNDING, is_turn=True)
    assert not may(Step.VERDICT, Side.MERCHANT, State.DISPUTED, is_turn=True)


@pytest.mark.parametrize(("settled", "earned"), [(-1, 0), (0, 0), (4, 0), (5, 1), (250_000, 50_000), (10**9, 100_000)])
def test_earned_in_proportion(settled: int, earned: int) -> None:
    assert earned_minor(TERMS, settled) == earned


def test_earned_at_the_threshold() -> None:
    whole = replace(TERMS, release_kind=ReleaseKind.THRESHOLD)
    assert [earned_minor(whole, settled) for settled in (499_999, 500_000, 900_000)] == [0, 100_000, 100_000]
    assert earned_minor(replace(TERMS, slot_fee_minor=0, target_minor=0), 10**6) == 0


@given(AMOUNTS, AMOUNTS, st.sampled_from(ReleaseKind))
def test_more_settled_never_earns_less_nor_more_than_the_fee(one: int, other: int, kind: ReleaseKind) -> None:
    terms = replace(TERMS, release_kind=kind)
    low, high = sorted((one, other))
    assert 0 <= earned_minor(terms, low) <= earned_minor(terms, high) <= terms.slot_fee_minor


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_breaking_off_never_pays_who_does_it(settled: int, more: int) -> None:
    """A shop never saves, and a creator never gains, by breaking off rather than waiting for what is settled now."""
    due = earned_minor(TERMS, settled)
    by_shop = broken_off_minor(TERMS, by_merchant=True, settled_minor=settled, gmv_minor=settled + more, rules=Rules())
    by_creator = broken_off_minor(
        TERMS, by_merchant=False, settled_minor=settled, gmv_minor=settled + more, rules=Rules()
    )
    assert TERMS.slot_fee_minor >= by_shop >= max(due, 30_000)
    assert by_creator == due


def test_stored_terms_and_rules_are_read_back() -> None:
    assert read_terms(TERMS.as_json()) == TERMS
    assert read_rules({"offer_s": 60, "of_a_later_release": 1}) == replace(Rules(), offer_s=60)
    assert content_hash({"b": 1, "a": "中"}) == content_hash({"a": "中", "b": 1}) != content_hash({"a": "中", "b": 2})


def test_the_next_release() -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 12, day, tzinfo=UTC)

    assert [next_release(TERMS, UTC, at(day)) for day in (1, 12, 30)] == [at(12), at(30), None]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("/v/12", ("content", 12)),
        ("https://x.example/v/12?a=1#b", ("content", 12)),
        ("/live/3/", ("live", 3)),
        ("/v/", None),
        ("/v/x", None),
        ("/v/１２", None),
        ("/products/12", None),
        ("12", None),
        ("/v/" + "9" * 16, None),
    ],
)
def test_links_into_the_mall(link: str, found: tuple[str, int] | None) -> None:
    assert proof_ids(link) == found
