"""Reports, what the platform decides, and appeals. The table of steps is `domain/cases.py`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from xingqu.accounts.selectors import member_ids
from xingqu.events.review import ReviewCaseChanged
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.review.domain import AlreadyReported, OwnReview, WrongStep
from xingqu.review.domain.cases import REASONS, TIMEOUTS, Side, Standing, State, Step, after, time_for, waits_for
from xingqu.review.domain.rules import read_rules
from xingqu.review.models import Review, ReviewCase, ReviewReport
from xingqu.review.selectors.rules import rules_at
from xingqu.review.services.scores import set_hidden
from xingqu.review.services.trail import note


@dataclass(frozen=True, slots=True)
class Taken:
    """A step: who takes it (side and person None: the clock), and what is said or decided with it."""

    step: Step
    side: Side | None
    person_id: int | None
    text: str = ""
    reason: str = ""


@retried
@transaction.atomic
def report_review(*, person_id: int, review_id: int, reason: str, text: str, shop_id: int | None = None) -> int:
    """Say that a review may not stand; returns the case it goes into. With `shop_id` it is that shop that says so.

    Raises NotFound for a review that is not there, hidden or (with `shop_id`) another shop's, InvalidInput for an unknown
    reason, OwnReview for its author, and for a member of the shop without `shop_id`, AlreadyReported.
    """
    if reason not in REASONS:
        raise InvalidInput(field="reason", expected=" | ".join(REASONS))
    hold_names(f"review-case:{review_id}")  # of two first reports at once one opens the case
    review = Review.objects.filter(pk=review_id, hidden=False).first()
    if review is None or shop_id not in (None, review.shop_id):
        raise NotFound(field="review_id", expected="the id of a review")
    is_member = person_id in member_ids(organisation_id=review.shop_id)
    if person_id == review.person_id or (shop_id is None and is_member):
        raise OwnReview
    case = ReviewCase.objects.filter(review=review, closed_at=None).first()
    fresh = case is None
    if case is None:
        case = _open(review)
    try:
        with transaction.atomic():
            ReviewReport.objects.create(
                case=case,
                review=review,
                person_id=person_id,
                shop_id=shop_id,
                reason=reason,
                text=text,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise AlreadyReported from error
    if shop_id is not None and case.state == State.REPORTED and not case.by_shop:
        ReviewCase.objects.filter(pk=case.pk).update(by_shop=True)
        case.by_shop = True
    side = Side.SHOP if shop_id is not None else None
    data = {"reason": reason, "text": text}
    note(review_id=review_id, case_id=case.pk, step=Step.REPORT, side=side, person_id=person_id, data=data)
    if fresh:
        _tell(case, review, Step.REPORT)
    return case.pk


def _open(review: Review) -> ReviewCase:
    now, rules = clock.now(), rules_at()
    return ReviewCase.objects.create(
        review=review,
        shop_id=review.shop_id,
        author_id=review.person_id,
        rules=rules.as_json(),
        waiting_for=Side.PLATFORM,
        due_at=now + timedelta(seconds=rules.decide_s),
        opened_at=now,
    )


@retried
@transaction.atomic
def decide_case(*, case_id: int, person_id: int, hide: bool, reason: str, text: str) -> None:
    """The platform decides, on a report or on an appeal. Hiding needs a reason.

    Raises NotFound, InvalidInput for hiding without a known reason, WrongStep.
    """
    if hide and reason not in REASONS:
        raise InvalidInput(field="reason", expected=" | ".join(REASONS))
    step = Step.HIDE if hide else Step.KEEP
    _take(_case(case_id), Taken(step, Side.PLATFORM, person_id, text, reason if hide else ""))


@retried
@transaction.atomic
def appeal(*, review_id: int, side: Side, person_id: int, text: str, shop_id: int | None = None) -> None:
    """Ask for another decision: the author of a hidden review, the shop (`shop_id`) of one that stays.

    Raises NotFound for another's review or one without a case, WrongStep when it is not this side's turn.
    """
    _take(_open_case(review_id, person_id, shop_id), Taken(Step.APPEAL, side, person_id, text))


@retried
@transaction.atomic
def make_statement(*, review_id: int, side: Side, person_id: int, text: str, shop_id: int | None = None) -> None:
    """Answer the other side's appeal. Raises NotFound, WrongStep as `appeal`."""
    _take(_open_case(review_id, person_id, shop_id), Taken(Step.STATEMENT, side, person_id, text))


