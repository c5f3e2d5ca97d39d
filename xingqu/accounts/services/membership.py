"""Members: invited and asked, never just added; roles of the house and of the shop; the shop handed on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from xingqu.accounts.contracts import PERMISSIONS, MembershipCard
from xingqu.accounts.models import Invitation, Membership, Organisation, OwnRole, Person, SavedView
from xingqu.accounts.scopes import covers, scopes_of_kind, scopes_within, workplace
from xingqu.accounts.services import LastOwner, NameTaken, notify
from xingqu.events.accounts import MemberInvited
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, Conflict, Forbidden, InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried

OWN = "own"
MAX_ROLES = 50
MAX_WAITING = 100
_SALT = "xingqu.invitation"


class InvitationOver(BusinessError):
    """It was accepted, declined or revoked, a newer link was sent, or its time is over. `data` has state."""

    code = "invitation_over"
    status = 410
    message = "This invitation is not valid any more. Ask for a new one."


class NotYours(Forbidden):
    """It was sent to somebody else's e-mail address."""

    code = "invitation_of_another"
    message = "This invitation was sent to another e-mail address. Sign in with that one."


class BeyondOwnScopes(Forbidden):
    """Nobody gives what they do not have, nor changes their own. `data` has missing."""

    code = "beyond_own_scopes"
    message = "You can't give scopes that you do not have, nor change your own."


class RoleInUse(Conflict):
    code = "role_in_use"
    message = "Members or invitations have this role. Give them another one first."


@retried
@transaction.atomic
def invite_member(*, by: MembershipCard, contact: str, role: str, own_role_id: int | None, language: str) -> int:
    """Invite somebody by e-mail (the worker sends it) or phone number (the inviter sends the link). Returns its id.

    Raises Conflict for a member or somebody who is invited already, BeyondOwnScopes, InvalidInput, NotFound for a role.
    """
    organisation_id = by.organisation_id
    role_scopes = _wanted(by, role, own_role_id)
    _require(by, role_scopes)
    hold_names(f"invitations:{organisation_id}")
    waiting = Invitation.objects.filter(organisation_id=organisation_id, state=Invitation.State.WAITING)
    now = clock.now()
    if waiting.filter(contact=contact, expires_at__gt=now).exists():
        raise Conflict("This person is invited already.", field="contact")
    if Membership.objects.filter(organisation_id=organisation_id, person__email=contact).exists():
        raise Conflict("This person is a member already.", field="contact")
    if waiting.count() >= MAX_WAITING:
        raise InvalidInput(field="contact", expected=f"at most {MAX_WAITING} invitations at a time")
    row = Invitation.objects.create(
        organisation_id=organisation_id,
        contact=contact,
        role=role,
        own_role_id=own_role_id,
        language=language,
        invited_by_id=by.person_id,
        created_at=now,
        expires_at=now + timedelta(days=settings.ENVIRONMENT.invitation_days),
    )
    _send(row)
    return row.pk


@retried
@transaction.atomic
def resend_invitation(*, by: MembershipCard, invitation_id: int) -> None:
    """Send it again with a new link and new time; the old link ends. Raises NotFound, InvitationOver, BeyondOwnScopes."""
    row = _own_invitation(by.organisation_id, invitation_id)
    _require(by, _wanted(by, row.role, row.own_role_id))
    row.version += 1
    row.expires_at = clock.now() + timedelta(days=settings.ENVIRONMENT.invitation_days)
    row.save(update_fields=["version", "expires_at"])
    _send(row)


@retried
@transaction.atomic
def revoke_invitation(*, organisation_id: int, invitation_id: int) -> None:
    """Take an invitation back. Raises NotFound, InvitationOver."""
    _decide(_own_invitation(organisation_id, invitation_id), Invitation.State.REVOKED, None)


def invitation_token(row: Invitation) -> str:
    """What the link holds: signed, of this sending only."""
    return signing.Signer(salt=_SALT).sign(f"{row.pk}.{row.version}").replace(":", "~")


def invitation_link(row: Invitation) -> str:
    """The address that the invited person opens."""
    return f"{settings.ENVIRONMENT.origin}/workbench/invitations/{invitation_token(row)}"


def read_token(token: str) -> Invitation:
    """The invitation of a link. Raises NotFound for a forged one, InvitationOver for one that is not the newest."""
    try:
        pk, version = signing.Signer(salt=_SALT).unsign(token.replace("~", ":")).split(".")
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    row = Invitation.objects.select_related("organisation", "own_role", "invited_by").filter(pk=int(pk)).first()
    if row is None:
        raise NotFound
    if row.version != int(version):
        raise InvitationOver(data={"state": "sent_again"})
    return row


