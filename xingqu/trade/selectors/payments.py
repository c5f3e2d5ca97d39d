"""Payments as their buyers see them."""

from typing import Any

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch, fetch_one, read_time
from xingqu.trade.domain.transitions import OrderState, Phase
from xingqu.trade.models import ParentOrder
from xingqu.trade.providers import get_provider, offered
from xingqu.trade.selectors.offers import money

MOST_TOGETHER = 50
_PAYMENT = (
    "SELECT a.state, a.unsure, p.order_no, a.amount_minor, a.currency, a.provider, p.expires_at, o.id, o.kind, o.url, o.refusal,"
    " a.phase, a.id"
    " FROM trade_paymentattempt a JOIN trade_parentorder p ON p.id = a.parent_id"
    " LEFT JOIN trade_paymentopening o ON o.attempt_id = a.id"
    " WHERE a.payment_no = %s AND p.buyer_key = %s"
)
_NUMBERS = (
    "SELECT p.order_no FROM trade_paymentshare s JOIN trade_parentorder p ON p.id = s.parent_id WHERE s.attempt_id = %s"
    " ORDER BY p.id"
)


def payment_of(*, buyer_key: str, payment_no: str) -> dict[str, Any]:
    """One's own payment; `unknown` while the provider could not be asked. Raises NotFound."""
    row = fetch_one(_PAYMENT, [payment_no, buyer_key])
    if row is None:
        raise NotFound(field="payment_no", expected="the number of one of your payments")
    state, unsure, order_no, amount_minor, currency, provider, expires_at, opening_id, kind, url, refusal = row[:11]
    is_pending = state == "pending"
    return {
        "payment_no": payment_no,
        "provider": provider,
        "state": "unknown" if unsure and is_pending else state,
        "order_no": order_no,
        "order_nos": _numbers(row[12]) if row[11] == Phase.MERGED else [order_no],
        "amount": money(amount_minor, currency),
        "expires_at": read_time(expires_at),
        "opening": is_pending and opening_id is not None and not kind and not refusal,
        "action": {"kind": kind, "url": url} if is_pending and kind else None,
        "refusal": refusal or "",
    }


def _numbers(attempt_id: int) -> list[str]:
    return [number for (number,) in fetch(_NUMBERS, [attempt_id])]


def payable_checkouts(*, buyer_key: str) -> list[dict[str, Any]]:
    """One's unpaid checkouts that can be paid in one payment, the first to run out first, at most 50."""
    rows = ParentOrder.objects.filter(
        buyer_key=buyer_key, state=OrderState.UNPAID, is_presale=False, expires_at__gt=clock.now(), charge=None
    )
    return [
        {
            "order_no": row.order_no,
            "shop_order_nos": [order.order_no for order in row.shop_orders.all()],
            "amount": money(row.payable_minor, row.currency),
            "expires_at": row.expires_at,
        }
        for row in rows.prefetch_related("shop_orders").order_by("expires_at", "id")[:MOST_TOGETHER]
    ]


def pay_methods(*, currency: str) -> list[str]:
    """Names of the providers that this site offers for orders of a currency."""
    return offered(currency)


def acknowledgement_of(*, provider: str) -> str | None:
    """What a provider wants to read so that it does not repeat its notice; None: any answer of success. Raises NotFound."""
    return get_provider(provider).acknowledgement
