"""Plans of the creator alliance, pure: which of several applies, and from when a new rate counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum


class PlanKind(StrEnum):
    """simple: every creator. exclusive: one product's only plan of the kind, for named creators. targeted: named creators.
    colonel_activity: creators who came by a colonel's link."""

    SIMPLE = "simple_plan"
    EXCLUSIVE = "exclusive_plan"
    TARGETED = "targeted_plan"
    COLONEL = "colonel_activity"


# What was agreed with fewer goes before what everybody has; within a kind the higher commission, then the older plan.
PRECEDENCE = (PlanKind.EXCLUSIVE, PlanKind.TARGETED, PlanKind.COLONEL, PlanKind.SIMPLE)
NAMED = (PlanKind.EXCLUSIVE, PlanKind.TARGETED)


@dataclass(frozen=True, slots=True)
class Rate:
    """Rates in basis points from a moment on; None: the plan is closed from then."""

    effective_from: datetime
    commission_bp: int | None
    service_bp: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan of a product that a creator might sell under. `is_named`: the creator is on its list."""

    plan_id: int
    kind: PlanKind
    is_named: bool
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A plan and the rates that count."""

    plan_id: int
    kind: PlanKind
    commission_bp: int
    service_bp: int


def rate_at(rates: Iterable[Rate], at: datetime) -> Rate | None:
    """The rates in effect at a moment; None before the first of them, and when the plan was closed."""
    found = max(
        (rate for rate in rates if rate.effective_from <= at), key=lambda rate: rate.effective_from, default=None
    )
    return None if found is None or found.commission_bp is None else found


def choose_plan(candidates: Sequence[Candidate], *, linked_plan_id: int | None, at: datetime) -> Chosen | None:
    """The plan that an order placed at `at` is sold under, None when there is none.

    A colonel's activity applies to who took its link (`linked_plan_id`), an exclusive or targeted plan to the creators on
    its list, the simple plan to all. Of those, the first in `PRECEDENCE`.
    """
    open_now: list[tuple[int, int, int, Chosen]] = []
    for plan in candidates:
        applies = plan.kind is PlanKind.SIMPLE or (
            plan.is_named if plan.kind in NAMED else plan.plan_id == linked_plan_id
        )
        rate = rate_at(plan.rates, at)
        if not applies or rate is None or rate.commission_bp is None:
            continue
        chosen = Chosen(plan.plan_id, plan.kind, rate.commission_bp, rate.service_bp)
        open_now.append((PRECEDENCE.index(plan.kind), -rate.commission_bp, plan.plan_id, chosen))
    return min(open_now, key=lambda row: row[:3])[3] if open_now else None


def effective_from(current: Rate | None, new: Rate, *, now: datetime, zone: tzinfo, cut_wait_days: int = 1) -> datetime:
    """From when `new` counts: what creators and colonels gain by at once, what they lose by on the next day of the site.

    A lower commission or service fee, or an end, counts from the `cut_wait_days`-th midnight in `zone` (0: at once): what is
    on the air today stays as it was promised.
    """
    if current is None or current.commission_bp is None:
        return now
    lost = new.commission_bp is None or new.commission_bp < current.commission_bp or new.service_bp < current.service_bp
    return next_midnight(now, zone, days=cut_wait_days) if lost else now


def next_midnight(now: datetime, zone: tzinfo, *, days: int = 1) -> datetime:
    """The beginning of the next day in `zone`, or of a later one; with no days, now."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone) if days else now
