"""Accounts over HTTP. Sign-up, sign-in and password reset are allauth's own endpoints under /_allauth/."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.middleware.csrf import get_token
from ninja import Query, Router, Status
from pydantic import StringConstraints

from xingqu.accounts import selectors, services
from xingqu.accounts.action_log import actions_of
from xingqu.accounts.contracts import STUDIO, NoticeSide
from xingqu.accounts.members_api import router as members_router
from xingqu.accounts.models import Person
from xingqu.accounts.schemas import (
    ActionFilter,
    ActionOut,
    DemoRoleIn,
    FoundAccountOut,
    MeIn,
    NoticeOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    ReadNoticesIn,
    SessionOut,
)
from xingqu.accounts.views_api import router as views_router
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_stream

router = Router(tags=["accounts"])
router.add_router("", members_router)
router.add_router("", views_router)
EXPORT_CHUNK = 500
FOUND_MOST = 50
CREATORS_MOST = 20
IdList = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}(,[0-9]{1,18}){0,199}$")]
SearchText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
OrganisationKind = Literal["merchant", "mcn", "creator"]
ACTION_COLUMNS = (
    "at",
    "person_name",
    "person_id",
    "area",
    "words",
    "words_en",
    "subject",
    "changed",
    "session",
    "action",
)
DEMO_EMAILS = {
    "consumer": "consumer@demo.invalid",
    "merchant": "merchant@demo.invalid",
    "creator": "creator@demo.invalid",
    "agency": "agency@demo.invalid",
    "operator": "operator@demo.invalid",
}


def _session(request: HttpRequest) -> dict[str, Any]:
    actor = selectors.actor_of(request)
    user = request.user
    person = None
    if isinstance(user, Person):
        person = {
            "id": user.pk,
            "display_name": str(user),
            "email": user.email,
            "language": user.language,
            "avatar_url": user.avatar_url,
            "is_operator": user.is_staff,
        }
    pairs = selectors.memberships_of(person_id=actor.person_id) if actor.person_id is not None else []
    own_creators = selectors.own_creators(organisation_ids=[card.id for _, card in pairs]) if pairs else {}
    names = selectors.role_names(person_id=actor.person_id) if actor.person_id is not None else {}
    creators = selectors.creators_of(person_id=actor.person_id) if actor.person_id is not None else []
    unread = selectors.unread_counts(person_id=actor.person_id) if actor.person_id is not None else (0, 0)
    return {
        "person": person,
        "actor_key": actor.key,
        "organisations": [
            {
                "id": card.id,
                "name": card.name,
                "name_en": card.name_en,
                "kind": card.kind,
                "role": member.role,
                "role_name": names.get(card.id, ""),
                "permissions": sorted(member.scopes),
                "avatar_url": card.avatar_url,
                "creator_id": own_creators.get(card.id),
            }
            for member, card in pairs
        ],
        "creators": creators,
        "demo": settings.DEMO,
        "csrf_token": get_token(request),
        "notices_url": "/rt/notices",
        "unread_notices": unread[0],
        "unread_buyer_notices": unread[1],
    }


@router.get("/session", response=SessionOut)
def get_session(request: HttpRequest) -> Any:
    """Who is asking, with the CSRF token for what comes next."""
    return _session(request)


@router.post("/demo/role", response=SessionOut)
def switch_demo_role(request: HttpRequest, payload: DemoRoleIn) -> Any:
    """Become one of the demo's people with one click. Exists on a demo only."""
    if not settings.DEMO:
        raise NotFound
    if payload.role == "guest":
        logout(request)
        return _session(request)
    person = Person.objects.filter(email=DEMO_EMAILS[payload.role]).first()
    if person is None:
        raise NotFound("The demo has not been seeded yet.")
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return _session(request)


@router.patch("/me", response=SessionOut)
def update_me(request: HttpRequest, payload: MeIn) -> Any:
    """Change one's own name or language."""
    person_id = selectors.person_of(request)
    services.update_person(person_id=person_id, display_name=payload.display_name, language=payload.language)
    if isinstance(request.user, Person):
        request.user.refresh_from_db()
    return _session(request)


@router.post("/organisations", response={201: OrganisationOut})
def create_organisation(request: HttpRequest, payload: OrganisationIn) -> Any:
    """Open a shop or an agency: the caller becomes its owner."""
    organisation_id = services.create_organisation(
        owner_id=selectors.person_of(request),
        kind=payload.kind,
        name=payload.name,
        description=payload.description,
        may_list=False,
    )
    return Status(201, selectors.organisation_card(organisation_id=organisation_id))


@router.get("/organisations/{organisation_id}", response=OrganisationOut)
def get_organisation(request: HttpRequest, organisation_id: Id) -> Any:
    """An organisation's public card."""
    return selectors.organisation_card(organisation_id=organisation_id)


def _numbers(ids: str | None) -> list[int]:
    return [int(one) for one in (ids or "").split(",") if one]


