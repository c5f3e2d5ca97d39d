"""Signals and interests over HTTP. Guests and people are treated alike: both are actors."""

from typing import Annotated, Any

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status

from xingqu.accounts.selectors import actor_of
from xingqu.events.interest import BehaviourErased
from xingqu.interest import selectors, services
from xingqu.interest.schemas import (
    InterestSettingsIn,
    InterestTagsOut,
    SignalsIn,
    SignalsOut,
    TagActionIn,
)
from xingqu.kit.outbox import publish
from xingqu.signals.contracts import Rejection

router = Router(tags=["interest"])
TagId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.post("/signals", response=SignalsOut)
def post_signals(request: HttpRequest, payload: SignalsIn) -> Any:
    """Tell what a person did. What is accepted is durable, and the very next page knows it."""
    observed, rejected = services.observe_batch(
        actor=actor_of(request), raw_events=payload.events, sent_at_ms=payload.sent_at_ms
    )
    return {
        "accepted": observed.accepted,
        "duplicates": observed.duplicates,
        "rejected": [Rejection.as_dict(rejection) for rejection in rejected],
    }


@router.get("/interest/tags", response=InterestTagsOut)
def list_interest_tags(request: HttpRequest) -> Any:
    """The interests that one's feed goes by."""
    return selectors.interest_tags(actor=actor_of(request))


@router.put("/interest/tags/{tag_id}", response=InterestTagsOut)
def change_interest_tag(request: HttpRequest, tag_id: TagId, payload: TagActionIn) -> Any:
    """Pin a tag, block it for good, or ask for less of it; or take that back."""
    actor = actor_of(request)
    services.change_tag(actor=actor, tag_id=tag_id, action=payload.action)
    return selectors.interest_tags(actor=actor)


@router.delete("/interest/tags/{tag_id}", response={204: None})
def delete_interest_tag(request: HttpRequest, tag_id: TagId) -> Any:
    """Forget one interest. Later behaviour may teach it anew."""
    services.forget_tag(actor=actor_of(request), tag_id=tag_id)
    return Status(204, None)


@router.put("/interest/settings", response=InterestTagsOut)
def change_interest_settings(request: HttpRequest, payload: InterestSettingsIn) -> Any:
    """Switch personalisation on or off."""
    actor = actor_of(request)
    services.set_personalised(actor=actor, personalised=payload.personalised)
    return selectors.interest_tags(actor=actor)


@router.get("/interest/export", response=dict[str, Any])
def export_interest(request: HttpRequest) -> Any:
    """Download all that is kept of one's behaviour."""
    body = orjson.dumps(selectors.export(actor=actor_of(request)), default=str, option=orjson.OPT_INDENT_2)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="xingqu-interest.json"'
    return response


@router.delete("/interest", response={204: None})
def delete_interest(request: HttpRequest) -> Any:
    """Delete all that is kept of one's behaviour, for good."""
    actor = actor_of(request)
    with transaction.atomic():
        publish(BehaviourErased(actor_key=actor.key))
        services.delete_everything(actor=actor)
    return Status(204, None)
