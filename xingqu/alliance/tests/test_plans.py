"""Which plan counts, and from when: tables and properties of the pure part."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.alliance.domain.plans import Candidate, PlanKind, Rate, choose_plan, effective_from, rate_at

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # noon in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SIMPLE, EXCLUSIVE, TARGETED, COLONEL = PlanKind.SIMPLE, PlanKind.EXCLUSIVE, PlanKind.TARGETED, PlanKind.COLONEL


def plan(plan_id: int, kind: PlanKind, commission_bp: int | None = 1_000, *, named: bool = False) -> Candidate:
    return Candidate(plan_id, kind, named, (Rate(NOON - timedelta(days=1), commission_bp),))


@pytest.mark.parametrize(
    ("plans", "linked", "expected"),
    [
        ([], None, None),
        ([plan(1, SIMPLE)], None, 1),
        ([plan(1, SIMPLE, None)], None, None),  # closed
        ([plan(1, EXCLUSIVE)], None, None),  # for others
        ([plan(1, SIMPLE, 5_000), plan(2, EXCLUSIVE, 100, named=True)], None, 2),
        ([plan(1, SIMPLE, 5_000), plan(2, TARGETED, 100, named=True)], None, 2),
        ([plan(1, TARGETED, 5_000, named=True), plan(2, EXCLUSIVE, 100, named=True)], None, 2),
        ([plan(1, TARGETED, 500, named=True), plan(2, TARGETED, 600, named=True)], None, 2),
        ([plan(1, TARGETED, 600, named=True), plan(2, TARGETED, 600, named=True)], None, 1),
        ([plan(1, SIMPLE), plan(2, COLONEL)], None, 1),  # nobody's link
        ([plan(1, SIMPLE, 5_000), plan(2, COLONEL, 100)], 2, 2),
        ([plan(1, COLONEL, 5_000), plan(2, COLONEL, 100)], 2, 2),
        ([plan(1, TARGETED, 100, named=True), plan(2, COLONEL, 5_000)], 2, 1),
        ([plan(1, TARGETED, 100), plan(2, COLONEL, 5_000)], 2, 2),
        ([plan(1, SIMPLE), plan(2, EXCLUSIVE, None, named=True)], None, 1),  # the better one is closed
        ([plan(1, SIMPLE), plan(2, COLONEL, None)], 2, 1),
    ],
)
def test_precedence(plans: list[Candidate], linked: int | None, expected: int | None) -> None:
    for order in (plans, plans[::-1]):
        chosen = choose_plan(order, linked_plan_id=linked, at=NOON)
        assert (chosen.plan_id if chosen else None) == expected


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [
        (None, Rate(NOON, 1_000), NOON),
        (Rate(NOON, 1_000), Rate(NOON, 1_001), NOON),
        (Rate(NOON, 1_000), Rate(NOON, 1_000), NOON),
        (Rate(NOON, 1_000), Rate(NOON, 999), MIDNIGHT),
        (Rate(NOON, 1_000), Rate(NOON, None), MIDNIGHT),
        (Rate(NOON, 1_000, 200), Rate(NOON, 1_500, 100), MIDNIGHT),
        (Rate(NOON, 1_000, 200), Rate(NOON, 1_000, 300), NOON),
        (Rate(NOON, None), Rate(NOON, 10), NOON),
    ],
)
def test_from_when_a_rate_counts(before: Rate | None, after: Rate, at: datetime) -> None:
    assert effective_from(before, after, now=NOON, zone=ZONE) == at


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 10_000), st.one_of(st.none(), st.integers(0, 9_000))), min_size=1, max_size=8
    ),
    probe=st.integers(0, 12_000),
)
def test_today_s_promise_is_kept_today(changes: list[tuple[int, int | None]], probe: int) -> None:
    """Whatever a shop does in whichever order, the rate never falls before midnight."""
    rates: list[Rate] = [Rate(NOON - timedelta(days=9), 500)]
    for minutes, commission in sorted(changes, key=lambda change: change[0]):
        now = NOON + timedelta(minutes=minutes)
        since = effective_from(rate_at(rates, now), Rate(now, commission), now=now, zone=ZONE)
        rates = [rate for rate in rates if rate.effective_from <= now and rate.effective_from != since]
        rates.append(Rate(since, commission))
    at = NOON + timedelta(minutes=probe)
    day = [rate_at(rates, moment) for moment in (at, at + timedelta(minutes=1))]
    same_day = at.astimezone(ZONE).date() == (at + timedelta(minutes=1)).astimezone(ZONE).date()
    if same_day and day[0] is not None:
        assert day[1] is not None
        assert (day[1].commission_bp or 0) >= (day[0].commission_bp or 0)
