"""A shop's contents and files over HTTP. Every endpoint first asks for the caller's membership of the shop."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import person_of, shop_of
from xingqu.content import selectors, services
from xingqu.content.schemas import AnchorIn, AssetOut, ContentIn, ContentPatch, ShopContentOut, State
from xingqu.content.services import AnchorSpec, ContentChanges
from xingqu.kit.api import CursorText, Id, Limit, ListOut, ShortText

router = Router(tags=["studio"])
AssetState = Literal["uploading", "checking", "transcoding", "ready", "failed"]


def _anchors(anchors: list[AnchorIn] | None) -> list[AnchorSpec] | None:
    if anchors is None:
        return None
    return [AnchorSpec(**anchor.dict()) for anchor in anchors]


@router.get("/shops/{shop_id}/contents", response=ListOut[ShopContentOut])
def list_shop_contents(
    request: HttpRequest,
    shop_id: Id,
    state: State | None = None,
    q: ShortText = "",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's own contents, newest first."""
    shop_of(request, shop_id, "view")
    items, more = selectors.shop_contents(shop_id=shop_id, state=state, q=q, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": more}


@router.get("/shops/{shop_id}/contents/counts", response=dict[str, int])
def count_shop_contents(request: HttpRequest, shop_id: Id) -> Any:
    """How many contents stand in each state; states without any are absent."""
    shop_of(request, shop_id, "view")
    return selectors.shop_content_counts(shop_id=shop_id)


@router.post("/shops/{shop_id}/contents", response={201: ShopContentOut})
def create_shop_content(request: HttpRequest, shop_id: Id, payload: ContentIn) -> Any:
    """Make a content; it can be published once its files are ready."""
    shop_of(request, shop_id, "content.write")
    content_id = services.create_content(
        shop_id=shop_id,
        author_id=person_of(request),
        kind=payload.kind,
        changes=ContentChanges(
            title=payload.title,
            caption=payload.caption,
            topics=payload.tags,
            creator_id=payload.creator_id,
            asset_ids=payload.asset_ids,
            anchors=_anchors(payload.anchors),
        ),
    )
    return Status(201, selectors.shop_content(shop_id=shop_id, content_id=content_id))


@router.get("/shops/{shop_id}/contents/{content_id}", response=ShopContentOut)
def get_shop_content(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """One content of the shop, in any state."""
    shop_of(request, shop_id, "view")
    return selectors.shop_content(shop_id=shop_id, content_id=content_id)


@router.patch("/shops/{shop_id}/contents/{content_id}", response=ShopContentOut)
def update_shop_content(request: HttpRequest, shop_id: Id, content_id: Id, payload: ContentPatch) -> Any:
    """Change what is given. 409 `stale_version` when somebody else changed it since it was read."""
    shop_of(request, shop_id, "content.write")
    services.update_content(
        shop_id=shop_id,
        content_id=content_id,
        version=payload.version,
        changes=ContentChanges(
            title=payload.title,
            caption=payload.caption,
            topics=payload.tags,
            creator_id=payload.creator_id,
            asset_ids=payload.asset_ids,
            anchors=_anchors(payload.anchors),
        ),
    )
    return selectors.shop_content(shop_id=shop_id, content_id=content_id)


@router.delete("/shops/{shop_id}/contents/{content_id}", response={204: None})
def delete_shop_content(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Delete a content with its comments and likes; its files stay in the library."""
    shop_of(request, shop_id, "content.write")
    services.delete_content(shop_id=shop_id, content_id=content_id)
    return Status(204, None)


@router.post("/shops/{shop_id}/contents/{content_id}/publish", response=ShopContentOut)
def publish_shop_content(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Let everyone see it. 409 `assets_not_ready` while its files are missing or processed."""
    shop_of(request, shop_id, "content.write")
    services.publish_content(shop_id=shop_id, content_id=content_id)
    return selectors.shop_content(shop_id=shop_id, content_id=content_id)


@router.post("/shops/{shop_id}/contents/{content_id}/unpublish", response=ShopContentOut)
def unpublish_shop_content(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Take it down; likes and comments stay for when it is published again."""
    shop_of(request, shop_id, "content.write")
    services.unpublish_content(shop_id=shop_id, content_id=content_id)
    return selectors.shop_content(shop_id=shop_id, content_id=content_id)


@router.get("/shops/{shop_id}/assets", response=ListOut[AssetOut])
def list_assets(
    request: HttpRequest,
    shop_id: Id,
    state: AssetState | None = None,
    kind: Literal["video", "picture"] | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's uploaded files, newest first."""
    shop_of(request, shop_id, "view")
    items, more = selectors.shop_assets(shop_id=shop_id, state=state, kind=kind, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": more}


@router.get("/shops/{shop_id}/assets/{asset_id}", response=AssetOut)
def get_asset(request: HttpRequest, shop_id: Id, asset_id: Id) -> Any:
    """One file with its progress, or why it failed."""
    shop_of(request, shop_id, "view")
    return selectors.shop_asset(shop_id=shop_id, asset_id=asset_id)


@router.post("/shops/{shop_id}/assets/{asset_id}/retry", response=AssetOut)
def retry_asset(request: HttpRequest, shop_id: Id, asset_id: Id) -> Any:
    """Process a failed file again. 409 `nothing_to_retry` when it has not failed or its bytes are gone."""
    shop_of(request, shop_id, "content.write")
    services.retry_asset(shop_id=shop_id, asset_id=asset_id)
    return selectors.shop_asset(shop_id=shop_id, asset_id=asset_id)


@router.delete("/shops/{shop_id}/assets/{asset_id}", response={204: None})
def delete_asset(request: HttpRequest, shop_id: Id, asset_id: Id) -> Any:
    """Delete a file. 409 `asset_in_use` while a content shows it."""
    shop_of(request, shop_id, "content.write")
    services.delete_asset(shop_id=shop_id, asset_id=asset_id)
    return Status(204, None)
