"""Payments as their buyers see them."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch_one, read_time
from xingqu.trade.providers import get_provider, offered
from xingqu.trade.selectors.offers import money

_PAYMENT = (
    "SELECT a.state, a.unsure, p.order_no, a.amount_minor, a.currency, a.provider, p.expires_at, o.id, o.kind, o.url, o.refusal"
    " FROM trade_paymentattempt a JOIN trade_parentorder p ON p.id = a.parent_id"
    " LEFT JOIN trade_paymentopening o ON o.attempt_id = a.id"
    " WHERE a.payment_no = %s AND p.buyer_key = %s"
)


def payment_of(*, buyer_key: str, payment_no: str) -> dict[str, Any]:
    """One's own payment; `unknown` while the provider could not be asked. Raises NotFound."""
    row = fetch_one(_PAYMENT, [payment_no, buyer_key])
    if row is None:
        raise NotFound(field="payment_no", expected="the number of one of your payments")
    state, unsure, order_no, amount_minor, currency, provider, expires_at, opening_id, kind, url, refusal = row
    is_pending = state == "pending"
    return {
        "payment_no": payment_no,
        "provider": provider,
        "state": "unknown" if unsure and is_pending else state,
        "order_no": order_no,
        "amount": money(amount_minor, currency),
        "expires_at": read_time(expires_at),
        "opening": is_pending and opening_id is not None and not kind and not refusal,
        "action": {"kind": kind, "url": url} if is_pending and kind else None,
        "refusal": refusal or "",
    }


def pay_methods(*, currency: str) -> list[str]:
    """Names of the providers that this site offers for orders of a currency."""
    return offered(currency)


def acknowledgement_of(*, provider: str) -> str | None:
    """What a provider wants to read so that it does not repeat its notice; None: any answer of success. Raises NotFound."""
    return get_provider(provider).acknowledgement