@retried
@transaction.atomic
def accept_invitation(*, token: str, person_id: int) -> int:
    """Become a member, of one's own will. Returns the organisation.

    Raises NotFound, InvitationOver, NotYours, Conflict for a member.
    """
    row = _usable(token, person_id)
    hold_names(f"owners:{row.organisation_id}")
    if Membership.objects.filter(organisation_id=row.organisation_id, person_id=person_id).exists():
        raise Conflict("You are a member of this shop already.")
    _decide(row, Invitation.State.ACCEPTED, person_id)
    Membership.objects.create(
        organisation_id=row.organisation_id, person_id=person_id, role=row.role, own_role_id=row.own_role_id
    )
    return row.organisation_id


@retried
@transaction.atomic
def decline_invitation(*, token: str, person_id: int) -> None:
    """Say no. Raises NotFound, InvitationOver, NotYours."""
    _decide(_usable(token, person_id), Invitation.State.DECLINED, person_id)


def mail_invitation(*, invitation_id: int, version: int) -> None:
    """Send the link to an e-mail address, in the language of the one who invited. For the worker."""
    row = Invitation.objects.select_related("organisation").filter(pk=invitation_id, version=version).first()
    if row is None or row.state != Invitation.State.WAITING or "@" not in row.contact:
        return
    shop, link, days = row.organisation.name, invitation_link(row), settings.ENVIRONMENT.invitation_days
    if row.language == "en":
        subject = f"{shop} invites you"
        text = f"You are invited to work in {shop}. Accept or decline within {days} days:\n\n{link}\n"
    else:
        subject = f"{shop} 邀请你加入"
        text = f"你被邀请加入「{shop}」。请在 {days} 天内接受或拒绝：\n\n{link}\n"
    send_mail(subject, text, None, [row.contact])


@retried
@transaction.atomic
def change_role(*, by: MembershipCard, member_id: int, role: str, own_role_id: int | None) -> tuple[str, str]:
    """Give a member another role. Returns (name before, name after).

    Raises NotFound, LastOwner, InvalidInput, BeyondOwnScopes for more than one's own scopes, for a member who has more, and
    for oneself unless it is less.
    """
    organisation_id = by.organisation_id
    wanted = _wanted(by, role, own_role_id)
    hold_names(f"owners:{organisation_id}")
    row = _member(organisation_id, member_id)
    _require(by, wanted)
    _require(by, scopes_of(row))
    if row.person_id == by.person_id and not covers(scopes_of(row), wanted):
        raise BeyondOwnScopes
    _keep_an_owner(row, role)
    before = _name(row.role, row.own_role)
    row.role, row.own_role_id = role, own_role_id
    row.save(update_fields=["role", "own_role"])
    row.refresh_from_db()
    notify(person_id=row.person_id, kind="role_changed", data={"shop_id": organisation_id})
    return before, _name(row.role, row.own_role)


@retried
@transaction.atomic
def remove_member(*, by: MembershipCard, member_id: int) -> None:
    """Remove a member, or leave. Raises NotFound, LastOwner, BeyondOwnScopes for a member who has more."""
    hold_names(f"owners:{by.organisation_id}")
    row = _member(by.organisation_id, member_id)
    if row.person_id != by.person_id:
        _require(by, scopes_of(row))
    _keep_an_owner(row, None)
    person_id = row.person_id
    SavedView.objects.filter(member=row, shared=False).delete()  # what they shared stays with the shop
    row.delete()
    if person_id != by.person_id:
        notify(person_id=person_id, kind="member_removed", data={"shop_id": by.organisation_id})


@retried
@transaction.atomic
def hand_on(*, by: MembershipCard, member_id: int, shop_name: str) -> None:
    """Make another member the owner and oneself a manager. `shop_name` confirms it, typed.

    Raises NotFound, InvalidInput for another name or oneself, Forbidden for somebody who is no owner.
    """
    if by.role != "owner":
        raise Forbidden
    if Organisation.objects.get(pk=by.organisation_id).name != shop_name.strip():
        raise InvalidInput(field="shop_name", expected="the shop's name as it is written")
    hold_names(f"owners:{by.organisation_id}")
    row = _member(by.organisation_id, member_id)
    if row.person_id == by.person_id:
        raise InvalidInput(field="member_id", expected="another member")
    mine = Membership.objects.filter(pk=by.id, role="owner")
    if not mine.update(role="manager", own_role=None):
        raise Forbidden
    Membership.objects.filter(pk=row.pk).update(role="owner", own_role=None)
    notify(person_id=row.person_id, kind="role_changed", data={"shop_id": by.organisation_id})


