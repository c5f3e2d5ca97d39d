"""What there is to sell, and what came of it, in sums: for those who bring creators and products together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, Sum

from xingqu.alliance.domain.plans import NAMED, Chosen, PlanKind, Rate, rate_at
from xingqu.alliance.models import CommissionOrder, Link, Plan, PlanCreator, PlanRate
from xingqu.alliance.selectors.plans import plans_for

CHUNK = 500


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """Rates that a product is offered at, in basis points; 0 where it has no such plan. `named`: it has one for named creators."""

    product_id: int
    simple_bp: int
    colonel_bp: int
    colonel_plan_id: int
    named: bool


@dataclass(frozen=True, slots=True)
class CreatorSales:
    """What a creator sold through the alliance in a period, refunds taken off."""

    orders: int
    amount_minor: int
    shops: int


def offers_mark(*, at: datetime) -> tuple[int, int, int]:
    """Changes whenever what `open_offers` tells may have: the newest rate, how many have begun, how many plans are open."""
    newest = PlanRate.objects.filter(effective_from__lte=at).aggregate(last=Max("id"), count=Count("id"))
    is_open = Plan.objects.filter(Q(closed_from=None) | Q(closed_from__gt=at)).count()
    return newest["last"] or 0, newest["count"], is_open


def open_offers(*, at: datetime) -> list[OpenOffer]:
    """Every product with a plan that is open at a moment, by id."""
    plans = Plan.objects.filter(Q(closed_from=None) | Q(closed_from__gt=at), created_at__lte=at)
    rates: dict[int, list[Rate]] = defaultdict(list)
    rows = PlanRate.objects.filter(plan__in=plans, effective_from__lte=at)
    for plan_id, since, commission, service in rows.values_list(
        "plan_id", "effective_from", "commission_bp", "service_bp"
    ):
        rates[plan_id].append(Rate(since, commission, service))
    told: dict[int, dict[str, int]] = defaultdict(lambda: {"simple": 0, "colonel": 0, "plan": 0, "named": 0})
    for plan_id, product_id, kind in plans.order_by("id").values_list("id", "product_id", "kind"):
        rate = rate_at(rates[plan_id], at)
        if rate is None or rate.commission_bp is None:
            continue
        of = told[product_id]
        if kind == PlanKind.SIMPLE:
            of["simple"] = rate.commission_bp
        elif kind == PlanKind.COLONEL and rate.commission_bp > of["colonel"]:
            of["colonel"], of["plan"] = rate.commission_bp, plan_id
        elif kind in NAMED:
            of["named"] = 1
    return [
        OpenOffer(product_id, of["simple"], of["colonel"], of["plan"], bool(of["named"]))
        for product_id, of in sorted(told.items())
    ]


def agreed_offers(*, creator_id: int, at: datetime) -> dict[int, Chosen]:
    """Product id -> the plan that counts, for products of which this creator is on a list or took a link."""
    listed = PlanCreator.objects.filter(Q(until=None) | Q(until__gt=at), creator_id=creator_id, added_at__lte=at)
    ids = set(listed.values_list("plan__product_id", flat=True))
    ids |= set(Link.objects.filter(creator_id=creator_id).values_list("product_id", flat=True))
    return plans_for(creator_id=creator_id, product_ids=ids, at=at) if ids else {}


def taken_up(*, creator_id: int, product_ids: Iterable[int]) -> set[int]:
    """Those of the products that the creator took up."""
    rows = Link.objects.filter(creator_id=creator_id, product_id__in=list(product_ids))
    return set(rows.values_list("product_id", flat=True))


def creators_sales(*, since: datetime) -> dict[int, CreatorSales]:
    """By creator, of the orders that were paid since then."""
    rows = CommissionOrder.objects.filter(paid_at__gte=since).order_by().values("creator_id")
    counted = rows.annotate(
        orders=Count("order_no", distinct=True), amount=Sum("base_minor"), shops=Count("shop_id", distinct=True)
    )
    return {row["creator_id"]: CreatorSales(row["orders"], int(row["amount"] or 0), row["shops"]) for row in counted}


def take_ups_between(
    *, creator_id: int, product_ids: Iterable[int], since: datetime, until: datetime
) -> tuple[int, int, int]:
    """(products taken up, orders, their sum in minor units) of a creator with some products in a period."""
    ids = list(product_ids)
    links = Link.objects.filter(creator_id=creator_id, product_id__in=ids, created_at__gte=since, created_at__lt=until)
    sold = CommissionOrder.objects.filter(
        creator_id=creator_id, product_id__in=ids, paid_at__gte=since, paid_at__lt=until
    ).aggregate(orders=Count("order_no", distinct=True), amount=Sum("base_minor"))
    taken = links.values("product_id").distinct().count()
    return taken, sold["orders"], int(sold["amount"] or 0)


def sold_by_creators(*, product_id: int, since: datetime) -> list[tuple[datetime, int]]:
    """(when it was paid, what it came to) of the lines of a product that creators brought."""
    rows = CommissionOrder.objects.filter(product_id=product_id, paid_at__gte=since).order_by("paid_at")
    return list(rows.values_list("paid_at", "base_minor"))


def offered_among(*, product_ids: Iterable[int], shop_id: int | None, at: datetime) -> set[int]:
    """Those of the products with a plan that has not ended; of one shop when given."""
    plans = Plan.objects.filter(Q(closed_from=None) | Q(closed_from__gt=at), product_id__in=list(product_ids))
    if shop_id is not None:
        plans = plans.filter(shop_id=shop_id)
    return set(plans.values_list("product_id", flat=True))
