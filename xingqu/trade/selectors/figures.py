"""Figures of a shop's orders in a period, for the rooms that judge how it serves."""

from datetime import datetime

from django.db.models import F, Q, Sum

from xingqu.trade.domain.transitions import TO_SHIP
from xingqu.trade.models import OrderLine, ShopOrder


def received_between(*, shop_id: int, since: datetime, until: datetime) -> int:
    """How many of a shop's orders were received in a period, those refunded since included."""
    return ShopOrder.objects.filter(shop_id=shop_id, done_at__gte=since, done_at__lt=until).count()


def shipping_rows(*, shop_id: int, since: datetime, until: datetime, limit: int) -> list[tuple[str, datetime]]:
    """Orders that `shipping_figures` counts as late or open and late, as (number, deadline), the latest deadline first."""
    rows = ShopOrder.objects.filter(shop_id=shop_id, ship_by__gte=since, ship_by__lt=until)
    rows = rows.filter(Q(shipped_at__gt=F("ship_by")) | Q(shipped_at__isnull=True, state__in=TO_SHIP))
    return [(number, at) for number, at in rows.order_by("-ship_by").values_list("order_no", "ship_by")[:limit] if at]


def sold_between(*, shop_id: int, since: datetime, until: datetime) -> dict[int, int]:
    """Units by product of a shop's orders that were paid in a period, without what was refunded."""
    rows = OrderLine.objects.filter(order__shop_id=shop_id, order__paid_at__gte=since, order__paid_at__lt=until)
    counted = rows.order_by().values("product_id").annotate(units=Sum(F("quantity") - F("refunded_quantity")))
    return {row["product_id"]: int(row["units"]) for row in counted}


def selling_shops(*, since: datetime) -> list[int]:
    """Shops with an order that was paid since then."""
    rows = ShopOrder.objects.filter(paid_at__gte=since).order_by()
    return list(rows.values_list("shop_id", flat=True).distinct())
