"""Which plans there are, and which of them applies."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.alliance.contracts import RuleView
from xingqu.alliance.domain.plans import NAMED, Candidate, Chosen, PlanKind, Rate, choose_plan, rate_at
from xingqu.alliance.models import AllianceRule, Link, Plan, PlanCreator, PlanRate
from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.errors import NotFound

WHOLE_BP = 10_000
BATCH = 200


def rule_at(*, at: datetime) -> RuleView:
    """The rule in effect at a moment; before the first one, the settings'."""
    row = AllianceRule.objects.filter(effective_from__lte=at).order_by("-effective_from").first()
    if row is None:
        environment = settings.ENVIRONMENT
        return RuleView(
            environment.alliance_platform_bp, environment.min_commission_bp, environment.max_commission_bp, None
        )
    return RuleView(
        row.platform_bp,
        row.min_commission_bp,
        row.max_commission_bp,
        row.effective_from,
        row.cut_wait_days,
        row.max_named_creators,
    )


def alliance_rules() -> list[AllianceRule]:
    """All rules, the latest first."""
    return list(AllianceRule.objects.order_by("-effective_from"))


def plan_for(*, creator_id: int, product_id: int, at: datetime) -> Chosen | None:
    """The plan that an order placed at `at` is sold under, None when the product is in no plan open to the creator."""
    return plans_for(creator_id=creator_id, product_ids=[product_id], at=at).get(product_id)


def plans_for(*, creator_id: int, product_ids: Iterable[int], at: datetime) -> dict[int, Chosen]:
    """Product id -> plan that applies to the creator at `at`; products without one are absent. Four statements."""
    plans = list(Plan.objects.filter(product_id__in=list(product_ids), created_at__lte=at))
    rates = _rates(plans)
    listed = PlanCreator.objects.filter(
        Q(until=None) | Q(until__gt=at), plan__in=plans, creator_id=creator_id, added_at__lte=at
    )
    named = set(listed.values_list("plan_id", flat=True))
    links: dict[int, int] = {}
    taken = Link.objects.filter(creator_id=creator_id, product_id__in={plan.product_id for plan in plans})
    for product_id, plan_id in (
        taken.filter(created_at__lte=at).order_by("created_at", "pk").values_list("product_id", "plan_id")
    ):
        links[product_id] = plan_id
    candidates: dict[int, list[Candidate]] = defaultdict(list)
    for plan in plans:
        candidates[plan.product_id].append(
            Candidate(plan.pk, PlanKind(plan.kind), plan.pk in named, tuple(rates[plan.pk]))
        )
    found = {
        product_id: choose_plan(of, linked_plan_id=links.get(product_id), at=at)
        for product_id, of in candidates.items()
    }
    return {product_id: chosen for product_id, chosen in found.items() if chosen is not None}


def _rates(plans: Iterable[Plan]) -> dict[int, list[Rate]]:
    found: dict[int, list[Rate]] = defaultdict(list)
    rows = PlanRate.objects.filter(plan__in=list(plans)).order_by("effective_from")
    for plan_id, since, commission, service in rows.values_list(
        "plan_id", "effective_from", "commission_bp", "service_bp"
    ):
        found[plan_id].append(Rate(since, commission, service))
    return found


def shops_plan(*, plan_id: int, shop_id: int) -> Plan:
    """Raises NotFound for another shop's plan."""
    plan = Plan.objects.filter(pk=plan_id, shop_id=shop_id).first()
    if plan is None:
        raise NotFound(field="plan_id", expected="a plan of this shop")
    return plan


