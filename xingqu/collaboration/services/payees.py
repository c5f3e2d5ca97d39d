"""Who has what of a creator's part of a slot fee."""

from datetime import datetime

from xingqu.ledger.contracts import commission_account


def shares_of(*, creator_id: int, amount_minor: int, at: datetime) -> dict[str, int]:
    """Account -> amount; they sum to the amount. It is the creator's."""
    return {commission_account("creator", creator_id): amount_minor}
