"""What a shop does with its contents: make, edit, publish, take down, delete."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from xingqu.accounts.selectors import creators_of
from xingqu.catalogue.selectors import cards as product_cards
from xingqu.content.domain import PUBLISHABLE, find_forbidden
from xingqu.content.models import Content, ContentAnchor, ContentAsset, ContentCaption, CreatorCounts, Kind, MediaAsset
from xingqu.content.selectors.rights import may_show
from xingqu.content.services.comments import TextRefused
from xingqu.content.services.tagging import set_tags
from xingqu.events.content import ContentPublished, ContentWithdrawn
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.outbox import publish


class StaleVersion(Conflict):
    code = "stale_version"
    message = "Somebody else has changed this. Read it again and repeat."


class AssetsNotReady(Conflict):
    """`data.assets` lists the files that are missing, still processed or failed: [{id, state}]."""

    code = "assets_not_ready"
    message = "The files of this content are not ready yet."


@dataclass(frozen=True, slots=True)
class AnchorSpec:
    """A product to hang on a content."""

    product_id: int
    label: str = ""
    show_from_ms: int | None = None
    show_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ContentChanges:
    """What to set; None leaves a field as it is."""

    title: str | None = None
    caption: str | None = None
    topics: list[str] | None = None
    creator_id: int | None = None
    asset_ids: list[int] | None = None
    anchors: list[AnchorSpec] | None = None


@transaction.atomic
def create_content(
    *, shop_id: int | None, author_id: int | None, kind: str, changes: ContentChanges, spec_key: str | None = None
) -> int:
    """Make a content and return its id: a shop's, or with `shop_id` None an independent creator's, who may show any product.

    Raises InvalidInput for assets, products or a creator that are not the shop's, and TextRefused.
    """
    creator_id = changes.creator_id
    if shop_id is not None:
        creators = [card.id for card in creators_of(organisation_id=shop_id)]
        creator_id = creator_id if creator_id is not None else next(iter(creators), None)
        if creator_id not in creators:
            raise InvalidInput(field="creator_id", expected="a publishing account of this shop")
    if creator_id is None:
        raise InvalidInput(field="creator_id", expected="a publishing account")
    if not changes.title:
        raise InvalidInput(field="title", expected="1 to 80 letters")
    now = clock.now()
    content = Content.objects.create(
        kind=kind,
        creator_id=creator_id,
        shop_id=shop_id,
        author_id=author_id,
        title=changes.title,
        spec_key=spec_key,
        created_at=now,
        updated_at=now,
    )
    _apply(content, changes)
    return content.pk


@transaction.atomic
def update_content(*, shop_id: int, content_id: int, version: int, changes: ContentChanges) -> None:
    """Change a shop's content.

    Raises NotFound for another's, StaleVersion, InvalidInput as `create_content`, AssetsNotReady when a published
    content would lose its media, TextRefused.
    """
    content = own_content(shop_id=shop_id, content_id=content_id)
    if content.version != version:
        raise StaleVersion(field="version", expected=str(content.version), data={"version": content.version})
    if changes.creator_id is not None and changes.creator_id not in {
        card.id for card in creators_of(organisation_id=shop_id)
    }:
        raise InvalidInput(field="creator_id", expected="a publishing account of this shop")
    old_creator_id = content.creator_id
    _apply(content, changes)
    if content.creator_id != old_creator_id and content.state == Content.State.PUBLISHED:
        _move_works(old_creator_id, -1, likes=-content.like_count)
        _move_works(content.creator_id, 1, likes=content.like_count)


@transaction.atomic
def publish_content(*, shop_id: int | None, content_id: int, published_at: datetime | None = None) -> None:
    """Let everyone see a content; publishing again changes nothing. `published_at` dates the first time back (the seed).

    Raises NotFound, AssetsNotReady.
    """
    content = own_content(shop_id=shop_id, content_id=content_id)
    if content.state == Content.State.PUBLISHED:
        return
    refresh_media(content=content)
    now = clock.now()
    published_at = content.published_at or published_at or now
    changed = Content.objects.filter(pk=content.pk, state__in=PUBLISHABLE).update(
        state=Content.State.PUBLISHED,
        published_at=published_at,
        publish_at=None,
        updated_at=now,
        version=F("version") + 1,
    )
    if not changed:
        raise AssetsNotReady(data={"assets": _unready(content)}, expected="at least one file, all of them ready")
    _move_works(content.creator_id, 1, likes=content.like_count)
    publish(
        ContentPublished(
            content_id=content.pk,
            creator_id=content.creator_id,
            shop_id=content.shop_id,
            published_at=published_at,
        )
    )


@transaction.atomic
def unpublish_content(*, shop_id: int, content_id: int, reason: str = "unpublished") -> None:
    """Take a content down. Doing so again changes nothing. Raises NotFound."""
    content = own_content(shop_id=shop_id, content_id=content_id)
    changed = Content.objects.filter(pk=content.pk, state=Content.State.PUBLISHED).update(
        state=Content.State.UNPUBLISHED, updated_at=clock.now(), version=F("version") + 1
    )
    if not changed:
        return
    _move_works(content.creator_id, -1, likes=-content.like_count)
    publish(
        ContentWithdrawn(content_id=content.pk, creator_id=content.creator_id, shop_id=content.shop_id, reason=reason)
    )


@transaction.atomic
def delete_content(*, shop_id: int, content_id: int) -> None:
    """Delete a content with its comments and likes; its files stay in the shop's library. Raises NotFound."""
    unpublish_content(shop_id=shop_id, content_id=content_id, reason="deleted")
    own_content(shop_id=shop_id, content_id=content_id).delete()


