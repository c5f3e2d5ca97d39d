"""Issuing: blue invoices at the merchant's word, red letters as money goes back. Numbers without gaps."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from xingqu.accounts.services import notify
from xingqu.invoice.domain.amounts import red_tax, tax_in
from xingqu.invoice.domain.errors import InvoiceState, NotInvoiceable, SellerMissing
from xingqu.invoice.issuers import OWN, IssuerDown, IssuerRefused, issuer
from xingqu.invoice.models import Invoice, InvoiceLine, InvoiceRequest
from xingqu.invoice.selectors.documents import document_of
from xingqu.invoice.selectors.rates import rates_of
from xingqu.invoice.selectors.requests import seller_of
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.sql import fetch_one
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.contracts import Refundable
from xingqu.trade.selectors import refundable_of

log = logging.getLogger(__name__)
FREIGHT = "运费"
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
_NEXT = (
    "INSERT INTO invoice_invoiceseries (shop_id, last) VALUES (%s, 1)"
    " ON CONFLICT (shop_id) DO UPDATE SET last = invoice_invoiceseries.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A line to write."""

    line_id: int | None
    name: str
    option_text: str
    quantity: int
    rate_bp: int
    gross_minor: int
    tax_minor: int
    base_minor: int = 0


@retried
@transaction.atomic
def issue_invoice(*, shop_id: int, order_no: str) -> None:
    """Issue what a request of this shop asks for, over what the buyer has paid and not got back.

    By the shop's own documents at once; an attached gateway is asked by the worker. Raises NotFound, InvoiceState,
    NotInvoiceable, SellerMissing.
    """
    hold_names(f"invoice:{order_no}")
    request = _request(shop_id, order_no)
    if request.state != "waiting":
        raise InvoiceState(data={"state": request.state})
    order = refundable_of(order_no=order_no)
    now = clock.now()
    parts = _parts(order, now)
    if order.paid_at is None or not parts:
        raise NotInvoiceable(data={"state": order.state})
    seller = seller_of(shop_id=shop_id)
    if seller is None:
        raise SellerMissing
    InvoiceRequest.objects.filter(pk=request.pk).update(state="issuing", reason="", decided_at=now)
    _make(request, parts, seller=seller, currency=order.currency, now=now)


@retried
@transaction.atomic
def reject_request(*, shop_id: int, order_no: str, reason: str) -> None:
    """Send a request back to its buyer with a reason. Raises NotFound, InvoiceState."""
    request = _request(shop_id, order_no)
    waiting = InvoiceRequest.objects.filter(pk=request.pk, state="waiting")
    if not waiting.update(state="rejected", reason=reason, decided_at=clock.now()):
        raise InvoiceState(data={"state": request.state})
    _tell(request, "invoice_rejected", reason=reason)


@retried
@transaction.atomic
def void_invoice(*, shop_id: int, order_no: str, reason: str) -> None:
    """Take an issued invoice back whole by a red letter over what is left of it; its buyer may then ask anew.

    Raises NotFound, InvoiceState.
    """
    hold_names(f"invoice:{order_no}")
    request = _request(shop_id, order_no)
    blue = _blue(request)
    if blue is None or request.state != "issued":
        raise InvoiceState(data={"state": request.state})
    parts = [_red_part(line, line.gross_minor - line.red_minor) for line in blue.lines.order_by("id")]
    now = clock.now()
    Invoice.objects.filter(pk=blue.pk).update(voided_at=now)
    InvoiceRequest.objects.filter(pk=request.pk).update(state="voided", reason=reason, decided_at=now)
    _make_red(request, blue, parts, reason, now)


