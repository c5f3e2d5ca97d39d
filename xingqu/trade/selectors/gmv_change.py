"""What a shop sold in a period against the period before, and what moved it."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Sum
from django.utils import timezone

from xingqu.kit import clock
from xingqu.trade.domain.gmv_change import Sales, explain_change
from xingqu.trade.domain.transitions import PAID_STATES
from xingqu.trade.models import ShopOrder, ShopVisit
from xingqu.trade.selectors.offers import money

DAYS: Final = {"today": 1, "7d": 7, "30d": 30}
# Which figure is defined how; the client shows the text of the code.
DEFINITIONS: Final = {
    "gmv": "gmv.paid_by_pay_time",
    "visitors": "visitors.opened_a_product_or_paid",
    "conversion": "buyers_by_visitors",
    "buyers": "buyers.paid_by_pay_time",
    "orders_per_buyer": "orders_by_buyers",
    "order_value": "gmv_by_orders",
    "moved": "gmv_change.lmdi",
}


def gmv_change(*, shop_id: int, period: str) -> dict[str, Any]:
    """`period` (of DAYS) up to now against as many days before it, up to the same time of day.

    Both begin at a midnight of the site's time zone, so that a visit, kept once a day, is in exactly one of them.
    """
    now = clock.now()
    length = timedelta(days=DAYS[period])
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - length + timedelta(days=1)
    counted_from = visits_counted_from()
    late, early = (_sales(shop_id, since - back, now - back, counted_from) for back in (timedelta(0), length))
    return {
        "period": period,
        "now": _told(late, since, now),
        "before": _told(early, since - length, now - length),
        "change": money(late.gmv_minor - early.gmv_minor, "CNY"),
        "factors": explain_change(late, early),
        "visits_counted_from": counted_from,
        "definitions": DEFINITIONS,
    }


def visits_counted_from() -> datetime | None:
    """Since when the site keeps who opened which shop's products; None when it has not kept any yet."""
    return ShopVisit.objects.order_by("day", "first_at").values_list("first_at", flat=True).first()


def _sales(shop_id: int, since: datetime, until: datetime, counted_from: datetime | None) -> Sales:
    paid = ShopOrder.objects.filter(
        shop_id=shop_id, paid_at__gte=since, paid_at__lt=until, state__in=PAID_STATES
    ).order_by()
    sums = paid.aggregate(
        gmv=Sum(F("payable_minor") + F("platform_discount_minor")),
        orders=Count("id"),
        buyers=Count("buyer_key", distinct=True),
    )
    visitors = None
    if counted_from is not None and counted_from <= since:
        came = ShopVisit.objects.filter(
            shop_id=shop_id, day__gte=_day(since), day__lte=_day(until), first_at__gte=since, first_at__lt=until
        )
        visitors = came.order_by().values_list("actor_key").union(paid.values_list("buyer_key")).count()
    return Sales(visitors=visitors, buyers=sums["buyers"], orders=sums["orders"], gmv_minor=sums["gmv"] or 0)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _told(sales: Sales, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "since": since,
        "until": until,
        "visitors": sales.visitors,
        "buyers": sales.buyers,
        "orders": sales.orders,
        "gmv": money(sales.gmv_minor, "CNY"),
    }
