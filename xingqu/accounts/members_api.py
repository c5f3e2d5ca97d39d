"""Members, invitations and roles over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts import selectors
from xingqu.accounts.contracts import PERMISSIONS, MembershipCard
from xingqu.accounts.http import note_change
from xingqu.accounts.models import Invitation
from xingqu.accounts.schemas import (
    HandOnIn,
    InvitationCardOut,
    InvitationIn,
    InvitationOut,
    JoinedOut,
    MemberOut,
    MemberPatch,
    OwnRoleIn,
    RolesOut,
    Token,
)
from xingqu.accounts.scopes import PAGES, scopes_within, workplace
from xingqu.accounts.services import membership
from xingqu.kit import clock
from xingqu.kit.api import Id, ListOut

router = Router(tags=["accounts"])
WRITE = "members.write"


@router.get("/organisations/{organisation_id}/members", response=ListOut[MemberOut])
def list_members(request: HttpRequest, organisation_id: Id) -> Any:
    """Members of one's own organisation."""
    selectors.shop_of(request, organisation_id, "view")
    return {"items": selectors.members_of(organisation_id=organisation_id), "next_cursor": None}


@router.patch("/organisations/{organisation_id}/members/{member_id}", response=ListOut[MemberOut])
def change_member(request: HttpRequest, organisation_id: Id, member_id: Id, payload: MemberPatch) -> Any:
    """Give a member another role, of no more than one's own scopes. It holds from the next call on."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    before, after = membership.change_role(
        by=by, member_id=member_id, role=payload.role, own_role_id=payload.own_role_id
    )
    note_change(request, role=(before, after))
    return {"items": selectors.members_of(organisation_id=organisation_id), "next_cursor": None}


@router.delete("/organisations/{organisation_id}/members/{member_id}", response={204: None})
def remove_member(request: HttpRequest, organisation_id: Id, member_id: Id) -> Any:
    """Remove a member, or leave: everybody may remove themselves."""
    by = selectors.shop_of(request, organisation_id, "view")
    if member_id != by.id:
        selectors.shop_of(request, organisation_id, WRITE)
    membership.remove_member(by=by, member_id=member_id)
    return Status(204, None)


@router.post("/organisations/{organisation_id}/owner", response={204: None})
def hand_on(request: HttpRequest, organisation_id: Id, payload: HandOnIn) -> Any:
    """Make another member the owner. For owners; the shop's name confirms it."""
    by = selectors.shop_of(request, organisation_id, "owner")
    membership.hand_on(by=by, member_id=payload.member_id, shop_name=payload.shop_name)
    return Status(204, None)


@router.get("/organisations/{organisation_id}/roles", response=RolesOut)
def list_roles(request: HttpRequest, organisation_id: Id) -> Any:
    """The house's roles, the shop's own, and all scopes by page, as far as this kind of workplace has them."""
    return _roles(selectors.shop_of(request, organisation_id, "view"))


@router.post("/organisations/{organisation_id}/roles", response={201: RolesOut})
def create_role(request: HttpRequest, organisation_id: Id, payload: OwnRoleIn) -> Any:
    """A role of the shop's own, of no more than one's own scopes."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    _, before, after = membership.save_role(by=by, role_id=None, name=payload.name, scopes=payload.scopes)
    note_change(request, name=(None, payload.name), scopes=(before, after))
    return Status(201, _roles(by))


@router.patch("/organisations/{organisation_id}/roles/{role_id}", response=RolesOut)
def update_role(request: HttpRequest, organisation_id: Id, role_id: Id, payload: OwnRoleIn) -> Any:
    """Change a role of the shop's own; it holds for its members from their next call on."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    _, before, after = membership.save_role(by=by, role_id=role_id, name=payload.name, scopes=payload.scopes)
    note_change(request, scopes=(before, after))
    return _roles(by)


