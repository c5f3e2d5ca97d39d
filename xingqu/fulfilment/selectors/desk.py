"""The shipping desk of a shop: its packages by what must be done about them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from xingqu.fulfilment.carriers import provider_name
from xingqu.fulfilment.contracts import PackageRow
from xingqu.fulfilment.domain.carriers import BY_CODE
from xingqu.fulfilment.domain.states import ON_THE_WAY, Kind, PackageState
from xingqu.fulfilment.models import Package
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.trade.selectors import shipping_figures, shop_order_for_shipping

FIGURES_OVER = timedelta(days=30)
TABS: dict[str, Q] = {
    "packed": Q(state="packed"),
    "in_transit": Q(state__in=["handed_over", "in_transit", "out_for_delivery"], flagged_at=None),
    "exceptions": Q(state__in=["exception", "turning_back"])
    | Q(state__in=["handed_over", "in_transit", "out_for_delivery"], flagged_at__isnull=False)
    | Q(intercept__in=["asked", "accepted"]),
    "delivered": Q(state="delivered"),
    "turned_back": Q(state="turned_back"),
}


def packages_page(
    *, shop_id: int, tab: str | None, q: str, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of a shop's packages, newest first, and the id to go on from; `q` is an order's or a tracking number."""
    rows = Package.objects.filter(shop_id=shop_id, kind=Kind.ORDER)
    if tab is not None:
        rows = rows.filter(TABS[tab])
    if q:
        rows = rows.filter(Q(tracking_no=q.upper()) | Q(lines__order_no=q)).distinct()
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id").prefetch_related("lines", "events")[: limit + 1])
    page = found[:limit]
    return _rows(page), page[-1].pk if len(found) > limit else None


def desk_counts(*, shop_id: int) -> dict[str, Any]:
    """Packages by tab, and how punctual the shop shipped in thirty days: {due, in_time, late, open_late}."""
    rows = Package.objects.filter(shop_id=shop_id, kind=Kind.ORDER)
    counts = rows.aggregate(**{tab: Count("id", filter=condition) for tab, condition in TABS.items()})
    now = clock.now()
    figures = shipping_figures(shop_id=shop_id, since=now - FIGURES_OVER, until=now)
    return {"tabs": counts, "figures": figures}


def package_of(*, shop_id: int, package_id: int) -> dict[str, Any]:
    """One package of a shop. Raises NotFound, also for another shop's."""
    rows = Package.objects.filter(pk=package_id, shop_id=shop_id, kind=Kind.ORDER)
    found = list(rows.prefetch_related("lines", "events"))
    if not found:
        raise NotFound(field="package_id", expected="the id of a package of this shop")
    return _rows(found)[0]


def packages_for_labels(*, shop_id: int, package_ids: Sequence[int]) -> list[PackageRow]:
    """Packages that have a number, in the order asked for. Raises NotFound when one is not the shop's, or has none."""
    rows: QuerySet[Package] = Package.objects.filter(pk__in=package_ids, shop_id=shop_id, kind=Kind.ORDER)
    found = {package.pk: package for package in rows.exclude(tracking_no="").prefetch_related("lines")}
    if found.keys() != set(package_ids):
        raise NotFound(field="package_ids", expected="packages of this shop that have a tracking number")
    labels = []
    for pk in package_ids:
        package = found[pk]
        orders = {
            number: shop_order_for_shipping(shop_id=shop_id, order_no=number)
            for number in sorted({line.order_no for line in package.lines.all()})
        }
        names = {(number, line.sku_id): line for number, order in orders.items() for line in order.lines}
        labels.append(
            PackageRow(
                id=pk,
                carrier_code=package.carrier_code,
                tracking_no=package.tracking_no,
                routing_code=package.routing_code,
                order_nos=tuple(orders),
                recipient=orders[package.order_no].address,
                goods=tuple(
                    (
                        names[line.order_no, line.sku_id].name,
                        names[line.order_no, line.sku_id].option_text,
                        line.quantity,
                    )
                    for line in package.lines.all()
                ),
            )
        )
    return labels


def _rows(packages: Sequence[Package]) -> list[dict[str, Any]]:
    numbers = {line.order_no: package.shop_id for package in packages for line in package.lines.all()}
    orders = {no: shop_order_for_shipping(shop_id=shop_id, order_no=no) for no, shop_id in numbers.items()}
    return [_row(package, orders) for package in packages]


def _row(package: Package, orders: dict[str, Any]) -> dict[str, Any]:
    lines = []
    for line in package.lines.all():
        ordered = next(one for one in orders[line.order_no].lines if one.sku_id == line.sku_id)
        lines.append(
            {
                "order_no": line.order_no,
                "sku_id": line.sku_id,
                "product_id": ordered.product_id,
                "name": ordered.name,
                "option_text": ordered.option_text,
                "picture_url": ordered.picture_url,
                "quantity": line.quantity,
            }
        )
    carrier = BY_CODE.get(package.carrier_code)
    events = sorted(package.events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    ship_by = [orders[no].ship_by for no in {line.order_no for line in package.lines.all()} if orders[no].ship_by]
    return {
        "id": package.pk,
        "state": PackageState(package.state).value,
        "carrier_code": package.carrier_code,
        "carrier_name": carrier.name if carrier else "",
        "carrier_name_en": carrier.name_en if carrier else "",
        "tracking_no": package.tracking_no,
        "has_waybill": package.has_waybill,
        "printed_at": package.printed_at,
        "shipped_at": package.shipped_at,
        "delivered_at": package.delivered_at,
        "flagged_at": package.flagged_at,
        "news_at": package.news_at,
        "ship_by": min(ship_by, default=None),
        "intercept": package.intercept,
        "watch": package.watch,
        "lines": lines,
        "events": [{"code": event.code, "at": event.at, "data": event.data} for event in events],
        "recipient": orders[package.order_no].address,
    }


def carrier_status() -> dict[str, Any]:
    """Who tells where packages are, and how well that works."""
    name = provider_name()
    environment = settings.ENVIRONMENT
    moving = Package.objects.filter(state__in=ON_THE_WAY)
    keys = environment.kuaidi100_customer and environment.kuaidi100_key.get_secret_value()
    return {
        "provider": name,
        "configured": name == "simulated" or (name == "kuaidi100" and bool(keys)),
        "push_url": "" if name == "none" else f"{environment.origin}/api/v1/carriers/push/{name}",
        "watch": {row["watch"]: row["n"] for row in moving.values("watch").order_by("watch").annotate(n=Count("id"))},
        "on_the_way": moving.count(),
        "silent": moving.filter(flagged_at__isnull=False).count(),
        "intercepts_open": Package.objects.filter(intercept__in=["asked", "accepted"]).count(),
        "last_news_at": Package.objects.exclude(watch="off").aggregate(at=Max("news_at"))["at"],
    }