@retried
@transaction.atomic
def save_role(
    *, by: MembershipCard, role_id: int | None, name: str, scopes: Sequence[str]
) -> tuple[int, list[str], list[str]]:
    """Make a role of the shop's own, or change one. Returns (its id, scopes before, after). Holds for its members at once.

    Raises NotFound, NameTaken, InvalidInput for unknown scopes, BeyondOwnScopes for more than one's own, and for a role
    that one has oneself.
    """
    known = scopes_of_kind(by.kind)
    if not scopes or set(scopes) - set(known):
        raise InvalidInput(field="scopes", expected="one or more of " + ", ".join(known))
    _require(by, frozenset(scopes))
    hold_names(f"roles:{by.organisation_id}")
    wanted = [scope for scope in known if scope in set(scopes)]
    rows = OwnRole.objects.filter(organisation_id=by.organisation_id)
    row = OwnRole(organisation_id=by.organisation_id, created_at=clock.now())
    before: list[str] = []
    if role_id is not None:
        row = _own_role(by.organisation_id, role_id)
        before = list(row.scopes)
        _require(by, frozenset(before))
        if Membership.objects.filter(own_role=row, person_id=by.person_id).exists():
            raise BeyondOwnScopes
    elif rows.count() >= MAX_ROLES:
        raise InvalidInput(field="name", expected=f"at most {MAX_ROLES} roles")
    row.name, row.scopes = name, wanted
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken(field="name") from error
    if before and before != wanted:
        for person_id in Membership.objects.filter(own_role=row).values_list("person_id", flat=True):
            notify(person_id=person_id, kind="role_changed", data={"shop_id": by.organisation_id})
    return row.pk, before, wanted


@retried
@transaction.atomic
def delete_role(*, by: MembershipCard, role_id: int) -> None:
    """Remove a role that nobody has. Raises NotFound, RoleInUse, BeyondOwnScopes."""
    hold_names(f"roles:{by.organisation_id}", f"owners:{by.organisation_id}", f"invitations:{by.organisation_id}")
    row = _own_role(by.organisation_id, role_id)
    _require(by, frozenset(row.scopes))
    waiting = Invitation.objects.filter(own_role=row, state=Invitation.State.WAITING)
    if Membership.objects.filter(own_role=row).exists() or waiting.exists():
        raise RoleInUse
    Invitation.objects.filter(own_role=row).update(own_role=None)
    row.delete()


def scopes_of(row: Membership) -> frozenset[str]:
    """What a member may do now."""
    granted = PERMISSIONS.get(row.role, frozenset()) if row.own_role is None else frozenset(row.own_role.scopes)
    return scopes_within(granted, row.organisation.kind)


def _wanted(by: MembershipCard, role: str, own_role_id: int | None) -> frozenset[str]:
    if role == OWN and own_role_id is not None:
        return frozenset(_own_role(by.organisation_id, own_role_id).scopes)
    roles = workplace(by.kind).roles
    if role not in roles or own_role_id is not None:
        raise InvalidInput(field="role", expected=", ".join([*roles, f"{OWN} with own_role_id"]))
    return scopes_within(PERMISSIONS[role], by.kind)


def _require(by: MembershipCard, wanted: frozenset[str]) -> None:
    if not covers(by.scopes, wanted):
        raise BeyondOwnScopes(data={"missing": sorted(wanted - by.scopes)})


def _keep_an_owner(row: Membership, role: str | None) -> None:
    owners = Membership.objects.filter(organisation_id=row.organisation_id, role="owner").exclude(pk=row.pk)
    if row.role == "owner" and role != "owner" and not owners.exists():
        raise LastOwner


def _member(organisation_id: int, member_id: int) -> Membership:
    rows = Membership.objects.select_related("own_role", "organisation")
    rows = rows.filter(pk=member_id, organisation_id=organisation_id)
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def _own_role(organisation_id: int, role_id: int) -> OwnRole:
    row = OwnRole.objects.filter(pk=role_id, organisation_id=organisation_id).first()
    if row is None:
        raise NotFound(field="own_role_id", expected="a role of this shop")
    return row


def _own_invitation(organisation_id: int, invitation_id: int) -> Invitation:
    rows = Invitation.objects.select_for_update(no_key=True)
    row = rows.filter(pk=invitation_id, organisation_id=organisation_id).first()
    if row is None:
        raise NotFound
    if row.state != Invitation.State.WAITING:
        raise InvitationOver(data={"state": row.state})
    return row


def _usable(token: str, person_id: int) -> Invitation:
    row = read_token(token)
    if row.state != Invitation.State.WAITING:
        raise InvitationOver(data={"state": row.state})
    if row.expires_at <= clock.now():
        raise InvitationOver(data={"state": "expired"})
    if "@" in row.contact and Person.objects.get(pk=person_id).email != row.contact:
        raise NotYours
    return row


def _decide(row: Invitation, state: str, person_id: int | None) -> None:
    waiting = Invitation.objects.filter(pk=row.pk, state=Invitation.State.WAITING, version=row.version)
    if not waiting.update(state=state, decided_by_id=person_id, decided_at=clock.now()):
        raise InvitationOver(data={"state": "decided"})


def _send(row: Invitation) -> None:
    if "@" in row.contact:
        publish(MemberInvited(invitation_id=row.pk, version=row.version))


def _name(role: str, own_role: Any) -> str:
    return own_role.name if own_role is not None else role
