"""What the addresses of both sides share: who may act for a creator, pages, payments, files."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse

from xingqu.accounts.selectors import creator_of, person_of
from xingqu.collaboration.document import contract_pdf
from xingqu.collaboration.domain.terms import ReleaseKind, Terms
from xingqu.collaboration.models import Collaboration
from xingqu.collaboration.schemas.collaborations import TermsIn
from xingqu.kit.errors import NotFound
from xingqu.kit.private_files import open_private

WRITE = "alliance.write"
PAGE = "alliance"


def creator_side(request: HttpRequest, creator_id: int, permission: str = "view") -> int:
    """The person, when they may act for the creator. Raises SignInRequired, NotFound, Forbidden."""
    creator_of(request, creator_id, permission, PAGE)
    return person_of(request)


def payer(request: HttpRequest) -> dict[str, Any]:
    """What a payment provider is told of who pays."""
    language = request.headers.get("Accept-Language", "")[:8] or None
    return {"language": language, "payer_ip": str(request.META.get("REMOTE_ADDR") or "127.0.0.1")}


def terms_from(payload: TermsIn) -> Terms:
    """Terms as they were sent."""
    days: list[date] = payload.release_days
    return Terms(
        product_ids=tuple(payload.product_ids),
        commission_bp=payload.commission_bp,
        slot_fee_minor=payload.slot_fee_minor,
        release_kind=ReleaseKind(payload.release_kind),
        target_minor=payload.target_minor,
        starts_on=payload.starts_on,
        ends_on=payload.ends_on,
        release_days=tuple(days),
        works=payload.works,
        lives=payload.lives,
        note=payload.note,
    )


def contract_response(row: Collaboration) -> HttpResponse:
    """The contract as a PDF, for nobody else's cache. Raises NotFound before both have signed."""
    if row.contract is None:
        raise NotFound(field="collab_no", expected="a collaboration that both sides have agreed on")
    response = HttpResponse(contract_pdf(row.contract, row.content_hash), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="contract-{row.collab_no}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def picture_response(path: str) -> FileResponse:
    """A picture of a dispute, for nobody else's cache."""
    answer = FileResponse(open_private(path), content_type="image/webp")
    answer["Cache-Control"] = "private, no-store"
    return answer