@router.delete("/organisations/{organisation_id}/roles/{role_id}", response={204: None})
def delete_role(request: HttpRequest, organisation_id: Id, role_id: Id) -> Any:
    """Remove a role that nobody has."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    membership.delete_role(by=by, role_id=role_id)
    return Status(204, None)


@router.get("/organisations/{organisation_id}/invitations", response=ListOut[InvitationOut])
def list_invitations(request: HttpRequest, organisation_id: Id) -> Any:
    """Invitations, newest first."""
    selectors.shop_of(request, organisation_id, WRITE)
    return _invitations(organisation_id)


@router.post("/organisations/{organisation_id}/invitations", response={201: ListOut[InvitationOut]})
def create_invitation(request: HttpRequest, organisation_id: Id, payload: InvitationIn) -> Any:
    """Invite somebody: they become a member when they accept."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    membership.invite_member(by=by, **payload.dict())
    note_change(request, contact=(None, payload.contact), role=(None, payload.role))
    return Status(201, _invitations(organisation_id))


@router.post("/organisations/{organisation_id}/invitations/{invitation_id}/resend", response=ListOut[InvitationOut])
def resend_invitation(request: HttpRequest, organisation_id: Id, invitation_id: Id) -> Any:
    """Send it again with a new link; the former one ends."""
    by = selectors.shop_of(request, organisation_id, WRITE)
    membership.resend_invitation(by=by, invitation_id=invitation_id)
    return _invitations(organisation_id)


@router.delete("/organisations/{organisation_id}/invitations/{invitation_id}", response={204: None})
def revoke_invitation(request: HttpRequest, organisation_id: Id, invitation_id: Id) -> Any:
    """Take it back."""
    selectors.shop_of(request, organisation_id, WRITE)
    membership.revoke_invitation(organisation_id=organisation_id, invitation_id=invitation_id)
    return Status(204, None)


@router.get("/invitations/{token}", response=InvitationCardOut)
def get_invitation(request: HttpRequest, token: Token) -> Any:
    """What one is invited to. The link is enough to read it."""
    row = membership.read_token(token)
    shop = selectors.organisation_card(organisation_id=row.organisation_id)
    return {"shop_name": shop.name, "shop_name_en": shop.name_en, **_invitation(row)}


@router.post("/invitations/{token}/accept", response=JoinedOut)
def accept(request: HttpRequest, token: Token) -> Any:
    """Become a member. One is signed in, with the e-mail address that was invited."""
    person_id = selectors.person_of(request)
    return {"organisation_id": membership.accept_invitation(token=token, person_id=person_id)}


@router.post("/invitations/{token}/decline", response={204: None})
def decline(request: HttpRequest, token: Token) -> Any:
    """Say no."""
    membership.decline_invitation(token=token, person_id=selectors.person_of(request))
    return Status(204, None)


def _invitations(organisation_id: int) -> dict[str, Any]:
    rows = selectors.invitations_of(organisation_id=organisation_id)
    return {"items": [_invitation(row) for row in rows], "next_cursor": None}


def _invitation(row: Invitation) -> dict[str, Any]:
    over = row.state == Invitation.State.WAITING and row.expires_at <= clock.now()
    state = "expired" if over else row.state
    return {
        "id": row.pk,
        "contact": row.contact,
        "role": row.role,
        "role_name": row.own_role.name if row.own_role is not None else "",
        "state": state,
        "invited_by": str(row.invited_by) if row.invited_by is not None else "",
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "link": membership.invitation_link(row) if state == "waiting" else None,
    }


def _roles(by: MembershipCard) -> dict[str, Any]:
    place = workplace(by.kind)
    return {
        "house": [{"role": role, "scopes": sorted(scopes_within(PERMISSIONS[role], by.kind))} for role in place.roles],
        "own": selectors.roles_of(organisation_id=by.organisation_id),
        "pages": [{"page": page, "read": f"{page}.read", "write": PAGES[page]} for page in place.pages],
    }
