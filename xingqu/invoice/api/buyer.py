"""A buyer's titles, requests and documents."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from xingqu.accounts.selectors import person_of
from xingqu.invoice.document import invoice_pdf
from xingqu.invoice.models import InvoiceRequest
from xingqu.invoice.schemas import InvoiceAskIn, InvoiceRequestOut, TitleIn, TitleOut
from xingqu.invoice.selectors.documents import issued_document
from xingqu.invoice.selectors.requests import request_of, requests_page, titles_of
from xingqu.invoice.services import asking, titles
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, cursor_id, page_of

router = Router()


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A file to keep, for nobody else's cache."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/me/invoice-titles", response=list[TitleOut])
def list_titles(request: HttpRequest) -> Any:
    """One's own book of invoice titles, the default first."""
    return titles_of(person_id=person_of(request))


@router.post("/me/invoice-titles", response={201: list[TitleOut]})
def add_title(request: HttpRequest, payload: TitleIn) -> Any:
    """Add a title; answers with the book."""
    person_id = person_of(request)
    titles.save_title(person_id=person_id, fields=payload.dict())
    return Status(201, titles_of(person_id=person_id))


@router.put("/me/invoice-titles/{title_id}", response=list[TitleOut])
def change_title(request: HttpRequest, title_id: Id, payload: TitleIn) -> Any:
    """Change a title; requests that were made keep theirs."""
    person_id = person_of(request)
    titles.save_title(person_id=person_id, fields=payload.dict(), title_id=title_id)
    return titles_of(person_id=person_id)


@router.delete("/me/invoice-titles/{title_id}", response={204: None})
def remove_title(request: HttpRequest, title_id: Id) -> Any:
    """Remove a title."""
    titles.remove_title(person_id=person_of(request), title_id=title_id)
    return Status(204, None)


@router.get("/me/invoices", response=ListOut[InvoiceRequestOut])
def list_my_invoices(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """One's own requests with their documents, newest first."""
    rows = InvoiceRequest.objects.filter(person_id=person_of(request))
    items, last = requests_page(rows=rows, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/orders/{order_no}/invoice", response=InvoiceRequestOut)
def get_invoice(request: HttpRequest, order_no: Number) -> Any:
    """The request for an invoice of one's own order."""
    return request_of(order_no=order_no, person_id=person_of(request))


@router.post("/orders/{order_no}/invoice", response={201: InvoiceRequestOut})
def ask_invoice(request: HttpRequest, order_no: Number, payload: InvoiceAskIn) -> Any:
    """Ask for an invoice of an order: as soon as it is placed, or later; again with another title until it is issued."""
    person_id = person_of(request)
    title = payload.title.dict() if payload.title is not None else None
    asking.ask_invoice(person_id=person_id, order_no=order_no, title_id=payload.title_id, title=title)
    return Status(201, request_of(order_no=order_no, person_id=person_id))


@router.delete("/orders/{order_no}/invoice", response={204: None})
def withdraw_invoice(request: HttpRequest, order_no: Number) -> Any:
    """Withdraw a request that waits."""
    asking.withdraw_request(person_id=person_of(request), order_no=order_no)
    return Status(204, None)


@router.get("/invoices/{reference}.pdf", response={200: Any})
def download_invoice(request: HttpRequest, reference: Number) -> Any:
    """A document of one's own order as a PDF."""
    document = issued_document(reference=reference, request__person_id=person_of(request))
    return pdf_response(invoice_pdf(document), f"invoice-{document.order_no}-{document.number}")
