"""Shapes of governance."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from xingqu.kit.api import Id, Moment, Out

RestrictionKind = Literal["live", "selling"]
RestrictionQueue = Literal["in_force", "appealed", "over"]
Severity = Literal["general", "serious"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Appeal = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class RestrictionIn(Schema):
    """`until` null: until somebody lifts it. The account reads the reason."""

    creator_id: Id
    kind: RestrictionKind
    severity: Severity
    reason: Reason
    until: Moment | None = None


class RestrictionAppealIn(Schema):
    text: Appeal


class RestrictionAnswerIn(Schema):
    """`void`: it should not have been, and counts nowhere."""

    void: bool
    answer: Reason


class RestrictionLiftIn(Schema):
    answer: Words = ""


class RestrictionOut(Out):
    id: int
    creator_id: int
    kind: RestrictionKind
    severity: Severity
    state: Literal["valid", "appealed", "upheld", "voided", "lifted"]
    reason: str
    until: datetime | None
    made_at: datetime
    appeal: str
    appealed_at: datetime | None
    answer: str
    answered_at: datetime | None
    ended_at: datetime | None
    is_in_force: bool


class NamedRestrictionOut(RestrictionOut):
    creator_name: str
    creator_handle: str
    made_by: str
    answered_by: str


class FoundCreatorOut(Out):
    """An account as an operator finds it; `restricted`: what it may not do now."""

    id: int
    name: str
    handle: str
    is_shop: bool
    restricted: list[RestrictionKind]
