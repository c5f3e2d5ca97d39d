"""Quote, checkout and payment."""

from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import actor_of, person_of
from xingqu.kit.api import Number
from xingqu.kit.errors import InvalidInput
from xingqu.trade.api.cart import claim_of
from xingqu.trade.domain.quote import WantedLine
from xingqu.trade.schemas import (
    CheckoutIn,
    ParentOrderOut,
    PayIn,
    PaymentOut,
    PayMethodsOut,
    PayOut,
    PayTogetherIn,
    QuoteIn,
    QuoteOut,
)
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.selectors.cart import selected_lines
from xingqu.trade.selectors.offers import offers_of
from xingqu.trade.selectors.orders import parent_order
from xingqu.trade.selectors.payments import acknowledgement_of, pay_methods, payment_of
from xingqu.trade.selectors.quotes import present_quote
from xingqu.trade.services import checkout, payments, queries, quotes, together

router = Router()
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
IdempotencyKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]


@router.post("/checkout/quote", response=QuoteOut)
def make_quote(request: HttpRequest, payload: QuoteIn) -> Any:
    """What these lines (or the selected lines of the cart) cost now; the token can be ordered from for a while."""
    key = actor_of(request).key
    if payload.lines is None:
        wanted, touches = selected_lines(owner_key=key)
    else:
        wanted, touches = [WantedLine(line.sku_id, line.quantity) for line in payload.lines], {}
    claims = {line.sku_id: claim for line in payload.lines or () if (claim := claim_of(line.attribution)) is not None}
    address = address_of(owner_key=key, address_id=payload.address_id) if payload.address_id is not None else None
    chosen = frozenset(payload.coupon_ids) if payload.coupon_ids is not None else None
    offers = offers_of(sku_ids=[line.sku_id for line in wanted])
    wanted = quotes.attribute_lines(wanted=wanted, offers=offers, actor_key=key, touches=touches, claims=claims)
    quote = quotes.quote_lines(wanted=wanted, address=address, actor_key=key, coupon_ids=chosen, offers=offers)
    token = quotes.sign_quote(
        quote, wanted=wanted, actor_key=key, address_id=payload.address_id, picked=chosen is not None
    )
    return present_quote(quote, token)


@router.post("/checkout", response={201: ParentOrderOut})
def place_order(
    request: HttpRequest,
    payload: CheckoutIn,
    idempotency_key: IdempotencyKey = Header(..., alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Any:
    """Order what was quoted. The same key and body give the same answer again."""
    key = actor_of(request).key
    order_no = checkout.place_order(
        buyer_key=key,
        idempotency_key=idempotency_key,
        request=checkout.CheckoutRequest(
            quote_token=payload.quote_token,
            address_id=payload.address_id,
            notes=tuple(payload.notes.items()),
            from_cart=payload.from_cart,
        ),
    )
    return Status(201, parent_order(buyer_key=key, order_no=order_no))


@router.post("/orders/{order_no}/pay", response=PayOut)
def pay_order(request: HttpRequest, order_no: Number, payload: PayIn) -> Any:
    """Start a payment of an order (with the others of its checkout); send the buyer to `redirect_url`. Needs a signed-in person."""
    person_of(request)
    payment_no, redirect_url = payments.start_payment(
        buyer_key=actor_of(request).key,
        order_no=order_no,
        provider=payload.provider,
        return_path=_return_path(request, payload.return_url, f"/orders/{order_no}"),
        language=payload.language,
        device=payload.device,
        payer_ip=_payer_ip(request),
    )
    return {"payment_no": payment_no, "redirect_url": redirect_url}


@router.post("/payments", response=PayOut)
def pay_together(request: HttpRequest, payload: PayTogetherIn) -> Any:
    """Start one payment of several unpaid orders; send the buyer to `redirect_url`. Orders of the same checkout are paid with
    them. Should one of them not be payable any more when the money comes, its part goes back. Needs a signed-in person."""
    person_of(request)
    payment_no, redirect_url = together.start_together(
        buyer_key=actor_of(request).key,
        order_nos=payload.order_nos,
        provider=payload.provider,
        return_path=_return_path(request, payload.return_url, "/orders?tab=unpaid"),
        language=payload.language,
        device=payload.device,
        payer_ip=_payer_ip(request),
    )
    return {"payment_no": payment_no, "redirect_url": redirect_url}


@router.get("/payments/methods", response=PayMethodsOut)
def list_methods(request: HttpRequest, currency: Currency = "CNY") -> Any:
    """The ways to pay that this site has for orders of a currency, in the order in which to show them."""
    return {"items": [{"code": code, "test": code == "sandbox"} for code in pay_methods(currency=currency)]}


@router.get("/payments/{payment_no}", response=PaymentOut)
def get_payment(request: HttpRequest, payment_no: Number) -> Any:
    """State of one's own payment. While it is pending the provider is asked as well, by the worker: look again."""
    payment = payment_of(buyer_key=actor_of(request).key, payment_no=payment_no)
    if payment["state"] in ("pending", "unknown"):
        queries.hasten_query(payment_no=payment_no)
    return payment


@router.post("/payments/callback/{provider}", auth=None, response={200: dict[str, str]}, include_in_schema=False)
def take_callback(request: HttpRequest, provider: Number) -> Any:
    """A provider's signed notice; 2xx with the provider's own word acknowledges it."""
    outcome = payments.take_callback(provider=provider, headers=request.headers, body=request.body)
    word = acknowledgement_of(provider=provider)
    return {"outcome": outcome} if word is None else HttpResponse(word, content_type="text/plain")


def _payer_ip(request: HttpRequest) -> str:
    """Address of the buyer, as the edge passes it on."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[0].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(told))
    except ValueError:
        return ""


def _return_path(request: HttpRequest, return_url: str | None, default: str) -> str:
    """Path, query and fragment of an address of this very site. Raises InvalidInput for any other."""
    if not return_url:
        return default
    refused = InvalidInput(field="return_url", expected="an address of this site, such as /orders")
    if any(ord(c) <= 32 or c == "\\" for c in return_url):
        raise refused
    try:
        parts = urlsplit(return_url)
        own = {settings.ENVIRONMENT.origin, f"{request.scheme}://{request.get_host()}"}
    except ValueError as error:
        raise refused from error
    is_own = f"{parts.scheme}://{parts.netloc}" in own if parts.scheme or parts.netloc else True
    path = parts.path or "/"
    if not is_own or not path.startswith("/") or path.startswith("//"):
        raise refused
    return path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
