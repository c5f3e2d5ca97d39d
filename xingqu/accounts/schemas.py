"""Shapes of the accounts API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from xingqu.accounts.contracts import NoticeSide
from xingqu.accounts.scopes import TABLES
from xingqu.kit.api import Id, ShortText

Role = Literal["owner", "manager", "catalogue", "fulfilment", "content", "service", "finance", "viewer", "own"]
Name = Annotated[ShortText, StringConstraints(min_length=2, max_length=40)]
Contact = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+|\+?[0-9]{6,15})$"
    ),
]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.~-]{10,120}$")]


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
    # Of a role of the shop's own.
    role_name: str
    permissions: list[str]
    avatar_url: str
    # Its first publishing account; of an agency none.
    creator_id: int | None


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
    role: Literal["guest", "consumer", "merchant", "creator", "agency", "operator"]


class MeIn(Schema):
    display_name: ShortText | None = Field(None, max_length=40)
    language: Literal["zh-CN", "en"] | None = None


class OrganisationIn(Schema):
    kind: Literal["merchant", "mcn"] = "merchant"
    name: Name
    description: ShortText = ""


class OrganisationPatch(Schema):
    name: Name | None = None
    description: ShortText | None = None


class FoundAccountOut(Schema):
    """Names one chooses a publishing account by."""

    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str


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
    own_role_id: int | None
    role_name: str
    created_at: datetime


class MemberPatch(Schema):
    """`own_role_id` goes with the role `own`."""

    role: Role
    own_role_id: Id | None = None


class OwnRoleIn(Schema):
    name: Name
    scopes: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(min_length=1, max_length=60)]


class OwnRoleOut(Schema):
    id: int
    name: str
    scopes: list[str]
    members: int


class HouseRoleOut(Schema):
    role: str
    scopes: list[str]


class ScopePageOut(Schema):
    """A page of the workbench with the scopes that read it and change things on it."""

    page: str
    read: str
    write: str | None


class RolesOut(Schema):
    """The house's roles, the workplace's own, and all scopes by page, as far as its kind has them."""

    house: list[HouseRoleOut]
    own: list[OwnRoleOut]
    pages: list[ScopePageOut]


class InvitationIn(Schema):
    """`contact` is an e-mail address, which gets the link, or a phone number, whose owner the inviter sends it to."""

    contact: Contact
    role: Role
    own_role_id: Id | None = None
    language: Literal["zh-CN", "en"] = "zh-CN"


class InvitationOut(Schema):
    """`link` is null once the invitation is over."""

    id: int
    contact: str
    role: str
    role_name: str
    state: Literal["waiting", "accepted", "declined", "revoked", "expired"]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    link: str | None


class InvitationCardOut(Schema):
    """What the invited person sees."""

    shop_name: str
    shop_name_en: str
    role: str
    role_name: str
    invited_by: str
    state: Literal["waiting", "accepted", "declined", "revoked", "expired"]
    expires_at: datetime


class JoinedOut(Schema):
    organisation_id: int


class HandOnIn(Schema):
    """`shop_name`: the shop's name, typed to confirm."""

    member_id: Id
    shop_name: ShortText


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


class ActionChangeOut(Schema):
    """A field with what it was and what it is; `before` is null for what was only told."""

    field: str
    before: Any
    after: Any


class ActionOut(Schema):
    """What a member did: the kind (``POST products/*/online``) and its words, what it was done to, what changed from what to
    what, and a mark of the session. `by_platform`: an operator did it."""

    id: int
    person_id: int | None
    person_name: str
    by_platform: bool
    words: str
    words_en: str
    area: str
    changes: list[ActionChangeOut]
    session: str
    action: str
    subject: str
    at: datetime


class ActionFilter(Schema):
    """`q` finds a part of the kind or of what it was done to; `from` (inclusive) and `to` (exclusive) bound the time."""

    person_id: Id | None = None
    area: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,20}$")] = ""
    q: ShortText = ""
    since: AwareDatetime | None = Field(None, alias="from")
    until: AwareDatetime | None = Field(None, alias="to")


def _known_table(name: str) -> str:
    if name not in TABLES:
        raise ValueError(f"one of {', '.join(TABLES)}")
    return name


TableName = Annotated[str, AfterValidator(_known_table), Field(json_schema_extra={"enum": [*TABLES]})]
ViewName = Annotated[ShortText, StringConstraints(min_length=1, max_length=30)]
# As in the address bar, without its question mark.
ViewQuery = Annotated[
    str, StringConstraints(max_length=1000, pattern=r"^([A-Za-z0-9_.~:*!'()+-]|%[0-9A-Fa-f]{2}|[=&])*$")
]


class SavedViewOut(Schema):
    """`mine`: this member saved it. `owner_name` is empty for who has left. `is_default`: this member's table opens with it."""

    id: int
    table: str
    name: str
    query: str
    shared: bool
    mine: bool
    owner_name: str
    is_default: bool


class SavedViewIn(Schema):
    table: TableName
    name: ViewName
    query: ViewQuery = ""
    shared: bool = False
    default: bool = False


class SavedViewPatch(Schema):
    name: ViewName | None = None
    shared: bool | None = None


LayoutTable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
ColumnKeys = Annotated[list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]], Field(max_length=60)]


class TableLayoutIn(Schema):
    """Keys of columns: which are hidden, and the order in which all stand. Columns that neither names stand as they come."""

    hidden: ColumnKeys = []
    order: ColumnKeys = []


class TableLayoutOut(TableLayoutIn):
    table: str


class DefaultViewIn(Schema):
    table: TableName
    view_id: Id | None
