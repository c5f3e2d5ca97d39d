"""Shapes of the review API."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Id, LongText

Score = Annotated[int, Field(ge=1, le=5)]
PICTURES_A_REVIEW = 9
ReviewText = Annotated[LongText, StringConstraints(max_length=1000)]


class LineReviewIn(Schema):
    sku_id: Id
    goods_score: Score
    service_score: Score = 5
    logistics_score: Score = 5
    text: ReviewText = ""
    picture_ids: Annotated[list[Id], Field(max_length=PICTURES_A_REVIEW)] = []


class ReviewsIn(Schema):
    lines: Annotated[list[LineReviewIn], Field(min_length=1, max_length=100)]


class ReplyIn(Schema):
    text: Annotated[ReviewText, StringConstraints(min_length=1)]


class ReplyOut(Schema):
    text: str
    at: datetime


class ReviewPictureOut(Schema):
    """A picture that waits for its review; `id` goes into `picture_ids`."""

    id: int
    url: str
    width: int
    height: int


class ReviewOut(Schema):
    """`score` is the average of the three parts; the author's name is masked."""

    id: int
    product_id: int
    sku_id: int
    author_name: str
    author_avatar_url: str
    score: float
    goods_score: int
    service_score: int
    logistics_score: int
    text: str
    option_text: str
    pictures: list[str]
    created_at: datetime
    reply: ReplyOut | None


class SummaryOut(Schema):
    """`score` is the average goods score; `histogram` counts reviews by goods score."""

    count: int
    score: float | None
    histogram: dict[str, int]


class ProductReviewsOut(Schema):
    items: list[ReviewOut]
    next_cursor: str | None
    summary: SummaryOut


class ShopReviewOut(ReviewOut):
    order_no: str
    product_name: str


class OrderReviewsOut(Schema):
    items: list[ReviewOut]
