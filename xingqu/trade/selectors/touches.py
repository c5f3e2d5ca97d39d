"""Reads of the ways by which an actor came to products."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from xingqu.kit import clock
from xingqu.kit.sql import fetch
from xingqu.trade.domain.attribution import DIRECT, Attribution, Touch, choose
from xingqu.trade.domain.times import TimeName
from xingqu.trade.selectors.times import time_for

_KEPT = (
    "SELECT product_id, surface, at_ms, content_id, creator_id, live_room_id, ad_id, request_id FROM trade_producttouch"
    " WHERE actor_key = %s AND product_id IN ({marks})"
)


def touches_of(*, actor_key: str, product_ids: Collection[int]) -> dict[int, list[Touch]]:
    """The kept ways of an actor to products, by product; products without one are absent."""
    if not product_ids:
        return {}
    found: dict[int, list[Touch]] = {}
    for product_id, *values in fetch(
        _KEPT.format(marks=", ".join(["%s"] * len(product_ids))), [actor_key, *product_ids]
    ):
        found.setdefault(product_id, []).append(Touch(*values))
    return found


def attributions_of(
    *, actor_key: str, shops: Mapping[int, int], told: Mapping[int, Iterable[Touch]]
) -> dict[int, Attribution]:
    """What leads to a purchase of each product now, by product id. `shops` are product id -> shop id; `told` what the caller
    has proven besides what is kept."""
    kept = touches_of(actor_key=actor_key, product_ids=list(shops))
    now = clock.now()
    windows: dict[int, tuple[timedelta, timedelta]] = {}
    found = {}
    for product_id, shop_id in shops.items():
        touches = [*kept.get(product_id, ()), *told.get(product_id, ())]
        if not touches:
            found[product_id] = Attribution(surface=DIRECT)
            continue
        if shop_id not in windows:
            credit, visit = (
                time_for(name, shop_id=shop_id, at=now)
                for name in (TimeName.ATTRIBUTION_CREDIT, TimeName.ATTRIBUTION_VISIT)
            )
            windows[shop_id] = (credit, visit)
        credit, visit = windows[shop_id]
        found[product_id] = choose(touches, now_ms=clock.to_ms(now), credit=credit, visit=visit)
    return found
