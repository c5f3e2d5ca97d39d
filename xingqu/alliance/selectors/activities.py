"""Colonels' activities and what is enrolled in them, for each side."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from xingqu.accounts.selectors import organisation_cards
from xingqu.alliance.models import Activity, CommissionOrder, Enrolment
from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.errors import NotFound


def activity_state(row: Activity, now: datetime) -> str:
    """enrolling, reviewing (before it begins, closed for products), running, over or cancelled."""
    if row.cancelled_at is not None:
        return "cancelled"
    if row.ends_at <= now:
        return "over"
    if row.enrol_until > now:
        return "enrolling"
    return "running" if row.starts_at <= now else "reviewing"


def activities_page(
    *, colonel_id: int | None, on: bool, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Activities newest first: of a colonel, or of all; with `on` those that still take products."""
    rows = Activity.objects.all()
    if colonel_id is not None:
        rows = rows.filter(colonel_id=colonel_id)
    if on:
        rows = rows.filter(cancelled_at=None, enrol_until__gt=clock.now())
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    return activity_rows(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def activity_of(*, activity_id: int, colonel_id: int | None = None) -> dict[str, Any]:
    """One activity; of this colonel, if one is named. Raises NotFound."""
    row = Activity.objects.filter(pk=activity_id).first()
    if row is None or colonel_id not in (None, row.colonel_id):
        raise NotFound(field="activity_id", expected="an activity")
    return activity_rows([row])[0]


def activity_rows(rows: Sequence[Activity]) -> list[dict[str, Any]]:
    """Activities with the colonel's name, how many products wait and are in, and what they brought."""
    now = clock.now()
    colonels = organisation_cards(ids={row.colonel_id for row in rows})
    applied, approved = Q(state=Enrolment.State.APPLIED), Q(state=Enrolment.State.APPROVED)
    counts: dict[int, dict[str, Any]] = {
        row["activity"]: dict(row)
        for row in Enrolment.objects.filter(activity__in=rows)
        .values("activity")
        .annotate(waiting=Count("id", filter=applied), approved=Count("id", filter=approved))
    }
    sold: dict[int, dict[str, Any]] = {
        row["plan__enrolment__activity"]: dict(row)
        for row in CommissionOrder.objects.filter(plan__enrolment__activity__in=rows)
        .values("plan__enrolment__activity")
        .annotate(orders=Count("order_no", distinct=True), base=Sum("base_minor"), fee=Sum("colonel_minor"))
    }
    names = (
        "id",
        "colonel_id",
        "title",
        "terms",
        "min_commission_bp",
        "service_bp",
        "enrol_until",
        "starts_at",
        "ends_at",
        "created_at",
    )
    return [
        {
            **{name: getattr(row, name) for name in names},
            "state": activity_state(row, now),
            "colonel_name": colonels[row.colonel_id].name if row.colonel_id in colonels else "",
            "waiting": counts.get(row.pk, {}).get("waiting", 0),
            "approved": counts.get(row.pk, {}).get("approved", 0),
            "orders": sold.get(row.pk, {}).get("orders", 0),
            "sold_minor": sold.get(row.pk, {}).get("base", 0),
            "fee_minor": sold.get(row.pk, {}).get("fee", 0),
        }
        for row in rows
    ]


def enrolments_page(
    *,
    activity_id: int | None = None,
    shop_id: int | None = None,
    state: str | None,
    before_id: int | None,
    limit: int,
) -> tuple[list[dict[str, Any]], int | None]:
    """Products in an activity, or of a shop in all of them, newest first."""
    rows = Enrolment.objects.select_related("activity", "plan")
    if activity_id is not None:
        rows = rows.filter(activity_id=activity_id)
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if state is not None:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    return _enrolment_rows(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def enrolment_of(*, enrolment_id: int) -> dict[str, Any]:
    """One product in an activity, as lists show it."""
    return _enrolment_rows([Enrolment.objects.select_related("activity", "plan").get(pk=enrolment_id)])[0]


def _enrolment_rows(rows: Sequence[Enrolment]) -> list[dict[str, Any]]:
    now = clock.now()
    products = cards({row.product_id for row in rows})
    shops = organisation_cards(ids={row.shop_id for row in rows})
    names = ("id", "shop_id", "product_id", "commission_bp", "service_bp", "state", "plan_id", "note", "answer")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "activity_id": row.activity_id,
            "activity_title": row.activity.title,
            "activity_state": activity_state(row.activity, now),
            "shop_name": shops[row.shop_id].name if row.shop_id in shops else "",
            "shop_name_en": shops[row.shop_id].name_en if row.shop_id in shops else "",
            "product": products.get(row.product_id),
            "ends_at": row.plan.closed_from if row.plan is not None else None,
            "applied_at": row.applied_at,
            "decided_at": row.decided_at,
        }
        for row in rows
    ]
