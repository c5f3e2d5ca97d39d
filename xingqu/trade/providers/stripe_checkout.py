"""Stripe Checkout over stripe: hosted pages, signed events, refunds, the bill from balance transactions.

What the SDK does that one would not expect: the module keeps its key and client globally, so a `StripeClient` of its own is
used (its HTTP client keeps one session a thread); it waits 80 s by default and repeats by itself; an idempotency key is
forgotten after a day, so a refund is looked up before it is asked for. A session lives for at least half an hour, longer
than an order may be unpaid, hence it is expired with the order.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import orjson
import stripe

from xingqu.kit import clock
from xingqu.trade.domain.errors import BadSignature, WrongRecipient
from xingqu.trade.providers.addresses import return_address
from xingqu.trade.providers.keys import StripeKeys
from xingqu.trade.providers.protocol import (
    BILL_ZONE,
    BilledItem,
    Notice,
    Opening,
    PaymentRef,
    PaymentRequest,
    ProviderRefused,
    ProviderUnsure,
    RefundRequest,
    StatusReport,
)

# At INFO the SDK writes every address it asks, twice.
logging.getLogger("stripe").setLevel(logging.WARNING)
MAX_AGE_S = 300
# Stripe wants half an hour at least when the session is made; some for the way there, and for asking again.
LEAST_LIFE = timedelta(minutes=35)
SESSION_EVENTS: dict[str, Literal["failed", "closed"] | None] = {
    "checkout.session.completed": None,  # paid or not: the session says
    "checkout.session.async_payment_succeeded": None,
    "checkout.session.async_payment_failed": "failed",
    "checkout.session.expired": "closed",
}
REFUND_EVENTS = frozenset({"refund.updated", "refund.failed", "charge.refund.updated"})
PASSING = (stripe.APIConnectionError, stripe.RateLimitError)
PAYMENT_TYPES, REFUND_TYPES = frozenset({"charge", "payment"}), frozenset({"refund", "payment_refund"})


class StripeProvider:
    """Implements PaymentProvider."""

    currencies: frozenset[str] | None = None
    acknowledgement: str | None = None
    own_threads = True

    def __init__(self, keys: StripeKeys) -> None:
        self._keys = keys
        self._is_live = keys.secret_key.startswith(("sk_live_", "rk_live_"))
        self._client = stripe.StripeClient(
            keys.secret_key,
            base_addresses={"api": keys.gateway},
            http_client=stripe.RequestsClient(timeout=(min(keys.timeout_s, 3.0), keys.timeout_s)),
            max_network_retries=0,
        )

    def create(self, request: PaymentRequest) -> str | None:
        return None

    def open(self, request: PaymentRequest) -> Opening:
        """The address of a Checkout session. Every field follows from the request, so that asking again is the same ask."""
        back = return_address(request)
        metadata = {"payment_no": request.payment_no}
        ends_at = max(request.expires_at, request.created_at + LEAST_LIFE)
        item = {
            "quantity": 1,
            "price_data": {
                "currency": request.currency.lower(),
                "unit_amount": request.amount_minor,
                "product_data": {"name": request.subject},
            },
        }
        session = self._ask(
            self._client.v1.checkout.sessions.create,
            {
                "mode": "payment",
                "client_reference_id": request.payment_no,
                "line_items": [item],
                "metadata": metadata,
                "payment_intent_data": {"metadata": metadata},
                "success_url": back,
                "cancel_url": back,
                "expires_at": int(ends_at.timestamp()),
                "locale": "en" if request.language == "en" else "zh",
            },
            {"idempotency_key": f"open-{request.payment_no}"},
        )
        return Opening("redirect", str(session["url"]), str(session["id"]))

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> Notice:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), headers.get("Stripe-Signature"), self._keys.webhook_secret, tolerance=MAX_AGE_S
            )
            event = orjson.loads(body)
            content = event["data"]["object"]
            event_id, kind = event["id"], event["type"]
            if not isinstance(event_id, str) or not 0 < len(event_id) <= 80:
                raise ValueError("no event id")
            if event["livemode"] is not self._is_live:
                raise WrongRecipient(field="livemode")
            if event.get("account"):
                raise WrongRecipient(field="account")
            if kind in SESSION_EVENTS and (content.get("metadata") or {}).get("payment_no"):
                return Notice(event_id, _report(content, SESSION_EVENTS[kind], event.get("created")))
            if kind in REFUND_EVENTS:
                return Notice(event_id, refund_no=str((content.get("metadata") or {}).get("refund_no", "")))
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignature from error
        return Notice(event_id)

    def query(self, payment: PaymentRef) -> StatusReport:
        if not payment.token:  # no buyer ever saw an address of it
            return StatusReport(payment.payment_no, "pending", payment.amount_minor, payment.currency, "")
        try:
            return self._report_of(payment, self._client.v1.checkout.sessions.retrieve)
        except ProviderRefused as error:
            raise ProviderUnsure(error.code) from error

    def close(self, payment: PaymentRef) -> StatusReport:
        if not payment.token:
            return StatusReport(payment.payment_no, "closed", payment.amount_minor, payment.currency, "")
        try:
            return self._report_of(payment, self._client.v1.checkout.sessions.expire)
        except ProviderRefused:  # paid or expired in the meantime
            return self.query(payment)

    def _report_of(self, payment: PaymentRef, call: Any) -> StatusReport:
        session = self._ask_about(lambda: call(payment.token))
        try:
            if session["client_reference_id"] != payment.payment_no:
                raise ValueError("another session")
            return _report(session, None, None)
        except (ValueError, KeyError, TypeError) as error:
            raise ProviderUnsure(f"unreadable answer: {error!r}") from error

    def refund(self, request: RefundRequest) -> bool:
        try:
            known = self._known_refund(request)
            found = known or self._ask(
                self._client.v1.refunds.create,
                {
                    "payment_intent": request.reference,
                    "amount": request.amount_minor,
                    "metadata": {"refund_no": request.refund_no, "payment_no": request.payment_no},
                },
                {"idempotency_key": f"refund-{request.refund_no}"},
            )
        except ProviderRefused as error:
            if error.code in ("balance_insufficient", "insufficient_funds"):
                raise ProviderUnsure(error.code) from error
            return False
        if found.get("amount") != request.amount_minor:
            raise ProviderUnsure(f"refund {request.refund_no} is of {found.get('amount')} there")
        if found.get("status") == "succeeded":
            return True
        if found.get("status") in ("failed", "canceled"):
            return False
        raise ProviderUnsure(f"the refund is {found.get('status')}")

    def _known_refund(self, request: RefundRequest) -> dict[str, Any] | None:
        pages = self._ask_about(
            lambda: self._client.v1.refunds.list({"payment_intent": request.reference, "limit": 100})
        )
        wanted = request.refund_no
        return next((one for one in pages["data"] if (one.get("metadata") or {}).get("refund_no") == wanted), None)

    def bill(self, day: date) -> list[BilledItem]:
        since = datetime.combine(day, time(), BILL_ZONE)
        until = since + timedelta(days=1)
        if until > clock.now():
            raise ProviderUnsure("the day is not over")
        found: list[BilledItem] = []
        after: str | None = None
        while True:
            asked: dict[str, Any] = {
                "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                "expand": ["data.source"],
                "limit": 100,
                **({"starting_after": after} if after else {}),
            }
            page = self._bill_page(asked)
            try:
                found += [item for row in page["data"] if (item := _billed(row)) is not None]
                if not page["has_more"]:
                    return found
                if after == (after := page["data"][-1]["id"]):
                    raise ValueError("the same page again")
            except (KeyError, TypeError, IndexError, ValueError) as error:
                raise ProviderUnsure(f"unreadable bill: {error!r}") from error

    def _bill_page(self, asked: Any) -> dict[str, Any]:
        try:
            return self._ask_about(lambda: self._client.v1.balance_transactions.list(asked))
        except ProviderRefused as error:
            raise ProviderUnsure(error.code) from error

    def _ask(self, call: Any, fields: dict[str, Any], options: dict[str, str]) -> dict[str, Any]:
        return self._ask_about(lambda: call(fields, options))

    @staticmethod
    def _ask_about(call: Any) -> dict[str, Any]:
        """Stripe's answer as a plain object. Raises ProviderUnsure, ProviderRefused."""
        try:
            answer: dict[str, Any] = call().to_dict()
        except PASSING as error:
            raise ProviderUnsure(f"{type(error).__name__}") from error
        except stripe.StripeError as error:
            status = error.http_status or 0
            if not 400 <= status < 500 or status == 409:  # also an answer of success that is no answer
                raise ProviderUnsure(f"{type(error).__name__} {status}") from error
            raise ProviderRefused(error.code or type(error).__name__) from error
        return answer


