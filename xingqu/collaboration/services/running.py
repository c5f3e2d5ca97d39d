"""A collaboration under way: the fee comes into custody, plans open and close, releases fall due, the rest goes back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from xingqu.alliance.services import PlanKind
from xingqu.alliance.services.plans import close_plan, open_plan
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.domain.states import State, Step
from xingqu.collaboration.domain.terms import Terms, earned_minor, end_moment, moment, next_release
from xingqu.collaboration.models import Collaboration
from xingqu.collaboration.selectors.performance import performance_of, terms_of
from xingqu.collaboration.services.moves import move, own_collaboration, require
from xingqu.collaboration.services.payees import shares_of
from xingqu.collaboration.services.sample_moves import Doing
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, NotFound
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import balance_account
from xingqu.settlement.services.custody import give_from_custody, pay_into_custody, start_custody_payment


@retried
@transaction.atomic
def fund_from_balance(*, shop_id: int, collab_no: str, version: int, person_id: int) -> None:
    """Pay the slot fee out of the shop's balance. Raises NotFound, StaleVersion, WrongStep, NotEnoughBalance."""
    row = own_collaboration(collab_no=collab_no, version=version, shop_id=shop_id)
    require(row, Step.FUND, Side.MERCHANT)
    terms = terms_of(row)
    account = balance_account(shop_id)
    pay_into_custody(reference=collab_no, key="fee", account=account, amount_minor=terms.slot_fee_minor)
    begin(row, Step.FUND, Doing(Side.MERCHANT, person_id), terms, paid_minor=terms.slot_fee_minor)


def start_funding(
    *,
    shop_id: int,
    collab_no: str,
    person_id: int,
    provider: str | None,
    language: str | None,
    payer_ip: str,
    return_path: str,
) -> tuple[str, str]:
    """(payment number, address to send the payer to): pay the slot fee through a payment provider.

    Raises NotFound, WrongStep, MethodUnavailable.
    """
    row = Collaboration.objects.filter(collab_no=collab_no, shop_id=shop_id).first()
    if row is None:
        raise NotFound(field="collab_no", expected="the number of one of your collaborations")
    require(row, Step.FUND, Side.MERCHANT)
    return start_custody_payment(
        reference=collab_no,
        person_id=person_id,
        amount_minor=terms_of(row).slot_fee_minor,
        provider=provider,
        return_path=return_path,
        language=language,
        payer_ip=payer_ip,
    )


@retried
@transaction.atomic
def take_funding(*, collab_no: str, move_no: str, amount_minor: int) -> bool:
    """The fee came through a provider. What is not needed (any more) goes to the shop's balance at once.

    False for a number that is no collaboration's.
    """
    if not Collaboration.objects.filter(collab_no=collab_no).exists():
        return False
    row = own_collaboration(collab_no=collab_no)
    if row.state == State.FUNDING:
        begin(row, Step.FUND, Doing(None), terms_of(row), paid_minor=amount_minor)
        return True
    give_from_custody(reference=collab_no, key=f"late:{move_no}", shares={balance_account(row.shop_id): amount_minor})
    data = {"amount_minor": amount_minor}
    back: dict[str, Any] = {
        "paid_minor": F("paid_minor") + amount_minor,
        "returned_minor": F("returned_minor") + amount_minor,
    }
    move(row, "late_payment", Doing(None, data=data), **back)
    return True


def begin(row: Collaboration, step: Step, doing: Doing, terms: Terms, **changes: Any) -> None:
    """It is on: in the caller's transaction. Plans open with its first day."""
    due_at = _next_due(terms, opened=False, closed=False, after=doing.at)
    move(row, step, doing, state=State.RUNNING, due_at=due_at, started_at=doing.at, **changes)
    if due_at <= doing.at:
        carry_on(row, terms, doing.at)


def _next_due(terms: Terms, *, opened: bool, closed: bool, after: datetime) -> datetime:
    """When something happens by itself next: plans open, plans close, money is released."""
    zone = timezone.get_current_timezone()
    release = next_release(terms, zone, after)
    moments = [] if release is None else [release]
    if not opened:
        moments.append(moment(terms.starts_on, zone))
    if not closed:
        moments.append(end_moment(terms, zone))
    return min(moments, default=after)


