"""Who has which share of a collaboration's slot fee."""

from typing import Any

from xingqu.accounts.selectors import organisation_cards
from xingqu.alliance.selectors.agencies import agency_at
from xingqu.collaboration.domain.fees import FeeShares, split_fee
from xingqu.collaboration.domain.rules import read_rules
from xingqu.collaboration.models import Collaboration
from xingqu.kit import clock


def fee_shares(row: Collaboration) -> FeeShares:
    """Shares by the contract in force when both sides agreed, like an order's by the moment it was placed; before that, now.

    The platform's rate is of the rules that the collaboration was opened under.
    """
    agency_id, agency_bp = agency_at(creator_id=row.creator_id, at=row.agreed_at or clock.now())
    return FeeShares(read_rules(row.rules).slot_platform_bp, agency_id, agency_bp)


def fee_view(row: Collaboration, *, fee_minor: int) -> dict[str, Any]:
    """How the whole fee would be divided, and the agency's name; for the creator's side and the platform."""
    shares = fee_shares(row)
    parts = split_fee(fee_minor, shares)
    agency = None
    if shares.agency_id is not None and shares.agency_bp:
        agency = organisation_cards(ids=[shares.agency_id]).get(shares.agency_id)
    return {
        "creator_minor": parts.creator_minor,
        "agency_minor": parts.agency_minor,
        "platform_minor": parts.platform_minor,
        "agency_name": agency.name if agency is not None else "",
    }
