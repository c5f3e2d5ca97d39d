"""A shop's side of the alliance: plans, and what they cost."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import creator_id_by_handle, shop_of
from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.schemas import (
    AllianceTermsOut,
    CommissionsOut,
    CommissionState,
    PlanCreatorsIn,
    PlanIn,
    PlanKindName,
    PlanOut,
    PlanRateIn,
)
from xingqu.alliance.selectors.earnings import commission_page
from xingqu.alliance.selectors.plans import plan_rows, rule_at, shops_plan, shops_plans
from xingqu.alliance.services.plans import change_rate, close_plan, open_plan, set_creators
from xingqu.kit import clock
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.errors import InvalidInput

router = Router()
WRITE = "products.write"


def _plan(shop_id: int, plan_id: int) -> dict[str, Any]:
    return plan_rows([shops_plan(plan_id=plan_id, shop_id=shop_id)])[0]


def _creators(payload: PlanIn | PlanCreatorsIn) -> list[int]:
    """Ids of a list that may name handles. Raises InvalidInput for a handle of nobody."""
    ids = list(payload.creator_ids)
    for handle in payload.handles:
        creator_id = creator_id_by_handle(handle=handle.removeprefix("@"))
        if creator_id is None:
            raise InvalidInput(field="handles", expected="handles of creators", data={"handle": handle})
        ids.append(creator_id)
    return ids


@router.get("/shops/{shop_id}/alliance/terms", response=AllianceTermsOut)
def get_terms(request: HttpRequest, shop_id: Id) -> Any:
    """The platform's part of commissions, the limits of plans, and the platform's fee on what is left."""
    shop_of(request, shop_id, "view")
    return {**asdict(rule_at(at=clock.now())), "tech_service_fee_bp": settings.ENVIRONMENT.tech_service_fee_bp}


@router.get("/shops/{shop_id}/alliance/plans", response=ListOut[PlanOut])
def list_plans(
    request: HttpRequest,
    shop_id: Id,
    kind: PlanKindName | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """The shop's plans, newest first."""
    shop_of(request, shop_id, "view")
    return page_of(*shops_plans(shop_id=shop_id, kind=kind, before_id=cursor_id(cursor), limit=limit))


@router.post("/shops/{shop_id}/alliance/plans", response={201: PlanOut})
def create_plan(request: HttpRequest, shop_id: Id, payload: PlanIn) -> Any:
    """Offer a product to creators, from now on."""
    member = shop_of(request, shop_id, WRITE)
    plan_id = open_plan(
        shop_id=shop_id,
        product_id=payload.product_id,
        kind=PlanKind(payload.kind),
        commission_bp=payload.commission_bp,
        service_bp=payload.service_bp,
        colonel_id=payload.colonel_id,
        creator_ids=_creators(payload),
        person_id=member.person_id,
    )
    return Status(201, _plan(shop_id, plan_id))


@router.put("/shops/{shop_id}/alliance/plans/{plan_id}/rate", response=PlanOut)
def put_rate(request: HttpRequest, shop_id: Id, plan_id: Id, payload: PlanRateIn) -> Any:
    """New rates: a rise counts at once, a cut from the next day."""
    member = shop_of(request, shop_id, WRITE)
    change_rate(
        shop_id=shop_id,
        plan_id=plan_id,
        commission_bp=payload.commission_bp,
        service_bp=payload.service_bp,
        person_id=member.person_id,
    )
    return _plan(shop_id, plan_id)


@router.put("/shops/{shop_id}/alliance/plans/{plan_id}/creators", response=PlanOut)
def put_creators(request: HttpRequest, shop_id: Id, plan_id: Id, payload: PlanCreatorsIn) -> Any:
    """Who is on the list of an exclusive or targeted plan: added at once, struck off from the next day."""
    shop_of(request, shop_id, WRITE)
    set_creators(shop_id=shop_id, plan_id=plan_id, creator_ids=_creators(payload))
    return _plan(shop_id, plan_id)


@router.post("/shops/{shop_id}/alliance/plans/{plan_id}/close", response=PlanOut)
def post_close(request: HttpRequest, shop_id: Id, plan_id: Id) -> Any:
    """End a plan with the day."""
    member = shop_of(request, shop_id, WRITE)
    close_plan(shop_id=shop_id, plan_id=plan_id, person_id=member.person_id)
    return _plan(shop_id, plan_id)


@router.get("/shops/{shop_id}/alliance/commissions", response=CommissionsOut)
def list_commissions(
    request: HttpRequest,
    shop_id: Id,
    state: CommissionState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Orders that creators brought, newest first, with what they cost."""
    shop_of(request, shop_id, "view")
    found = commission_page(of="shop", of_id=shop_id, state=state, before_id=cursor_id(cursor), limit=limit)
    return page_of(found["items"], found["last"], sums=found["sums"])
