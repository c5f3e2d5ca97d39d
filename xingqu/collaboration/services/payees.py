"""The accounts that the creator's part of a slot fee goes to."""

from xingqu.collaboration.domain.fees import split_fee
from xingqu.collaboration.models import Collaboration
from xingqu.collaboration.selectors.fees import fee_shares
from xingqu.ledger.contracts import ALLIANCE_FEE, commission_account


def shares_of(row: Collaboration, *, amount_minor: int) -> dict[str, int]:
    """Account -> amount of a release; they sum to the amount. Shares as they were when both sides agreed."""
    shares = fee_shares(row)
    parts = split_fee(amount_minor, shares)
    found = {
        commission_account("creator", row.creator_id): parts.creator_minor,
        ALLIANCE_FEE: parts.platform_minor,
    }
    if shares.agency_id is not None:
        found[commission_account("mcn", shares.agency_id)] = parts.agency_minor
    return {account: minor for account, minor in found.items() if minor}
