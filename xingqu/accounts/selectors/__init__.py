"""Reads of accounts. Who may see what is decided here, where the data is read."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from xingqu.accounts.contracts import (
    AGENCY,
    PERMISSIONS,
    Actor,
    CreatorCard,
    MembershipCard,
    OpenAccess,
    OrganisationCard,
    PersonBrief,
)
from xingqu.accounts.models import (
    Creator,
    Delegation,
    GuestMerge,
    Invitation,
    Membership,
    Organisation,
    OwnRole,
    Person,
)
from xingqu.accounts.scopes import delegated_scopes, has_address, page_of_address, scopes_within, workplace
from xingqu.accounts.selectors.notices import last_notice_id as last_notice_id
from xingqu.accounts.selectors.notices import notices_after as notices_after
from xingqu.accounts.selectors.notices import notices_of as notices_of
from xingqu.accounts.selectors.notices import notices_page as notices_page
from xingqu.accounts.selectors.notices import unread_counts as unread_counts
from xingqu.accounts.sessions import signed_in_id
from xingqu.kit.errors import Forbidden, NotFound, SignInRequired
from xingqu.kit.ids import MAX_ID
from xingqu.kit.sql import fetch

_BELOW_SHOP = re.compile(r"^/api/v1/(?:shops|organisations)/\d{1,16}/(.*)$")
_CREATOR_SQL = (
    "SELECT c.id, c.handle, c.display_name, c.display_name_en, c.avatar_url, c.bio, c.organisation_id, o.kind"
    " FROM accounts_creator c LEFT JOIN accounts_organisation o ON o.id = c.organisation_id"
)


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking: the signed-in person, and the guest key of this browser."""
    return Actor(person_id=signed_in_id(request), guest_key=getattr(request, "guest_key", None))


def person_of(request: HttpRequest) -> int:
    """Id of the signed-in person. Raises SignInRequired."""
    person_id = signed_in_id(request)
    if person_id is None:
        raise SignInRequired
    return person_id


def operator_of(request: HttpRequest) -> int:
    """Id of the signed-in operator. Raises SignInRequired; NotFound for everybody else: nothing is revealed."""
    person_id = person_of(request)
    if not request.user.is_staff:
        raise NotFound
    return person_id


def shop_of(request: HttpRequest, shop_id: int, permission: str) -> MembershipCard:
    """The caller's membership of the shop, or the program's whose token it is: its scopes have been checked for this address.

    `shop_id` is any workplace's: a studio's and an agency's rooms stand at the same addresses, as far as their kind has them.
    Raises SignInRequired, NotFound for a stranger and for what the kind of workplace does not have, Forbidden for a role that
    may not.
    """
    found = _BELOW_SHOP.match(request.path)
    rest = found.group(1) if found is not None else ""
    access: OpenAccess | None = getattr(request, "open_access", None)
    if access is not None:
        kind = Organisation.objects.filter(pk=access.shop_id).values_list("kind", flat=True).first()
        if access.shop_id != shop_id or kind is None or not has_address(kind, rest):
            raise NotFound
        return MembershipCard(id=0, organisation_id=shop_id, person_id=access.person_id, role="program")
    page = page_of_address(rest)
    card = _membership(person_of(request), shop_id)
    if not has_address(card.kind, rest):
        raise NotFound
    return _checked(card, permission, page)


def creator_of(request: HttpRequest, creator_id: int, permission: str, page: str) -> CreatorCard:
    """A publishing account that the caller may act for: a member of its studio, as far as the role allows it on that page, or
    the studio's program whose token it is: its scopes have been checked for this address.

    Raises SignInRequired, NotFound for strangers and for a shop's account, Forbidden for a role that may not.
    """
    row = Creator.objects.select_related("organisation").filter(pk=creator_id).first()
    access: OpenAccess | None = getattr(request, "open_access", None)
    if access is not None:
        home = row.organisation if row is not None else None
        if row is None or home is None or home.pk != access.shop_id or page not in workplace(home.kind).pages:
            raise NotFound
        return _creator_card(row)
    person_id = person_of(request)
    if row is None:
        raise NotFound
    if row.organisation_id is not None:
        require_membership(person_id=person_id, organisation_id=row.organisation_id, permission=permission, page=page)
        request.acted_in = (row.organisation_id, page)  # type: ignore[attr-defined]  # for the audit log
    elif row.person_id != person_id:
        raise NotFound
    return _creator_card(row)


