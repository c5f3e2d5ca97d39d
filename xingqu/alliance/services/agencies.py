"""Contracts of agencies and creators: offered by the agency, accepted by the creator, changed by both, ended with notice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.accounts.selectors import creator_id_by_handle, creators_by_ids, organisation_card
from xingqu.accounts.services import notify
from xingqu.accounts.services.delegation import end_delegation, set_delegation
from xingqu.alliance.domain.agencies import AGENCY, CREATOR, DELEGABLE, other_side
from xingqu.alliance.domain.errors import ContractTaken, NoStudio
from xingqu.alliance.models import AgencyContract, AgencyShare
from xingqu.alliance.selectors.agencies import contract_of
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried

State = AgencyContract.State


@retried
@transaction.atomic
def invite_creator(
    *,
    agency_id: int,
    handle: str,
    share_bp: int,
    scopes: Sequence[str],
    notice_days: int,
    message: str,
    person_id: int,
) -> int:
    """An agency offers a creator a contract. Returns its id; nothing counts before the creator accepts.

    Raises NotFound for an unknown creator, NoStudio for one without a workplace of their own, ContractTaken when there is an
    offer or contract between the two, InvalidInput for shares, rights and periods that can't be.
    """
    if organisation_card(organisation_id=agency_id).kind != "mcn":
        raise NotFound
    creator_id = creator_id_by_handle(handle=handle.strip().removeprefix("@"))
    if creator_id is None:
        raise NotFound(field="handle", expected="a creator's name")
    studio_id = creators_by_ids(ids=[creator_id])[creator_id].organisation_id
    if studio_id is None or organisation_card(organisation_id=studio_id).kind != "creator":
        raise NoStudio(field="handle", expected="a creator with a workplace of their own")
    _check_share(share_bp)
    most = settings.ENVIRONMENT.agency_notice_days_max
    if not 0 <= notice_days <= most:
        raise InvalidInput(field="notice_days", expected=f"0 to {most} days")
    now = clock.now()
    try:
        with transaction.atomic():
            contract = AgencyContract.objects.create(
                agency_id=agency_id,
                creator_id=creator_id,
                studio_id=studio_id,
                scopes=_checked(scopes),
                notice_days=notice_days,
                message=message,
                invited_by_id=person_id,
                invited_at=now,
            )
    except IntegrityError as error:
        raise ContractTaken(field="handle", expected="a creator without an offer or contract of yours") from error
    AgencyShare.objects.create(
        contract=contract,
        effective_from=now,
        share_bp=share_bp,
        proposed_by=AGENCY,
        proposed_by_id=person_id,
        proposed_at=now,
    )
    _tell(contract, CREATOR, "agency_invited")
    return int(contract.pk)


def _check_share(share_bp: int) -> None:
    most = settings.ENVIRONMENT.agency_share_max_bp
    if not 0 <= share_bp <= most:
        raise InvalidInput(field="share_bp", expected=f"0 to {most} basis points")


def _checked(scopes: Sequence[str]) -> list[str]:
    if set(scopes) - set(DELEGABLE):
        raise InvalidInput(field="scopes", expected=", ".join(DELEGABLE))
    return [scope for scope in DELEGABLE if scope in scopes]


@retried
@transaction.atomic
def decide_invitation(*, contract_id: int, organisation_id: int, accept: bool, person_id: int) -> None:
    """The creator accepts or declines; or the agency takes its offer back (`accept` False).

    From acceptance on the share counts and the rights hold. Raises NotFound, Conflict for an offer that is decided or for
    an agency that accepts its own, ContractTaken while the creator has another agency.
    """
    contract, side = _held(contract_id, organisation_id)
    if contract.state != State.INVITED or (accept and side == AGENCY):
        raise Conflict(field="contract_id", expected="an offer to this creator that waits")
    now = clock.now()
    contract.decided_at, contract.decided_by_id = now, person_id
    if not accept:
        contract.state = State.REVOKED if side == AGENCY else State.DECLINED
        contract.save(update_fields=["state", "decided_at", "decided_by_id"])
        contract.shares.filter(state=AgencyShare.State.WAITING).update(
            state=AgencyShare.State.DECLINED, decided_at=now, decided_by_id=person_id
        )
        _tell(contract, other_side(side), "agency_declined")
        return
    hold_names(f"agency-of:{contract.creator_id}")
    _end_over(now, creator_id=contract.creator_id)
    contract.state, contract.since = State.ACTIVE, now
    try:
        with transaction.atomic():
            contract.save(update_fields=["state", "since", "decided_at", "decided_by_id"])
    except IntegrityError as error:
        raise ContractTaken(field="contract_id", expected="a creator without another agency") from error
    contract.shares.filter(state=AgencyShare.State.WAITING).update(
        state=AgencyShare.State.ACCEPTED, effective_from=now, decided_at=now, decided_by_id=person_id
    )
    _grant(contract)
    _tell(contract, AGENCY, "agency_accepted")


def _grant(contract: AgencyContract) -> None:
    set_delegation(organisation_id=contract.studio_id, to_organisation_id=contract.agency_id, scopes=contract.scopes)


@retried
@transaction.atomic
def set_scopes(*, contract_id: int, organisation_id: int, scopes: Sequence[str]) -> None:
    """What the agency may see and do in the studio, from now on. The creator's alone to say.

    Raises NotFound (also for the agency's side), InvalidInput, Conflict for a contract that is not in force.
    """
    contract, side = _held(contract_id, organisation_id)
    if side != CREATOR:
        raise NotFound(field="contract_id", expected="a contract of your studio")
    _need_active(contract)
    contract.scopes = _checked(scopes)
    contract.save(update_fields=["scopes"])
    _grant(contract)
    _tell(contract, AGENCY, "agency_scopes")


@retried
@transaction.atomic
def propose_share(
    *, contract_id: int, organisation_id: int, share_bp: int, effective_from: datetime, person_id: int
) -> int:
    """Either side proposes another share from a moment on; it replaces what waits. Returns the proposal's id.

    It counts once the other side accepted it, from then at the earliest: what was ordered keeps its share. Raises NotFound,
    InvalidInput for a moment in the past, Conflict.
    """
    contract, side = _held(contract_id, organisation_id)
    _need_active(contract)
    _check_share(share_bp)
    now = clock.now()
    if effective_from < now:
        raise InvalidInput(field="effective_from", expected="a moment that has not come")
    waiting = contract.shares.filter(state=AgencyShare.State.WAITING)
    waiting.update(state=AgencyShare.State.WITHDRAWN, decided_at=now, decided_by_id=person_id)
    share = AgencyShare.objects.create(
        contract=contract,
        effective_from=effective_from,
        share_bp=share_bp,
        proposed_by=side,
        proposed_by_id=person_id,
        proposed_at=now,
    )
    _tell(contract, other_side(side), "agency_share_proposed")
    return int(share.pk)


@retried
@transaction.atomic
def decide_share(*, contract_id: int, organisation_id: int, share_id: int, accept: bool, person_id: int) -> None:
    """The other side accepts or declines a proposal, or the proposing side takes it back (`accept` False).

    Raises NotFound, Conflict for what does not wait, or for accepting one's own.
    """
    contract, side = _held(contract_id, organisation_id)
    _need_active(contract)
    share = contract.shares.filter(pk=share_id, state=AgencyShare.State.WAITING).first()
    if share is None:
        raise NotFound(field="share_id", expected="a proposal that waits")
    own = share.proposed_by == side
    if own and accept:
        raise Conflict(field="share_id", expected="the other side's answer")
    now = clock.now()
    share.state = AgencyShare.State.ACCEPTED if accept else AgencyShare.State.DECLINED
    if own:
        share.state = AgencyShare.State.WITHDRAWN
    share.decided_at, share.decided_by_id = now, person_id
    share.effective_from = max(share.effective_from, now)
    if accept:
        # A later answer about the same moment replaces the earlier one.
        contract.shares.filter(state=AgencyShare.State.ACCEPTED, effective_from=share.effective_from).delete()
    share.save(update_fields=["state", "decided_at", "decided_by_id", "effective_from"])
    _tell(contract, other_side(side), "agency_share_decided")


@retried
@transaction.atomic
def give_notice(*, contract_id: int, organisation_id: int, reason: str, person_id: int) -> datetime:
    """Either side ends the contract: after its days of notice. Returns from when it is over.

    Until then share and rights stay as they are. Raises NotFound, Conflict when notice was given before.
    """
    contract, side = _held(contract_id, organisation_id)
    _need_active(contract)
    if contract.until is not None:
        raise Conflict(field="contract_id", expected="a contract without notice")
    now = clock.now()
    contract.until, contract.ended_by, contract.end_reason = now + timedelta(days=contract.notice_days), side, reason
    contract.save(update_fields=["until", "ended_by", "end_reason"])
    contract.shares.filter(state=AgencyShare.State.WAITING).update(
        state=AgencyShare.State.WITHDRAWN, decided_at=now, decided_by_id=person_id
    )
    _tell(contract, other_side(side), "agency_notice")
    if contract.until <= now:
        _end_over(now, creator_id=contract.creator_id)
    return contract.until


def end_contracts() -> int:
    """Close contracts whose notice is over, and the agency's rights with them. Returns how many. For the worker."""
    return _end_over(clock.now())


@retried
@transaction.atomic
def _end_over(now: datetime, *, creator_id: int | None = None) -> int:
    rows = AgencyContract.objects.filter(state=State.ACTIVE, until__lte=now)
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    ended = 0
    for row in rows.order_by("pk")[:200]:
        if AgencyContract.objects.filter(pk=row.pk, state=State.ACTIVE).update(state=State.ENDED):
            end_delegation(organisation_id=row.studio_id, to_organisation_id=row.agency_id)
            ended += 1
    return ended


def _held(contract_id: int, organisation_id: int) -> tuple[AgencyContract, str]:
    hold_names(f"agency-contract:{contract_id}")
    return contract_of(contract_id=contract_id, organisation_id=organisation_id)


def _need_active(contract: AgencyContract) -> None:
    over = contract.until is not None and contract.until <= clock.now()
    if contract.state != State.ACTIVE or over:
        raise Conflict(field="contract_id", expected="a contract in force")


def _tell(contract: AgencyContract, side: str, kind: str) -> None:
    organisation_id = contract.agency_id if side == AGENCY else contract.studio_id
    notify(organisation_id=organisation_id, kind=kind, data={"shop_id": organisation_id, "contract_id": contract.pk})
