"""Shapes of the content API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.content.contracts import AnchorOut, CountsOut, TopicTagOut
from xingqu.kit.api import Id, LongText, ShortText, Version

State = Literal["draft", "processing", "ready", "published", "unpublished", "failed"]
Title = Annotated[ShortText, StringConstraints(min_length=1, max_length=80)]
Caption = Annotated[LongText, StringConstraints(max_length=1000)]
Topic = Annotated[ShortText, StringConstraints(min_length=1, max_length=24)]
Label = Annotated[ShortText, StringConstraints(max_length=40)]
CommentText = Annotated[LongText, StringConstraints(min_length=1, max_length=500)]
Milliseconds = Annotated[int, Field(ge=0, le=3_600_000)]


class LikeOut(Schema):
    liked: bool
    counts: CountsOut


class SaveOut(Schema):
    saved: bool
    counts: CountsOut


class ShareOut(Schema):
    share_url: str
    counts: CountsOut


class FollowOut(Schema):
    followed: bool
    followers: int


class CommentIn(Schema):
    text: CommentText
    reply_to_id: Id | None = None


class CommentLikeOut(Schema):
    liked: bool
    likes: int


class CommentOut(Schema):
    """A comment; a deleted one with replies keeps its place without text."""

    id: int
    content_id: int
    author_id: int
    author_name: str
    author_avatar_url: str
    by_creator: bool
    text: str
    deleted: bool
    reply_to_id: int | None
    reply_to_name: str | None
    likes: int
    liked: bool
    mine: bool
    reply_count: int
    replies: list["CommentOut"]
    pinned: bool
    created_at: datetime


class CreatorPageOut(Schema):
    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    bio: str
    is_shop: bool
    shop_id: int | None
    followers: int
    works: int
    likes: int
    followed: bool


class FollowedCreatorOut(Schema):
    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    bio: str
    is_shop: bool
    followers: int
    works: int


class FailureOut(Schema):
    """Why a file could not be used. `retryable`: trying the same file again may help."""

    code: str
    message: str
    retryable: bool


class AssetOut(Schema):
    """An uploaded file and what became of it. Sizes in pixels and bytes, time in milliseconds."""

    id: int
    kind: Literal["video", "picture"]
    state: Literal["uploading", "checking", "transcoding", "ready", "failed"]
    progress_percent: int
    failure: FailureOut | None
    poster_url: str
    hls_url: str | None
    preview_urls: list[str]
    duration_ms: int
    width: int
    height: int
    size_bytes: int
    received_bytes: int
    filename: str
    attempts: int
    content_ids: list[int]
    trimmed_from_id: int | None
    expires_at: datetime | None
    created_at: datetime


class AnchorIn(Schema):
    product_id: Id
    label: Label = ""
    show_from_ms: Milliseconds | None = None
    show_until_ms: Milliseconds | None = None


class ContentIn(Schema):
    """A new content. A video has one asset, a picture post up to nine; assets may still be processed."""

    kind: Literal["video", "picture"]
    title: Title
    caption: Caption = ""
    tags: list[Topic] = Field([], max_length=10)
    creator_id: Id | None = Field(None, description="Publishing account of the shop; its first one when absent.")
    asset_ids: list[Id] = Field([], max_length=9)
    anchors: list[AnchorIn] = Field([], max_length=6)


class ContentPatch(Schema):
    """What is absent stays as it is. `version` is the one read; another's change in between is refused."""

    version: Version
    title: Title | None = None
    caption: Caption | None = None
    tags: list[Topic] | None = Field(None, max_length=10)
    creator_id: Id | None = None
    asset_ids: list[Id] | None = Field(None, max_length=9)
    anchors: list[AnchorIn] | None = Field(None, max_length=6)


class ShopContentOut(Schema):
    """A content to its own shop."""

    id: int
    kind: Literal["video", "picture"]
    state: State
    title: str
    caption: str
    topic_tags: list[TopicTagOut]
    creator_id: int
    creator_name: str
    poster_url: str
    hls_url: str | None
    duration_ms: int
    width: int
    height: int
    assets: list[AssetOut]
    anchors: list[AnchorOut]
    counts: CountsOut
    version: int
    has_cover: bool
    caption_languages: list[str]
    publish_at: datetime | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
