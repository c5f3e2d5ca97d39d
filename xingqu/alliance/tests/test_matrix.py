"""The matrix of precedence and the timing of rates: every pair of kinds, by the colonel's link or not, on the list or not,
before and after midnight, open, cut, raised and closed during an order. The table in the merchant's guide is this one."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from xingqu.alliance.domain.plans import PRECEDENCE, Candidate, PlanKind, Rate, choose_plan, effective_from, rate_at

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
MIDNIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
AFTER = MIDNIGHT + timedelta(minutes=1)
SIMPLE, EXCLUSIVE, TARGETED, COLONEL = PlanKind.SIMPLE, PlanKind.EXCLUSIVE, PlanKind.TARGETED, PlanKind.COLONEL
# Kind, whether it applies: on the list or not, came by its link or not.
APPLIES = {
    (SIMPLE, False, False): True,
    (SIMPLE, False, True): True,
    (SIMPLE, True, False): True,
    (SIMPLE, True, True): True,
    (EXCLUSIVE, False, False): False,
    (EXCLUSIVE, False, True): False,
    (EXCLUSIVE, True, False): True,
    (EXCLUSIVE, True, True): True,
    (TARGETED, False, False): False,
    (TARGETED, False, True): False,
    (TARGETED, True, False): True,
    (TARGETED, True, True): True,
    (COLONEL, False, False): False,
    (COLONEL, False, True): True,
    (COLONEL, True, False): False,
    (COLONEL, True, True): True,
}
# Who wins when both apply: the row against the column. Of one kind the higher rate does.
WINS = {
    (SIMPLE, SIMPLE): "rate",
    (SIMPLE, EXCLUSIVE): EXCLUSIVE,
    (SIMPLE, TARGETED): TARGETED,
    (SIMPLE, COLONEL): COLONEL,
    (EXCLUSIVE, EXCLUSIVE): "rate",
    (EXCLUSIVE, TARGETED): EXCLUSIVE,
    (EXCLUSIVE, COLONEL): EXCLUSIVE,
    (TARGETED, TARGETED): "rate",
    (TARGETED, COLONEL): TARGETED,
    (COLONEL, COLONEL): "link",
}
PAIRS = sorted(WINS, key=lambda pair: (PRECEDENCE.index(pair[0]), PRECEDENCE.index(pair[1])))


def plan(plan_id: int, kind: PlanKind, rates: list[Rate], *, named: bool) -> Candidate:
    return Candidate(plan_id, kind, named, tuple(rates))


@pytest.mark.parametrize(("kind", "named", "by_link"), sorted(APPLIES))
def test_to_whom_a_plan_applies(kind: PlanKind, named: bool, by_link: bool) -> None:
    only = plan(1, kind, [Rate(EVENING - timedelta(days=1), 1_000)], named=named)
    chosen = choose_plan([only], linked_plan_id=1 if by_link else 9, at=EVENING)
    assert (chosen is not None) == APPLIES[kind, named, by_link]


@pytest.mark.parametrize(("pair", "named", "linked", "high_first"), list(product(PAIRS, (0, 1), (0, 1, 2), (0, 1))))
def test_every_pair(pair: tuple[PlanKind, PlanKind], named: int, linked: int, high_first: int) -> None:
    """`linked` is 0: by nobody's link, 1 or 2: by that plan's. The rates never decide between two kinds."""
    rates = (9_000, 100) if high_first else (100, 9_000)
    plans = [
        plan(number, kind, [Rate(EVENING - timedelta(days=1), rate)], named=bool(named))
        for number, kind, rate in zip((1, 2), pair, rates, strict=True)
    ]
    open_to = [one for one in plans if APPLIES[one.kind, bool(named), linked == one.plan_id]]
    expected: int | None
    if len(open_to) < 2:
        expected = open_to[0].plan_id if open_to else None
    elif WINS[pair] == "rate":
        expected = 1 if high_first else 2
    else:
        expected = next(one.plan_id for one in plans if one.kind == WINS[pair])
    for order in (plans, plans[::-1]):
        chosen = choose_plan(order, linked_plan_id=linked or None, at=EVENING)
        assert (chosen.plan_id if chosen else None) == expected


# What a merchant does at 23:30 -> the rate then, a minute before midnight, and a minute after it.
TIMING = [
    ("raise", 2_000, 3_000, (3_000, 3_000, 3_000)),
    ("same", 2_000, 2_000, (2_000, 2_000, 2_000)),
    ("cut", 2_000, 1_000, (2_000, 2_000, 1_000)),
    ("close", 2_000, None, (2_000, 2_000, None)),
    ("reopen", None, 1_500, (1_500, 1_500, 1_500)),
]


@pytest.mark.parametrize("kind", list(PlanKind))
@pytest.mark.parametrize(("deed", "before", "after", "expected"), TIMING, ids=[row[0] for row in TIMING])
@pytest.mark.parametrize("with_simple", [False, True])
def test_when_a_change_counts(
    kind: PlanKind,
    deed: str,
    before: int | None,
    after: int | None,
    expected: tuple[int | None, ...],
    with_simple: bool,
) -> None:
    """Of each kind, alone and beside a simple plan of 500: once the better one is closed, the simple one counts."""
    if with_simple and kind is SIMPLE:
        pytest.skip("there is one simple plan")
    rates = [Rate(EVENING - timedelta(days=9), before)]
    since = effective_from(rate_at(rates, EVENING), Rate(EVENING, after), now=EVENING, zone=ZONE)
    assert since == (MIDNIGHT if deed in ("cut", "close") else EVENING)
    rates.append(Rate(since, after))
    plans = [plan(1, kind, rates, named=True)]
    if with_simple:
        plans.append(plan(2, SIMPLE, [Rate(EVENING - timedelta(days=9), 500)], named=True))
    for at, rate in zip((EVENING, MIDNIGHT - timedelta(minutes=1), AFTER), expected, strict=True):
        chosen = choose_plan(plans, linked_plan_id=1, at=at)
        promised = rate if rate is not None else 500 if with_simple else None
        assert (chosen.commission_bp if chosen else None) == promised


@pytest.mark.parametrize(
    ("days", "since"),
    [(0, EVENING), (1, MIDNIGHT), (2, MIDNIGHT + timedelta(days=1)), (7, MIDNIGHT + timedelta(days=6))],
)
def test_how_long_a_cut_waits_is_a_rule(days: int, since: datetime) -> None:
    now, before = EVENING, Rate(EVENING - timedelta(days=1), 2_000)
    for after in (Rate(now, 1_000), Rate(now, None)):
        assert effective_from(before, after, now=now, zone=ZONE, cut_wait_days=days) == since
    assert effective_from(before, Rate(now, 3_000), now=now, zone=ZONE, cut_wait_days=days) == now


# An order is placed at 23:30; the merchant does something at 23:40; it is paid and decided on the next day.
DURING = [("raise", 3_000), ("cut", 1_000), ("close", None)]


@pytest.mark.parametrize("kind", list(PlanKind))
@pytest.mark.parametrize(("deed", "after"), DURING, ids=[row[0] for row in DURING])
def test_what_is_done_during_an_order_does_not_touch_it(kind: PlanKind, deed: str, after: int | None) -> None:
    later = EVENING + timedelta(minutes=10)
    rates = [Rate(EVENING - timedelta(days=9), 2_000)]
    rates.append(Rate(effective_from(rates[0], Rate(later, after), now=later, zone=ZONE), after))
    only = plan(1, kind, rates, named=True)
    chosen = choose_plan([only], linked_plan_id=1, at=EVENING)
    assert chosen is not None
    assert chosen.commission_bp == 2_000
