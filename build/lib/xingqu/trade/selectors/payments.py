"""Payments as their buyers see them."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch_one
from xingqu.trade.selectors.offers import money

_PAYMENT = (
    "SELECT a.state, a.unsure, p.order_no, a.amount_minor, a.currency FROM trade_paymentattempt a"
    " JOIN trade_parentorder p ON p.id = a.parent_id WHERE a.payment_no = %s AND p.buyer_key = %s"
)


def payment_of(*, buyer_key: str, payment_no: str) -> dict[str, Any]:
    """One's own payment; `unknown` while the provider could not be asked. Raises NotFound."""
    row = fetch_one(_PAYMENT, [payment_no, buyer_key])
    if row is None:
        raise NotFound(field="payment_no", expected="the number of one of your payments")
    state, unsure, order_no, amount_minor, currency = row
    return {
        "payment_no": payment_no,
        "state": "unknown" if unsure and state == "pending" else state,
        "order_no": order_no,
        "amount": money(amount_minor, currency),
    }