def carry_on(row: Collaboration, terms: Terms, at: datetime) -> None:
    """Do what has fallen due of a running collaboration, in the caller's transaction."""
    zone = timezone.get_current_timezone()
    opened, closed = row.events.filter(step="start").exists(), row.plans_closed
    changes: dict[str, Any] = {}
    if not opened and moment(terms.starts_on, zone) <= at:
        changes["plan_ids"], refused = _open_plans(row, terms)
        opened = True
        _note(row, "start", at, {"plan_ids": changes["plan_ids"], "refused": refused}, changes, terms, opened, closed)
    if not closed and end_moment(terms, zone) <= at:
        close_plans(row)
        closed = True
        _note(row, "end", at, {}, {"plans_closed": True}, terms, opened, closed)
    for day in terms.release_days:
        if row.due_at is not None and moment(day, zone) <= at and not _is_released(row, day.isoformat()):
            release(row, terms, day.isoformat(), at, is_last=day == terms.release_days[-1])


def _is_released(row: Collaboration, day: str) -> bool:
    return row.events.filter(step="release", data__day=day).exists()


def _note(
    row: Collaboration,
    code: str,
    at: datetime,
    data: dict[str, Any],
    changes: dict[str, Any],
    terms: Terms,
    opened: bool,
    closed: bool,
) -> None:
    due_at = _next_due(terms, opened=opened, closed=closed, after=at)
    move(row, code, Doing(None, data=data, at=at), state=State.RUNNING, due_at=due_at, **changes)


def _open_plans(row: Collaboration, terms: Terms) -> tuple[list[int], list[dict[str, Any]]]:
    """A targeted plan for each product; a product that can't have one any more is told, and does not stop the others."""
    made: list[int] = []
    refused: list[dict[str, Any]] = []
    for product_id in terms.product_ids:
        try:
            with transaction.atomic():
                made.append(
                    open_plan(
                        shop_id=row.shop_id,
                        product_id=product_id,
                        kind=PlanKind.TARGETED,
                        commission_bp=terms.commission_bp,
                        creator_ids=[row.creator_id],
                        person_id=0,
                    )
                )
        except BusinessError as error:
            refused.append({"product_id": product_id, "code": error.code})
    return made, refused


def close_plans(row: Collaboration) -> None:
    """End the plans of a collaboration, in the caller's transaction; one that the shop has closed before stays closed."""
    for plan_id in row.plan_ids:
        try:
            with transaction.atomic():
                close_plan(shop_id=row.shop_id, plan_id=plan_id, person_id=0)
        except BusinessError:
            continue


def release(row: Collaboration, terms: Terms, day: str, at: datetime, *, is_last: bool) -> None:
    """What is earned by a day and not released yet goes to the creator; on the last day the rest goes back to the shop."""
    settled = performance_of(row, terms).settled_minor
    earned = min(earned_minor(terms, settled), row.paid_minor)
    more = max(earned - row.released_minor, 0)
    back = row.paid_minor - row.returned_minor - row.released_minor - more if is_last else 0
    pay_out(row, key=f"release:{day}", creator_minor=more, shop_minor=back)
    data = {"day": day, "settled_minor": settled, "released_minor": more, "returned_minor": back}
    changes: dict[str, Any] = {"released_minor": row.released_minor + more, "returned_minor": row.returned_minor + back}
    doing = Doing(None, data=data, at=at)
    if is_last:
        move(row, "release", doing, state=State.DONE, reason="performed", **changes)
        return
    due_at = _next_due(terms, opened=True, closed=row.plans_closed, after=at)
    move(row, "release", doing, state=State.RUNNING, due_at=due_at, **changes)


def pay_out(row: Collaboration, *, key: str, creator_minor: int, shop_minor: int) -> None:
    """Give money of a collaboration out of custody, once by its key: to the creator's side (agency and platform have their
    shares of it), and to the shop."""
    shares = shares_of(row, amount_minor=creator_minor)
    give_from_custody(reference=row.collab_no, key=key, shares={**shares, balance_account(row.shop_id): shop_minor})


def run_due_collaborations(*, now: datetime | None = None, limit: int = 200) -> int:
    """Do what has fallen due. Returns how many collaborations. Safe in several processes. For the worker."""
    at = now or clock.now()
    due = Collaboration.objects.filter(closed_at=None, due_at__lte=at).exclude(state=State.DISPUTED)
    numbers = list(due.order_by("due_at").values_list("collab_no", flat=True)[:limit])
    return sum(time_out(collab_no=number, at=at) for number in numbers)


@retried
@transaction.atomic
def time_out(*, collab_no: str, at: datetime) -> bool:
    """Do what is due of one. False when somebody was faster, or its time is not over. A dispute is never ended by the clock."""
    row = own_collaboration(collab_no=collab_no)
    if row.due_at is None or row.due_at > at or row.state == State.DISPUTED:
        return False
    if row.state == State.RUNNING:
        carry_on(row, terms_of(row), at)
        return True
    step = Step.OFFER_TIMEOUT if row.state == State.NEGOTIATING else Step.FUND_TIMEOUT
    move(row, step, Doing(None, at=at), state=State.LAPSED, reason=step.value)
    return True