def require_membership(*, person_id: int, organisation_id: int, permission: str, page: str = "") -> MembershipCard:
    """Raises NotFound for somebody who is no member (nothing is revealed) and for a page that this kind of workplace does not
    have, Forbidden when the role does not allow it.

    `view` of a `page` is also allowed by a scope of that page.
    """
    card = _membership(person_id, organisation_id)
    if page and page not in workplace(card.kind).pages:
        raise NotFound
    return _checked(card, permission, page)


def _membership(person_id: int, organisation_id: int) -> MembershipCard:
    rows = Membership.objects.select_related("own_role", "organisation")
    row = rows.filter(person_id=person_id, organisation_id=organisation_id).first()
    if row is not None:
        return _membership_card(row)
    sent = _delegate_cards(person_id, Delegation.objects.filter(organisation_id=organisation_id))
    if not sent:
        raise NotFound
    return sent[0][0]


def _delegate_cards(person_id: int, rows: QuerySet[Delegation]) -> list[tuple[MembershipCard, Organisation]]:
    """What workplaces of others a person may enter for an organisation they belong to, and as what."""
    rows = rows.filter(to_organisation__memberships__person_id=person_id).select_related("organisation").order_by("id")
    found = []
    for row in rows:
        homes = Membership.objects.select_related("own_role", "organisation")
        home = _membership_card(homes.get(organisation_id=row.to_organisation_id, person_id=person_id))
        scopes = scopes_within(delegated_scopes(row.scopes, home.scopes), row.organisation.kind)
        if scopes:
            card = MembershipCard(
                id=0,
                organisation_id=row.organisation_id,
                person_id=person_id,
                role=Membership.Role.OWN.value,
                scopes=scopes,
                kind=row.organisation.kind,
                delegate_of=row.to_organisation_id,
            )
            found.append((card, row.organisation))
    return found


def _checked(card: MembershipCard, permission: str, page: str) -> MembershipCard:
    if not card.may(permission, page):
        raise Forbidden(data={"permission": permission, "page": page, "role": card.role})
    return card


def _membership_card(row: Membership) -> MembershipCard:
    granted = frozenset(row.own_role.scopes) if row.own_role is not None else PERMISSIONS.get(row.role, frozenset())
    kind = row.organisation.kind
    return MembershipCard(
        id=row.pk,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        role=row.role,
        scopes=scopes_within(granted, kind),
        kind=kind,
    )


def memberships_of(*, person_id: int) -> list[tuple[MembershipCard, OrganisationCard]]:
    """Organisations a person belongs to, oldest first; then the studios that an agency of theirs was let into."""
    rows = Membership.objects.filter(person_id=person_id).select_related("organisation", "own_role").order_by("id")
    found = [(_membership_card(row), _organisation_card(row.organisation)) for row in rows]
    if any(card.kind == AGENCY for card, _ in found):
        own = {card.organisation_id for card, _ in found}
        sent = _delegate_cards(person_id, Delegation.objects.exclude(organisation_id__in=own))
        found += [(card, _organisation_card(organisation)) for card, organisation in sent]
    return found


def role_names(*, person_id: int) -> dict[int, str]:
    """Organisation -> the name of the role of its own that a person has there."""
    rows = Membership.objects.filter(person_id=person_id, own_role__isnull=False)
    return dict(rows.values_list("organisation_id", "own_role__name"))