@retried
@transaction.atomic
def take_back(*, order_no: str, reason: str) -> bool:
    """A red letter over what has gone back of an invoiced order and was not taken back yet. Doing it twice is doing it once."""
    hold_names(f"invoice:{order_no}")
    request = InvoiceRequest.objects.filter(order_no=order_no).first()
    if request is None:
        return False
    order = refundable_of(order_no=order_no)
    if request.state == "waiting" and order.paid_at is not None and not _parts(order, clock.now()):
        InvoiceRequest.objects.filter(pk=request.pk).update(state="closed", decided_at=clock.now())
        return False
    blue = _blue(request)
    if blue is None or request.state != "issued":
        return False
    refunded: dict[int | None, int] = {line.line_id: line.refunded_minor for line in order.lines}
    refunded[None] = order.freight_refunded_minor
    parts = []
    for line in blue.lines.order_by("id"):
        more = min(refunded[line.line_id] - line.base_minor, line.gross_minor) - line.red_minor
        if more > 0:
            parts.append(_red_part(line, more))
    if parts:
        _make_red(request, blue, parts, reason, clock.now())
    return bool(parts)


def issue_due() -> int:
    """Ask the attached gateway for the numbers of what is being issued. Returns how many it gave."""
    gateway = issuer()
    if gateway is None:
        return 0
    due = list(Invoice.objects.filter(due_at__lte=clock.now()).order_by("due_at")[:50])
    done = 0
    for invoice in due:
        try:
            number = gateway.issue(document_of(invoice))
        except IssuerDown:
            log.warning("invoice %s: the gateway does not answer", invoice.reference)
            pause = PAUSES[min(invoice.tries, len(PAUSES) - 1)]
            rows = Invoice.objects.filter(pk=invoice.pk, number=None)
            rows.update(due_at=clock.now() + pause, tries=F("tries") + 1)
        except IssuerRefused as refusal:
            _refused(invoice, str(refusal)[:200])
        else:
            done += _numbered(invoice, number)
    return done


def _request(shop_id: int, order_no: str) -> InvoiceRequest:
    request = InvoiceRequest.objects.filter(shop_id=shop_id, order_no=order_no).first()
    if request is None:
        raise NotFound(field="order_no", expected="an order of this shop with a request for an invoice")
    return request


def _blue(request: InvoiceRequest) -> Invoice | None:
    return Invoice.objects.filter(request=request, kind="blue", voided_at=None, number__isnull=False).first()


def _parts(order: Refundable, at: datetime) -> list[Part]:
    """What the buyer paid for each line and did not get back, and the freight at the rate of the largest of them."""
    rates = rates_of(product_ids=[line.product_id for line in order.lines], at=at)
    parts = []
    for line in order.lines:
        gross_minor = line.paid_minor - line.refunded_minor
        if gross_minor > 0:
            rate_bp = rates[line.product_id]
            quantity = max(line.quantity - line.refunded_quantity, 1)
            tax_minor = tax_in(gross_minor, rate_bp)
            parts.append(
                Part(
                    line.line_id,
                    line.name,
                    line.option_text,
                    quantity,
                    rate_bp,
                    gross_minor,
                    tax_minor,
                    line.refunded_minor,
                )
            )
    freight_minor = order.freight_minor - order.freight_refunded_minor
    if freight_minor > 0:
        largest = max(order.lines, key=lambda line: line.paid_minor)
        rate_bp = rates[largest.product_id]
        tax_minor = tax_in(freight_minor, rate_bp)
        parts.append(Part(None, FREIGHT, "", 1, rate_bp, freight_minor, tax_minor, order.freight_refunded_minor))
    return parts


def _red_part(line: InvoiceLine, red_minor: int) -> Part:
    tax_minor = red_tax(
        gross_minor=line.gross_minor, tax_minor=line.tax_minor, red_before_minor=line.red_minor, red_minor=red_minor
    )
    return Part(line.line_id, line.name, line.option_text, line.quantity, line.rate_bp, red_minor, tax_minor)


def _make_red(request: InvoiceRequest, blue: Invoice, parts: list[Part], reason: str, now: datetime) -> None:
    parts = [part for part in parts if part.gross_minor > 0]
    for part in parts:
        blue.lines.filter(line_id=part.line_id).update(red_minor=F("red_minor") + part.gross_minor)
    if parts:
        _make(request, parts, seller=blue.seller, currency=blue.currency, now=now, blue=blue, reason=reason)


