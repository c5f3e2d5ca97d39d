"""The platform's side: disputes about what is in custody, and the rules."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of
from xingqu.collaboration.api.access import contract_response, picture_response
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.schemas.collaborations import (
    CollaborationDetailOut,
    CollaborationOut,
    CollaborationRulesIn,
    CollaborationRulesOut,
    DisputeVerdictIn,
)
from xingqu.collaboration.selectors import collaborations as reads
from xingqu.collaboration.selectors.rules import rule_sets, rules_at
from xingqu.collaboration.services.ending import decide_dispute
from xingqu.collaboration.services.rules import add_rules
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of

router = Router()
ALL = "/platform/collaborations"


def _detail(collab_no: str) -> dict[str, Any]:
    return reads.collaboration_detail(collab_no=collab_no, side=Side.PLATFORM)


@router.get(f"{ALL}/disputes", response=ListOut[CollaborationOut])
def list_collaboration_disputes(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """What waits for a decision. For operators."""
    operator_of(request)
    return page_of(*reads.disputes_page(before_id=cursor_id(cursor), limit=limit))


@router.get(f"{ALL}/rules", response=CollaborationRulesOut)
def get_collaboration_rules(request: HttpRequest) -> Any:
    """The rules in force, and all sets, the latest first. For operators."""
    operator_of(request)
    return {"current": rules_at().as_json(), "sets": rule_sets()}


@router.post(f"{ALL}/rules", response={201: CollaborationRulesOut})
def create_collaboration_rules(request: HttpRequest, payload: CollaborationRulesIn) -> Any:
    """Rules for what is opened from a moment on. For operators."""
    person_id = operator_of(request)
    add_rules(effective_from=payload.effective_from, values=payload.values, note=payload.note, person_id=person_id)
    return Status(201, {"current": rules_at().as_json(), "sets": rule_sets()})


@router.get(f"{ALL}/{{collab_no}}", response=CollaborationDetailOut)
def get_disputed_collaboration(request: HttpRequest, collab_no: Number) -> Any:
    """A collaboration with all that both sides said. For operators."""
    operator_of(request)
    return _detail(collab_no)


@router.post(f"{ALL}/{{collab_no}}/verdict", response=CollaborationDetailOut)
def decide_collaboration(request: HttpRequest, collab_no: Number, payload: DisputeVerdictIn) -> Any:
    """Divide what is in custody; it ends with that. For operators."""
    person_id = operator_of(request)
    decide_dispute(
        collab_no=collab_no,
        version=payload.version,
        creator_minor=payload.creator_minor,
        text=payload.text,
        person_id=person_id,
    )
    return _detail(collab_no)


@router.get(f"{ALL}/{{collab_no}}/pictures/{{picture_id}}", response={200: Any})
def get_disputed_picture(request: HttpRequest, collab_no: Number, picture_id: Id) -> Any:
    """A picture of a dispute. For operators."""
    operator_of(request)
    return picture_response(reads.picture_path(collab_no=collab_no, picture_id=picture_id))


@router.get(f"{ALL}/{{collab_no}}/contract.pdf", response={200: Any})
def get_disputed_contract(request: HttpRequest, collab_no: Number) -> Any:
    """The contract as a PDF. For operators."""
    operator_of(request)
    return contract_response(reads.find(collab_no=collab_no))