def roles_of(*, organisation_id: int) -> list[dict[str, Any]]:
    """An organisation's own roles with how many members have each."""
    counts = dict(
        Membership.objects.filter(organisation_id=organisation_id, own_role__isnull=False)
        .values_list("own_role_id")
        .annotate(count=Count("id"))
    )
    rows = OwnRole.objects.filter(organisation_id=organisation_id).order_by("name")
    return [{"id": r.pk, "name": r.name, "scopes": r.scopes, "members": counts.get(r.pk, 0)} for r in rows]


def invitations_of(*, organisation_id: int) -> list[Invitation]:
    """Invitations, newest first, at most 100; those that wait come with a link by `services.membership`."""
    rows = Invitation.objects.filter(organisation_id=organisation_id).select_related("own_role", "invited_by")
    return list(rows.order_by("-id")[:100])


def members_of(*, organisation_id: int) -> list[dict[str, Any]]:
    """Members with name, e-mail and role, oldest first."""
    rows = (
        Membership.objects.filter(organisation_id=organisation_id).select_related("person", "own_role").order_by("id")
    )
    return [
        {
            "id": r.pk,
            "person_id": r.person_id,
            "display_name": str(r.person),
            "email": r.person.email,
            "role": r.role,
            "own_role_id": r.own_role_id,
            "role_name": r.own_role.name if r.own_role is not None else "",
            "created_at": r.created_at,
        }
        for r in rows
    ]


def member_ids(*, organisation_id: int) -> list[int]:
    """Person ids of an organisation's members."""
    sql = "SELECT person_id FROM accounts_membership WHERE organisation_id = %s ORDER BY id"
    return [person_id for (person_id,) in fetch(sql, [organisation_id])]


def organisation_cards(*, ids: Iterable[int]) -> dict[int, OrganisationCard]:
    """Cards by id; unknown ids are absent. On every page's way, hence short SQL."""
    rows = _fetch_in("SELECT id, kind, name, name_en, description, avatar_url FROM accounts_organisation", ids)
    return {
        pk: OrganisationCard(id=pk, kind=kind, name=name, name_en=name_en or name, description=text, avatar_url=avatar)
        for pk, kind, name, name_en, text, avatar in rows
    }


def organisations_named(*, kind: str, q: str, limit: int) -> list[OrganisationCard]:
    """Organisations of a kind whose name has the words, by name."""
    rows = Organisation.objects.filter(kind=kind)
    for word in q.split():
        rows = rows.filter(name__icontains=word)
    cards = organisation_cards(ids=list(rows.order_by("name", "id").values_list("id", flat=True)[:limit]))
    return sorted(cards.values(), key=lambda card: (card.name, card.id))


def organisation_card(*, organisation_id: int) -> OrganisationCard:
    """One card. Raises NotFound."""
    card = organisation_cards(ids=[organisation_id]).get(organisation_id)
    if card is None:
        raise NotFound
    return card


def is_listing_allowed(*, organisation_id: int) -> bool:
    """Whether the shop's papers were approved, or it was made by the house."""
    return Organisation.objects.filter(pk=organisation_id, may_list=True).exists()


def is_listing_frozen(*, organisation_id: int) -> bool:
    """Whether the shop may put nothing new on sale for now, whatever its papers."""
    return Organisation.objects.filter(pk=organisation_id, listing_frozen=True).exists()


def find_organisations(*, text: str, kind: str | None, limit: int) -> list[int]:
    """Ids of organisations of a kind (None: of any) with exactly this id, or whose name holds the text."""
    wanted = text.strip()
    found = Q(name__icontains=wanted) | Q(name_en__icontains=wanted)
    if wanted.isdecimal() and wanted.isascii() and int(wanted) <= MAX_ID:
        found |= Q(pk=int(wanted))
    rows = Organisation.objects.filter(found)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def organisation_id_named(*, name: str) -> int | None:
    """Id of the organisation with exactly this name."""
    return Organisation.objects.filter(name=name).values_list("id", flat=True).first()