def _report(session: Mapping[str, Any], state: Literal["failed", "closed"] | None, created: int | None) -> StatusReport:
    """`state` as the event tells it, None: as the session does. `created`: when the event was, in Unix seconds."""
    found: Literal["pending", "succeeded", "failed", "closed"] = state or "pending"
    if state is None and session["status"] == "expired":
        found = "closed"
    elif state is None and session["status"] == "complete" and session["payment_status"] == "paid":
        found = "succeeded"
    amount = session["amount_total"]
    if not isinstance(amount, int):
        raise ValueError("the amount is no number")
    intent = session.get("payment_intent")
    return StatusReport(
        payment_no=str(session["metadata"]["payment_no"]),
        state=found,
        amount_minor=amount,
        currency=str(session["currency"]).upper(),
        reference=str(intent["id"] if isinstance(intent, dict) else intent or "")[:64],
        paid_at=clock.from_ms(created * 1000) if created is not None and found == "succeeded" else None,
    )


def _billed(row: Mapping[str, Any]) -> BilledItem | None:
    """None of what is neither payment nor refund (payouts, Stripe's own fees).

    The amount is the source's, in the currency the buyer paid in; the transaction's own is in the currency of the account.
    """
    source = row["source"] if isinstance(row["source"], dict) else {}
    metadata = source.get("metadata") or {}
    if row["type"] not in PAYMENT_TYPES | REFUND_TYPES:
        return None
    is_refund = row["type"] in REFUND_TYPES
    return BilledItem(
        kind="refund" if is_refund else "payment",
        number=str(metadata.get("refund_no" if is_refund else "payment_no", "")),
        reference=str(source.get("payment_intent") or source.get("id") or ""),
        amount_minor=abs(int(source.get("amount", row["amount"]))),
        currency=str(source.get("currency", row["currency"])).upper(),
        fee_minor=int(row["fee"]),
        at=clock.from_ms(int(row["created"]) * 1000),
    )
