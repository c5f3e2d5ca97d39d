"""Content cards: the hot path of the feed. A constant number of short statements, whatever the number of ids."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from xingqu.accounts.contracts import Actor, CreatorCard
from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards as product_cards
from xingqu.catalogue.selectors import tags_by_ids
from xingqu.content.contracts import (
    Anchor,
    CaptionTrack,
    ContentCardData,
    Counts,
    CreatorBadge,
    Picture,
    TopicTag,
    ViewerMarks,
)
from xingqu.content.selectors.rights import rights_among
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch, read_time
from xingqu.signals.services import seal_touch

CONTENT_SQL = """
SELECT id, kind, title, caption, creator_id, media, duration_ms, width, height,
       like_count, comment_count, save_count, share_count, view_count, published_at, shop_id
FROM content_content WHERE state = 'published' AND id IN ({marks})
"""
ANCHOR_SQL = """
SELECT content_id, product_id, label, show_from_ms, show_until_ms
FROM content_contentanchor WHERE content_id IN ({marks}) ORDER BY content_id, position
"""
TOPIC_SQL = """
SELECT content_id, tag_id FROM content_contenttag
WHERE content_id IN ({marks}) AND is_topic = {true} ORDER BY content_id, weight DESC, id
"""
MARKS_SQL = """
SELECT 1, content_id FROM content_contentlike WHERE actor_key = %s AND content_id IN ({marks})
UNION ALL
SELECT 2, content_id FROM content_contentsave WHERE actor_key = %s AND content_id IN ({marks})
UNION ALL
SELECT 3, creator_id FROM content_creatorfollow WHERE actor_key = %s AND creator_id IN ({creator_marks})
"""
Marks = tuple[set[int], set[int], set[int]]


def cards(*, ids: Iterable[int], viewer: Actor | None = None) -> dict[int, ContentCardData]:
    """Cards of the published contents among `ids`, in the order of `ids`; others are absent.

    `viewer` decides the liked, saved and followed marks; None marks nothing.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = {row[0]: row for row in _fetch(CONTENT_SQL, wanted)}
    if not rows:
        return {}
    found = [pk for pk in wanted if pk in rows]
    anchor_rows = _fetch(ANCHOR_SQL, found)
    products = product_cards(ids={row[1] for row in anchor_rows}) if anchor_rows else {}
    creators = creators_by_ids(ids={row[4] for row in rows.values()})
    topics = _topics(found)
    anchors = _anchors(_shown(anchor_rows, products, rows), products)
    marks = _marks(viewer, found, list(creators))
    return {
        pk: _card(rows[pk], creators[rows[pk][4]], topics.get(pk, ()), tuple(anchors.get(pk, ())), marks, viewer)
        for pk in found
    }


def card(*, content_id: int, viewer: Actor | None = None) -> ContentCardData:
    """One card. Raises NotFound unless it is published."""
    found = cards(ids=[content_id], viewer=viewer).get(content_id)
    if found is None:
        raise NotFound
    return found


def visible_ids(*, ids: Iterable[int]) -> set[int]:
    """Those of `ids` that may be shown now."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return set()
    return {
        row[0] for row in _fetch("SELECT id FROM content_content WHERE state = 'published' AND id IN ({marks})", wanted)
    }


def media_url(path: str) -> str:
    """Public address of a media path relative to MEDIA_ROOT; empty stays empty."""
    return f"{settings.MEDIA_URL}{path}" if path else ""


def share_url(content_id: int) -> str:
    """Address of a content's own page."""
    return f"{settings.ENVIRONMENT.origin}/v/{content_id}"


def captions_url(content_id: int, language: str, version: int) -> str:
    """Address of a clip's captions; the version makes it a new one whenever they change."""
    return f"/api/v1/contents/{content_id}/captions/{language}.vtt?v={version}"


