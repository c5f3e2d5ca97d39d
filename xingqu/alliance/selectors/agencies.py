"""Contracts of agencies and creators: which counts, and lists of both sides."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.alliance.domain.agencies import AGENCY, CREATOR, Share, Term, share_at
from xingqu.alliance.models import AgencyContract, AgencyShare, CommissionOrder
from xingqu.kit import clock
from xingqu.kit.errors import NotFound

SIGNED = (AgencyContract.State.ACTIVE, AgencyContract.State.ENDED)


def agency_at(*, creator_id: int, at: datetime) -> tuple[int | None, int]:
    """(agency, its basis points of the creator's commission) for what was ordered at a moment; (None, 0) without one."""
    rows = AgencyContract.objects.filter(
        Q(until=None) | Q(until__gt=at), creator_id=creator_id, state__in=SIGNED, since__lte=at
    )
    contracts = list(rows.order_by("-since"))
    if not contracts:
        return None, 0
    shares: dict[int, list[Share]] = defaultdict(list)
    accepted = AgencyShare.objects.filter(contract__in=contracts, state=AgencyShare.State.ACCEPTED)
    for contract_id, since, share_bp in accepted.values_list("contract_id", "effective_from", "share_bp"):
        shares[contract_id].append(Share(since, share_bp))
    terms = [Term(row.agency_id, row.since, row.until, tuple(shares[row.pk])) for row in contracts if row.since]
    return share_at(terms, at)


def signed_creators(*, agency_id: int, at: datetime) -> set[int]:
    """Creators whose contract with an agency is in effect at a moment."""
    rows = AgencyContract.objects.filter(
        Q(until=None) | Q(until__gt=at), agency_id=agency_id, state__in=SIGNED, since__lte=at
    )
    return set(rows.values_list("creator_id", flat=True))


def side_of(contract: AgencyContract, organisation_id: int) -> str:
    """Which side a workplace is of a contract. Raises NotFound when it is neither: nothing is revealed."""
    if contract.agency_id == organisation_id:
        return AGENCY
    if contract.studio_id == organisation_id:
        return CREATOR
    raise NotFound(field="contract_id", expected="a contract of yours")


def contract_of(*, contract_id: int, organisation_id: int) -> tuple[AgencyContract, str]:
    """A contract and the side that the workplace is. Raises NotFound."""
    contract = AgencyContract.objects.filter(pk=contract_id).first()
    if contract is None:
        raise NotFound(field="contract_id", expected="a contract of yours")
    return contract, side_of(contract, organisation_id)


def contracts_page(
    *, organisation_id: int, side: str, state: str | None, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Contracts of an agency (side "agency") or of a studio, newest first, and the id to go on from."""
    mine = Q(agency_id=organisation_id) if side == AGENCY else Q(studio_id=organisation_id)
    rows = AgencyContract.objects.filter(mine)
    if state is not None:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    return contract_rows(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def contract_rows(contracts: Sequence[AgencyContract]) -> list[dict[str, Any]]:
    """Contracts with names, the share in effect, what was proposed, and what the agency earned by them."""
    now = clock.now()
    creators = creators_by_ids(ids={row.creator_id for row in contracts})
    agencies = organisation_cards(ids={row.agency_id for row in contracts})
    shares: dict[int, list[AgencyShare]] = defaultdict(list)
    for share in AgencyShare.objects.filter(contract__in=contracts).order_by("effective_from", "pk"):
        shares[share.contract_id].append(share)
    earned = _earned(contracts)
    return [
        {
            **{name: getattr(row, name) for name in _PLAIN},
            "agency_name": agencies[row.agency_id].name if row.agency_id in agencies else "",
            "creator": creators.get(row.creator_id),
            "share_bp": _current(row, shares[row.pk], now),
            "shares": shares[row.pk],
            **earned.get((row.agency_id, row.creator_id), {"orders": 0, "estimated_minor": 0, "settled_minor": 0}),
        }
        for row in contracts
    ]


_PLAIN = (
    "id",
    "agency_id",
    "creator_id",
    "studio_id",
    "state",
    "scopes",
    "notice_days",
    "message",
    "invited_at",
    "decided_at",
    "since",
    "until",
    "ended_by",
    "end_reason",
)


def _current(row: AgencyContract, shares: Sequence[AgencyShare], now: datetime) -> int:
    """The share in effect; of an invitation what is offered."""
    if row.state == AgencyContract.State.INVITED:
        return shares[0].share_bp if shares else 0
    accepted = [share for share in shares if share.state == AgencyShare.State.ACCEPTED and share.effective_from <= now]
    return accepted[-1].share_bp if accepted else 0


def _earned(contracts: Sequence[AgencyContract]) -> dict[tuple[int, int], dict[str, int]]:
    """(agency, creator) -> orders, and what they are worth to the agency: still to be settled, and settled."""
    found: dict[tuple[int, int], dict[str, int]] = {}
    rows = CommissionOrder.objects.filter(
        mcn_id__in={row.agency_id for row in contracts}, creator_id__in={row.creator_id for row in contracts}
    )
    for mcn_id, creator_id, state, total in rows.values_list("mcn_id", "creator_id", "state").annotate(
        total=Sum("mcn_minor")
    ):
        of = found.setdefault((mcn_id, creator_id), {"orders": 0, "estimated_minor": 0, "settled_minor": 0})
        name = "settled_minor" if state == CommissionOrder.State.SETTLED else "estimated_minor"
        of[name] += total
    counts = rows.values_list("mcn_id", "creator_id").annotate(orders=Count("order_no", distinct=True))
    for mcn_id, creator_id, orders in counts:
        found[mcn_id, creator_id]["orders"] = orders
    return found