def shops_plans(
    *, shop_id: int, kind: str | None, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of a shop's plans, newest first, with the id to go on from."""
    rows = Plan.objects.filter(shop_id=shop_id).annotate(links_count=Count("links__creator_id", distinct=True))
    if kind is not None:
        rows = rows.filter(kind=kind)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    plans = list(rows.order_by("-id")[: limit + 1])
    shown = plan_rows(plans[:limit])
    return shown, plans[limit - 1].pk if len(plans) > limit else None


def plan_rows(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """Plans with their product, the rates in effect and those to come, and how many creators took them up."""
    now = clock.now()
    rates, products = _rates(plans), cards({plan.product_id for plan in plans})
    colonels = organisation_cards(ids={plan.colonel_id for plan in plans if plan.colonel_id is not None})
    lists: dict[int, list[int]] = defaultdict(list)
    listed = PlanCreator.objects.filter(Q(until=None) | Q(until__gt=now), plan__in=plans).order_by("pk")
    for plan_id, creator_id in listed.values_list("plan_id", "creator_id"):
        lists[plan_id].append(creator_id)
    creators = creators_by_ids(ids={pk for named in lists.values() for pk in named})
    rows = []
    for plan in plans:
        current = rate_at(rates[plan.pk], now)
        coming = [rate for rate in rates[plan.pk] if rate.effective_from > now]
        product = products.get(plan.product_id)
        rows.append(
            {
                "id": plan.pk,
                "kind": plan.kind,
                "product": product,
                "product_id": plan.product_id,
                "colonel_id": plan.colonel_id,
                "colonel_name": colonels[plan.colonel_id].name if plan.colonel_id in colonels else "",
                "commission_bp": current.commission_bp if current else None,
                "service_bp": current.service_bp if current else 0,
                "next": coming[0] if coming else None,
                "closed_from": plan.closed_from,
                "creator_ids": lists[plan.pk] if plan.kind in NAMED else [],
                "creators": [creators[pk] for pk in lists[plan.pk] if pk in creators] if plan.kind in NAMED else [],
                "creators_count": getattr(plan, "links_count", 0),
                "created_at": plan.created_at,
            }
        )
    return rows


def offered_products(*, creator_id: int, before_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Products that the creator can sell for a commission now, newest plans first, with the id to go on from."""
    now = clock.now()
    is_open = Q(closed_from=None) | Q(closed_from__gt=now)
    newer = Plan.objects.filter(is_open, product_id=OuterRef("product_id"), pk__gt=OuterRef("pk"))
    rows = Plan.objects.filter(is_open, ~Exists(newer)).order_by("-id")  # a product once, by its newest plan
    items: list[dict[str, Any]] = []
    last = before_id
    while batch := list((rows if last is None else rows.filter(pk__lt=last))[:BATCH]):
        ids = [plan.product_id for plan in batch]
        chosen, products = plans_for(creator_id=creator_id, product_ids=ids, at=now), cards(ids)
        for plan in batch:
            last = plan.pk
            found, product = chosen.get(plan.product_id), products.get(plan.product_id)
            if found is not None and product is not None and product.sale_state.can_buy:
                items.append(_offer(found, product))
                if len(items) == limit:
                    return items, last
    return items, None


def plan_options(
    *, creator_id: int, product_id: int, plan_id: int | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """(what counts for the creator now, what a colonel's link `plan_id` would give after taking it up); None for neither."""
    now = clock.now()
    product = cards([product_id]).get(product_id)
    best = plan_for(creator_id=creator_id, product_id=product_id, at=now)
    named = Plan.objects.filter(product_id=product_id, kind=PlanKind.COLONEL.value)
    plan = named.filter(pk=plan_id).first() if plan_id is not None else None
    rate = rate_at(_rates([plan])[plan.pk], now) if plan is not None else None
    linked = None
    if plan is not None and rate is not None and rate.commission_bp is not None:
        linked = Chosen(plan.pk, PlanKind.COLONEL, rate.commission_bp, rate.service_bp)
    if product is None:
        return None, None
    told = [_offer(chosen, product) if chosen is not None else None for chosen in (best, linked)]
    return told[0], told[1]


def _offer(chosen: Chosen, product: ProductCardData) -> dict[str, Any]:
    return {
        "product": product,
        "plan_id": chosen.plan_id,
        "kind": chosen.kind.value,
        "commission_bp": chosen.commission_bp,
        "expected_minor": product.price_minor * chosen.commission_bp // WHOLE_BP,
    }
