"""What other rooms may know of content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ninja import Schema

from xingqu.catalogue.contracts import ProductCardData, ProductCardOut


@dataclass(frozen=True, slots=True)
class CreatorBadge:
    """The creator as a content card shows them, to one viewer."""

    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    is_shop: bool
    followed: bool


@dataclass(frozen=True, slots=True)
class TopicTag:
    id: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a post; sizes in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A product hung on a content. It stands in the clip from `show_from_ms` (None: the start) to `show_until_ms` (None: the end)."""

    product: ProductCardData
    label: str
    show_from_ms: int | None
    show_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """What is said in a clip as WebVTT, in one language."""

    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Counts:
    likes: int
    comments: int
    saves: int
    shares: int
    views: int


@dataclass(frozen=True, slots=True)
class ViewerMarks:
    """What the viewer has done with a content and its creator."""

    liked: bool
    saved: bool
    followed: bool


@dataclass(frozen=True, slots=True)
class ContentCardData:
    """A published video or picture post as everyone sees it. Times in milliseconds, sizes in pixels."""

    id: int
    kind: str
    title: str
    caption: str
    topic_tags: tuple[TopicTag, ...]
    creator: CreatorBadge
    poster_url: str
    hls_url: str | None
    mp4_url: str | None
    preview_urls: tuple[str, ...]
    pictures: tuple[Picture, ...]
    duration_ms: int
    width: int
    height: int
    anchors: tuple[Anchor, ...]
    counts: Counts
    viewer: ViewerMarks
    published_at: datetime
    share_url: str
    # Proof that the viewer was shown it, for orders of its products; empty without a viewer or a product.
    touch: str = ""
    captions: tuple[CaptionTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A content as the interest engine needs it. `product_id` is 0 without an anchor; prices in minor units."""

    content_id: int
    creator_id: int
    shop_id: int
    kind: str
    tag_ids: tuple[int, ...]
    tag_weights: tuple[float, ...]
    product_id: int
    category_id: int
    price_minor: int
    published_at_ms: int
    duration_ms: int
    visible: bool
    text: str = ""  # title of the content and of its first product


@dataclass(frozen=True, slots=True)
class CreatorPage:
    """A creator's public page, to one viewer."""

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


@dataclass(frozen=True, slots=True)
class FollowedCreator:
    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    bio: str
    is_shop: bool
    followers: int
    works: int


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment to one viewer. A deleted one that has replies stays as an empty place."""

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
    replies: tuple["CommentRow", ...]
    pinned: bool
    created_at: datetime


class TopicTagOut(Schema):
    id: int
    name: str
    name_en: str


class ContentCreatorOut(Schema):
    """The creator as a content card shows them."""

    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    is_shop: bool
    followed: bool


class ContentPictureOut(Schema):
    url: str
    width: int
    height: int


class AnchorOut(Schema):
    """A product hung on a content; it stands from `show_from_ms` (null: the start) to `show_until_ms` (null: the end)."""

    product: ProductCardOut
    label: str
    show_from_ms: int | None
    show_until_ms: int | None


class CaptionTrackOut(Schema):
    """What is said in a clip as WebVTT, in one language."""

    language: str
    url: str


class CountsOut(Schema):
    likes: int
    comments: int
    saves: int
    shares: int
    views: int


class ViewerMarksOut(Schema):
    liked: bool
    saved: bool
    followed: bool


class ContentCardOut(Schema):
    """A published video (`hls_url`) or picture post (`pictures`).

    `touch` goes back with what comes of it (POST /touches, cart, quote): it credits the content and its creator.
    """

    id: int
    kind: Literal["video", "picture"]
    title: str
    caption: str
    topic_tags: list[TopicTagOut]
    creator: ContentCreatorOut
    poster_url: str
    hls_url: str | None
    mp4_url: str | None
    preview_urls: list[str]
    pictures: list[ContentPictureOut]
    duration_ms: int
    width: int
    height: int
    anchors: list[AnchorOut]
    counts: CountsOut
    viewer: ViewerMarksOut
    published_at: datetime
    share_url: str
    touch: str
    captions: list[CaptionTrackOut]


def product_json(product: ProductCardData) -> dict[str, Any]:
    """A product card in the shape of ProductCardOut, ready for orjson: the feed can't afford a validation of each."""
    list_price = product.list_price_minor
    return {
        "id": product.id,
        "name": product.name,
        "short_name": product.short_name,
        "brief": product.brief,
        "picture_url": product.picture_url,
        "price": {"amount_minor": product.price_minor, "currency": product.currency},
        "list_price": None if list_price is None else {"amount_minor": list_price, "currency": product.currency},
        "shop_id": product.shop_id,
        "shop_name": product.shop_name,
        "shop_name_en": product.shop_name_en,
        "category_id": product.category_id,
        "feature_tags": product.feature_tags,
        "sold_count": product.sold_count,
        "score": product.score,
        "review_count": product.review_count,
        "sale_state": {"code": product.sale_state.code, "can_buy": product.sale_state.can_buy},
    }


def card_json(card: ContentCardData) -> dict[str, Any]:
    """A card in the shape of ContentCardOut, ready for orjson (which writes the frozen dataclasses inside itself)."""
    return {
        "id": card.id,
        "kind": card.kind,
        "title": card.title,
        "caption": card.caption,
        "topic_tags": card.topic_tags,
        "creator": card.creator,
        "poster_url": card.poster_url,
        "hls_url": card.hls_url,
        "mp4_url": card.mp4_url,
        "preview_urls": card.preview_urls,
        "pictures": card.pictures,
        "duration_ms": card.duration_ms,
        "width": card.width,
        "height": card.height,
        "anchors": [
            {
                "product": product_json(a.product),
                "label": a.label,
                "show_from_ms": a.show_from_ms,
                "show_until_ms": a.show_until_ms,
            }
            for a in card.anchors
        ],
        "counts": card.counts,
        "viewer": card.viewer,
        "published_at": card.published_at,
        "share_url": card.share_url,
        "touch": card.touch,
        "captions": card.captions,
    }