def refresh_media(*, content: Content) -> None:
    """Bring a content's media and state in line with its files; a published one keeps what it shows until all are ready."""
    assets = list(MediaAsset.objects.filter(contents__content=content).order_by("contents__position"))
    states = {asset.state for asset in assets}
    ready = bool(assets) and states == {MediaAsset.State.READY}
    if ready:
        content.media = _merge_files(assets)
        if content.cover:
            content.media["poster"] = content.cover
        if tracks := _caption_tracks(content):
            content.media["captions"] = tracks
        content.duration_ms, content.width, content.height = assets[0].duration_ms, assets[0].width, assets[0].height
    kept = content.state == Content.State.PUBLISHED or (content.state == Content.State.UNPUBLISHED and ready)
    if not kept:
        content.state = _state_from(states, ready=ready)
    content.updated_at = clock.now()
    content.save(update_fields=["media", "duration_ms", "width", "height", "state", "updated_at"])


def _caption_tracks(content: Content) -> list[list[Any]]:
    rows = ContentCaption.objects.filter(content=content).order_by("language")
    return [list(row) for row in rows.values_list("language", "version")]


def _state_from(states: set[str], *, ready: bool) -> str:
    if not states:
        return Content.State.DRAFT
    if MediaAsset.State.FAILED in states:
        return Content.State.FAILED
    return Content.State.READY if ready else Content.State.PROCESSING


def own_content(*, shop_id: int | None, content_id: int) -> Content:
    """A workplace's content, locked. Raises NotFound."""
    content = Content.objects.select_for_update(no_key=True).filter(pk=content_id, shop_id=shop_id).first()
    if content is None:
        raise NotFound
    return content


def _apply(content: Content, changes: ContentChanges) -> None:
    _check_texts(changes)
    content.title = changes.title if changes.title is not None else content.title
    content.caption = changes.caption if changes.caption is not None else content.caption
    content.creator_id = changes.creator_id if changes.creator_id is not None else content.creator_id
    content.version += 1
    content.save(update_fields=["title", "caption", "creator", "version"])
    if changes.asset_ids is not None:
        _set_assets(content, changes.asset_ids)
    if changes.anchors is not None:
        _set_anchors(content, changes.anchors)
    set_tags(content=content, topics=changes.topics)
    refresh_media(content=content)


