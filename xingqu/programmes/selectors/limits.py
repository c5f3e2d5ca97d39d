"""What somebody has bought of goods with a purchase limit."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from xingqu.kit import clock
from xingqu.kit.sql import fetch, read_time
from xingqu.programmes.contracts import NOTHING_TAKEN, LimitedLine, Taken

_TAKEN = (
    "SELECT product_id, sku_id, quantity, at FROM programmes_purchasetake WHERE person_id = %s AND state = 'taken'"
    " AND product_id IN ({ids})"
)


def units_taken(*, person_id: int, lines: Iterable[LimitedLine]) -> Taken:
    """Units in this person's orders that stand, within the days of each limit. One query, none without such a limit."""
    counted = [line for line in lines if line.is_counted]
    if not counted:
        return NOTHING_TAKEN
    ids = sorted({line.product_id for line in counted})
    rows = [
        (product_id, sku_id, quantity, read_time(at))
        for product_id, sku_id, quantity, at in fetch(
            _TAKEN.format(ids=", ".join(["%s"] * len(ids))), [person_id, *ids]
        )
    ]
    now = clock.now()
    products = {line.product_id: _since(line.product_limit.days, now) for line in counted}
    skus = {line.sku_id: _since(line.sku_limit.days, now) for line in counted}
    return Taken(
        {
            pk: sum(n for product_id, _, n, at in rows if product_id == pk and at > start)
            for pk, start in products.items()
        },
        {pk: sum(n for _, sku_id, n, at in rows if sku_id == pk and at > start) for pk, start in skus.items()},
    )


def _since(days: int | None, now: datetime) -> datetime:
    return datetime.min.replace(tzinfo=now.tzinfo) if days is None else now - timedelta(days=days)
