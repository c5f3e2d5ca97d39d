"""Lists of contents: a creator's page, what an actor liked, saved and follows, what is hung on a product, search."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import rjieba
from django.db.models import Q

from xingqu.accounts.contracts import Actor, CreatorCard
from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.selectors import tag_ids_by_name
from xingqu.content.contracts import ContentCardData, CreatorPage, FollowedCreator
from xingqu.content.models import (
    Content,
    ContentAnchor,
    ContentLike,
    ContentSave,
    ContentTag,
    CreatorCounts,
    CreatorFollow,
)
from xingqu.content.selectors.cards import cards
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import InvalidInput, NotFound

HITS_MAX = 3000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CardPage = tuple[list[ContentCardData], str | None]


def creator_page(*, creator_id: int, viewer: Actor | None) -> CreatorPage:
    """A creator with followers, works and likes received. Raises NotFound."""
    creator = creators_by_ids(ids=[creator_id]).get(creator_id)
    if creator is None:
        raise NotFound
    counts = CreatorCounts.objects.filter(pk=creator_id).first()
    followed = viewer is not None and CreatorFollow.objects.filter(creator_id=creator_id, actor_key=viewer.key).exists()
    return CreatorPage(
        id=creator.id,
        handle=creator.handle,
        display_name=creator.display_name,
        display_name_en=creator.display_name_en,
        avatar_url=creator.avatar_url,
        bio=creator.bio,
        is_shop=creator.is_shop,
        shop_id=creator.shop_id,
        followers=counts.follower_count if counts else 0,
        works=counts.work_count if counts else 0,
        likes=counts.like_count if counts else 0,
        followed=followed,
    )


def contents_of_creator(*, creator_id: int, viewer: Actor | None, cursor: str | None, limit: int) -> CardPage:
    """Published contents of a creator, newest first. Raises NotFound for an unknown creator."""
    if creator_id not in creators_by_ids(ids=[creator_id]):
        raise NotFound
    rows = Content.objects.filter(creator_id=creator_id, state=Content.State.PUBLISHED)
    return _newest_first(rows, viewer=viewer, cursor=cursor, limit=limit)


def contents_of_product(
    *, product_id: int, viewer: Actor | None = None, cursor: str | None = None, limit: int = 12
) -> CardPage:
    """Published contents that a product is hung on, newest first."""
    rows = Content.objects.filter(state=Content.State.PUBLISHED, anchors__product_id=product_id)
    return _newest_first(rows, viewer=viewer, cursor=cursor, limit=limit)


def liked_contents(*, actor: Actor, cursor: str | None, limit: int) -> CardPage:
    """What an actor likes, latest first; withdrawn contents are left out."""
    return _marked(ContentLike, actor=actor, cursor=cursor, limit=limit)


def saved_contents(*, actor: Actor, cursor: str | None, limit: int) -> CardPage:
    """What an actor saved, latest first; withdrawn contents are left out."""
    return _marked(ContentSave, actor=actor, cursor=cursor, limit=limit)


def followed_creators(*, actor: Actor, cursor: str | None, limit: int) -> tuple[list[FollowedCreator], str | None]:
    """Creators an actor follows, latest first."""
    position = decode_cursor(cursor, int)
    rows = CreatorFollow.objects.filter(actor_key=actor.key)
    if position:
        rows = rows.filter(pk__lt=position[0])
    found = list(rows.order_by("-id").values_list("id", "creator_id")[: limit + 1])
    page = found[:limit]
    creators = creators_by_ids(ids=[creator_id for _, creator_id in page])
    counts = CreatorCounts.objects.in_bulk([creator_id for _, creator_id in page])
    items = [_followed(creators[pk], counts.get(pk)) for _, pk in page if pk in creators]
    return items, encode_cursor(page[-1][0]) if len(found) > limit else None


def follower_counts(*, creator_ids: Iterable[int]) -> dict[int, int]:
    """Followers by creator; creators whom nobody ever followed are absent."""
    rows = CreatorCounts.objects.filter(pk__in=list(creator_ids))
    return dict(rows.values_list("creator_id", "follower_count"))


def followed_creator_ids(*, actor: Actor, limit: int = 2000) -> list[int]:
    """Ids of the creators an actor follows, latest first. For the feed's followed surface."""
    rows = CreatorFollow.objects.filter(actor_key=actor.key).order_by("-id")
    return list(rows.values_list("creator_id", flat=True)[:limit])