def _make(
    request: InvoiceRequest,
    parts: list[Part],
    *,
    seller: dict[str, str],
    currency: str,
    now: datetime,
    blue: Invoice | None = None,
    reason: str = "",
) -> None:
    gateway = issuer()
    invoice = Invoice.objects.create(
        reference=new_number("V", now),
        request=request,
        shop_id=request.shop_id,
        kind="blue" if blue is None else "red",
        blue=blue,
        issuer=OWN if gateway is None else gateway.code,
        order_no=request.order_no,
        currency=currency,
        buyer=request.title if blue is None else blue.buyer,
        seller=seller,
        gross_minor=sum(part.gross_minor for part in parts),
        tax_minor=sum(part.tax_minor for part in parts),
        reason=reason,
        made_at=now,
        due_at=None if gateway is None else now,
    )
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                invoice=invoice,
                line_id=part.line_id,
                name=part.name,
                option_text=part.option_text,
                quantity=part.quantity,
                rate_bp=part.rate_bp,
                gross_minor=part.gross_minor,
                tax_minor=part.tax_minor,
                base_minor=part.base_minor,
            )
            for part in parts
        ]
    )
    if gateway is None:
        row = fetch_one(_NEXT, [request.shop_id])
        if row is None:
            raise RuntimeError("the series gave no number")
        _finish(invoice, f"{row[0]:08d}", now)


@transaction.atomic
def _numbered(invoice: Invoice, number: str) -> int:
    """The gateway gave a number: it counts once. What went back meanwhile is taken back at once."""
    hold_names(f"invoice:{invoice.order_no}")
    if not _finish(invoice, number[:40], clock.now()):
        return 0
    if invoice.kind == "blue":
        take_back(order_no=invoice.order_no, reason="refund")
    return 1


def _finish(invoice: Invoice, number: str, now: datetime) -> bool:
    unnumbered = Invoice.objects.filter(pk=invoice.pk, number=None)
    if not unnumbered.update(number=number, issued_at=now, due_at=None, refusal=""):
        return False
    request = invoice.request
    if invoice.kind == "blue":
        InvoiceRequest.objects.filter(pk=request.pk, state="issuing").update(state="issued", decided_at=now)
    _tell(request, "invoice_issued" if invoice.kind == "blue" else "invoice_red", number=number)
    return True


@transaction.atomic
def _refused(invoice: Invoice, words: str) -> None:
    """A refused blue one goes back to the merchant's queue; a red letter stays to be tried again, for the money has gone."""
    hold_names(f"invoice:{invoice.order_no}")
    log.error("invoice %s was refused: %s", invoice.reference, words)
    rows = Invoice.objects.filter(pk=invoice.pk, number=None, voided_at=None)
    if invoice.kind == "red":
        rows.update(refusal=words, tries=F("tries") + 1, due_at=clock.now() + PAUSES[-1])
    elif rows.update(refusal=words, due_at=None, voided_at=clock.now()):
        InvoiceRequest.objects.filter(pk=invoice.request_id, state="issuing").update(state="waiting", reason=words)


def _tell(request: InvoiceRequest, kind: str, **data: str) -> None:
    notify(person_id=request.person_id, kind=kind, data={"order_no": request.order_no, **data})


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What became of one of a batch: `error` is None when it was issued."""

    order_no: str
    error: BusinessError | None


def issue_batch(*, shop_id: int, order_nos: list[str]) -> list[BatchRow]:
    """Issue many, each on its own: one that can't be issued keeps no other from it."""
    rows = []
    for order_no in dict.fromkeys(order_nos):
        try:
            issue_invoice(shop_id=shop_id, order_no=order_no)
            rows.append(BatchRow(order_no, None))
        except BusinessError as error:
            rows.append(BatchRow(order_no, error))
    return rows
