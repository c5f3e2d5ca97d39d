"""Ending before the end: a side breaks off, or the platform decides. What it means in money is shown first."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingqu.collaboration.domain.errors import TermsMoved
from xingqu.collaboration.domain.rules import read_rules
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.domain.states import State, Step
from xingqu.collaboration.domain.terms import broken_off_minor, moment
from xingqu.collaboration.models import Collaboration, CollaborationEvent
from xingqu.collaboration.selectors.performance import performance_of, terms_of
from xingqu.collaboration.services.moves import move, own_collaboration, require
from xingqu.collaboration.services.pictures import take_pictures
from xingqu.collaboration.services.running import close_plans, pay_out
from xingqu.collaboration.services.sample_moves import Doing
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried


def consequence_of(row: Collaboration, side: Side) -> dict[str, int]:
    """What breaking off now means: {creator_minor, shop_minor} of what is in custody, {released_minor} before.

    Before the first day, and before the fee is paid, nothing is the creator's. Raises WrongStep.
    """
    require(row, Step.BREAK_OFF, side)
    terms, now = terms_of(row), clock.now()
    held = row.paid_minor - row.released_minor - row.returned_minor
    begun = moment(terms.starts_on, timezone.get_current_timezone()) <= now
    creator_minor = 0
    if row.state == State.RUNNING and begun:
        brought = performance_of(row, terms)
        total = broken_off_minor(
            terms,
            by_merchant=side is Side.MERCHANT,
            settled_minor=brought.settled_minor,
            gmv_minor=brought.settled_minor + brought.open_minor,
            rules=read_rules(row.rules),
        )
        creator_minor = min(max(total - row.released_minor, 0), held)
    return {"released_minor": row.released_minor, "creator_minor": creator_minor, "shop_minor": held - creator_minor}


@retried
@transaction.atomic
def break_off(
    *, collab_no: str, version: int, side: Side, creator_minor: int, text: str, person_id: int, **scope: Any
) -> None:
    """End it now. `creator_minor` is what the caller was shown; other figures by now are refused.

    Raises NotFound, StaleVersion, WrongStep, TermsMoved.
    """
    row = own_collaboration(collab_no=collab_no, version=version, **scope)
    found = consequence_of(row, side)
    if found["creator_minor"] != creator_minor:
        raise TermsMoved("The amounts have changed. Look at them again.", field="creator_minor", data=dict(found))
    doing = Doing(side, person_id, text, dict(found))
    _end(row, Step.BREAK_OFF, doing, found["creator_minor"], found["shop_minor"], State.CANCELLED)


def _end(row: Collaboration, step: Step, doing: Doing, creator_minor: int, shop_minor: int, state: State) -> None:
    pay_out(row, key=step.value, creator_minor=creator_minor, shop_minor=shop_minor)
    close_plans(row)
    move(
        row,
        step,
        doing,
        state=state,
        reason=step.value,
        plans_closed=True,
        stopped_at=doing.at,
        released_minor=row.released_minor + creator_minor,
        returned_minor=row.returned_minor + shop_minor,
    )


@retried
@transaction.atomic
def open_dispute(
    *, collab_no: str, version: int, side: Side, text: str, picture_ids: Sequence[int], person_id: int, **scope: Any
) -> None:
    """Ask the platform to decide about what is in custody; nothing is released meanwhile.

    Raises NotFound, StaleVersion, WrongStep, InvalidInput without words.
    """
    row = own_collaboration(collab_no=collab_no, version=version, **scope)
    require(row, Step.DISPUTE, side)
    _need_words(text)
    rules, doing = read_rules(row.rules), Doing(side, person_id, text)
    due_at = doing.at + timedelta(seconds=rules.evidence_s + rules.verdict_s)
    move(row, Step.DISPUTE, doing, state=State.DISPUTED, waiting_for=Side.PLATFORM, due_at=due_at)
    _hang(row, side, picture_ids)


@retried
@transaction.atomic
def add_statement(
    *, collab_no: str, side: Side, text: str, picture_ids: Sequence[int], person_id: int, **scope: Any
) -> None:
    """Say something in a dispute, with pictures. Raises NotFound, WrongStep when there is none, InvalidInput without words."""
    row = own_collaboration(collab_no=collab_no, **scope)
    if row.state != State.DISPUTED:
        require(row, Step.VERDICT, side)  # refuses, in the words of every refusal
    _need_words(text)
    move(row, "statement", Doing(side, person_id, text))
    _hang(row, side, picture_ids)


def _hang(row: Collaboration, side: Side, picture_ids: Sequence[int]) -> None:
    event = CollaborationEvent.objects.get(collaboration=row, version=row.version)
    take_pictures(event=event, row=row, side=side, picture_ids=picture_ids)


def _need_words(text: str) -> None:
    if not text.strip():
        raise InvalidInput(field="text", expected="what happened, in words")


@retried
@transaction.atomic
def decide_dispute(*, collab_no: str, version: int, creator_minor: int, text: str, person_id: int) -> None:
    """The platform divides what is in custody: this much is the creator's, the rest the shop's. It ends with that.

    Raises NotFound, StaleVersion, WrongStep, InvalidInput for more than there is, or without words.
    """
    row = own_collaboration(collab_no=collab_no, version=version)
    require(row, Step.VERDICT, Side.PLATFORM)
    _need_words(text)
    held = row.paid_minor - row.released_minor - row.returned_minor
    if not 0 <= creator_minor <= held:
        raise InvalidInput(field="creator_minor", expected=f"0 to {held}")
    data = {"creator_minor": creator_minor, "shop_minor": held - creator_minor}
    doing = Doing(Side.PLATFORM, person_id, text, data)
    _end(row, Step.VERDICT, doing, creator_minor, held - creator_minor, State.DONE)
