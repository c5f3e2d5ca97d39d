"""A shop's queue of invoices, and the operator's tax rates."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import operator_of, shop_of
from xingqu.invoice.api.buyer import pdf_response
from xingqu.invoice.document import invoice_pdf
from xingqu.invoice.schemas import (
    InvoiceBatchIn,
    InvoiceBatchOut,
    InvoiceCountsOut,
    InvoiceRequestOut,
    InvoiceSettingsOut,
    ReasonIn,
    SellerIn,
    Tab,
    TaxRuleIn,
    TaxRulesOut,
)
from xingqu.invoice.selectors.documents import issued_document
from xingqu.invoice.selectors.rates import tax_rules
from xingqu.invoice.selectors.requests import request_of, requests_page, seller_of, shop_counts, shop_requests
from xingqu.invoice.services import issuing, titles
from xingqu.kit.api import CursorText, Id, Limit, ListOut, Number, ShortText, cursor_id, page_of
from xingqu.kit.errors import error_body

router = Router()
WRITE = "funds.write"


@router.get("/shops/{shop_id}/invoices", response=ListOut[InvoiceRequestOut])
def list_shop_invoices(
    request: HttpRequest,
    shop_id: Id,
    tab: Tab = "waiting",
    q: ShortText = "",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Requests to a shop, newest first; `q` finds an order's number or a part of the title."""
    shop_of(request, shop_id, "view")
    rows = shop_requests(shop_id=shop_id, tab=tab, q=q)
    items, last = requests_page(rows=rows, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last)


@router.get("/shops/{shop_id}/invoices/counts", response=InvoiceCountsOut)
def count_shop_invoices(request: HttpRequest, shop_id: Id) -> Any:
    """Number of requests by tab."""
    shop_of(request, shop_id, "view")
    return shop_counts(shop_id=shop_id)


@router.get("/shops/{shop_id}/invoices/settings", response=InvoiceSettingsOut)
def get_invoice_settings(request: HttpRequest, shop_id: Id) -> Any:
    """In whose name the shop issues, and by whom."""
    shop_of(request, shop_id, "view")
    return _settings(shop_id)


@router.put("/shops/{shop_id}/invoices/settings", response=InvoiceSettingsOut)
def set_invoice_seller(request: HttpRequest, shop_id: Id, payload: SellerIn) -> Any:
    """Say in whose name the shop issues from now on."""
    shop_of(request, shop_id, WRITE)
    titles.set_seller(shop_id=shop_id, fields=payload.dict())
    return _settings(shop_id)


@router.post("/shops/{shop_id}/invoices/issue-batch", response=InvoiceBatchOut)
def issue_many(request: HttpRequest, shop_id: Id, payload: InvoiceBatchIn) -> Any:
    """Issue up to 100, each answered on its own."""
    shop_of(request, shop_id, WRITE)
    rows = issuing.issue_batch(shop_id=shop_id, order_nos=payload.order_nos)
    return {
        "items": [
            {
                "order_no": row.order_no,
                "issued": row.error is None,
                "error": None if row.error is None else error_body(row.error)["error"],
            }
            for row in rows
        ]
    }


@router.get("/shops/{shop_id}/invoices/documents/{reference}.pdf", response={200: Any})
def download_shop_invoice(request: HttpRequest, shop_id: Id, reference: Number) -> Any:
    """A document that the shop issued, as a PDF."""
    shop_of(request, shop_id, "view")
    document = issued_document(reference=reference, shop_id=shop_id)
    return pdf_response(invoice_pdf(document), f"invoice-{document.order_no}-{document.number}")


@router.get("/shops/{shop_id}/invoices/{order_no}", response=InvoiceRequestOut)
def get_shop_invoice(request: HttpRequest, shop_id: Id, order_no: Number) -> Any:
    """The request for an order of the shop."""
    shop_of(request, shop_id, "view")
    return request_of(order_no=order_no, shop_id=shop_id)


@router.post("/shops/{shop_id}/invoices/{order_no}/issue", response=InvoiceRequestOut)
def issue_one(request: HttpRequest, shop_id: Id, order_no: Number) -> Any:
    """Issue what was asked for."""
    shop_of(request, shop_id, WRITE)
    issuing.issue_invoice(shop_id=shop_id, order_no=order_no)
    return request_of(order_no=order_no, shop_id=shop_id)


@router.post("/shops/{shop_id}/invoices/{order_no}/reject", response=InvoiceRequestOut)
def reject_one(request: HttpRequest, shop_id: Id, order_no: Number, payload: ReasonIn) -> Any:
    """Send a request back with a reason; the buyer may ask again."""
    shop_of(request, shop_id, WRITE)
    issuing.reject_request(shop_id=shop_id, order_no=order_no, reason=payload.reason)
    return request_of(order_no=order_no, shop_id=shop_id)


@router.post("/shops/{shop_id}/invoices/{order_no}/void", response=InvoiceRequestOut)
def void_one(request: HttpRequest, shop_id: Id, order_no: Number, payload: ReasonIn) -> Any:
    """Take an issued invoice back whole by a red letter; the buyer may ask anew."""
    shop_of(request, shop_id, WRITE)
    issuing.void_invoice(shop_id=shop_id, order_no=order_no, reason=payload.reason)
    return request_of(order_no=order_no, shop_id=shop_id)


@router.get("/operator/tax-rules", response=TaxRulesOut)
def list_tax_rules(request: HttpRequest) -> Any:
    """Tax rates by category: every rule, newest first."""
    operator_of(request)
    return tax_rules()


@router.post("/operator/tax-rules", response={201: TaxRulesOut})
def make_tax_rule(request: HttpRequest, payload: TaxRuleIn) -> Any:
    """A rate from a day on; issued invoices keep theirs."""
    operator_of(request)
    titles.add_tax_rule(**payload.dict())
    return Status(201, tax_rules())


def _settings(shop_id: int) -> dict[str, Any]:
    return {"seller": seller_of(shop_id=shop_id), "issuer": settings.ENVIRONMENT.invoice_issuer}
