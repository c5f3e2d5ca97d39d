"""Colonels' activities over HTTP: the colonel's side, and the merchant's."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.alliance.agency_schemas import (
    ActivityIn,
    ActivityOut,
    EnrolmentIn,
    EnrolmentOut,
    EnrolmentState,
    ReviewIn,
)
from xingqu.alliance.api.shop import WRITE as MERCHANT_WRITE
from xingqu.alliance.selectors.activities import activities_page, activity_of, enrolment_of, enrolments_page
from xingqu.alliance.services import activities
from xingqu.alliance.services.activities import ActivityTerms
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of

router = Router()
WRITE = "alliance.write"


@router.get("/shops/{shop_id}/activities", response=ListOut[ActivityOut])
def list_activities(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """A colonel's activities, newest first, with what they brought."""
    shop_of(request, shop_id, "view")
    return page_of(*activities_page(colonel_id=shop_id, on=False, before_id=cursor_id(cursor), limit=limit))


@router.post("/shops/{shop_id}/activities", response={201: ActivityOut})
def create_activity(request: HttpRequest, shop_id: Id, payload: ActivityIn) -> Any:
    """Open an activity for merchants' products."""
    member = shop_of(request, shop_id, WRITE)
    activity_id = activities.open_activity(
        colonel_id=shop_id, told=ActivityTerms(**payload.dict()), person_id=member.person_id
    )
    return Status(201, activity_of(activity_id=activity_id))


@router.post("/shops/{shop_id}/activities/{activity_id}/cancel", response=ActivityOut)
def post_cancel(request: HttpRequest, shop_id: Id, activity_id: Id) -> Any:
    """End an activity with the day."""
    member = shop_of(request, shop_id, WRITE)
    activities.cancel_activity(colonel_id=shop_id, activity_id=activity_id, person_id=member.person_id)
    return activity_of(activity_id=activity_id)


@router.get("/shops/{shop_id}/activities/{activity_id}/enrolments", response=ListOut[EnrolmentOut])
def list_enrolled(
    request: HttpRequest,
    shop_id: Id,
    activity_id: Id,
    state: EnrolmentState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Products offered to an activity of this colonel, newest first."""
    shop_of(request, shop_id, "view")
    activity_of(activity_id=activity_id, colonel_id=shop_id)
    return page_of(*enrolments_page(activity_id=activity_id, state=state, before_id=cursor_id(cursor), limit=limit))


@router.post("/shops/{shop_id}/activities/{activity_id}/enrolments/{enrolment_id}/review", response=EnrolmentOut)
def post_review(request: HttpRequest, shop_id: Id, activity_id: Id, enrolment_id: Id, payload: ReviewIn) -> Any:
    """Take a product into the activity, or don't."""
    member = shop_of(request, shop_id, WRITE)
    activity_of(activity_id=activity_id, colonel_id=shop_id)
    activities.review_enrolment(
        colonel_id=shop_id,
        enrolment_id=enrolment_id,
        approve=payload.approve,
        answer=payload.answer,
        person_id=member.person_id,
    )
    return enrolment_of(enrolment_id=enrolment_id)


@router.get("/shops/{shop_id}/alliance/activities", response=ListOut[ActivityOut])
def list_open_activities(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Activities of all colonels that take products now, newest first."""
    shop_of(request, shop_id, "view")
    return page_of(*activities_page(colonel_id=None, on=True, before_id=cursor_id(cursor), limit=limit))


@router.get("/shops/{shop_id}/alliance/enrolments", response=ListOut[EnrolmentOut])
def list_enrolments(
    request: HttpRequest,
    shop_id: Id,
    state: EnrolmentState | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's products in activities, newest first."""
    shop_of(request, shop_id, "view")
    return page_of(*enrolments_page(shop_id=shop_id, state=state, before_id=cursor_id(cursor), limit=limit))


@router.post("/shops/{shop_id}/alliance/enrolments", response={201: EnrolmentOut})
def create_enrolment(request: HttpRequest, shop_id: Id, payload: EnrolmentIn) -> Any:
    """Offer a product to an activity."""
    member = shop_of(request, shop_id, MERCHANT_WRITE)
    enrolment_id = activities.enrol_product(shop_id=shop_id, person_id=member.person_id, **payload.dict())
    return Status(201, enrolment_of(enrolment_id=enrolment_id))


@router.post("/shops/{shop_id}/alliance/enrolments/{enrolment_id}/withdraw", response=EnrolmentOut)
def post_withdraw(request: HttpRequest, shop_id: Id, enrolment_id: Id) -> Any:
    """Take a product out: at once while it waits, with the end of the day once it was approved."""
    member = shop_of(request, shop_id, MERCHANT_WRITE)
    activities.withdraw_enrolment(shop_id=shop_id, enrolment_id=enrolment_id, person_id=member.person_id)
    return enrolment_of(enrolment_id=enrolment_id)
