"""How long things may take, by the dated rules in force."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from xingqu.catalogue.selectors import cards, category_path
from xingqu.kit.sql import fetch, read_time
from xingqu.trade.domain import times
from xingqu.trade.domain.times import TimeName, find_rule
from xingqu.trade.models import TimeRule

_RULES = (
    "SELECT name, shop_id, category_id, seconds, effective_from FROM trade_timerule"
    " WHERE name = %s AND effective_from <= %s ORDER BY id"
)
_PRODUCTS = "SELECT order_id, product_id FROM trade_orderline WHERE order_id IN ({marks})"
# What holds while no rule does: the installation's own setting.
SETTINGS = {
    TimeName.SHIP_WITHIN: "ship_within_s",
    TimeName.SHIP_REMINDER: "ship_reminder_s",
    TimeName.RECEIVE_AFTER_SHIPPING: "auto_receive_after_s",
    TimeName.RECEIVE_AFTER_DELIVERY: "receive_after_delivery_s",
    TimeName.RECEIVE_EXTENSION: "receive_extension_s",
    TimeName.NO_NEWS: "no_news_s",
    TimeName.ATTRIBUTION_CREDIT: "attribution_credit_s",
    TimeName.ATTRIBUTION_VISIT: "attribution_visit_s",
}


def time_for(name: TimeName, *, shop_id: int | None = None, at: datetime) -> timedelta:
    """How long this may take for a shop at a time, whatever the category."""
    rule = find_rule(_rules(name, at), name, shop_id=shop_id, category_path=(), at=at)
    return timedelta(seconds=getattr(settings.ENVIRONMENT, SETTINGS[name]) if rule is None else rule.seconds)


def ship_deadlines(*, orders: Mapping[int, int], at: datetime) -> dict[int, datetime]:
    """Order id -> until when it must be shipped when it is paid at `at`; `orders` are order id -> shop id.

    An order with goods of several categories keeps the shortest promise.
    """
    rules = _rules(TimeName.SHIP_WITHIN, at)
    usual = timedelta(seconds=settings.ENVIRONMENT.ship_within_s)
    if not rules:
        return dict.fromkeys(orders, at + usual)
    paths = _category_paths(list(orders)) if any(rule.category_id for rule in rules) else {}
    found = {}
    for order_id, shop_id in orders.items():
        spans = []
        for path in paths.get(order_id, [()]):
            rule = find_rule(rules, TimeName.SHIP_WITHIN, shop_id=shop_id, category_path=path, at=at)
            spans.append(usual if rule is None else timedelta(seconds=rule.seconds))
        found[order_id] = at + min(spans)
    return found


def _rules(name: TimeName, at: datetime) -> list[times.TimeRule]:
    rows = fetch(_RULES, [name.value, at])
    return [times.TimeRule(TimeName(row[0]), row[1], row[2], row[3], read_time(row[4])) for row in rows]


def _category_paths(order_ids: list[int]) -> dict[int, list[tuple[int, ...]]]:
    rows = fetch(_PRODUCTS.format(marks=", ".join(["%s"] * len(order_ids))), order_ids)
    products = cards({product_id for _, product_id in rows})
    paths: dict[int, list[tuple[int, ...]]] = {}
    for order_id, product_id in rows:
        if product_id in products:
            path = category_path(category_id=products[product_id].category_id)
            paths.setdefault(order_id, []).append(tuple(card.id for card in path))
    return paths


def time_rules() -> dict[str, Any]:
    """Every rule, newest first, and what holds where there is none."""
    usual = {name.value: getattr(settings.ENVIRONMENT, setting) for name, setting in SETTINGS.items()}
    return {"usual": usual, "rules": list(TimeRule.objects.order_by("-effective_from", "-id"))}