def _fetch(sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    marks = ",".join(["%s"] * len(ids))
    true = "true" if connection.vendor == "postgresql" else "1"
    return fetch(sql.format(marks=marks, true=true), list(ids))


def _topics(ids: Sequence[int]) -> dict[int, tuple[TopicTag, ...]]:
    rows = _fetch(TOPIC_SQL, ids)
    names = tags_by_ids(ids={tag_id for _, tag_id in rows}) if rows else {}
    found: defaultdict[int, list[TopicTag]] = defaultdict(list)
    for content_id, tag_id in rows:
        name = names.get(tag_id)
        if name is not None:
            found[content_id].append(TopicTag(id=tag_id, name=name.name, name_en=name.name_en))
    return {pk: tuple(tags) for pk, tags in found.items()}


def _shown(
    anchor_rows: list[tuple[Any, ...]], products: dict[int, ProductCardData], contents: dict[int, tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Without products of other shops that the creator may show no more: they are asked for only where there are any."""
    foreign = {
        row[:2]: contents[row[0]][4]
        for row in anchor_rows
        if row[1] in products and contents[row[0]][-1] not in (None, products[row[1]].shop_id)
    }
    if not foreign:
        return anchor_rows
    rights = rights_among(creator_ids=foreign.values(), product_ids=[product_id for _, product_id in foreign])
    return [row for row in anchor_rows if row[:2] not in foreign or (foreign[row[:2]], row[1]) in rights]


def _anchors(rows: Iterable[tuple[Any, ...]], products: dict[int, ProductCardData]) -> dict[int, list[Anchor]]:
    found: defaultdict[int, list[Anchor]] = defaultdict(list)
    for content_id, product_id, label, *times in rows:
        product = products.get(product_id)
        if product is not None:
            found[content_id].append(Anchor(product, label, *times))
    return found


def _marks(viewer: Actor | None, ids: Sequence[int], creator_ids: Sequence[int]) -> Marks:
    marks: Marks = (set(), set(), set())
    if viewer is None or not creator_ids:
        return marks
    sql = MARKS_SQL.format(marks=",".join(["%s"] * len(ids)), creator_marks=",".join(["%s"] * len(creator_ids)))
    key = viewer.key
    with connection.cursor() as cursor:
        cursor.execute(sql, [key, *ids, key, *ids, key, *creator_ids])
        for kind, pk in cursor.fetchall():
            marks[kind - 1].add(pk)
    return marks


def _card(
    row: tuple[Any, ...],
    creator: CreatorCard,
    topics: tuple[TopicTag, ...],
    anchors: tuple[Anchor, ...],
    marks: Marks,
    viewer: Actor | None,
) -> ContentCardData:
    (pk, kind, title, caption, creator_id, media_text, duration_ms, width, height, *counts, published_at, _shop) = row
    media = orjson.loads(media_text) if isinstance(media_text, str | bytes) else media_text
    liked, saved, followed = marks
    return ContentCardData(
        id=pk,
        kind=kind,
        title=title,
        caption=caption,
        topic_tags=topics,
        creator=CreatorBadge(
            id=creator_id,
            handle=creator.handle,
            display_name=creator.display_name,
            display_name_en=creator.display_name_en,
            avatar_url=creator.avatar_url,
            is_shop=creator.is_shop,
            followed=creator_id in followed,
        ),
        poster_url=media_url(media.get("poster", "")),
        hls_url=media_url(media.get("hls", "")) or None,
        mp4_url=media_url(media.get("mp4", "")) or None,
        preview_urls=tuple(media_url(path) for path in media.get("previews", ())),
        pictures=tuple(
            Picture(url=media_url(part["path"]), width=part["width"], height=part["height"])
            for part in media.get("pictures", ())
        ),
        duration_ms=duration_ms,
        width=width,
        height=height,
        anchors=anchors,
        counts=Counts(*counts),
        viewer=ViewerMarks(liked=pk in liked, saved=pk in saved, followed=creator_id in followed),
        published_at=read_time(published_at),
        share_url=share_url(pk),
        touch=_touch(viewer, pk, creator_id, anchors),
        captions=tuple(
            CaptionTrack(language, captions_url(pk, language, v)) for language, v in media.get("captions", ())
        ),
    )


def _touch(viewer: Actor | None, content_id: int, creator_id: int, anchors: tuple[Anchor, ...]) -> str:
    if viewer is None or not anchors:
        return ""
    products = [anchor.product.id for anchor in anchors]
    return seal_touch(actor_key=viewer.key, product_ids=products, content_id=content_id, creator_id=creator_id)
