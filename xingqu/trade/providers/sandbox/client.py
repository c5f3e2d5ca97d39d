"""The platform's side of the sandbox: makes signed addresses, checks notices, asks and refunds over HTTP."""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import orjson

from xingqu.kit import clock
from xingqu.kit.money import EXPONENTS, MAX_MINOR
from xingqu.kit.signed_messages import BadMessage, NoAnswer
from xingqu.trade.domain.errors import BadSignature
from xingqu.trade.providers.protocol import (
    BilledItem,
    Notice,
    Opening,
    PaymentRef,
    PaymentRequest,
    ProviderUnsure,
    RefundRequest,
    StatusReport,
)
from xingqu.trade.providers.sandbox.messages import GATEWAY, LINE, PLATFORM, sign, verify

STATES = ("pending", "succeeded", "failed", "closed")


class SandboxProvider:
    """Implements PaymentProvider. Its server is this very site, asked one question after the other."""

    currencies: frozenset[str] | None = None
    acknowledgement: str | None = None
    own_threads = False

    def create(self, request: PaymentRequest) -> str | None:
        """A signed address of the gateway's pay page; nothing is sent."""
        body = orjson.dumps(
            {
                "payment_no": request.payment_no,
                "amount_minor": request.amount_minor,
                "currency": request.currency,
                "subject": request.subject,
                "expires_at_ms": int(request.expires_at.timestamp() * 1000),
                "notify_url": request.notify_url,
                "return_path": request.return_path,
            }
        )
        headers = sign(PLATFORM, body)
        query = {
            "request": base64.urlsafe_b64encode(body).decode(),
            "time": headers[LINE.time_header],
            "sign": headers[LINE.signature_header],
        }
        if request.language is not None:
            query["lang"] = request.language
        return f"/sandbox-pay/pay?{urlencode(query)}"

    def open(self, request: PaymentRequest) -> Opening:
        return Opening("redirect", self.create(request) or "")

    def parse_callback(self, headers: Mapping[str, str], body: bytes) -> Notice:
        try:
            verify(GATEWAY, body, headers)
            content = orjson.loads(body)
            event_id = content["event_id"]
            if not isinstance(event_id, str) or not 0 < len(event_id) <= 80:
                raise BadMessage("no event id")
            return Notice(event_id, _report(content))
        except (BadMessage, ValueError, KeyError, TypeError) as error:
            raise BadSignature from error

    def query(self, payment: PaymentRef) -> StatusReport:
        return self._ask_report("query", {"payment_no": payment.payment_no})

    def close(self, payment: PaymentRef) -> StatusReport:
        content = {
            "payment_no": payment.payment_no,
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
        }
        return self._ask_report("close", content)

    def refund(self, request: RefundRequest) -> bool:
        content = self._ask(
            "refund",
            {
                "refund_no": request.refund_no,
                "payment_no": request.payment_no,
                "amount_minor": request.amount_minor,
                "currency": request.currency,
            },
        )
        return content.get("state") == "succeeded" and content.get("refund_no") == request.refund_no

    def bill(self, day: date) -> list[BilledItem]:
        content = self._ask("bill", {"day": day.isoformat()})
        try:
            return [
                BilledItem(
                    kind="refund" if line["refund_no"] else "payment",
                    number=str(line["refund_no"] or line["payment_no"]),
                    reference=str(line["trade_no"]),
                    amount_minor=int(line["amount_minor"]),
                    currency=str(line["currency"]),
                    at=clock.from_ms(line["at_ms"]),
                )
                for line in content["lines"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise ProviderUnsure(f"unreadable bill: {error!r}") from error

    def _ask_report(self, action: str, content: dict[str, Any]) -> StatusReport:
        try:
            return _report(self._ask(action, content))
        except (ValueError, KeyError, TypeError) as error:
            raise ProviderUnsure(f"unreadable answer: {error!r}") from error

    def _ask(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            return LINE.ask(f"/sandbox-pay/api/{action}", content, asking=PLATFORM, answering=GATEWAY)
        except NoAnswer as error:
            raise ProviderUnsure(str(error)) from error


def _report(content: dict[str, Any]) -> StatusReport:
    amount, currency, state = content["amount_minor"], content["currency"], content["state"]
    if state not in STATES or currency not in EXPONENTS or not isinstance(amount, int) or not 0 <= amount <= MAX_MINOR:
        raise ValueError("a field is out of range")
    return StatusReport(
        payment_no=str(content["payment_no"]),
        state=state,
        amount_minor=amount,
        currency=currency,
        reference=str(content["trade_no"])[:64],
        paid_at=clock.from_ms(content["at_ms"]) if isinstance(content.get("at_ms"), int) else None,
    )
