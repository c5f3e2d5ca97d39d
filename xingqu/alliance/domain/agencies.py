"""Contracts of agencies and creators, pure: whose share counts when, and what an agency may be let into."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

AGENCY, CREATOR = "agency", "creator"

# What a creator can let an agency do in the studio: the scope, of which pages it is. Members, bank account and contracts stay
# the creator's own.
DELEGABLE = ("content.read", "content.write", "alliance.read", "alliance.write", "earnings.read")


@dataclass(frozen=True, slots=True)
class Share:
    """An agency's accepted part of a commission from a moment on, in basis points."""

    effective_from: datetime
    share_bp: int


@dataclass(frozen=True, slots=True)
class Term:
    """A contract as it counts: [since, until), with its accepted shares."""

    agency_id: int
    since: datetime
    until: datetime | None
    shares: tuple[Share, ...]


def share_at(terms: Iterable[Term], at: datetime) -> tuple[int | None, int]:
    """(agency, its basis points) of a commission ordered at a moment; (None, 0) without a contract then."""
    for term in terms:
        if term.since <= at and (term.until is None or at < term.until):
            counting = [share for share in term.shares if share.effective_from <= at]
            if counting:
                return term.agency_id, max(counting, key=lambda share: share.effective_from).share_bp
    return None, 0


def other_side(side: str) -> str:
    """Who answers a proposal."""
    return CREATOR if side == AGENCY else AGENCY
