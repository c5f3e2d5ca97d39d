"""Stripe: form requests with a secret key and idempotency keys, JSON answers, events signed with HMAC-SHA256."""

import hashlib
import hmac
import json
import re
import time
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from xingqu.trade.tests.gateways.base import PATIENCE_S, Answer, BookedRefund, BookedTrade, Gateway, Headers

SECRET_KEY, WEBHOOK_SECRET = "sk_test_0000000000000001", "whsec_0000000000000001"


class StripeGateway(Gateway):
    name = "stripe"

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, str] = {}  # session id -> payment number
        self.keys: dict[str, tuple[str, Answer]] = {}
        self.payouts: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        from pydantic import SecretStr

        return {
            "stripe_secret_key": SecretStr(SECRET_KEY),
            "stripe_webhook_secret": SecretStr(WEBHOOK_SECRET),
            "stripe_gateway": self.url,
            "payment_timeout_s": PATIENCE_S,
        }

    def answer(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        if headers.get("Authorization") != f"Bearer {SECRET_KEY}":
            self.broken.append(path)
            return _error(401, "api_key_invalid")
        parts = urlsplit(path)
        fields = dict(parse_qsl(body.decode() or parts.query))
        self.calls.append(f"{method} {parts.path}")
        key = headers.get("Idempotency-Key")
        if method == "POST" and key in self.keys:
            said, answer = self.keys[key]
            return answer if said == body.decode() else _error(400, "idempotency_key_in_use")
        answer = self._route(method, parts.path, fields)
        if method == "POST" and key and answer.status == 200:
            self.keys[key] = (body.decode(), answer)
        return answer

    def _route(self, method: str, path: str, fields: dict[str, str]) -> Answer:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self._make(fields)
        if found := re.fullmatch(r"/v1/checkout/sessions/(\w+)(/expire)?", path):
            trade = self.trades[self.sessions[found[1]]]
            if found[2] and trade.state != "open":
                return _error(400, "resource_invalid_state")
            if found[2]:
                trade.state = "closed"
            return _json(self._session(trade))
        if (method, path) == ("POST", "/v1/refunds"):
            trade = next(trade for trade in self.trades.values() if _intent(trade) == fields["payment_intent"])
            refund = self.give_back(trade, fields["metadata[refund_no]"], int(fields["amount"]))
            return _json(_refund(trade, refund)) if refund else _error(400, "charge_already_refunded")
        if (method, path) == ("GET", "/v1/refunds"):
            trades = [trade for trade in self.trades.values() if _intent(trade) == fields["payment_intent"]]
            data = [_refund(trade, refund) for trade in trades for refund in trade.refunds.values()]
            return _json({"object": "list", "data": data, "has_more": False, "url": path})
        if (method, path) == ("GET", "/v1/balance_transactions"):
            return self._balance(fields)
        return _error(404, "resource_missing")

    def _make(self, fields: dict[str, str]) -> Answer:
        number = fields["client_reference_id"]
        left_s = int(fields["expires_at"]) - time.time()
        if fields["mode"] != "payment" or not 1800 <= left_s <= 86400:
            return _error(400, "parameter_invalid")
        assert fields["metadata[payment_no]"] == fields["payment_intent_data[metadata][payment_no]"] == number
        price = "line_items[0][price_data]"
        trade = self.book(number, int(fields[f"{price}[unit_amount]"]), fields[f"{price}[currency]"].upper())
        self.sessions[f"cs_test_{trade.number}"] = number
        return _json(self._session(trade))

    def arrive(self, action_url: str) -> str:
        return self.sessions[urlsplit(action_url).path.rsplit("/", 1)[1]]

    def _session(self, trade: BookedTrade) -> dict[str, Any]:
        return {
            "id": f"cs_test_{trade.number}",
            "object": "checkout.session",
            "client_reference_id": trade.payment_no,
            "metadata": {"payment_no": trade.payment_no},
            "amount_total": trade.amount_minor,
            "currency": trade.currency.lower(),
            "status": {"open": "open", "paid": "complete", "closed": "expired"}[trade.state],
            "payment_status": "paid" if trade.state == "paid" else "unpaid",
            "payment_intent": _intent(trade) if trade.state == "paid" else None,
            "url": f"https://checkout.stripe.test/c/pay/cs_test_{trade.number}" if trade.state == "open" else None,
        }

    def _balance(self, fields: dict[str, str]) -> Answer:
        since, until = int(fields["created[gte]"]), int(fields["created[lt]"])
        assert fields["expand[0]"] == "data.source"
        rows = list(self.payouts)
        for trade in self.trades.values():
            if trade.state == "paid":
                for place in range(1 + (trade.payment_no in self.billed_twice)):
                    metadata = {"payment_no": trade.payment_no}
                    row = _balance_row("charge", trade.at, trade, trade.amount_minor, metadata)
                    rows.append({**row, "id": f"{row['id']}_{place}"})
            for refund in trade.refunds.values():
                row = _balance_row("refund", refund.at, trade, -refund.amount_minor, {"refund_no": refund.refund_no})
                rows.append({**row, "source": {**row["source"], "object": "refund", "amount": refund.amount_minor}})
        rows = [row for row in rows if since <= row["created"] < until]
        start = next((place + 1 for place, row in enumerate(rows) if row["id"] == fields.get("starting_after")), 0)
        page = rows[start : start + 2]  # small pages, so that there are several
        more = start + 2 < len(rows)
        return _json({"object": "list", "data": page, "has_more": more, "url": "/v1/balance_transactions"})

    def notice(self, payment_no: str, *, event_id: str = "", forge: str = "", **changes: Any) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        session = self._session(trade)
        session["amount_total"] = changes.get("amount_minor", trade.amount_minor)
        session["currency"] = changes.get("currency", trade.currency).lower()
        session["metadata"] = {"payment_no": changes.get("number", payment_no)}
        kind = "checkout.session.expired" if trade.state == "closed" else "checkout.session.completed"
        return self._event(kind, session, event_id, forge, live="recipient" in changes)

    def refund_notice(self, payment_no: str, refund_no: str) -> tuple[Headers, bytes]:
        trade = self.trades[payment_no]
        return self._event("refund.updated", _refund(trade, trade.refunds[refund_no]), "", "")

    def other_notice(self) -> tuple[Headers, bytes]:
        return self._event("customer.created", {"id": "cus_1", "object": "customer"}, "", "")

    def _event(
        self, kind: str, content: dict[str, Any], event_id: str, forge: str, *, live: bool = False
    ) -> tuple[Headers, bytes]:
        event = {"id": event_id or f"evt_{uuid.uuid4().hex}", "object": "event", "type": kind, "livemode": live}
        body = json.dumps({**event, "created": int(time.time()), "data": {"object": content}}).encode()
        at_s = int(time.time()) - (3600 if forge == "stale" else 0)
        secret = "whsec_of_somebody_else" if forge == "other_key" else WEBHOOK_SECRET
        digest = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at_s},v1={digest}", "Content-Type": "application/json"}
        if forge == "unsigned":
            del headers["Stripe-Signature"]
        return headers, body + (b" " if forge == "altered" else b"")


