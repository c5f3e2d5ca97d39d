"""What is counted of a creator in a period, and the rows behind each count: both are made by the same reads."""

from collections import Counter
from datetime import datetime
from typing import Any

from xingqu.aftersale.selectors.of_lines import cases_of_lines
from xingqu.content.selectors.published import published_count
from xingqu.experience.domain.formula import Counted
from xingqu.experience.domain.reputation import ReputationRules
from xingqu.experience.models import CreatorDeed
from xingqu.governance.selectors import violations_between
from xingqu.live.selectors.platform import rooms_between
from xingqu.review.selectors.of_lines import stars_of_lines
from xingqu.trade.selectors.creators import creators_lines, in_pieces

Deed = CreatorDeed.Deed
Behind = tuple[str, str, datetime, int | None]
CASES = {"quality_return_rate": "quality", "misdescribed_rate": "misdescribed", "fault_rate": "fault"}
GOOD = {"accepted_rate": (Deed.WORK_ACCEPTED,), "kept_rate": (Deed.SAMPLE_KEPT, Deed.COLLABORATION_KEPT)}
BAD = {"accepted_rate": (Deed.WORK_DENIED,), "kept_rate": (Deed.SAMPLE_BREACH, Deed.COLLABORATION_BROKEN)}


def counted_of_creator(
    *, creator_id: int, since: datetime, until: datetime, rules: ReputationRules
) -> tuple[dict[str, Counted], int]:
    """What every indicator counts, and how many lines were received in the period."""
    lines = creators_lines(creator_id=creator_id, since=since, until=until)
    stars, cases = _of_lines(creator_id, since, until)
    base = len(lines)
    deeds = Counter(_deeds(creator_id, since, until).values_list("deed", flat=True))
    aired, banned = rooms_between(creator_id=creator_id, since=since, until=until)
    weights = [
        rules.serious_weight if severity == "serious" else 1
        for _, severity, _ in violations_between(creator_id=creator_id, since=since, until=until)
    ]
    shown = published_count(creator_id=creator_id, since=since, until=until) + aired
    bad = sum(weights) + len(banned)
    counted = {
        "goods_stars": Counted(sum(value for _, _, value in stars), len(stars)),
        "violation_rate": Counted(bad, max(shown, bad)),
    }
    counted |= {name: Counted(len({line for _, line, _ in cases[kind]}), base) for name, kind in CASES.items()}
    for name, names in GOOD.items():
        good = sum(deeds[deed] for deed in names)
        counted[name] = Counted(good, good + sum(deeds[deed] for deed in BAD[name]))
    return counted, base


def gmv_of(*, creator_id: int, since: datetime, until: datetime) -> int:
    """What buyers paid for the creator's lines that they received in a period, and did not get back, in minor units."""
    return sum(line.paid_minor for line in creators_lines(creator_id=creator_id, since=since, until=until))


def rows_behind_creator(
    *, creator_id: int, indicator: str, since: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """The rows that cost an indicator points, newest first; of stars the lowest first: {kind, reference, at, value}."""
    found: list[Behind]
    if indicator == "goods_stars":
        stars, _ = _of_lines(creator_id, since, until)
        lowest = sorted(stars, key=lambda row: (row[2], -row[0]))[:limit]
        found = [("review", str(pk), at, value) for pk, at, value in lowest]
    elif indicator in CASES:
        _, cases = _of_lines(creator_id, since, until)
        numbers = {number: at for number, _, at in cases[CASES[indicator]]}
        # A buyer's case is the shop's to handle: the creator reads when and why, not its number.
        found = [("case", "", at, None) for at in sorted(numbers.values(), reverse=True)]
    elif indicator == "violation_rate":
        violations = violations_between(creator_id=creator_id, since=since, until=until)
        _, banned = rooms_between(creator_id=creator_id, since=since, until=until)
        found = [("violation", str(pk), at, None) for pk, _, at in violations]
        found += [("room", str(pk), at, None) for pk, at in banned]
    else:
        rows = _deeds(creator_id, since, until).filter(deed__in=BAD[indicator]).order_by("-at")
        found = [("deed", number, at, None) for number, at in rows.values_list("reference", "at")]
    return [
        {"kind": kind, "reference": reference, "at": at, "value": value} for kind, reference, at, value in found[:limit]
    ]


def _deeds(creator_id: int, since: datetime, until: datetime) -> Any:
    return CreatorDeed.objects.filter(creator_id=creator_id, at__gte=since, at__lt=until)


def _of_lines(
    creator_id: int, since: datetime, until: datetime
) -> tuple[list[tuple[int, datetime, int]], dict[str, list[tuple[str, int, datetime]]]]:
    stars: list[tuple[int, datetime, int]] = []
    cases: dict[str, list[tuple[str, int, datetime]]] = {"quality": [], "misdescribed": [], "fault": []}
    for piece in in_pieces(creators_lines(creator_id=creator_id, since=since, until=until)):
        stars += stars_of_lines(lines=[(line.order_no, line.sku_id) for line in piece])
        for kind, rows in cases_of_lines(line_ids=[line.line_id for line in piece]).items():
            cases[kind] += rows
    # What was said until the day's end: a review of tomorrow does not change a kept day.
    return (
        [row for row in stars if row[1] < until],
        {kind: [row for row in rows if row[2] < until] for kind, rows in cases.items()},
    )
