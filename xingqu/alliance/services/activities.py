"""Colonels' activities: opened with terms, merchants enrol products, the colonel reviews, creators take them up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from xingqu.accounts.selectors import organisation_card
from xingqu.accounts.services import notify
from xingqu.alliance.domain.errors import ActivityOver, EnrolmentTaken
from xingqu.alliance.domain.plans import PlanKind, next_midnight
from xingqu.alliance.models import Activity, Enrolment, Plan, PlanRate
from xingqu.alliance.selectors.plans import rule_at
from xingqu.catalogue.selectors import shop_id_of_product
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried

COLONELS = ("mcn", "service_provider")
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ActivityTerms:
    """What a colonel asks for: at least `min_commission_bp` for creators, `service_bp` for itself."""

    title: str
    terms: str
    min_commission_bp: int
    service_bp: int
    enrol_until: datetime
    starts_at: datetime
    ends_at: datetime


@retried
@transaction.atomic
def open_activity(*, colonel_id: int, told: ActivityTerms, person_id: int) -> int:
    """An activity that merchants can enrol in from now on. Returns its id.

    Raises NotFound for an organisation that is no colonel, InvalidInput for rates outside the rule or times that can't be.
    """
    if organisation_card(organisation_id=colonel_id).kind not in COLONELS:
        raise NotFound
    now = clock.now()
    rule = rule_at(at=now)
    if not rule.min_commission_bp <= told.min_commission_bp <= rule.max_commission_bp:
        limits = f"{rule.min_commission_bp} to {rule.max_commission_bp} basis points"
        raise InvalidInput(field="min_commission_bp", expected=limits)
    if not 0 <= told.service_bp <= rule.max_commission_bp - told.min_commission_bp:
        raise InvalidInput(field="service_bp", expected=f"at most {rule.max_commission_bp} with the commission")
    if not now < told.ends_at <= now + LONGEST or told.starts_at >= told.ends_at:
        raise InvalidInput(field="ends_at", expected="an end after the start, within a year")
    if not now < told.enrol_until <= told.ends_at:
        raise InvalidInput(field="enrol_until", expected="a moment to come, before the end")
    row = Activity.objects.create(
        colonel_id=colonel_id,
        title=told.title,
        terms=told.terms,
        min_commission_bp=told.min_commission_bp,
        service_bp=told.service_bp,
        enrol_until=told.enrol_until,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        created_by_id=person_id,
        created_at=now,
    )
    return int(row.pk)


@retried
@transaction.atomic
def cancel_activity(*, colonel_id: int, activity_id: int, person_id: int) -> None:
    """End an activity: nothing more is enrolled, and what was approved sells under it until the day ends.

    Raises NotFound, Conflict when it was cancelled or is over.
    """
    activity = _held(activity_id)
    if activity.colonel_id != colonel_id:
        raise NotFound(field="activity_id", expected="an activity of yours")
    now = clock.now()
    if activity.cancelled_at is not None or activity.ends_at <= now:
        raise ActivityOver(field="activity_id", expected="an activity that is on")
    Activity.objects.filter(pk=activity.pk).update(cancelled_at=now)
    waiting = Enrolment.objects.filter(activity=activity, state=Enrolment.State.APPLIED)
    waiting.update(state=Enrolment.State.DECLINED, decided_at=now, decided_by_id=person_id)
    for enrolment in Enrolment.objects.filter(activity=activity, state=Enrolment.State.APPROVED):
        _end_plan(enrolment, now, person_id)


@retried
@transaction.atomic
def enrol_product(
    *, shop_id: int, activity_id: int, product_id: int, commission_bp: int, note: str, person_id: int
) -> int:
    """A merchant offers a product to an activity: at least its commission, and its service fee as it stands. Returns the id.

    Raises NotFound for unknown activities and other shops' products, ActivityOver, InvalidInput, EnrolmentTaken.
    """
    activity = _held(activity_id)
    if shop_id_of_product(product_id=product_id) != shop_id:
        raise NotFound(field="product_id", expected="a product of this shop")
    now = clock.now()
    if activity.cancelled_at is not None or activity.enrol_until <= now:
        raise ActivityOver(field="activity_id", expected="an activity that is open for products")
    most = rule_at(at=now).max_commission_bp - activity.service_bp
    if not activity.min_commission_bp <= commission_bp <= most:
        raise InvalidInput(field="commission_bp", expected=f"{activity.min_commission_bp} to {most} basis points")
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(
                activity=activity,
                shop_id=shop_id,
                product_id=product_id,
                commission_bp=commission_bp,
                service_bp=activity.service_bp,
                note=note,
                applied_by_id=person_id,
                applied_at=now,
            )
    except IntegrityError as error:
        raise EnrolmentTaken(field="product_id", expected="a product that is not in this activity") from error
    data = {"shop_id": activity.colonel_id, "activity_id": activity.pk}
    notify(organisation_id=activity.colonel_id, kind="enrolment_new", data=data)
    return int(row.pk)


@retried
@transaction.atomic
def review_enrolment(*, colonel_id: int, enrolment_id: int, approve: bool, answer: str = "", person_id: int) -> None:
    """The colonel takes a product, or does not. Taken, it has a plan from the activity's start to its end.

    Raises NotFound, Conflict for what was decided or taken back, ActivityOver.
    """
    enrolment = Enrolment.objects.select_related("activity").filter(pk=enrolment_id).first()
    if enrolment is None or enrolment.activity.colonel_id != colonel_id:
        raise NotFound(field="enrolment_id", expected="a product in an activity of yours")
    activity = _held(enrolment.activity_id)
    now = clock.now()
    if approve and (activity.cancelled_at is not None or activity.ends_at <= now):
        raise ActivityOver(field="enrolment_id", expected="an activity that is on")
    waiting = Enrolment.objects.filter(pk=enrolment_id, state=Enrolment.State.APPLIED)
    decided = {"decided_at": now, "decided_by_id": person_id, "answer": answer}
    if approve:
        if not waiting.exists():
            raise Conflict(field="enrolment_id", expected="a product that waits")
        plan = _open_plan(enrolment, activity, now, person_id)
        decided |= {"state": Enrolment.State.APPROVED, "plan": plan}
    else:
        decided["state"] = Enrolment.State.DECLINED
    if not waiting.update(**decided):
        raise Conflict(field="enrolment_id", expected="a product that waits")
    data = {"shop_id": enrolment.shop_id, "activity_id": activity.pk, "product_id": enrolment.product_id}
    notify(organisation_id=enrolment.shop_id, kind="enrolment_decided", data=data)


def _open_plan(enrolment: Enrolment, activity: Activity, now: datetime, person_id: int) -> Plan:
    plan = Plan.objects.create(
        shop_id=enrolment.shop_id,
        product_id=enrolment.product_id,
        kind=PlanKind.COLONEL.value,
        colonel_id=activity.colonel_id,
        closed_from=activity.ends_at,
        created_by_id=person_id,
        created_at=now,
    )
    since = max(now, activity.starts_at)
    _rate(plan, since, enrolment.commission_bp, enrolment.service_bp, person_id)
    _rate(plan, activity.ends_at, None, 0, person_id)
    return plan


def _rate(plan: Plan, since: datetime, commission_bp: int | None, service_bp: int, person_id: int) -> None:
    PlanRate.objects.create(
        plan=plan,
        effective_from=since,
        commission_bp=commission_bp,
        service_bp=service_bp,
        created_by_id=person_id,
        created_at=clock.now(),
    )


@retried
@transaction.atomic
def withdraw_enrolment(*, shop_id: int, enrolment_id: int, person_id: int) -> None:
    """The merchant takes a product out: at once while it waits, with the end of the day once it was approved.

    Raises NotFound, Conflict for what was declined or taken out before.
    """
    enrolment = Enrolment.objects.select_related("activity").filter(pk=enrolment_id, shop_id=shop_id).first()
    if enrolment is None:
        raise NotFound(field="enrolment_id", expected="a product of this shop in an activity")
    _held(enrolment.activity_id)
    now = clock.now()
    waiting = Enrolment.objects.filter(pk=enrolment_id, state=Enrolment.State.APPLIED)
    if waiting.update(state=Enrolment.State.WITHDRAWN, decided_at=now, decided_by_id=person_id):
        return
    enrolment.refresh_from_db()
    if enrolment.state != Enrolment.State.APPROVED or not _end_plan(enrolment, now, person_id):
        raise Conflict(field="enrolment_id", expected="a product that is in the activity")


def _end_plan(enrolment: Enrolment, now: datetime, person_id: int) -> bool:
    """End an activity's plan with the day, or at once before it began. False when it ends no later anyway."""
    plan = enrolment.plan
    if plan is None:
        return False
    end = next_midnight(now, timezone.get_default_timezone())
    if plan.closed_from is not None and plan.closed_from <= end:
        return False
    PlanRate.objects.filter(plan=plan, effective_from__gt=now).delete()
    if PlanRate.objects.filter(plan=plan).exists():
        _rate(plan, end, None, 0, person_id)
    else:
        end = now  # it had not begun
    Plan.objects.filter(pk=plan.pk).update(closed_from=end)
    return True


def _held(activity_id: int) -> Activity:
    hold_names(f"alliance-activity:{activity_id}")
    activity = Activity.objects.filter(pk=activity_id).first()
    if activity is None:
        raise NotFound(field="activity_id", expected="an activity")
    return activity