@router.get("/platform/organisations", response=list[OrganisationOut])
def find_workplaces(
    request: HttpRequest,
    q: SearchText | None = None,
    ids: IdList | None = None,
    kind: OrganisationKind | None = None,
) -> Any:
    """Shops, studios and agencies by a part of their name or by number, or those of the `ids` (with commas). For operators."""
    selectors.operator_of(request)
    found = selectors.find_organisations(text=q, kind=kind, limit=FOUND_MOST) if q else _numbers(ids)
    return list(selectors.organisation_cards(ids=found).values())


@router.get("/creators", response=list[FoundAccountOut])
def find_publishing_accounts(request: HttpRequest, q: SearchText | None = None, ids: IdList | None = None) -> Any:
    """Publishing accounts by a part of name or handle, or those of the `ids` (with commas). For whoever is signed in."""
    selectors.person_of(request)
    found = selectors.find_creators(text=q, limit=CREATORS_MOST) if q else _numbers(ids)
    return list(selectors.creators_by_ids(ids=found).values())


@router.patch("/organisations/{organisation_id}", response=OrganisationOut)
def update_organisation(request: HttpRequest, organisation_id: Id, payload: OrganisationPatch) -> Any:
    """Change an organisation's name or description. A studio is called what its publishing account is called."""
    if selectors.shop_of(request, organisation_id, "shop.write").kind == STUDIO:
        raise NotFound(expected="the address of the studio's profile")
    services.update_organisation(organisation_id=organisation_id, name=payload.name, description=payload.description)
    return selectors.organisation_card(organisation_id=organisation_id)


@router.get("/organisations/{organisation_id}/creators", response=ListOut[dict[str, Any]])
def list_creators(request: HttpRequest, organisation_id: Id) -> Any:
    """Publishing accounts the organisation may publish as."""
    selectors.shop_of(request, organisation_id, "view")
    cards = selectors.creators_of(organisation_id=organisation_id)
    items = [{"id": c.id, "handle": c.handle, "display_name": c.display_name} for c in cards]
    return {"items": items, "next_cursor": None}


@router.get("/organisations/{organisation_id}/actions", response=ListOut[ActionOut])
def list_actions(
    request: HttpRequest,
    organisation_id: Id,
    filters: Query[ActionFilter],
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """What members did, newest first."""
    selectors.shop_of(request, organisation_id, "members.write")
    rows = actions_of(
        organisation_id=organisation_id,
        **_action_filter(filters),
        before_id=cursor_id(cursor),
        limit=limit + 1,
    )
    following = encode_cursor(rows[limit - 1]["id"]) if len(rows) > limit else None
    return {"items": rows[:limit], "next_cursor": following}


@router.get("/organisations/{organisation_id}/actions.csv", response={200: Any})
def export_actions(request: HttpRequest, organisation_id: Id, filters: Query[ActionFilter]) -> Any:
    """The same as a CSV file."""
    selectors.shop_of(request, organisation_id, "members.write")
    headers = {"Content-Disposition": f'attachment; filename="actions-{organisation_id}.csv"'}
    rows = csv_stream(_action_rows(organisation_id, _action_filter(filters)))
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@router.get("/organisations/{organisation_id}/actions.xlsx", response={200: Any})
def export_actions_xlsx(request: HttpRequest, organisation_id: Id, filters: Query[ActionFilter]) -> Any:
    """The same as an XLSX file; no cell of it is a formula."""
    selectors.shop_of(request, organisation_id, "members.write")
    headers = {"Content-Disposition": f'attachment; filename="actions-{organisation_id}.xlsx"'}
    rows = xlsx_stream(_action_rows(organisation_id, _action_filter(filters)), title="actions")
    return StreamingHttpResponse(rows, content_type=XLSX_TYPE, headers=headers)


def _action_rows(organisation_id: int, wanted: dict[str, Any]) -> Iterator[list[Any]]:
    yield list(ACTION_COLUMNS)
    before_id = None
    while page := actions_of(organisation_id=organisation_id, **wanted, before_id=before_id, limit=EXPORT_CHUNK):
        for row in page:
            row["changed"] = "; ".join(f"{c['field']}: {c['before']} → {c['after']}" for c in row["changes"])
            yield [row[name] for name in ACTION_COLUMNS]
        before_id = page[-1]["id"]


def _action_filter(filters: ActionFilter) -> dict[str, Any]:
    return {
        "person_id": filters.person_id,
        "area": filters.area,
        "action": filters.q,
        "since": filters.since,
        "until": filters.until,
    }


@router.get("/notices", response=ListOut[NoticeOut])
def list_notices(
    request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20, side: NoticeSide = "all"
) -> Any:
    """One's own notices, newest first; `side=buyer` without those of one's shops."""
    person_id = selectors.person_of(request)
    before_id = cursor_id(cursor)
    rows = selectors.notices_page(person_id=person_id, before_id=before_id, limit=limit + 1, side=side)
    more = len(rows) > limit
    return {"items": rows[:limit], "next_cursor": encode_cursor(rows[limit - 1].id) if more else None}


@router.post("/notices/read", response={204: None})
def read_notices(request: HttpRequest, payload: ReadNoticesIn) -> Any:
    """Mark notices up to an id as read."""
    with transaction.atomic():
        person_id = selectors.person_of(request)
        services.read_notices(person_id=person_id, up_to_id=payload.up_to_id, side=payload.side)
    return Status(204, None)
