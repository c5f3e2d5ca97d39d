"""What a shop sees of its own contents and files."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.selectors import cards as product_cards
from xingqu.catalogue.selectors import tags_by_ids
from xingqu.content.contracts import product_json
from xingqu.content.domain import RETRYABLE_FAILURES
from xingqu.content.models import Content, ContentAnchor, ContentAsset, ContentTag, MediaAsset
from xingqu.content.selectors.cards import media_url
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound


def upload_path(asset_id: int) -> Path:
    """Where a file's bytes are kept until they are processed: beside the public media, never inside it."""
    return Path(settings.HOME) / "uploads" / f"{asset_id}.part"


def received_bytes(asset_id: int) -> int:
    """How many bytes of an upload are on disk: the offset that survives any crash."""
    try:
        return upload_path(asset_id).stat().st_size
    except FileNotFoundError:
        return 0


def shop_asset(*, shop_id: int, asset_id: int) -> dict[str, Any]:
    """One file of a shop, in the shape of AssetOut. Raises NotFound."""
    row = MediaAsset.objects.filter(pk=asset_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return _asset_rows([row])[0]


def shop_assets(
    *, shop_id: int, state: str | None, kind: str | None, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Files of a shop, newest first."""
    rows = MediaAsset.objects.filter(shop_id=shop_id)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    position = decode_cursor(cursor, int)
    rows = rows.filter(pk__lt=position[0]) if position else rows
    found = list(rows.order_by("-id")[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    return _asset_rows(found[:limit]), more


def shop_content(*, shop_id: int, content_id: int) -> dict[str, Any]:
    """One content of a shop, in the shape of ShopContentOut. Raises NotFound."""
    row = Content.objects.filter(pk=content_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return _content_rows([row])[0]


def shop_contents(
    *, shop_id: int, state: str | None, q: str, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Contents of a shop, newest first; `q` looks into title and caption."""
    rows = Content.objects.filter(shop_id=shop_id)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(Q(title__icontains=q) | Q(caption__icontains=q)) if q else rows
    position = decode_cursor(cursor, int)
    rows = rows.filter(pk__lt=position[0]) if position else rows
    found = list(rows.order_by("-id")[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    return _content_rows(found[:limit]), more


def owned_ids(*, shop_id: int, ids: Iterable[int]) -> list[int]:
    """Those of the contents that are the shop's own, ascending."""
    return list(Content.objects.filter(shop_id=shop_id, pk__in=list(ids)).order_by("id").values_list("id", flat=True))


def shop_content_counts(*, shop_id: int) -> dict[str, int]:
    """How many contents a shop has in each state."""
    rows = Content.objects.filter(shop_id=shop_id).order_by().values_list("state").annotate(count=Count("id"))
    return dict(rows)


def _asset_rows(assets: list[MediaAsset]) -> list[dict[str, Any]]:
    used: defaultdict[int, list[int]] = defaultdict(list)
    links = ContentAsset.objects.filter(asset_id__in=[asset.pk for asset in assets]).order_by("content_id")
    for asset_id, content_id in links.values_list("asset_id", "content_id"):
        used[asset_id].append(content_id)
    return [_asset_row(asset, used[asset.pk]) for asset in assets]


def _asset_row(asset: MediaAsset, content_ids: list[int]) -> dict[str, Any]:
    failure = None
    if asset.state == MediaAsset.State.FAILED:
        failure = {
            "code": asset.failure_code,
            "message": asset.failure_message,
            "retryable": asset.failure_code in RETRYABLE_FAILURES,
        }
    uploading = asset.state == MediaAsset.State.UPLOADING
    return {
        "id": asset.pk,
        "kind": asset.kind,
        "state": asset.state,
        "progress_percent": asset.progress_percent,
        "failure": failure,
        "poster_url": media_url(asset.files.get("poster", "")),
        "hls_url": media_url(asset.files.get("hls", "")) or None,
        "preview_urls": [media_url(path) for path in asset.files.get("previews", [])],
        "duration_ms": asset.duration_ms,
        "width": asset.width,
        "height": asset.height,
        "size_bytes": asset.size_bytes,
        "received_bytes": received_bytes(asset.pk) if uploading else asset.size_bytes,
        "filename": asset.filename,
        "attempts": asset.attempts,
        "content_ids": content_ids,
        "trimmed_from_id": asset.trimmed_from_id,
        "expires_at": asset.expires_at,
        "created_at": asset.created_at,
    }


def _content_rows(contents: list[Content]) -> list[dict[str, Any]]:
    ids = [content.pk for content in contents]
    creators = creators_by_ids(ids={content.creator_id for content in contents})
    anchors = _anchors_of(ids)
    topics = _topics_of(ids)
    assets = _assets_of(ids)
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "state": row.state,
            "title": row.title,
            "caption": row.caption,
            "topic_tags": topics[row.pk],
            "creator_id": row.creator_id,
            "creator_name": creators[row.creator_id].display_name,
            "poster_url": media_url(row.media.get("poster", "")),
            "hls_url": media_url(row.media.get("hls", "")) or None,
            "duration_ms": row.duration_ms,
            "width": row.width,
            "height": row.height,
            "assets": assets[row.pk],
            "anchors": anchors[row.pk],
            "counts": {
                "likes": row.like_count,
                "comments": row.comment_count,
                "saves": row.save_count,
                "shares": row.share_count,
                "views": row.view_count,
            },
            "version": row.version,
            "has_cover": bool(row.cover),
            "caption_languages": [language for language, _ in row.media.get("captions", ())],
            "publish_at": row.publish_at,
            "published_at": row.published_at,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
        for row in contents
    ]


def _anchors_of(ids: Iterable[int]) -> defaultdict[int, list[dict[str, Any]]]:
    rows = list(ContentAnchor.objects.filter(content_id__in=list(ids)).order_by("content_id", "position"))
    products = product_cards(ids={row.product_id for row in rows}) if rows else {}
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.product_id in products:
            product = product_json(products[row.product_id])
            times = {"show_from_ms": row.show_from_ms, "show_until_ms": row.show_until_ms}
            found[row.content_id].append({"product": product, "label": row.label, **times})
    return found


def _topics_of(ids: Iterable[int]) -> defaultdict[int, list[Any]]:
    rows = list(
        ContentTag.objects.filter(content_id__in=list(ids), is_topic=True)
        .order_by("content_id", "-weight", "id")
        .values_list("content_id", "tag_id")
    )
    names = tags_by_ids(ids={tag_id for _, tag_id in rows})
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for content_id, tag_id in rows:
        if tag_id in names:
            found[content_id].append(names[tag_id])
    return found


def _assets_of(ids: Iterable[int]) -> defaultdict[int, list[dict[str, Any]]]:
    links = list(
        ContentAsset.objects.filter(content_id__in=list(ids)).select_related("asset").order_by("content_id", "position")
    )
    rows = {row["id"]: row for row in _asset_rows([link.asset for link in links])}
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        found[link.content_id].append(rows[link.asset_id])
    return found