def _intent(trade: BookedTrade) -> str:
    return f"pi_{trade.number}"


def _refund(trade: BookedTrade, refund: BookedRefund) -> dict[str, Any]:
    return {
        "id": refund.number,
        "object": "refund",
        "amount": refund.amount_minor,
        "currency": trade.currency.lower(),
        "payment_intent": _intent(trade),
        "status": {"done": "succeeded", "under_way": "pending", "failed": "failed"}[refund.state],
        "metadata": {"refund_no": refund.refund_no, "payment_no": trade.payment_no},
    }


def _balance_row(kind: str, at: datetime, trade: BookedTrade, amount: int, metadata: dict[str, str]) -> dict[str, Any]:
    """As of an account in euros: the transaction's own amount is not what the buyer paid."""
    source = {"id": f"ch_{trade.number}", "object": "charge", "amount": abs(amount), "metadata": metadata}
    source |= {"currency": trade.currency.lower(), "payment_intent": _intent(trade)}
    row = {
        "id": f"txn_{'_'.join(metadata.values())}",
        "object": "balance_transaction",
        "type": kind,
        "created": int(at.timestamp()),
    }
    return {**row, "amount": amount // 8, "currency": "eur", "fee": abs(amount) // 100, "source": source}


def _json(content: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})


def _error(status: int, code: str) -> Answer:
    body = json.dumps({"error": {"type": "invalid_request_error", "code": code, "message": code}}).encode()
    return Answer(status, body, {"Content-Type": "application/json"})
