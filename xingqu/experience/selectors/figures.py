"""What is counted of a shop in a period, and the rows behind each count: both are read by the same selectors."""

from datetime import datetime
from typing import Any

from xingqu.aftersale.selectors.figures import faults_between, quality_cases_between
from xingqu.experience.domain.formula import Counted
from xingqu.review.selectors import starred_rows, stars_between
from xingqu.support.selectors import slow_turns, turns_between
from xingqu.trade.selectors import received_between, shipping_figures, shipping_rows

STARS = {"goods_stars": "goods", "logistics_stars": "logistics", "service_stars": "service"}


def counted_of(*, shop_id: int, since: datetime, until: datetime) -> tuple[dict[str, Counted], int]:
    """What every indicator counts, and how many orders were received in the period."""
    stars = stars_between(shop_id=shop_id, since=since, until=until)
    shipping = shipping_figures(shop_id=shop_id, since=since, until=until)
    turns, fast = turns_between(shop_id=shop_id, since=since, until=until)
    received = received_between(shop_id=shop_id, since=since, until=until)
    quality = len(quality_cases_between(shop_id=shop_id, since=since, until=until))
    faults = len(faults_between(shop_id=shop_id, since=since, until=until))
    counted = {name: Counted(stars[part], stars["count"]) for name, part in STARS.items()}
    # A case may be of an order that was received before: there are never more cases counted than orders.
    base = max(received, quality, faults)
    counted |= {
        "quality_return_rate": Counted(quality, base),
        "on_time_rate": Counted(shipping["in_time"], shipping["due"]),
        "fast_reply_rate": Counted(fast, turns),
        "merchant_fault_rate": Counted(faults, base),
    }
    return counted, received


def rows_behind(*, shop_id: int, indicator: str, since: datetime, until: datetime, limit: int) -> list[dict[str, Any]]:
    """The rows that cost an indicator points, newest first: {kind, reference, at, value}."""
    found: list[tuple[str, str, datetime, int | None]]
    if indicator in STARS:
        rated = starred_rows(shop_id=shop_id, since=since, until=until, part=STARS[indicator], limit=limit)
        found = [("review", str(pk), at, stars) for pk, at, stars in rated]
    elif indicator == "on_time_rate":
        late = shipping_rows(shop_id=shop_id, since=since, until=until, limit=limit)
        found = [("order", number, at, None) for number, at in late]
    elif indicator == "fast_reply_rate":
        slow = slow_turns(shop_id=shop_id, since=since, until=until, limit=limit)
        found = [("chat", str(pk), at, None) for pk, at in slow]
    else:
        read = quality_cases_between if indicator == "quality_return_rate" else faults_between
        found = [("case", no, at, None) for no, at in read(shop_id=shop_id, since=since, until=until)[:limit]]
    return [{"kind": kind, "reference": reference, "at": at, "value": value} for kind, reference, at, value in found]
