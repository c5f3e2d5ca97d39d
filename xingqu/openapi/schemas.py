"""Shapes of the open API's own addresses."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Out, Text

Name = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Url = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=8, max_length=500)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z]+$", max_length=30)]
Words = Annotated[list[Word], Field(max_length=40)]


class TokenOut(Out):
    """RFC 6749, 5.1."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenErrorOut(Out):
    """RFC 6749, 5.2."""

    error: str
    error_description: str


class EndpointOut(Out):
    """`failing_since`: nothing has arrived since; after a day of that it is paused."""

    id: int
    url: str
    topics: list[str]
    is_active: bool
    failing_since: datetime | None
    created_at: datetime


class OpenAppOut(Out):
    id: int
    name: str
    client_id: str
    scopes: list[str]
    is_active: bool
    calls_per_minute: int
    created_at: datetime
    used_at: datetime | None
    endpoints: list[EndpointOut]


class NewAppOut(OpenAppOut):
    """`client_secret` is shown this once."""

    client_secret: str


class AppIn(Schema):
    name: Name
    scopes: Words


class AppPatch(Schema):
    name: Name | None = None
    scopes: Words | None = None
    is_active: bool | None = None


class SecretOut(Out):
    secret: str


class EndpointIn(Schema):
    url: Url
    topics: Words


class EndpointPatch(Schema):
    url: Url | None = None
    topics: Words | None = None
    is_active: bool | None = None


class TopicFilter(Schema):
    """Only these topics; all of them when empty."""

    topic: Words = []


class ChangeOut(Out):
    """`reference` is the number or id of what changed."""

    id: int
    topic: str
    reference: str
    data: dict[str, Any]
    at: datetime


class ChangesOut(Out):
    """Go on from `next_cursor`, at once when `has_more`, else later."""

    items: list[ChangeOut]
    next_cursor: str
    has_more: bool


class DeliveryOut(Out):
    id: int
    endpoint_id: int
    url: str
    topic: str
    reference: str
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    answer: str
    at: datetime
    due_at: datetime | None
    delivered_at: datetime | None


class OpenShopOut(Out):
    """The shop that the token belongs to, and what it may do."""

    id: int
    name: str
    name_en: str
    scopes: list[str]


class NamedOut(Out):
    name: str
    description: str


class MethodOut(Out):
    name: str
    verb: str
    path: str
    scope: str
    doudian: str


class OpenCatalogueOut(Out):
    """Everything there is to grant, to be told of, and to call."""

    scopes: list[NamedOut]
    topics: list[NamedOut]
    methods: list[MethodOut]
