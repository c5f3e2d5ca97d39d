"""API schemas of signals and interest."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, WithJsonSchema

from xingqu.signals.contracts import MAX_BATCH, SignalIn

# An event that is malformed is refused by itself, not with its batch; so it is checked one by one, later.
RawEvent = Annotated[Any, WithJsonSchema(SignalIn.model_json_schema())]


class SignalsIn(Schema):
    """A batch of what a person did, with the client's own clock at the moment of sending."""

    events: list[RawEvent] = Field(min_length=1, max_length=MAX_BATCH)
    sent_at_ms: int = Field(ge=0, le=2**53 - 1)


class RejectionOut(Schema):
    index: int
    code: str
    field: str | None
    message: str
    expected: str | None


class SignalsOut(Schema):
    accepted: int
    duplicates: int
    rejected: list[RejectionOut]


class InterestTagOut(Schema):
    tag_id: int
    name: str
    name_en: str
    weight: float
    horizon: Literal["instant", "mid", "long_term"]
    words: Literal["strong", "medium", "light"]
    pinned: bool
    blocked: bool
    instant: float
    mid: float
    long_term: float
    last_at: datetime | None


class InterestTagsOut(Schema):
    personalised: bool
    tags: list[InterestTagOut]
    event_count: int


class TagActionIn(Schema):
    action: Literal["pin", "unpin", "block", "unblock", "less"]


class InterestSettingsIn(Schema):
    personalised: bool
