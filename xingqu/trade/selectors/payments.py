"""Payments as their buyers see them."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.trade.models import PaymentAttempt
from xingqu.trade.selectors.offers import money


def payment_of(*, buyer_key: str, payment_no: str) -> dict[str, Any]:
    """One's own payment; `unknown` while the provider could not be asked. Raises NotFound."""
    attempt = (
        PaymentAttempt.objects.select_related("parent")
        .filter(payment_no=payment_no, parent__buyer_key=buyer_key)
        .first()
    )
    if attempt is None:
        raise NotFound(field="payment_no", expected="the number of one of your payments")
    return {
        "payment_no": attempt.payment_no,
        "state": "unknown" if attempt.unsure and attempt.state == "pending" else attempt.state,
        "order_no": attempt.parent.order_no,
        "amount": money(attempt.amount_minor, attempt.currency),
    }
