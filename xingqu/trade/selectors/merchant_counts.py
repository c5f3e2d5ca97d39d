"""How many orders of a shop wait for what: counted to a limit, so that a million costs what ten thousand do."""

from collections.abc import Sequence
from typing import Any

from xingqu.kit import clock
from xingqu.kit.sql import fetch
from xingqu.trade.domain.transitions import TO_SHIP

COUNT_LIMIT = 10_000  # clients show a counter that reached it as "9999+"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM trade_shoporder WHERE shop_id = %s AND {where} LIMIT %s) AS counted"


def order_counts(*, shop_id: int) -> dict[str, int]:
    """Number of a shop's orders by state, each counted up to 10,000 and no further."""
    states = ("unpaid", "shipped", "done", "refunding", "refunded", "cancelled")
    to_ship = [count_orders(shop_id, "state = %s", [state]) for state in TO_SHIP]
    late = [count_orders(shop_id, "state = %s AND ship_by < %s", [state, clock.now()]) for state in TO_SHIP]
    return {
        "to_ship": min(sum(to_ship), COUNT_LIMIT),
        "late_to_ship": min(sum(late), COUNT_LIMIT),
        **{state: count_orders(shop_id, "state = %s", [state]) for state in states},
    }


def count_orders(shop_id: int, where: str, values: Sequence[Any]) -> int:
    """Orders that meet a constant condition, counted up to COUNT_LIMIT."""
    ((count,),) = fetch(_COUNT.format(where=where), [shop_id, *values, COUNT_LIMIT])
    return int(count)
