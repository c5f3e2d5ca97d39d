"""Restrictions: made by operators, appealed by the account, answered, lifted, over by time. Others hear it as facts."""

from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.accounts.selectors import creators_by_ids
from xingqu.accounts.services import notify
from xingqu.events.governance import CreatorFreed, CreatorRestricted
from xingqu.governance.contracts import Kind, Severity
from xingqu.governance.domain.errors import AlreadyRestricted, WrongRestrictionState
from xingqu.governance.domain.states import ANSWERS, STEPS, State, Step
from xingqu.governance.models import Restriction
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried


@retried
@transaction.atomic
def restrict_creator(
    *, creator_id: int, kind: Kind, severity: Severity, reason: str, until: datetime | None, person_id: int
) -> int:
    """Stop an account from going live or from selling, from now on. Returns the restriction's id.

    Raises NotFound, InvalidInput without a reason, for a moment that is over, and for a shop's own account and selling (a shop
    is judged as a shop), AlreadyRestricted.
    """
    hold_names(f"restriction:{creator_id}")
    now = clock.now()
    creator = creators_by_ids(ids=[creator_id]).get(creator_id)
    if creator is None:
        raise NotFound(field="creator_id", expected="a publishing account")
    if not reason.strip():
        raise InvalidInput(field="reason", expected="what happened, in words the account reads")
    if until is not None and until <= now:
        raise InvalidInput(field="until", expected="a moment that has not come")
    if kind is Kind.SELLING and creator.is_shop:
        raise InvalidInput(field="kind", expected="live: a shop's own account sells as the shop")
    _end_due(Restriction.objects.filter(creator_id=creator_id, kind=kind), now)
    if Restriction.objects.filter(creator_id=creator_id, kind=kind, ended_at=None).exists():
        raise AlreadyRestricted(field="kind")
    row = Restriction.objects.create(
        creator_id=creator_id,
        kind=kind,
        severity=severity,
        reason=reason.strip(),
        until=until,
        made_by_id=person_id,
        made_at=now,
    )
    publish(
        CreatorRestricted(
            restriction_id=row.pk, creator_id=creator_id, kind=kind.value, severity=severity.value, until=until, at=now
        )
    )
    _tell(row, "creator_restricted")
    return int(row.pk)


@retried
@transaction.atomic
def appeal_restriction(*, creator_id: int, restriction_id: int, text: str, person_id: int) -> None:
    """The account says why it should not be; it stays in force until the platform answers. Once.

    Raises NotFound, InvalidInput without words, WrongRestrictionState.
    """
    if not text.strip():
        raise InvalidInput(field="text", expected="why, in words")
    row = _held(restriction_id, creator_id=creator_id)
    _move(row, Step.APPEAL, appeal=text.strip(), appealed_by_id=person_id, appealed_at=clock.now())


@retried
@transaction.atomic
def answer_appeal(*, restriction_id: int, void: bool, answer: str, person_id: int) -> None:
    """The platform answers an appeal: upheld, or void from the beginning. Raises NotFound, InvalidInput, WrongRestrictionState."""
    if not answer.strip():
        raise InvalidInput(field="answer", expected="why, in words the account reads")
    row = _held(restriction_id)
    if row.state != State.APPEALED:
        raise WrongRestrictionState(data={"state": row.state})
    step = Step.VOID if void else Step.UPHOLD
    _move(row, step, answer=answer.strip(), answered_by_id=person_id, answered_at=clock.now())
    _tell(row, "restriction_answered")


@retried
@transaction.atomic
def lift_restriction(*, restriction_id: int, answer: str, person_id: int) -> None:
    """End one before its time. Raises NotFound, WrongRestrictionState for one that is over."""
    row = _held(restriction_id)
    _move(row, Step.LIFT, answer=answer.strip(), answered_by_id=person_id, answered_at=clock.now())
    _tell(row, "restriction_answered")


def end_restrictions() -> int:
    """End those whose time is over; returns how many. Safe in several processes. For the worker."""
    due = Restriction.objects.filter(ended_at=None, until__lte=clock.now()).order_by("until")
    return sum(_end(pk) for pk in list(due.values_list("pk", flat=True)[:200]))


@retried
@transaction.atomic
def _end(restriction_id: int) -> int:
    return _end_due(Restriction.objects.filter(pk=restriction_id), clock.now())


def _end_due(rows: Any, now: datetime) -> int:
    ended = 0
    for row in rows.filter(ended_at=None, until__lte=now):
        if Restriction.objects.filter(pk=row.pk, ended_at=None).update(ended_at=row.until):
            publish(CreatorFreed(restriction_id=row.pk, creator_id=row.creator_id, kind=row.kind, at=now))
            ended += 1
    return ended


def _held(restriction_id: int, **scope: Any) -> Restriction:
    row = Restriction.objects.filter(pk=restriction_id, **scope).first()
    if row is None:
        raise NotFound(field="restriction_id", expected="a restriction")
    return row


def _move(row: Restriction, step: Step, **changes: Any) -> None:
    """One step of the table, guarded by the state it starts from. Raises WrongRestrictionState.

    One that is over moves no more, but for the answer to an appeal: what is void counts for nothing, so it still matters.
    """
    sources, target = STEPS[step]
    frees = target in (State.VOIDED, State.LIFTED)
    rows = Restriction.objects.filter(pk=row.pk, state__in=sources)
    ending = {"ended_at": clock.now()} if frees else {}
    moved = rows.filter(ended_at=None).update(state=target, **changes, **ending)
    answered = not moved and step in ANSWERS and rows.filter(ended_at__isnull=False).update(state=target, **changes)
    row.refresh_from_db()
    if not moved and not answered:
        raise WrongRestrictionState(data={"state": row.state})
    if moved and frees:
        publish(CreatorFreed(restriction_id=row.pk, creator_id=row.creator_id, kind=row.kind, at=clock.now()))


def _tell(row: Restriction, kind: str) -> None:
    creator = creators_by_ids(ids=[row.creator_id]).get(row.creator_id)
    if creator is None or creator.organisation_id is None:
        return
    until = row.until.isoformat() if row.until is not None else None
    data = {"shop_id": creator.organisation_id, "creator_id": row.creator_id, "restriction": row.kind, "until": until}
    notify(organisation_id=creator.organisation_id, kind=kind, data={**data, "state": row.state, "reason": row.reason})