def search_contents(
    *,
    q: str,
    tag_ids: Iterable[int] = (),
    viewer: Actor | None = None,
    sort: str = "relevance",
    cursor: str | None = None,
    limit: int = 20,
) -> tuple[list[ContentCardData], str | None, int]:
    """Published contents with a word of `q` in title or caption, or a tag of that name or of `tag_ids`; with the total.

    Method: `q` is segmented; by `relevance` a word in the title counts 1, in the caption .5, a tag its weight; `new` is
    newest first. The cursor is an offset: search pages are few. Raises InvalidInput for another sort.
    """
    if sort not in ("relevance", "new"):
        raise InvalidInput(field="sort", expected="relevance or new")
    words = list(dict.fromkeys(w.lower() for w in rjieba.cut_for_search(q[:80]) if len(w.strip()) > 1 or w.isalnum()))[
        :8
    ]
    scores = _text_scores(words)
    wanted = {*tag_ids, *tag_ids_by_name(words).values()}
    tagged = ContentTag.objects.filter(tag_id__in=wanted, content__state=Content.State.PUBLISHED)
    for pk, weight in tagged.order_by("-weight").values_list("content_id", "weight")[:HITS_MAX]:
        scores[pk] = scores.get(pk, 0.0) + weight
    ordered = sorted(scores, key=lambda pk: (-scores[pk], -pk) if sort == "relevance" else (0.0, -pk))
    position = decode_cursor(cursor, int)
    start = position[0] if position and position[0] >= 0 else 0
    found = cards(ids=ordered[start : start + limit], viewer=viewer)
    more = encode_cursor(start + limit) if start + limit < len(ordered) else None
    return list(found.values()), more, len(ordered)


def _text_scores(words: list[str]) -> dict[int, float]:
    in_text = Q()
    for word in words:
        in_text |= Q(title__icontains=word) | Q(caption__icontains=word)
    if not words:
        return {}
    rows = Content.objects.filter(in_text, state=Content.State.PUBLISHED).order_by("-published_at")
    return {
        pk: sum(1.0 if word in title.lower() else 0.5 * (word in caption.lower()) for word in words)
        for pk, title, caption in rows.values_list("id", "title", "caption")[:HITS_MAX]
    }


def anchored_product_ids(*, content_id: int) -> list[int]:
    """Products hung on a content, in its order."""
    rows = ContentAnchor.objects.filter(content_id=content_id).order_by("position")
    return list(rows.values_list("product_id", flat=True))


def _newest_first(rows: Any, *, viewer: Actor | None, cursor: str | None, limit: int) -> CardPage:
    position = decode_cursor(cursor, int, int)
    if position:
        before = _moment(position[0])
        rows = rows.filter(Q(published_at__lt=before) | Q(published_at=before, pk__lt=position[1]))
    found = list(rows.order_by("-published_at", "-id").values_list("id", "published_at")[: limit + 1])
    page = found[:limit]
    more = encode_cursor(_microseconds(page[-1][1]), page[-1][0]) if len(found) > limit else None
    return list(cards(ids=[pk for pk, _ in page], viewer=viewer).values()), more


def _marked(model: type[ContentLike] | type[ContentSave], *, actor: Actor, cursor: str | None, limit: int) -> CardPage:
    position = decode_cursor(cursor, int)
    rows = model.objects.filter(actor_key=actor.key, content__state=Content.State.PUBLISHED)
    if position:
        rows = rows.filter(pk__lt=position[0])
    found = list(rows.order_by("-id").values_list("id", "content_id")[: limit + 1])
    page = found[:limit]
    more = encode_cursor(page[-1][0]) if len(found) > limit else None
    return list(cards(ids=[content_id for _, content_id in page], viewer=actor).values()), more


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise InvalidInput(field="cursor", expected="the next_cursor of the page before") from error


def _followed(creator: CreatorCard, counts: CreatorCounts | None) -> FollowedCreator:
    return FollowedCreator(
        id=creator.id,
        handle=creator.handle,
        display_name=creator.display_name,
        display_name_en=creator.display_name_en,
        avatar_url=creator.avatar_url,
        bio=creator.bio,
        is_shop=creator.is_shop,
        followers=counts.follower_count if counts else 0,
        works=counts.work_count if counts else 0,
    )
