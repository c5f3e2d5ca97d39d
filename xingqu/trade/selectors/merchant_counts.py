"""How many orders of a shop wait for what: counted to a limit, so that a million costs what ten thousand do."""

from collections.abc import Sequence
from typing import Any

from xingqu.kit import clock
from xingqu.kit.sql import fetch
from xingqu.trade.domain.transitions import TO_SHIP

COUNT_LIMIT = 10_000  # clients show a counter that reached it as "9999+"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM trade_shoporder WHERE shop_id = %s AND {where} LIMIT %s) AS counted"


# In the words of the index `shop_order_waiting`: SQLite takes a partial index only for the very condition it was made with.
_WAITING = "state IN ('{}')".format("', '".join(TO_SHIP))


def order_counts(*, shop_id: int) -> dict[str, int]:
    """Number of a shop's orders by state, each counted up to 10,000 and no further."""
    states = ("unpaid", "shipped", "done", "refunding", "refunded", "cancelled")
    return {
        "to_ship": count_orders(shop_id, _WAITING, []),
        "late_to_ship": count_orders(shop_id, f"{_WAITING} AND ship_by < %s", [clock.now()]),
        **{state: count_orders(shop_id, "state = %s", [state]) for state in states},
    }


def count_orders(shop_id: int, where: str, values: Sequence[Any]) -> int:
    """Orders that meet a constant condition, counted up to COUNT_LIMIT."""
    ((count,),) = fetch(_COUNT.format(where=where), [shop_id, *values, COUNT_LIMIT], fresh_plan=True)
    return int(count)
