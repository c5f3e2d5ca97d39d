"""Onboarding over HTTP: the shop's papers, and the operators' queue."""

from datetime import date
from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from ninja import File, Form, Router, Status, UploadedFile

from xingqu.accounts.selectors import is_listing_frozen, operator_of, person_of, shop_of
from xingqu.catalogue.selectors import shop_review as selectors
from xingqu.catalogue.services import shop_review as services
from xingqu.catalogue.shop_schemas import (
    DocumentKind,
    RejectShopIn,
    ShopApplicationIn,
    ShopApplicationOut,
    ShopDocumentOut,
    ShopQualificationOut,
    ShopStateOut,
)
from xingqu.kit.api import CursorText, Id, Limit, ListOut
from xingqu.kit.errors import NotFound

router = Router()
State = Literal["waiting", "approved", "rejected"]
# Of owner and managers: papers are nobody else's business in the shop.
PAPERS = "shop.write"


@router.get("/shops/{shop_id}/qualification/state", response=ShopStateOut)
def get_shop_state(request: HttpRequest, shop_id: Id) -> Any:
    """Whether the shop may put products on sale, for every member."""
    shop_of(request, shop_id, "view")
    return {
        "state": selectors.shop_state(shop_id=shop_id),
        "listing_frozen": is_listing_frozen(organisation_id=shop_id),
        "papers": selectors.papers_ending(shop_id=shop_id),
    }


@router.get("/shops/{shop_id}/qualification", response=ShopQualificationOut)
def get_qualification(request: HttpRequest, shop_id: Id) -> Any:
    """The shop's state and its latest submission, with what was wrong by field."""
    shop_of(request, shop_id, PAPERS)
    return selectors.shop_qualification(shop_id=shop_id)


@router.post("/shops/{shop_id}/qualification/documents", response={201: ShopDocumentOut})
def add_document(
    request: HttpRequest,
    shop_id: Id,
    kind: DocumentKind = Form(...),  # type: ignore[type-arg]
    valid_until: date | None = Form(None),  # type: ignore[type-arg]
    file: UploadedFile = File(...),  # type: ignore[type-arg]
) -> Any:
    """Upload a JPEG, PNG or WebP picture of up to 10 MB, with the last day of what it shows if that ends. It is private."""
    shop_of(request, shop_id, PAPERS)
    document_id = services.add_document(
        shop_id=shop_id, person_id=person_of(request), kind=kind, file=file, valid_until=valid_until
    )
    return Status(201, selectors.document_row(shop_id=shop_id, document_id=document_id))


@router.get("/shops/{shop_id}/qualification/documents/{document_id}", response={200: Any})
def get_document(request: HttpRequest, shop_id: Id, document_id: Id) -> FileResponse:
    """A picture, for the shop's owner and managers and for operators."""
    try:
        operator_of(request)
    except NotFound:
        shop_of(request, shop_id, PAPERS)
    found = selectors.open_document(shop_id=shop_id, document_id=document_id)
    response = FileResponse(found, content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    return response


@router.post("/shops/{shop_id}/qualification", response={201: ShopQualificationOut})
def submit_qualification(request: HttpRequest, shop_id: Id, payload: ShopApplicationIn) -> Any:
    """Hand the papers in, for the first time, anew after a refusal, or because they changed."""
    shop_of(request, shop_id, PAPERS)
    services.submit_shop(shop_id=shop_id, person_id=person_of(request), **payload.dict())
    return Status(201, selectors.shop_qualification(shop_id=shop_id))


@router.post("/shops/{shop_id}/qualification/withdraw", response=ShopQualificationOut)
def withdraw_qualification(request: HttpRequest, shop_id: Id) -> Any:
    """Take the waiting submission back."""
    shop_of(request, shop_id, PAPERS)
    services.withdraw_shop(shop_id=shop_id)
    return selectors.shop_qualification(shop_id=shop_id)


@router.get("/operator/shop-applications", response=ListOut[ShopApplicationOut])
def list_applications(
    request: HttpRequest, state: State = "waiting", cursor: CursorText | None = None, limit: Limit = 20
) -> Any:
    """Shops that wait for a decision, oldest first; decided ones newest first. For operators."""
    operator_of(request)
    items, following = selectors.shop_applications(state=state, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": following}


@router.post("/operator/shop-applications/{application_id}/approve", response=ShopApplicationOut)
def approve_application(request: HttpRequest, application_id: Id) -> Any:
    """Let the shop list products. For operators."""
    services.approve_shop(operator_id=operator_of(request), application_id=application_id)
    return selectors.shop_application(application_id=application_id)


@router.post("/operator/shop-applications/{application_id}/reject", response=ShopApplicationOut)
def reject_application(request: HttpRequest, application_id: Id, payload: RejectShopIn) -> Any:
    """Send it back with what is wrong, by field. For operators."""
    services.reject_shop(operator_id=operator_of(request), application_id=application_id, reasons=payload.reasons)
    return selectors.shop_application(application_id=application_id)