def run_due_cases(*, now: datetime | None = None, limit: int = 200) -> int:
    """Take the step of every case whose time has run out. Returns how many. Safe in several processes. For the worker."""
    at = now or clock.now()
    due = ReviewCase.objects.filter(state__in=list(TIMEOUTS), due_at__lte=at).order_by("due_at")
    return sum(_time_out(case_id, at) for case_id in due.values_list("id", flat=True)[:limit])


@retried
@transaction.atomic
def _time_out(case_id: int, at: datetime) -> bool:
    case = _case(case_id)
    step = TIMEOUTS.get(State(case.state))
    if step is None or case.due_at is None or case.due_at > at:
        return False
    _take(case, Taken(step, None, None))
    return True


def _case(case_id: int) -> ReviewCase:
    """A case, held until the transaction ends: two steps at once are one after the other."""
    case = ReviewCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(field="case_id", expected="the id of a case")
    return case


def _open_case(review_id: int, person_id: int, shop_id: int | None) -> ReviewCase:
    rows = ReviewCase.objects.select_for_update().filter(review_id=review_id)
    rows = rows.filter(author_id=person_id) if shop_id is None else rows.filter(shop_id=shop_id)
    case = rows.order_by("-id").first()
    if case is None:
        raise NotFound(field="review_id", expected="the id of a review of yours that was reported")
    return case


def _take(case: ReviewCase, taken: Taken) -> None:
    """Take a step. In the caller's transaction. Raises WrongStep."""
    before = Standing(State(case.state), case.hidden, case.by_shop, Side(case.appellant) if case.appellant else None)
    standing = after(before, taken.step, taken.side)
    rules, now = read_rules(case.rules), clock.now()
    seconds = time_for(standing.state, rules)
    changed = {
        "state": standing.state,
        "hidden": standing.hidden,
        "appellant": standing.appellant,
        "waiting_for": waits_for(standing),
        "due_at": now + timedelta(seconds=seconds) if seconds is not None else None,
        "closed_at": now if standing.state == State.CLOSED else None,
    }
    if taken.step in (Step.KEEP, Step.HIDE):
        changed |= {"reason": taken.reason, "note": taken.text}
    # Guarded: SQLite has no row locks, and whoever was faster has changed the state.
    if not ReviewCase.objects.filter(pk=case.pk, state=before.state).update(**changed):
        raise WrongStep(data={"state": case.state})
    case.refresh_from_db()
    set_hidden(review_id=case.review_id, hidden=standing.hidden)
    data = {"text": taken.text, "reason": taken.reason} if taken.text or taken.reason else {}
    note(
        review_id=case.review_id,
        case_id=case.pk,
        step=taken.step,
        side=taken.side,
        person_id=taken.person_id,
        data=data,
    )
    _tell(case, Review.objects.get(pk=case.review_id), taken.step)


def _tell(case: ReviewCase, review: Review, step: Step) -> None:
    publish(
        ReviewCaseChanged(
            case_id=case.pk,
            review_id=review.pk,
            product_id=review.product_id,
            shop_id=review.shop_id,
            person_id=review.person_id,
            state=State(case.state).value,
            step=step.value,
            hidden=case.hidden,
            by_shop=case.by_shop,
            waiting_for=case.waiting_for,
            due_at=case.due_at,
        )
    )
