"""Writes of accounts."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.accounts.contracts import BUYER_NOTICES, MEMBER_NOTICES, PERMISSIONS, STUDIO, UPLOADER_NOTICES, NoticeSide
from xingqu.accounts.models import ActionEntry, Creator, GuestMerge, Membership, Notice, Organisation, Person
from xingqu.accounts.selectors import member_ids, notices_of, person_id_by_email
from xingqu.events.accounts import GuestMerged, OrganisationCreated
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, Conflict, InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import insert_rows
from xingqu.kit.transactions import hold_names, retried

_SHOP_HANDLE = re.compile(r"shop\d+$")
Changes = Mapping[str, tuple[Any, Any]]


class NameTaken(Conflict):
    code = "name_taken"
    message = "This name is already in use."


class TooManyStudios(BusinessError):
    code = "too_many_studios"
    status = 409
    message = "You have as many creator accounts as one person may open."


class LastOwner(Conflict):
    code = "last_owner"
    message = "An organisation keeps at least one owner."


def create_person(
    *,
    email: str,
    password: str | None,
    display_name: str = "",
    language: str = "zh-CN",
    is_operator: bool = False,
) -> int:
    """Make a person and return the id. Raises NameTaken for an e-mail in use. Without a password nobody can sign in by one."""
    if person_id_by_email(email=email) is not None:
        raise NameTaken(field="email")
    person = Person.objects.create_user(
        email, password, display_name=display_name, language=language, is_staff=is_operator
    )
    return int(person.pk)


def update_person(*, person_id: int, display_name: str | None, language: str | None) -> None:
    """Change what is given; None leaves a field as it is."""
    changes: dict[str, Any] = {}
    if display_name is not None:
        changes["display_name"] = display_name
    if language is not None:
        changes["language"] = language
    if changes:
        Person.objects.filter(pk=person_id).update(**changes)


@transaction.atomic
def create_organisation(
    *,
    owner_id: int,
    kind: str,
    name: str,
    name_en: str = "",
    description: str = "",
    avatar_url: str = "",
    may_list: bool = True,
) -> int:
    """Make an organisation with its owner; a merchant also gets its publishing account. Raises NameTaken.

    `may_list` is False for a shop that somebody signed up: it lists products once its papers are approved.
    """
    try:
        with transaction.atomic():
            row = Organisation.objects.create(
                kind=kind,
                name=name,
                name_en=name_en,
                description=description,
                avatar_url=avatar_url,
                may_list=may_list,
            )
    except IntegrityError as error:
        raise NameTaken(field="name", expected="a name that no other organisation has") from error
    Membership.objects.create(organisation=row, person_id=owner_id, role=Membership.Role.OWNER)
    if kind == Organisation.Kind.MERCHANT:
        create_creator(
            handle=f"shop{row.pk}",
            display_name=name[:40],
            display_name_en=name_en,
            bio=description[:200],
            avatar_url=avatar_url,
            organisation_id=row.pk,
        )
    publish(OrganisationCreated(organisation_id=row.pk, kind=kind, owner_id=owner_id))
    return int(row.pk)


@retried
@transaction.atomic
def open_studio(*, owner_id: int, handle: str, display_name: str, bio: str) -> int:
    """Make somebody a creator: a workplace of their own with its publishing account. Returns the workplace's id.

    Raises NameTaken for a handle or a name in use, InvalidInput for a handle kept for shops, TooManyStudios.
    """
    if _SHOP_HANDLE.match(handle):
        raise InvalidInput(field="handle", expected="a handle other than those of shops")
    hold_names(f"studios:{owner_id}")
    most = settings.ENVIRONMENT.studios_per_person
    owned = Membership.objects.filter(person_id=owner_id, role=Membership.Role.OWNER, organisation__kind=STUDIO)
    if owned.count() >= most:
        raise TooManyStudios(expected=f"at most {most}", data={"most": most})
    studio_id = create_organisation(owner_id=owner_id, kind=STUDIO, name=display_name, description=bio)
    create_creator(handle=handle, display_name=display_name, bio=bio, organisation_id=studio_id)
    return studio_id


@retried
@transaction.atomic
def update_creator(
    *,
    creator_id: int,
    handle: str | None = None,
    display_name: str | None = None,
    bio: str | None = None,
    avatar_url: str | None = None,
) -> None:
    """Change a publishing account; None leaves a field as it is. A studio is called what its account is called.

    Raises NotFound, NameTaken, InvalidInput for a handle kept for shops.
    """
    row = Creator.objects.select_related("organisation").filter(pk=creator_id).first()
    if row is None:
        raise NotFound
    if handle is not None and handle != row.handle and _SHOP_HANDLE.match(handle):
        raise InvalidInput(field="handle", expected="a handle other than those of shops")
    given = {"handle": handle, "display_name": display_name, "bio": bio, "avatar_url": avatar_url}
    changes = {name: value for name, value in given.items() if value is not None}
    try:
        with transaction.atomic():
            Creator.objects.filter(pk=creator_id).update(**changes)
    except IntegrityError as error:
        raise NameTaken(field="handle") from error
    if row.organisation is None or row.organisation.kind != STUDIO:
        return
    update_organisation(organisation_id=row.organisation.pk, name=display_name, description=bio)
    if avatar_url is not None:
        Organisation.objects.filter(pk=row.organisation.pk).update(avatar_url=avatar_url)


def update_organisation(*, organisation_id: int, name: str | None, description: str | None) -> None:
    """Change what is given. Raises NameTaken."""
    changes = {k: v for k, v in (("name", name), ("description", description)) if v is not None}
    if not changes:
        return
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation_id).update(**changes)
    except IntegrityError as error:
        raise NameTaken(field="name", expected="a name that no other organisation has") from error


def allow_listing(*, organisation_id: int) -> None:
    """Let a shop put products on sale. Doing it again changes nothing."""
    Organisation.objects.filter(pk=organisation_id).update(may_list=True)


def freeze_listing(*, organisation_id: int, frozen: bool) -> None:
    """Stop a shop from putting anything new on sale, or let it again. Doing it again changes nothing."""
    Organisation.objects.filter(pk=organisation_id).update(listing_frozen=frozen)


def create_creator(
    *,
    handle: str,
    display_name: str,
    display_name_en: str = "",
    bio: str = "",
    avatar_url: str = "",
    person_id: int | None = None,
    organisation_id: int | None = None,
) -> int:
    """Make a publishing account. Raises NameTaken for a handle in use."""
    try:
        with transaction.atomic():
            row = Creator.objects.create(
                handle=handle,
                display_name=display_name,
                display_name_en=display_name_en,
                bio=bio,
                avatar_url=avatar_url,
                person_id=person_id,
                organisation_id=organisation_id,
            )
    except IntegrityError as error:
        raise NameTaken(field="handle") from error
    return int(row.pk)


def house_creator(*, creator_id: int, organisation_id: int) -> bool:
    """Give a publishing account that belongs to nobody a workplace; returns whether it had none."""
    return bool(Creator.objects.filter(pk=creator_id, organisation=None).update(organisation_id=organisation_id))


@transaction.atomic
def add_member(*, organisation_id: int, email: str, role: str) -> int:
    """Give a signed-up person a role, as seeding does; people are invited instead.

    Raises NotFound for an unknown e-mail, Conflict for a member, InvalidInput for a role.
    """
    _check_role(role)
    person_id = person_id_by_email(email=email)
    if person_id is None:
        raise NotFound(
            "Nobody has signed up with this e-mail yet.",
            field="email",
            expected="the e-mail of a person who has signed up",
        )
    row, created = Membership.objects.get_or_create(
        organisation_id=organisation_id, person_id=person_id, defaults={"role": role}
    )
    if not created:
        raise Conflict("This person is a member already.", field="email")
    return int(row.pk)


def _check_role(role: str) -> None:
    if role not in PERMISSIONS:
        raise InvalidInput(field="role", expected=", ".join(PERMISSIONS))


@transaction.atomic
def merge_guest(*, guest_key: int, person_id: int) -> bool:
    """Hand what a guest did to the person they turned out to be, once. Returns whether it was the first time."""
    _, created = GuestMerge.objects.get_or_create(guest_key=guest_key, defaults={"person_id": person_id})
    if created:
        publish(GuestMerged(guest_key=guest_key, person_id=person_id))
    return created


def notify(
    *, kind: str, data: dict[str, Any], person_id: int | None = None, organisation_id: int | None = None
) -> None:
    """Tell a person, or every member of an organisation. `kind` is a stable code that clients translate.

    Raises ValueError when a person alone is told what is not listed: no client would have a sentence for it.
    """
    if person_id is not None and kind not in (*BUYER_NOTICES, *UPLOADER_NOTICES, *MEMBER_NOTICES):
        raise ValueError(f"{kind} is not listed among the notices of accounts.contracts")
    ids = [person_id] if person_id is not None else []
    if organisation_id is not None:
        ids += member_ids(organisation_id=organisation_id)
    insert_rows([Notice(person_id=pk, kind=kind, data=data, created_at=clock.now()) for pk in ids])


def read_notices(*, person_id: int, up_to_id: int, side: NoticeSide = "all") -> None:
    """Mark a person's notices up to an id as read; `buyer` leaves those of their shops unread."""
    rows = notices_of(person_id=person_id, side=side)
    rows.filter(pk__lte=up_to_id, read_at__isnull=True).update(read_at=clock.now())