def _check_texts(changes: ContentChanges) -> None:
    texts = [("title", changes.title), ("caption", changes.caption)]
    texts += [(f"tags.{place}", topic) for place, topic in enumerate(changes.topics or [])]
    texts += [(f"anchors.{place}.label", anchor.label) for place, anchor in enumerate(changes.anchors or [])]
    for field, text in texts:
        reason = find_forbidden(text) if text else None
        if reason is not None:
            raise TextRefused(
                field=field, expected="a text without contact details or forbidden words", data={"reason": reason}
            )


def _set_assets(content: Content, asset_ids: list[int]) -> None:
    ids = list(dict.fromkeys(asset_ids))
    most = 1 if content.kind == Kind.VIDEO else 9
    if len(ids) > most:
        raise InvalidInput(field="asset_ids", expected=f"at most {most} files for a {content.kind}")
    # Locked: a file that becomes ready just now finds this content afterwards, or is seen ready here.
    files = MediaAsset.objects.select_for_update(no_key=True).order_by("pk")
    own = files.filter(pk__in=ids, shop_id=content.shop_id, kind=content.kind).in_bulk()
    for place, pk in enumerate(ids):
        if pk not in own:
            raise InvalidInput(field=f"asset_ids.{place}", expected=f"a {content.kind} file of this shop")
    unready = [{"id": pk, "state": own[pk].state} for pk in ids if own[pk].state != MediaAsset.State.READY]
    if content.state == Content.State.PUBLISHED and (unready or not ids):
        raise AssetsNotReady(field="asset_ids", data={"assets": unready}, expected="files that are ready")
    ContentAsset.objects.filter(content=content).delete()
    ContentAsset.objects.bulk_create(
        [ContentAsset(content=content, asset_id=pk, position=place) for place, pk in enumerate(ids)]
    )


def _set_anchors(content: Content, anchors: list[AnchorSpec]) -> None:
    products = product_cards(ids=[anchor.product_id for anchor in anchors]) if anchors else {}
    shown = may_show(creator_id=content.creator_id, shop_id=content.shop_id, products=products)
    seen: set[int] = set()
    for place, anchor in enumerate(anchors):
        product = products.get(anchor.product_id)
        if product is None or anchor.product_id not in shown or product.sale_state.code == "deleted":
            raise InvalidInput(
                field=f"anchors.{place}.product_id", expected="a product of this shop, or of the creator's showcase"
            )
        if anchor.product_id in seen:
            raise InvalidInput(field=f"anchors.{place}.product_id", expected="each product once")
        if anchor.show_from_ms is not None and content.duration_ms and anchor.show_from_ms >= content.duration_ms:
            raise InvalidInput(
                field=f"anchors.{place}.show_from_ms", expected=f"less than the clip's {content.duration_ms} ms"
            )
        if anchor.show_until_ms is not None and anchor.show_until_ms <= (anchor.show_from_ms or 0):
            raise InvalidInput(field=f"anchors.{place}.show_until_ms", expected="later than it rises")
        seen.add(anchor.product_id)
    ContentAnchor.objects.filter(content=content).delete()
    ContentAnchor.objects.bulk_create(
        [
            ContentAnchor(
                content=content,
                product_id=anchor.product_id,
                label=anchor.label,
                show_from_ms=anchor.show_from_ms,
                show_until_ms=anchor.show_until_ms,
                position=place,
            )
            for place, anchor in enumerate(anchors)
        ]
    )


def _merge_files(assets: list[MediaAsset]) -> dict[str, Any]:
    """One content's media from its assets' files: the poster and video of the first, the pictures of all."""
    merged = {name: value for name, value in assets[0].files.items() if name != "pictures"}
    merged["pictures"] = [part for asset in assets for part in asset.files.get("pictures", [])]
    return merged


def _unready(content: Content) -> list[dict[str, Any]]:
    rows = MediaAsset.objects.filter(contents__content=content).exclude(state=MediaAsset.State.READY)
    return [{"id": pk, "state": state} for pk, state in rows.order_by("id").values_list("id", "state")]


def _move_works(creator_id: int, step: int, *, likes: int) -> None:
    CreatorCounts.objects.get_or_create(creator_id=creator_id)
    CreatorCounts.objects.filter(pk=creator_id).update(
        work_count=F("work_count") + step, like_count=F("like_count") + likes
    )
