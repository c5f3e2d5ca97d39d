"""What an account reads of restrictions, and its appeal."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import creator_of, person_of
from xingqu.governance import selectors, services
from xingqu.governance.schemas import RestrictionAppealIn, RestrictionOut
from xingqu.kit.api import Id

router = Router()
PAGE = "content"


@router.get("/creators/{creator_id}/restrictions", response=list[RestrictionOut])
def list_own_restrictions(request: HttpRequest, creator_id: Id) -> Any:
    """What the platform forbids or forbade this account, newest first."""
    creator_of(request, creator_id, "view", PAGE)
    return selectors.restrictions_of(creator_id=creator_id)


@router.post("/creators/{creator_id}/restrictions/{restriction_id}/appeal", response=list[RestrictionOut])
def appeal_own_restriction(
    request: HttpRequest, creator_id: Id, restriction_id: Id, payload: RestrictionAppealIn
) -> Any:
    """Say why it should not be, once; it stays in force until the platform answers."""
    creator_of(request, creator_id, "content.write", PAGE)
    services.appeal_restriction(
        creator_id=creator_id, restriction_id=restriction_id, text=payload.text, person_id=person_of(request)
    )
    return selectors.restrictions_of(creator_id=creator_id)
