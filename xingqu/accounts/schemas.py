"""Shapes of the accounts API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from xingqu.accounts.contracts import NoticeSide
from xingqu.kit.api import Id, ShortText

Role = Literal["owner", "manager", "catalogue", "fulfilment", "content", "service", "finance", "viewer"]
Name = Annotated[ShortText, StringConstraints(min_length=2, max_length=40)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class PersonOut(Schema):
    id: int
    display_name: str
    email: str
    language: str
    avatar_url: str
    is_operator: bool


class MyOrganisationOut(Schema):
    id: int
    name: str
    name_en: str
    kind: str
    role: str
    permissions: list[str]
    avatar_url: str


class CreatorOut(Schema):
    id: int
    handle: str
    display_name: str


class SessionOut(Schema):
    """Who the caller is, and what every page needs first."""

    person: PersonOut | None
    actor_key: str
    organisations: list[MyOrganisationOut]
    creators: list[CreatorOut]
    demo: bool
    csrf_token: str
    notices_url: str
    unread_notices: int
    # Of them those that one got as a buyer.
    unread_buyer_notices: int


class DemoRoleIn(Schema):
    role: Literal["guest", "consumer", "merchant", "operator"]


class MeIn(Schema):
    display_name: ShortText | None = Field(None, max_length=40)
    language: Literal["zh-CN", "en"] | None = None


class OrganisationIn(Schema):
    kind: Literal["merchant"] = "merchant"
    name: Name
    description: ShortText = ""


class OrganisationPatch(Schema):
    name: Name | None = None
    description: ShortText | None = None


class OrganisationOut(Schema):
    id: int
    kind: str
    name: str
    name_en: str
    description: str
    avatar_url: str


class MemberOut(Schema):
    id: int
    person_id: int
    display_name: str
    email: str
    role: str
    created_at: datetime


class MemberIn(Schema):
    email: Email
    role: Role


class MemberPatch(Schema):
    role: Role


class NoticeOut(Schema):
    id: int
    kind: str
    data: dict[str, Any]
    created_at: datetime
    read: bool


class ReadNoticesIn(Schema):
    """Notices up to an id; `side` is buyer to leave those of one's shops unread."""

    up_to_id: Id
    side: NoticeSide = "all"


class ActionOut(Schema):
    """What a member did: the kind (``POST products/*/online``), what it was done to, and a mark of the session."""

    id: int
    person_id: int | None
    person_name: str
    session: str
    action: str
    subject: str
    at: datetime


class ActionFilter(Schema):
    """`q` finds a part of the kind or of what it was done to; `from` (inclusive) and `to` (exclusive) bound the time."""

    person_id: Id | None = None
    q: ShortText = ""
    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = Field(None, alias="to")
