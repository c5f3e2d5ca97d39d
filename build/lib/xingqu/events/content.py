"""Facts of content."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContentPublished:
    """A video or picture post can be seen from now on."""

    content_id: int
    creator_id: int
    shop_id: int | None
    published_at: datetime


@dataclass(frozen=True)
class ContentWithdrawn:
    """A content is no longer to be shown. `reason` is unpublished or deleted."""

    content_id: int
    creator_id: int
    shop_id: int | None
    reason: str


@dataclass(frozen=True)
class CreatorFollowed:
    """An actor (``p12`` or ``g345``) follows a creator."""

    creator_id: int
    actor_key: str


@dataclass(frozen=True)
class CreatorUnfollowed:
    creator_id: int
    actor_key: str


@dataclass(frozen=True)
class CommentPosted:
    content_id: int
    comment_id: int
    person_id: int
