"""Restrictions, for operators."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import creators_by_ids, find_creators, operator_of
from xingqu.governance import selectors, services
from xingqu.governance.contracts import Kind, Severity
from xingqu.governance.schemas import (
    FoundCreatorOut,
    NamedRestrictionOut,
    RestrictionAnswerIn,
    RestrictionIn,
    RestrictionLiftIn,
    RestrictionQueue,
)
from xingqu.kit.api import CursorText, Id, Limit, ListOut, decode_cursor, encode_cursor

router = Router()
ALL = "/platform/creator-restrictions"
Search = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
FOUND_MOST = 20


@router.get("/platform/creators", response=list[FoundCreatorOut])
def find_creator_accounts(request: HttpRequest, q: Search) -> Any:
    """Publishing accounts by a part of name or handle, with what they may not do now. For operators."""
    operator_of(request)
    cards = creators_by_ids(ids=find_creators(text=q, limit=FOUND_MOST))
    stopped = {kind: selectors.restricted_among(creator_ids=cards, kind=kind) for kind in Kind}
    return [
        {
            "id": card.id,
            "name": card.display_name,
            "handle": card.handle,
            "is_shop": card.is_shop,
            "restricted": [kind.value for kind in Kind if card.id in stopped[kind]],
        }
        for card in cards.values()
    ]


@router.get(ALL, response=ListOut[NamedRestrictionOut])
def list_restrictions(
    request: HttpRequest,
    queue: RestrictionQueue | None = None,
    creator_id: Id | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Restrictions, newest first; `queue` appealed: those that wait for an answer. For operators."""
    operator_of(request)
    before = decode_cursor(cursor, int)
    items, last = selectors.restrictions_page(
        queue=queue, creator_id=creator_id, before_id=before[0] if before else None, limit=limit
    )
    return {"items": items, "next_cursor": encode_cursor(last) if last is not None else None}


@router.post(ALL, response={201: NamedRestrictionOut})
def restrict_account(request: HttpRequest, payload: RestrictionIn) -> Any:
    """Stop an account from going live or from selling. For operators."""
    person_id = operator_of(request)
    services.restrict_creator(
        creator_id=payload.creator_id,
        kind=Kind(payload.kind),
        severity=Severity(payload.severity),
        reason=payload.reason,
        until=payload.until,
        person_id=person_id,
    )
    items, _ = selectors.restrictions_page(queue=None, creator_id=payload.creator_id, before_id=None, limit=1)
    return Status(201, items[0])


@router.post(f"{ALL}/{{restriction_id}}/answer", response={204: None})
def answer_restriction_appeal(request: HttpRequest, restriction_id: Id, payload: RestrictionAnswerIn) -> Any:
    """Uphold it, or void it from the beginning. For operators."""
    person_id = operator_of(request)
    services.answer_appeal(restriction_id=restriction_id, void=payload.void, answer=payload.answer, person_id=person_id)
    return Status(204, None)


@router.post(f"{ALL}/{{restriction_id}}/lift", response={204: None})
def lift_account_restriction(request: HttpRequest, restriction_id: Id, payload: RestrictionLiftIn) -> Any:
    """End it before its time. For operators."""
    person_id = operator_of(request)
    services.lift_restriction(restriction_id=restriction_id, answer=payload.answer, person_id=person_id)
    return Status(204, None)