def record_action(
    *,
    organisation_id: int,
    person_id: int,
    session_key: str,
    action: str,
    subject: str,
    area: str = "",
    changes: Changes | None = None,
) -> None:
    """Write down what a member did. `action` is the kind (``POST products/*/online``), `subject` what it was done to.

    `changes` are {field: (before, after)}.
    """
    ActionEntry.objects.create(
        organisation_id=organisation_id,
        person_id=person_id,
        session=hashlib.sha256(session_key.encode()).hexdigest()[:12],
        action=action[:120],
        subject=subject[:200],
        area=area,
        changes=changes or {},
        at=clock.now(),
    )


def record_platform_action(
    *, organisation_id: int, person_id: int, action: str, subject: str, changes: dict[str, Any]
) -> None:
    """Write down in an organisation's log what an operator did to it. `changes` are what was decided, by name."""
    ActionEntry.objects.create(
        organisation_id=organisation_id,
        person_id=person_id,
        session="",
        action=f"PLATFORM {action}"[:120],
        subject=subject[:200],
        area="platform",
        changes={name: (None, value) for name, value in changes.items()},
        by_platform=True,
        at=clock.now(),
    )


def sweep_actions(*, limit: int = 5000) -> int:
    """Forget entries of the audit log that are older than the setting says. Returns how many. For the worker."""
    oldest = clock.now() - timedelta(days=settings.ENVIRONMENT.audit_log_days)
    ids = list(ActionEntry.objects.filter(at__lt=oldest).order_by("id").values_list("id", flat=True)[:limit])
    return ActionEntry.objects.filter(pk__in=ids).delete()[0]
