"""Shapes of the review API."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import DatedSetIn, DatedSetOut, Id, ListOut, LongText, Moment, Out, ShortText
from xingqu.review.selectors.desk import DeskQuery, Queue

Score = Annotated[int, Field(ge=1, le=5)]
PICTURES_A_REVIEW = 9
ReviewText = Annotated[LongText, StringConstraints(max_length=1000)]
Spoken = Annotated[ReviewText, StringConstraints(min_length=1)]
Reason = Literal["abuse", "advert", "privacy", "irrelevant", "false_claim", "extortion", "obscene", "other"]
CaseText = Annotated[LongText, StringConstraints(max_length=500)]
Part = Literal["review", "follow_up"]
Side = Literal["author", "shop", "platform"]
State = Literal["reported", "kept", "hidden", "statement", "appealed", "closed"]


class LineReviewIn(Schema):
    sku_id: Id
    goods_score: Score
    service_score: Score = 5
    logistics_score: Score = 5
    text: ReviewText = ""
    picture_ids: Annotated[list[Id], Field(max_length=PICTURES_A_REVIEW)] = []


class ReviewsIn(Schema):
    """`anonymous`: others read no name at all."""

    lines: Annotated[list[LineReviewIn], Field(min_length=1, max_length=100)]
    anonymous: bool = False


class FollowUpIn(Schema):
    text: Spoken
    picture_ids: Annotated[list[Id], Field(max_length=PICTURES_A_REVIEW)] = []


class ReplyIn(Schema):
    """`part`: what is answered, the review or its follow-up."""

    text: Spoken
    part: Part = "review"


class ReplyBatchIn(Schema):
    review_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    text: Spoken


class BatchReplyOut(Out):
    """`code` is null where the answer stands."""

    review_id: int
    code: str | None
    message: str | None


class ReplyBatchOut(Out):
    items: list[BatchReplyOut]


class SavedReplyIn(Schema):
    title: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    text: Spoken


class SavedReplyOut(Out):
    id: int
    title: str
    text: str


class ReportIn(Schema):
    reason: Reason
    text: CaseText = ""


class CaseSpeechIn(Schema):
    text: Annotated[CaseText, StringConstraints(min_length=1)]


class DecisionIn(Schema):
    """Hiding needs a reason; `text` is told to both sides."""

    hide: bool
    reason: Reason | None = None
    text: CaseText = ""


class ReviewReplyOut(Out):
    text: str
    at: datetime
    edited_at: datetime | None


class ReviewPictureOut(Out):
    """A picture that waits for its review; `id` goes into `picture_ids`."""

    id: int
    url: str
    width: int
    height: int


class FollowUpOut(Out):
    text: str
    pictures: list[str]
    created_at: datetime
    days_after_receipt: int
    reply: ReviewReplyOut | None


Aspect = Literal[
    "quality",
    "look",
    "size",
    "price",
    "logistics",
    "service",
    "packaging",
    "match",
    "comfort",
    "performance",
    "battery",
    "taste",
    "smell",
    "effect",
    "authentic",
    "content",
]
Feeling = Literal["positive", "negative"]


class AspectOut(Out):
    """How many reviews speak of an aspect with an opinion, and how many of them praise it."""

    aspect: Aspect
    mentions: int
    positive: int


class SpanOut(Out):
    """Letters `start` to `end` of the review's text (of its follow-up's) speak of the aspect: -1, 0 or 1."""

    aspect: Aspect
    polarity: int
    in_follow_up: bool
    start: int
    end: int


class ReviewOut(Out):
    """`score` is the average of the three parts; the author's name is masked, and absent when `anonymous`.

    `is_default`: the buyer said nothing and the system gave it. `found_helpful`: by the reader.
    """

    id: int
    product_id: int
    sku_id: int
    author_name: str
    author_avatar_url: str
    anonymous: bool
    is_default: bool
    score: float
    goods_score: int
    service_score: int
    logistics_score: int
    text: str
    option_text: str
    pictures: list[str]
    helpful_count: int
    found_helpful: bool
    created_at: datetime
    reply: ReviewReplyOut | None
    follow_up: FollowUpOut | None
    spans: list[SpanOut]


class SummaryOut(Out):
    """`score` is the average goods score; `histogram` counts reviews by goods score. The system's `defaults` are in neither."""

    count: int
    score: float | None
    histogram: dict[str, int]
    pictures: int
    follow_ups: int
    defaults: int
    aspects: list[AspectOut]


