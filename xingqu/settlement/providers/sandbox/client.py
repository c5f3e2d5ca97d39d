"""The platform's side of the sandbox bank: signed questions over HTTP."""

from collections.abc import Sequence
from typing import Any

from xingqu.kit import clock
from xingqu.kit.signed_messages import NoAnswer
from xingqu.settlement.providers.protocol import BankUnsure, PayoutReport, PayoutRequest
from xingqu.settlement.providers.sandbox.messages import BANK, LINE, PLATFORM


class SandboxBank:
    """Implements PayoutBank."""

    def pay(self, request: PayoutRequest) -> PayoutReport:
        return _report(
            self._ask(
                "pay",
                {
                    "payout_no": request.payout_no,
                    "amount_minor": request.amount_minor,
                    "currency": request.currency,
                    "holder": request.holder,
                    "number": request.number,
                },
            )
        )

    def payouts(self, *, after: str, limit: int) -> Sequence[PayoutReport]:
        found = self._ask("payouts", {"after": after, "limit": limit})
        try:
            return [_report(row) for row in found["payouts"]]
        except (KeyError, TypeError) as error:
            raise BankUnsure(f"unreadable list: {error!r}") from error

    def _ask(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            return LINE.ask(f"/sandbox-bank/api/{action}", content, asking=PLATFORM, answering=BANK)
        except NoAnswer as error:
            raise BankUnsure(str(error)) from error


def _report(content: dict[str, Any]) -> PayoutReport:
    try:
        if content["state"] not in ("paid", "failed", "pending"):
            raise ValueError(content["state"])
        return PayoutReport(
            payout_no=str(content["payout_no"]),
            state=content["state"],
            amount_minor=int(content["amount_minor"]),
            currency=str(content["currency"]),
            reference=str(content["reference"])[:64],
            failure=str(content["failure"])[:40],
            at=clock.from_ms(content["at_ms"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BankUnsure(f"unreadable answer: {error!r}") from error