def creators_by_ids(*, ids: Iterable[int]) -> dict[int, CreatorCard]:
    """Creator cards by id; unknown ids are absent. On every page's way, hence short SQL."""
    rows = _fetch_in(_CREATOR_SQL, ids, column="c.id")
    return {
        pk: CreatorCard(
            id=pk,
            handle=handle,
            display_name=name,
            display_name_en=name_en or name,
            avatar_url=avatar_url,
            bio=bio,
            organisation_id=organisation_id,
            organisation_kind=kind or "",
        )
        for pk, handle, name, name_en, avatar_url, bio, organisation_id, kind in rows
    }


def creator_id_by_handle(*, handle: str) -> int | None:
    return Creator.objects.filter(handle=handle).values_list("id", flat=True).first()


def creators_of(*, person_id: int | None = None, organisation_id: int | None = None) -> list[CreatorCard]:
    """Publishing accounts of a person or of an organisation."""
    rows: QuerySet[Creator] = Creator.objects.select_related("organisation").order_by("id")
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    elif person_id is not None:
        rows = rows.filter(person_id=person_id)
    return [_creator_card(row) for row in rows]


def own_creators(*, organisation_ids: Iterable[int]) -> dict[int, int]:
    """Organisation -> its first publishing account."""
    rows = Creator.objects.filter(organisation_id__in=list(organisation_ids)).order_by("-id")
    return {organisation_id: pk for organisation_id, pk in rows.values_list("organisation_id", "id") if organisation_id}


def find_creators(*, text: str, limit: int) -> list[int]:
    """Ids of creators whose handle or name holds the text."""
    wanted = text.strip()
    found = Q(handle__icontains=wanted) | Q(display_name__icontains=wanted) | Q(display_name_en__icontains=wanted)
    return list(Creator.objects.filter(found).order_by("id").values_list("id", flat=True)[:limit])


def person_id_by_email(*, email: str) -> int | None:
    return Person.objects.filter(email=email.strip().lower()).values_list("id", flat=True).first()


def find_people(*, text: str, limit: int) -> list[PersonBrief]:
    """People of exactly this id or e-mail address, else those whose name holds the text, newest first. For operators."""
    wanted = text.strip()
    rows = Person.objects.filter(email=wanted.lower())
    if wanted.isdecimal() and wanted.isascii() and int(wanted) <= MAX_ID:
        rows = rows | Person.objects.filter(pk=int(wanted))
    if not rows.exists():
        rows = Person.objects.filter(display_name__icontains=wanted)
    return [
        PersonBrief(id=row.pk, display_name=row.display_name, email=row.email, joined_at=row.date_joined)
        for row in rows.order_by("-id")[:limit]
    ]


def person_labels(*, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Person id -> (display name, avatar address). Never the e-mail: a name that is missing reads "用户" and the id."""
    rows = Person.objects.filter(pk__in=list(ids)).values_list("id", "display_name", "avatar_url")
    return {pk: (name or f"用户{pk}", avatar) for pk, name, avatar in rows}


def person_of_guest(*, guest_key: int) -> int | None:
    """The person a guest key was merged into."""
    return GuestMerge.objects.filter(guest_key=guest_key).values_list("person_id", flat=True).first()


def _fetch_in(sql: str, ids: Iterable[int], column: str = "id") -> list[tuple[Any, ...]]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    return fetch(f"{sql} WHERE {column} IN ({', '.join(['%s'] * len(wanted))})", wanted)


def _organisation_card(row: Organisation) -> OrganisationCard:
    return OrganisationCard(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en or row.name,
        description=row.description,
        avatar_url=row.avatar_url,
    )


def _creator_card(row: Creator) -> CreatorCard:
    return CreatorCard(
        id=row.pk,
        handle=row.handle,
        display_name=row.display_name,
        display_name_en=row.display_name_en or row.display_name,
        avatar_url=row.avatar_url,
        bio=row.bio,
        organisation_id=row.organisation_id,
        organisation_kind=row.organisation.kind if row.organisation is not None else "",
    )
