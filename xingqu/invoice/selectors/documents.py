"""Documents as issuers and readers need them."""

from typing import Any

from xingqu.invoice.contracts import Document, DocumentLine
from xingqu.invoice.models import Invoice, InvoiceLine
from xingqu.kit.errors import NotFound


def document_of(invoice: Invoice) -> Document:
    """An invoice with its lines."""
    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("id")
    return Document(
        reference=invoice.reference,
        kind=invoice.kind,  # type: ignore[arg-type]  # the column holds one of the kinds
        number=invoice.number or "",
        red_of=(invoice.blue.number or "") if invoice.blue is not None else "",
        order_no=invoice.order_no,
        currency=invoice.currency,
        buyer=invoice.buyer,
        seller=invoice.seller,
        lines=tuple(
            DocumentLine(
                name=line.name,
                option_text=line.option_text,
                quantity=line.quantity,
                rate_bp=line.rate_bp,
                gross_minor=line.gross_minor,
                net_minor=line.gross_minor - line.tax_minor,
                tax_minor=line.tax_minor,
            )
            for line in lines
        ),
        gross_minor=invoice.gross_minor,
        net_minor=invoice.gross_minor - invoice.tax_minor,
        tax_minor=invoice.tax_minor,
        reason=invoice.reason,
        issued_at=invoice.issued_at,
        issuer=invoice.issuer,
    )


def issued_document(*, reference: str, **owner: Any) -> Document:
    """A document that was issued, to its shop (`shop_id`) or its buyer (`request__person_id`). Raises NotFound for anybody
    else's."""
    invoice = Invoice.objects.select_related("blue").filter(reference=reference, number__isnull=False, **owner).first()
    if invoice is None:
        raise NotFound(field="reference", expected="an invoice of yours that was issued")
    return document_of(invoice)
