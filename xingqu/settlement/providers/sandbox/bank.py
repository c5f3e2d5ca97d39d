"""What the bank does: pay once a number, and tell of it.

Account numbers that end in 0000 are closed: it refuses them. For those that end in 9999 it pays, and its first answer is lost.
"""

from typing import Any

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.money import EXPONENTS, MAX_MINOR
from xingqu.settlement.providers.sandbox.models import BankPayout

CLOSED, SILENT = "0000", "9999"


class AnswerLost(Exception):
    """The payout is made, and the line breaks before the answer."""


class BadDemand(ValueError):
    """The demand makes no sense, or says something else than the first one with this number."""


def pay(content: dict[str, Any]) -> dict[str, Any]:
    """Pay, or tell what became of this number. Raises BadDemand, AnswerLost."""
    payout_no, amount, currency = content["payout_no"], content["amount_minor"], content["currency"]
    holder, number = content["holder"], content["number"]
    fits = isinstance(amount, int) and 0 < amount <= MAX_MINOR and currency in EXPONENTS
    if not fits or not all(isinstance(text, str) and text for text in (payout_no, holder, number)):
        raise BadDemand("a field is out of range")
    now = clock.now()
    closed = number.endswith(CLOSED)
    with transaction.atomic():
        row, made = BankPayout.objects.get_or_create(
            payout_no=payout_no,
            defaults={
                "reference": new_number("T", now),
                "amount_minor": amount,
                "currency": currency,
                "holder": holder,
                "number": number,
                "state": "failed" if closed else "paid",
                "failure": "account_closed" if closed else "",
                "made_at": now,
            },
        )
    if (row.amount_minor, row.currency, row.number) != (amount, currency, number):
        raise BadDemand("this number was used for another payout")
    if made and number.endswith(SILENT):
        raise AnswerLost
    return _told(row)


def payouts(content: dict[str, Any]) -> dict[str, Any]:
    """The bank's list, by number."""
    after, limit = str(content.get("after", "")), min(max(int(content.get("limit", 100)), 1), 1_000)
    rows = BankPayout.objects.filter(payout_no__gt=after).order_by("payout_no")[:limit]
    return {"payouts": [_told(row) for row in rows]}


def _told(row: BankPayout) -> dict[str, Any]:
    return {
        "payout_no": row.payout_no,
        "reference": row.reference,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "state": row.state,
        "failure": row.failure,
        "at_ms": int(row.made_at.timestamp() * 1000),
    }
