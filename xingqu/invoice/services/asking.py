"""A buyer's wish for an invoice."""

from typing import Any

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.invoice.domain.errors import InvoiceState, NotInvoiceable
from xingqu.invoice.models import InvoiceRequest, InvoiceTitle
from xingqu.invoice.selectors.requests import TITLE_FIELDS
from xingqu.invoice.services.titles import checked_title
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.contracts import OrderLeft
from xingqu.trade.selectors import orders_left

# An order in these states may become or is one to invoice.
OPEN = frozenset({"unpaid", "paid", "part_shipped", "shipped", "done", "refunding"})
UNRIPE_AT_ONCE = 500


def _own_order(person_id: int, order_no: str) -> OrderLeft:
    order = orders_left(order_nos=[order_no]).get(order_no)
    if order is None or order.buyer_key != f"p{person_id}":
        raise NotFound(field="order_no", expected="the number of one of your orders")
    return order


@retried
@transaction.atomic
def ask_invoice(*, person_id: int, order_no: str, title_id: int | None, title: dict[str, Any] | None) -> None:
    """Ask for an invoice of an order, at checkout or later, with a title of the book or a new one; while it waits, or after
    a rejection, asking again changes the title.

    Raises NotFound (order, title), BadTaxNumber, NotInvoiceable, InvoiceState once it is issued.
    """
    order = _own_order(person_id, order_no)
    if title_id is not None:
        entry = InvoiceTitle.objects.filter(person_id=person_id, pk=title_id).first()
        if entry is None:
            raise NotFound(field="title_id", expected="the id of one of your titles")
        title = {name: getattr(entry, name) for name in TITLE_FIELDS}
    kept = checked_title({name: (title or {}).get(name, "") for name in TITLE_FIELDS})
    if order.state not in OPEN or (order.paid_at is not None and order.left_minor <= 0):
        raise NotInvoiceable(data={"state": order.state})
    hold_names(f"invoice:{order_no}")
    now, ripe = clock.now(), order.paid_at is not None
    known = InvoiceRequest.objects.filter(order_no=order_no).first()
    if known is not None and known.state not in ("waiting", "rejected", "voided", "closed"):
        raise InvoiceState(data={"state": known.state})
    values = {"title": kept, "state": "waiting", "ripe": ripe, "reason": "", "asked_at": now, "decided_at": None}
    if known is None:
        InvoiceRequest.objects.create(order_no=order_no, shop_id=order.shop_id, person_id=person_id, **values)
    else:
        InvoiceRequest.objects.filter(pk=known.pk).update(**values)
    if ripe and (known is None or known.state != "waiting"):
        _tell_shop(order_no, order.shop_id)


@transaction.atomic
def withdraw_request(*, person_id: int, order_no: str) -> None:
    """Think better of it, while it waits. Raises NotFound, InvoiceState."""
    rows = InvoiceRequest.objects.filter(person_id=person_id, order_no=order_no)
    if rows.filter(state="waiting").update(state="closed", decided_at=clock.now()):
        return
    state = rows.values_list("state", flat=True).first()
    if state is None:
        raise NotFound(field="order_no", expected="an order with a request for an invoice")
    raise InvoiceState(data={"state": state})


def ripen_requests() -> int:
    """Requests made at checkout reach the merchant's queue once their order is paid, and are closed when it is cancelled."""
    unripe = list(InvoiceRequest.objects.filter(state="waiting", ripe=False).order_by("id")[:UNRIPE_AT_ONCE])
    orders = orders_left(order_nos=[request.order_no for request in unripe]) if unripe else {}
    moved = 0
    for request in unripe:
        order = orders[request.order_no]
        with transaction.atomic():
            waiting = InvoiceRequest.objects.filter(pk=request.pk, state="waiting", ripe=False)
            if order.paid_at is not None:
                if waiting.update(ripe=True):
                    _tell_shop(request.order_no, request.shop_id)
                    moved += 1
            elif order.state not in OPEN:
                moved += waiting.update(state="closed", decided_at=clock.now())
    return moved


def _tell_shop(order_no: str, shop_id: int) -> None:
    notify(organisation_id=shop_id, kind="invoice_asked", data={"order_no": order_no, "shop_id": shop_id})
