"""Requests with their documents, as buyers and merchants read them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from xingqu.invoice.models import Invoice, InvoiceRequest, InvoiceSeller, InvoiceTitle
from xingqu.kit.errors import NotFound
from xingqu.trade.selectors import orders_left

TABS: dict[str, Q] = {
    "waiting": Q(state__in=["waiting", "issuing"], ripe=True),
    "issued": Q(state="issued"),
    "rejected": Q(state__in=["rejected", "voided"]),
    "all": Q(),
}
TITLE_FIELDS = ("kind", "name", "tax_no", "address", "phone", "bank", "account")
SELLER_FIELDS = TITLE_FIELDS[1:]


def titles_of(*, person_id: int) -> list[InvoiceTitle]:
    """A person's book, the default first."""
    return list(InvoiceTitle.objects.filter(person_id=person_id).order_by("-is_default", "-id"))


def seller_of(*, shop_id: int) -> dict[str, str] | None:
    """In whose name a shop issues, None until it said so."""
    seller = InvoiceSeller.objects.filter(shop_id=shop_id).first()
    return None if seller is None else {name: getattr(seller, name) for name in SELLER_FIELDS}


def requests_page(
    *, rows: QuerySet[InvoiceRequest], before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page, newest first, and the id to go on from."""
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return present(page), page[-1].pk if len(found) > limit else None


def shop_requests(*, shop_id: int, tab: str, q: str = "") -> QuerySet[InvoiceRequest]:
    """Requests to a shop; `q` is an order's number or a part of the title's name."""
    rows = InvoiceRequest.objects.filter(TABS[tab], shop_id=shop_id)
    return rows.filter(Q(order_no=q) | Q(title__name__icontains=q)) if q else rows


def shop_counts(*, shop_id: int) -> dict[str, int]:
    """Number of requests by tab."""
    wanted = {tab: Count("id", filter=rule) for tab, rule in TABS.items() if tab != "all"}
    return InvoiceRequest.objects.filter(shop_id=shop_id).aggregate(**wanted)


def request_of(*, order_no: str, **owner: Any) -> dict[str, Any]:
    """One request, of a shop (`shop_id`) or a buyer (`person_id`). Raises NotFound."""
    found = InvoiceRequest.objects.filter(order_no=order_no, **owner)
    if not found:
        raise NotFound(field="order_no", expected="an order with a request for an invoice")
    return present(list(found))[0]


def present(requests: Sequence[InvoiceRequest]) -> list[dict[str, Any]]:
    """Requests with their documents and what is left to invoice; a fixed number of statements."""
    documents: dict[int, list[dict[str, Any]]] = {request.pk: [] for request in requests}
    rows = Invoice.objects.filter(request_id__in=list(documents)).select_related("blue").order_by("id")
    for invoice in rows:
        documents[invoice.request_id].append(_document(invoice))
    left = orders_left(order_nos=[request.order_no for request in requests])
    return [
        {
            "order_no": request.order_no,
            "shop_id": request.shop_id,
            "state": request.state,
            "ripe": request.ripe,
            "title": request.title,
            "reason": request.reason,
            "asked_at": request.asked_at,
            "decided_at": request.decided_at,
            "amount": {"amount_minor": left[request.order_no].left_minor, "currency": left[request.order_no].currency},
            "documents": documents[request.pk],
        }
        for request in requests
    ]


def _document(invoice: Invoice) -> dict[str, Any]:
    return {
        "reference": invoice.reference,
        "kind": invoice.kind,
        "number": invoice.number,
        "red_of": invoice.blue.number if invoice.blue is not None else None,
        "gross": {"amount_minor": invoice.gross_minor, "currency": invoice.currency},
        "tax": {"amount_minor": invoice.tax_minor, "currency": invoice.currency},
        "reason": invoice.reason,
        "refusal": invoice.refusal,
        "issued_at": invoice.issued_at,
        "voided": invoice.voided_at is not None,
    }
