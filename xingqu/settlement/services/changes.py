"""The rows of a deposit's history."""

from datetime import datetime

from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.settlement.models import DepositChange

CURRENCY = "CNY"


def write_change(
    *,
    shop_id: int,
    kind: str,
    state: str,
    amount_minor: int,
    person_id: int,
    reason: str = "",
    expires_at: datetime | None = None,
) -> DepositChange:
    """A movement of a deposit, with a number of its own."""
    now = clock.now()
    return DepositChange.objects.create(
        change_no=new_number("B", now),
        shop_id=shop_id,
        kind=kind,
        state=state,
        amount_minor=amount_minor,
        currency=CURRENCY,
        reason=reason,
        expires_at=expires_at,
        by_id=person_id,
        at=now,
    )