class ProductReviewsOut(ListOut[ReviewOut]):
    summary: SummaryOut


class ReviewStepOut(Out):
    """`side` is null for the clock, and for a report by somebody else than the shop."""

    step: str
    side: Side | None
    text: str
    reason: str
    at: datetime


class ReviewCaseOut(Out):
    """A reported review: where it stands, who must act by when, and what happened."""

    id: int
    review_id: int
    state: State
    hidden: bool
    by_shop: bool
    appellant: Side | None
    reason: str
    note: str
    waiting_for: Side | None
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    timeline: list[ReviewStepOut]


class OwnReviewOut(ReviewOut):
    """`follow_up_until` is null once there is a follow-up."""

    order_no: str
    product_name: str
    hidden: bool
    case: ReviewCaseOut | None
    follow_up_until: datetime | None


class ShopReviewOut(ReviewOut):
    order_no: str
    product_name: str
    hidden: bool
    case: ReviewCaseOut | None


class OrderReviewsOut(Out):
    items: list[OwnReviewOut]


class VotesOut(Out):
    helpful_count: int


class ReviewReportOut(Out):
    by: str
    by_shop: bool
    reason: str
    text: str
    created_at: datetime


class CaseReviewOut(ReviewOut):
    order_no: str
    product_name: str


class PlatformCaseOut(ReviewCaseOut):
    review: CaseReviewOut
    shop_id: int
    shop_name: str
    reports: list[ReviewReportOut]


class TrailStepOut(ReviewStepOut):
    person_name: str | None


class PlatformCaseDetailOut(PlatformCaseOut):
    trail: list[TrailStepOut]


class ReviewCaseCountsOut(Out):
    reports: int
    appeals: int
    waiting: int


class ReviewCountsOut(Out):
    """Each up to 1,000."""

    unanswered: int
    low: int
    follow_up_unanswered: int
    reported: int
    hidden: int
    to_act: int


class ReviewFilter(Schema):
    """`q` finds an order's number, or part of a product's name or of what was written."""

    queue: Queue = "all"
    answered: bool | None = None
    max_score: Score | None = None
    min_score: Score | None = None
    product_id: Id | None = None
    aspect: Aspect | None = None
    feeling: Feeling | None = None
    q: ShortText = ""
    since: Moment | None = None
    until: Moment | None = None

    def query(self) -> DeskQuery:
        return DeskQuery(**self.dict())


class AspectWeekOut(Out):
    """Opinions of the seven days that begin on `week`."""

    week: date
    mentions: int
    positive: int


class ShopAspectOut(AspectOut):
    """`before`: the same of the period before; `weeks`: oldest first."""

    before_mentions: int
    before_positive: int
    weeks: list[AspectWeekOut]


class ShopOpinionsOut(Out):
    """`model_accuracy`: on held-out texts of this site; null while the lexicon alone judges."""

    days: int
    texts: int
    praising: int
    model_accuracy: float | None
    aspects: list[ShopAspectOut]


class ReviewRulesIO(Schema):
    """Seconds (`_s`), days: see `domain/rules.py`."""

    follow_up_days: Annotated[int, Field(ge=0, le=10_000)]
    default_good_days: Annotated[int, Field(ge=0, le=10_000)]
    reply_edit_s: Annotated[int, Field(ge=0, le=10**9)]
    decide_s: Annotated[int, Field(ge=0, le=10**9)]
    appeal_s: Annotated[int, Field(ge=0, le=10**9)]
    statement_s: Annotated[int, Field(ge=0, le=10**9)]
    appeal_decide_s: Annotated[int, Field(ge=0, le=10**9)]
    aspect_min_mentions: Annotated[int, Field(ge=0, le=10**6)]
    learn_min_texts: Annotated[int, Field(ge=0, le=10**6)]


class ReviewRuleSetIn(DatedSetIn):
    values: ReviewRulesIO


class ReviewRuleSetOut(DatedSetOut):
    values: ReviewRulesIO


class ReviewRulesPageOut(Out):
    """`current` is what holds now; `built_in` before any set was made."""

    current: ReviewRulesIO
    built_in: ReviewRulesIO
    items: list[ReviewRuleSetOut]
