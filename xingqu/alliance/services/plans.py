"""Plans: opened, rated, closed by a shop; products taken up by creators."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.alliance.domain.errors import NotOffered, PlanTaken
from xingqu.alliance.domain.plans import NAMED, PlanKind, Rate, effective_from, next_midnight, rate_at
from xingqu.alliance.models import AllianceRule, Link, Plan, PlanCreator, PlanRate
from xingqu.alliance.selectors.plans import plan_for, rule_at, shops_plan
from xingqu.alliance.services.showcase import show_product
from xingqu.catalogue.selectors import shop_id_of_product
from xingqu.governance.contracts import Kind as RestrictionKind
from xingqu.governance.selectors import require_free
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried


@retried
@transaction.atomic
def open_plan(
    *,
    shop_id: int,
    product_id: int,
    kind: PlanKind,
    commission_bp: int,
    service_bp: int = 0,
    colonel_id: int | None = None,
    creator_ids: Sequence[int] = (),
    person_id: int,
) -> int:
    """Offer a product of the shop to creators, from now on. Returns the plan's id.

    Raises NotFound for a product of another shop, InvalidInput for rates outside the rule's limits or a list that does not
    fit the kind, PlanTaken when the product has an open plan of a kind that there is one of.
    """
    if shop_id_of_product(product_id=product_id) != shop_id:
        raise NotFound(field="product_id", expected="a product of this shop")
    now = clock.now()
    _check_rates(kind, commission_bp, service_bp, now)
    _check_colonel(kind, colonel_id)
    if kind not in NAMED and creator_ids:
        raise InvalidInput(field="creator_ids", expected="none: this kind of plan has no list")
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                shop_id=shop_id,
                product_id=product_id,
                kind=kind.value,
                colonel_id=colonel_id,
                created_by_id=person_id,
                created_at=now,
            )
    except IntegrityError as error:
        raise PlanTaken(field="kind", expected="a product without an open plan of this kind") from error
    PlanRate.objects.create(
        plan=plan,
        effective_from=now,
        commission_bp=commission_bp,
        service_bp=service_bp,
        created_by_id=person_id,
        created_at=now,
    )
    if kind in NAMED:
        _list_creators(plan, creator_ids, now)
    return int(plan.pk)


def _check_rates(kind: PlanKind, commission_bp: int, service_bp: int, at: datetime) -> None:
    rule = rule_at(at=at)
    if not rule.min_commission_bp <= commission_bp <= rule.max_commission_bp:
        limits = f"{rule.min_commission_bp} to {rule.max_commission_bp} basis points"
        raise InvalidInput(field="commission_bp", expected=limits)
    if service_bp and kind is not PlanKind.COLONEL:
        raise InvalidInput(field="service_bp", expected="0: only a colonel's activity has a service fee")
    if not 0 <= service_bp <= rule.max_commission_bp - commission_bp:
        raise InvalidInput(field="service_bp", expected=f"at most {rule.max_commission_bp} with the commission")


def _check_colonel(kind: PlanKind, colonel_id: int | None) -> None:
    if (kind is PlanKind.COLONEL) != (colonel_id is not None):
        raise InvalidInput(field="colonel_id", expected="who recruits, for a colonel's activity and only there")
    if colonel_id is None:
        return
    card = organisation_cards(ids=[colonel_id]).get(colonel_id)
    if card is None or card.kind not in ("mcn", "service_provider"):
        raise InvalidInput(field="colonel_id", expected="an agency or a service provider")


@retried
@transaction.atomic
def change_rate(*, shop_id: int, plan_id: int, commission_bp: int, service_bp: int = 0, person_id: int) -> datetime:
    """New rates of a plan; returns from when they count: a rise at once, a cut from the next day.

    A change that has not come into effect is replaced. Raises NotFound, InvalidInput, Conflict for a plan that is closed.
    """
    plan = _held(shop_id, plan_id)
    now = clock.now()
    _check_rates(PlanKind(plan.kind), commission_bp, service_bp, now)
    return _rate(plan, Rate(now, commission_bp, service_bp), now, person_id)


@retried
@transaction.atomic
def close_plan(*, shop_id: int, plan_id: int, person_id: int) -> datetime:
    """End a plan with the day; returns from when. Raises NotFound, Conflict when it is closed already."""
    plan = _held(shop_id, plan_id)
    now = clock.now()
    since = _rate(plan, Rate(now, None), now, person_id)
    Plan.objects.filter(pk=plan.pk).update(closed_from=since)
    return since


def _held(shop_id: int, plan_id: int) -> Plan:
    hold_names(f"alliance-plan:{plan_id}")
    plan = shops_plan(plan_id=plan_id, shop_id=shop_id)
    if plan.closed_from is not None:
        raise Conflict(field="plan_id", expected="a plan that is open")
    return plan


def _rate(plan: Plan, new: Rate, now: datetime, person_id: int) -> datetime:
    PlanRate.objects.filter(plan=plan, effective_from__gt=now).delete()
    past = [Rate(row.effective_from, row.commission_bp, row.service_bp) for row in PlanRate.objects.filter(plan=plan)]
    since = effective_from(
        rate_at(past, now),
        new,
        now=now,
        zone=timezone.get_default_timezone(),
        cut_wait_days=rule_at(at=now).cut_wait_days,
    )
    PlanRate.objects.update_or_create(
        plan=plan,
        effective_from=since,
        defaults={
            "commission_bp": new.commission_bp,
            "service_bp": new.service_bp,
            "created_by_id": person_id,
            "created_at": now,
        },
    )
    return since


@retried
@transaction.atomic
def set_creators(*, shop_id: int, plan_id: int, creator_ids: Sequence[int]) -> None:
    """Who is on the list of an exclusive or targeted plan: added at once, struck off from the next day.

    Raises NotFound, InvalidInput for a plan without a list or somebody who is no creator, Conflict for a closed plan.
    """
    plan = _held(shop_id, plan_id)
    if PlanKind(plan.kind) not in NAMED:
        raise InvalidInput(field="plan_id", expected="an exclusive or a targeted plan")
    _list_creators(plan, creator_ids, clock.now())


def _list_creators(plan: Plan, creator_ids: Sequence[int], now: datetime) -> None:
    wanted = set(creator_ids)
    rule = rule_at(at=now)
    if not wanted or len(wanted) > rule.max_named_creators:
        raise InvalidInput(field="creator_ids", expected=f"1 to {rule.max_named_creators} creators")
    if wanted - creators_by_ids(ids=wanted).keys():
        raise InvalidInput(field="creator_ids", expected="creators of this site")
    rows = PlanCreator.objects.filter(plan=plan)
    rows.filter(creator_id__in=wanted, until__gt=now).update(until=None)  # struck off today, and back again
    rows.filter(until=None).exclude(creator_id__in=wanted).update(
        until=next_midnight(now, timezone.get_default_timezone(), days=rule.cut_wait_days)
    )
    listed = set(rows.filter(until=None).values_list("creator_id", flat=True))
    PlanCreator.objects.bulk_create(
        PlanCreator(plan=plan, creator_id=creator_id, added_at=now) for creator_id in sorted(wanted - listed)
    )


@retried
@transaction.atomic
def take_up(*, creator_id: int, product_id: int, plan_id: int | None = None) -> Link:
    """A creator takes a product up (转链); `plan_id` names a colonel's activity, else the best plan open to them is taken.

    It is in their showcase then. Taking up the same under the same plan again gives the same link. Raises NotOffered,
    governance's Restricted.
    """
    now = clock.now()
    require_free(creator_id=creator_id, kind=RestrictionKind.SELLING)
    hold_names(f"alliance-link:{creator_id}:{product_id}")
    if plan_id is not None and not _is_joinable(plan_id, product_id, now):
        raise NotOffered(field="plan_id", expected="a colonel's activity of this product that is open")
    if plan_id is None:
        chosen = plan_for(creator_id=creator_id, product_id=product_id, at=now)
        if chosen is None:
            raise NotOffered(field="product_id", expected="a product with a plan open to this creator")
        plan_id = chosen.plan_id
    show_product(creator_id=creator_id, product_id=product_id)
    newest = Link.objects.filter(creator_id=creator_id, product_id=product_id).order_by("-created_at", "-pk").first()
    if newest is not None and newest.plan_id == plan_id:
        return newest
    return Link.objects.create(
        creator_id=creator_id,
        product_id=product_id,
        plan_id=plan_id,
        pick_source=new_number("L", now),
        created_at=now,
    )


def _is_joinable(plan_id: int, product_id: int, now: datetime) -> bool:
    plan = Plan.objects.filter(pk=plan_id, product_id=product_id, kind=PlanKind.COLONEL.value).first()
    if plan is None:
        return False
    rates = [Rate(row.effective_from, row.commission_bp, row.service_bp) for row in plan.rates.all()]
    return rate_at(rates, now) is not None


@retried
@transaction.atomic
def add_alliance_rule(
    *,
    effective_from: datetime,
    platform_bp: int,
    min_commission_bp: int,
    max_commission_bp: int,
    note: str,
    person_id: int,
    cut_wait_days: int = 1,
    max_named_creators: int = 200,
) -> int:
    """A rule from a moment on. Returns its id. Raises InvalidInput for one in the past or limits that cross, Conflict."""
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(
            field="effective_from", expected="a moment that has not come: what was ordered keeps its rates"
        )
    if not 0 <= min_commission_bp <= max_commission_bp <= 10_000:
        raise InvalidInput(field="min_commission_bp", expected="no more than the highest commission")
    if not 0 <= platform_bp <= 10_000:
        raise InvalidInput(field="platform_bp", expected="0 to 10000 basis points")
    hold_names("alliance-rules")
    if AllianceRule.objects.filter(effective_from=effective_from).exists():
        raise Conflict(field="effective_from", expected="a moment without a rule")
    rule = AllianceRule.objects.create(
        effective_from=effective_from,
        platform_bp=platform_bp,
        min_commission_bp=min_commission_bp,
        max_commission_bp=max_commission_bp,
        cut_wait_days=cut_wait_days,
        max_named_creators=max_named_creators,
        note=note,
        created_by_id=person_id,
        created_at=now,
    )
    return int(rule.pk)
