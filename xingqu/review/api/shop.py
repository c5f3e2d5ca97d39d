"""A shop's review desk."""

from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream
from xingqu.review import selectors, services
from xingqu.review.domain.cases import Side
from xingqu.review.schemas import (
    CaseSpeechIn,
    ReplyBatchIn,
    ReplyBatchOut,
    ReplyIn,
    ReportIn,
    ReviewCountsOut,
    ReviewFilter,
    SavedReplyIn,
    SavedReplyOut,
    ShopOpinionsOut,
    ShopReviewOut,
)

router = Router()
WRITE = "reviews.write"


@router.get("/shops/{shop_id}/reviews", response=ListOut[ShopReviewOut])
def list_shop_reviews(
    request: HttpRequest,
    shop_id: Id,
    filters: Query[ReviewFilter],
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's reviews, newest first."""
    shop_of(request, shop_id, "view")
    items, last_id = selectors.shop_reviews(
        rows=selectors.desk_rows(shop_id=shop_id, query=filters.query()),
        before_id=cursor_id(cursor),
        limit=limit,
    )
    return page_of(items, last_id)


@router.get("/shops/{shop_id}/reviews.csv", response={200: Any})
def export_reviews(request: HttpRequest, shop_id: Id, filters: Query[ReviewFilter]) -> Any:
    """The filtered list as a CSV file; at most 200,000 reviews."""
    return _file(request, shop_id, filters, "csv")


@router.get("/shops/{shop_id}/reviews.xlsx", response={200: Any})
def export_reviews_xlsx(request: HttpRequest, shop_id: Id, filters: Query[ReviewFilter]) -> Any:
    """The same as an XLSX file; no cell of it is a formula."""
    return _file(request, shop_id, filters, "xlsx")


def _file(request: HttpRequest, shop_id: int, filters: ReviewFilter, kind: str) -> StreamingHttpResponse:
    shop_of(request, shop_id, "view")
    rows = selectors.export_rows(rows=selectors.desk_rows(shop_id=shop_id, query=filters.query()))
    headers = {"Content-Disposition": f'attachment; filename="reviews-{shop_id}.{kind}"'}
    if kind == "csv":
        return StreamingHttpResponse(csv_stream(rows), content_type="text/csv; charset=utf-8", headers=headers)
    return StreamingHttpResponse(xlsx_stream(rows, title="reviews"), content_type=XLSX_TYPE, headers=headers)


@router.get("/shops/{shop_id}/reviews/counts", response=ReviewCountsOut)
def count_reviews(request: HttpRequest, shop_id: Id) -> Any:
    """Counters of the review desk."""
    shop_of(request, shop_id, "view")
    return selectors.desk_counts(shop_id=shop_id)


@router.get("/shops/{shop_id}/reviews/opinions", response=ShopOpinionsOut)
def get_opinions(
    request: HttpRequest, shop_id: Id, days: Annotated[int, Query(ge=7, le=365)] = 30, product_id: Id | None = None
) -> Any:
    """What buyers praise and blame in a period, aspect by aspect, with the period before and the trend by week."""
    shop_of(request, shop_id, "view")
    return selectors.shop_opinions(shop_id=shop_id, days=days, product_id=product_id)


@router.post("/shops/{shop_id}/reviews/{review_id}/reply", response={204: None})
def reply_to_review(request: HttpRequest, shop_id: Id, review_id: Id, payload: ReplyIn) -> Any:
    """Answer a review or its follow-up, each once, for everybody to read."""
    member = shop_of(request, shop_id, WRITE)
    services.reply_to_review(
        shop_id=shop_id,
        review_id=review_id,
        text=payload.text,
        person_id=member.person_id,
        follow_up=payload.part == "follow_up",
    )
    return Status(204, None)


@router.put("/shops/{shop_id}/reviews/{review_id}/reply", response={204: None})
def edit_reply(request: HttpRequest, shop_id: Id, review_id: Id, payload: ReplyIn) -> Any:
    """Change an answer while its time lasts."""
    member = shop_of(request, shop_id, WRITE)
    services.edit_reply(
        shop_id=shop_id,
        review_id=review_id,
        text=payload.text,
        person_id=member.person_id,
        follow_up=payload.part == "follow_up",
    )
    return Status(204, None)


@router.post("/shops/{shop_id}/reviews/reply-batch", response=ReplyBatchOut)
def reply_batch(request: HttpRequest, shop_id: Id, payload: ReplyBatchIn) -> Any:
    """The same answer to up to 100 reviews, each for itself."""
    member = shop_of(request, shop_id, WRITE)
    items = services.reply_batch(
        shop_id=shop_id, review_ids=payload.review_ids, text=payload.text, person_id=member.person_id
    )
    return {"items": items}


@router.post("/shops/{shop_id}/reviews/{review_id}/report", response={204: None})
def report_review(request: HttpRequest, shop_id: Id, review_id: Id, payload: ReportIn) -> Any:
    """Ask the platform whether a review of one's goods may stand."""
    member = shop_of(request, shop_id, WRITE)
    services.report_review(
        person_id=member.person_id, review_id=review_id, reason=payload.reason, text=payload.text, shop_id=shop_id
    )
    return Status(204, None)


@router.post("/shops/{shop_id}/reviews/{review_id}/appeal", response={204: None})
def appeal(request: HttpRequest, shop_id: Id, review_id: Id, payload: CaseSpeechIn) -> Any:
    """Ask for another decision about a review that the shop reported and that stays, once."""
    member = shop_of(request, shop_id, WRITE)
    services.appeal(review_id=review_id, side=Side.SHOP, person_id=member.person_id, text=payload.text, shop_id=shop_id)
    return Status(204, None)


@router.post("/shops/{shop_id}/reviews/{review_id}/statement", response={204: None})
def make_statement(request: HttpRequest, shop_id: Id, review_id: Id, payload: CaseSpeechIn) -> Any:
    """Answer the author's appeal."""
    member = shop_of(request, shop_id, WRITE)
    services.make_statement(
        review_id=review_id, side=Side.SHOP, person_id=member.person_id, text=payload.text, shop_id=shop_id
    )
    return Status(204, None)


@router.get("/shops/{shop_id}/saved-replies", response=list[SavedReplyOut])
def list_saved_replies(request: HttpRequest, shop_id: Id) -> Any:
    """The answers that a shop keeps at hand."""
    shop_of(request, shop_id, "view")
    return selectors.saved_replies(shop_id=shop_id)


@router.post("/shops/{shop_id}/saved-replies", response={201: SavedReplyOut})
def create_saved_reply(request: HttpRequest, shop_id: Id, payload: SavedReplyIn) -> Any:
    """Keep an answer at hand; up to 100."""
    shop_of(request, shop_id, WRITE)
    return Status(201, {"id": services.save_reply(shop_id=shop_id, **payload.dict()), **payload.dict()})


@router.put("/shops/{shop_id}/saved-replies/{reply_id}", response=SavedReplyOut)
def change_saved_reply(request: HttpRequest, shop_id: Id, reply_id: Id, payload: SavedReplyIn) -> Any:
    """Change a saved reply."""
    shop_of(request, shop_id, WRITE)
    return {"id": services.save_reply(shop_id=shop_id, reply_id=reply_id, **payload.dict()), **payload.dict()}


@router.delete("/shops/{shop_id}/saved-replies/{reply_id}", response={204: None})
def delete_saved_reply(request: HttpRequest, shop_id: Id, reply_id: Id) -> Any:
    """Throw a saved reply away."""
    shop_of(request, shop_id, WRITE)
    services.delete_reply(shop_id=shop_id, reply_id=reply_id)
    return Status(204, None)
