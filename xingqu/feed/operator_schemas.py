"""API schemas of the operators' pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from xingqu.feed.schemas import ChannelName, HorizonName
from xingqu.kit.api import ListOut, Number, Out, ShortText

Reason = Annotated[ShortText, Field(min_length=5, description="Why this is needed; it is written down.")]


class PeopleSearchIn(Schema):
    query: ShortText = Field(min_length=1, description="An id, an e-mail address, part of a name, or a guest's key.")
    reason: Reason


class LookupIn(Schema):
    actor_key: Number
    reason: Reason


class FoundPersonOut(Out):
    actor_key: str
    display_name: str
    email: str
    joined_at: datetime | None


class FoundPeopleOut(Out):
    items: list[FoundPersonOut]


class LookupOut(Out):
    """One person's data, open to the caller until then."""

    id: int
    actor_key: str
    display_name: str
    reason: str
    open_until: datetime


class LookupRowOut(Out):
    id: int
    operator_id: int
    operator: str
    what: Literal["search", "open"]
    query: str
    actor_key: str
    reason: str
    at: datetime


class LookupListOut(ListOut[LookupRowOut]):
    pass


class ContentBriefOut(Out):
    content_id: int
    title: str
    poster_url: str
    creator: str
    sells: bool


class PersonTagOut(Out):
    """An interest tag with its weight (0..1) at each horizon and in all."""

    tag_id: int
    name: str
    name_en: str
    weight: float
    horizon: HorizonName
    pinned: bool
    blocked: bool
    instant: float
    mid: float
    long_term: float
    last_at: datetime | None


class PersonEventOut(Out):
    kind: str
    content_id: int
    value: float
    at: datetime


class CreatorIntensityOut(Out):
    creator_id: int
    display_name: str
    display_name_en: str
    intensity: float
    followed: bool
    blocked: bool


class TagNameOut(Out):
    id: int
    name: str
    name_en: str


class ClusterCountOut(Out):
    """A cluster of interest: how much was liked and shown of it, and on how many different days."""

    cluster_id: int
    coarse_id: int
    liked: float
    shown: float
    days: int
    last_at: datetime | None
    tags: list[TagNameOut]


class TimedContentOut(Out):
    content_id: int
    at: datetime


class PersonStateOut(Out):
    """What is remembered of a person; everything latest or strongest first."""

    lookup: LookupOut
    known: bool
    personalised: bool
    events_total: int
    event_capacity: int
    state_bytes: int
    tags: list[PersonTagOut]
    events: list[PersonEventOut]
    clusters: list[ClusterCountOut]
    creators: list[CreatorIntensityOut]
    seen_total: int
    seen: list[TimedContentOut]
    hidden: list[TimedContentOut]
    usual_price_minor: int | None
    contents: list[ContentBriefOut]


class StepOut(Out):
    """A value after a step, or what a step changed."""

    step: str
    value: float


class TopOfChannelOut(Out):
    content_id: int
    score: float
    on_page: bool


class ChannelTraceOut(Out):
    """What a channel brought: `alone` of it nobody else did. Scores are in the channel's own unit."""

    channel: ChannelName
    candidates: int
    alone: int
    on_page: int
    took_ms: float
    score_low: float | None
    score_high: float | None
    top: list[TopOfChannelOut]


class CandidateOut(Out):
    content_id: int
    channel: ChannelName
    brought_by: list[ChannelName]
    predictions: dict[str, float]
    steps: list[StepOut]


class PassedOverOut(Out):
    """The most valuable candidate that a position did not take, and why not; `steps`: what each step changed."""

    content_id: int
    why: Literal["spacing", "drawn_later", "worth_less"]
    value: float
    value_here: float
    steps: list[StepOut]
    comes_later: bool


class SlotOut(CandidateOut):
    """One position. `steps`: its value after each; `rules_given_up`: of spacing, where nothing was left under them."""

    position: int
    how: Literal["ranked", "drawn", "repeated"]
    propensity: float
    features: dict[str, float]
    rules_given_up: list[str]
    passed_over: PassedOverOut | None
    filtered: Literal["visible", "lawful", "buyable"] | None


class PreviewReasonOut(Out):
    tag_id: int
    name: str
    name_en: str
    weight: float
    horizon: HorizonName


class PreviewOut(Out):
    """A page as it would be served now and all that it is made of. Nothing of it was recorded.

    `slots`: what was ranked, a little more than the page, for filters to take out of; `page`: what would be shown.
    """

    lookup: LookupOut
    at: datetime
    seed: int
    snapshot_version: int
    models: list[str]
    commerce: dict[str, float]
    personalised: bool
    stage_ms: dict[str, float]
    channels: list[ChannelTraceOut]
    candidates: int
    shortlisted: int
    slots: list[SlotOut]
    page: list[int]
    reasons: dict[str, list[PreviewReasonOut]]
    runners_up: list[CandidateOut]
    contents: list[ContentBriefOut]


class TrainingOut(Out):
    """One training. `before` and `after`: the metric on `cases` held out, of what served and of what was found."""

    id: int
    kind: str
    state: Literal["running", "adopted", "rejected", "skipped", "failed"]
    why: str
    anew: bool
    started_at: datetime
    finished_at: datetime | None
    wall_ms: int
    processor_ms: int
    events: int
    people: int
    examples: int
    metric: str
    cases: int
    before: float | None
    after: float | None
    snapshot_version: int | None
    detail: dict[str, Any]


class TrainingListOut(ListOut[TrainingOut]):
    """`serving`: the models that serve with the current items."""

    serving: list[str]


OutcomeName = Literal["any", "watched", "clicked", "bought", "beyond"]


class ChannelFiguresOut(Out):
    """One channel. `recall`: share of what was taken to afterwards that it had among its candidates; `unique`: that it alone had."""

    channel: ChannelName
    pages: int
    candidates: float
    took_p50_us: float
    took_p99_us: float
    shown: int
    recall: dict[OutcomeName, float]
    unique: dict[OutcomeName, float]


class ChannelReportOut(Out):
    """Of the pages that were sampled; `positives`: pairs of a page and an item taken to within a day after it."""

    made_at: datetime
    first_at: datetime
    last_at: datetime
    pages: int
    people: int
    positives: dict[OutcomeName, int]
    channels: list[ChannelFiguresOut]


class ChannelReportPageOut(Out):
    """`report` is null until pages were sampled and judged."""

    report: ChannelReportOut | None
    sample_share: float
    sample_gap_s: float
    every_s: int
