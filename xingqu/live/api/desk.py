"""The control desk of a shop's live rooms. Every endpoint asks for the caller's membership of the shop."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut
from xingqu.live import selectors, services
from xingqu.live.schemas import (
    ChatIn,
    ChatPostedOut,
    DeskFiguresOut,
    DeskRoomOut,
    DeskRoomRowOut,
    LiveFlashIn,
    LiveItemPatch,
    LiveItemsIn,
    LiveOrderIn,
    LivePriceOut,
    LiveRecordingOut,
    LiveRoomPricesIn,
    MutedOut,
    MuteIn,
    RoomIn,
    RoomPatch,
    StreamKeyOut,
    UnmuteIn,
)
from xingqu.live.services import NewItem, NewPrice, RoomChanges

router = Router()
ROOMS = "/shops/{shop_id}/live-rooms"
ROOM = ROOMS + "/{room_id}"
WRITE = "content.write"


@router.get(ROOMS, response=ListOut[DeskRoomRowOut])
def list_shop_live_rooms(request: HttpRequest, shop_id: Id, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """A shop's live rooms, newest first."""
    shop_of(request, shop_id, "view")
    items, more = selectors.desk_rooms(shop_id=shop_id, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": more}


@router.post(ROOMS, response={201: DeskRoomOut})
def create_shop_live_room(request: HttpRequest, shop_id: Id, payload: RoomIn) -> Any:
    """Plan a live room."""
    shop_of(request, shop_id, WRITE)
    changes = RoomChanges(**payload.dict(exclude={"creator_id"}))
    room_id = services.create_room(shop_id=shop_id, creator_id=payload.creator_id, changes=changes)
    return Status(201, selectors.desk_room(shop_id=shop_id, room_id=room_id))


@router.get(ROOM, response=DeskRoomOut)
def get_shop_live_room(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """A room on its control desk: run of show, stream, chat, cuts."""
    shop_of(request, shop_id, "view")
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.patch(ROOM, response=DeskRoomOut)
def update_shop_live_room(request: HttpRequest, shop_id: Id, room_id: Id, payload: RoomPatch) -> Any:
    """Change title, cover, time, announcement, slow mode, blocked words, what becomes of the recording."""
    shop_of(request, shop_id, WRITE)
    services.update_room(shop_id=shop_id, room_id=room_id, changes=RoomChanges(**payload.dict()))
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/cover", response=DeskRoomOut)
def upload_live_cover(request: HttpRequest, shop_id: Id, room_id: Id, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Make a JPEG, PNG or WebP picture of up to 10 MB the cover of a room that has not ended."""
    shop_of(request, shop_id, WRITE)
    services.save_room_cover(shop_id=shop_id, room_id=room_id, file=file)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.delete(ROOM + "/cover", response=DeskRoomOut)
def clear_live_cover(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Show the account's picture in the cover's place again."""
    shop_of(request, shop_id, WRITE)
    services.update_room(shop_id=shop_id, room_id=room_id, changes=RoomChanges(cover_url=""))
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.get(ROOM + "/figures", response=DeskFiguresOut)
def get_live_figures(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Figures so far and by minute."""
    shop_of(request, shop_id, "view")
    return selectors.desk_figures(shop_id=shop_id, room_id=room_id)


@router.get(ROOM + "/recordings", response=list[LiveRecordingOut])
def list_live_recordings(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """What was recorded of a room and how long it is kept; for who may change contents."""
    shop_of(request, shop_id, WRITE)
    return selectors.shops_recordings(shop_id=shop_id, room_id=room_id)


@router.get(ROOM + "/stream-key", response=StreamKeyOut)
def get_stream_key(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Address and secret key for the encoder; for who may change contents."""
    shop_of(request, shop_id, WRITE)
    return selectors.stream_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/stream-key", response=StreamKeyOut)
def rotate_live_stream_key(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Make a new key; the old one opens nothing any more, and a stream that uses it is cut."""
    shop_of(request, shop_id, WRITE)
    services.rotate_stream_key(shop_id=shop_id, room_id=room_id)
    return selectors.stream_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/start", response=DeskRoomOut)
def start_live_room(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Go on air. 409 `live_no_stream` while nothing arrives from the encoder."""
    shop_of(request, shop_id, WRITE)
    services.start_room(shop_id=shop_id, room_id=room_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/pause", response=DeskRoomOut)
def pause_live_room(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Leave the viewers waiting for a while."""
    shop_of(request, shop_id, WRITE)
    services.pause_room(shop_id=shop_id, room_id=room_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/resume", response=DeskRoomOut)
def resume_live_room(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Go on after a pause."""
    shop_of(request, shop_id, WRITE)
    services.resume_room(shop_id=shop_id, room_id=room_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/end", response=DeskRoomOut)
def end_live_room(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """End it for good, or call a planned one off."""
    shop_of(request, shop_id, WRITE)
    services.end_room(shop_id=shop_id, room_id=room_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/items", response=DeskRoomOut)
def add_live_items(request: HttpRequest, shop_id: Id, room_id: Id, payload: LiveItemsIn) -> Any:
    """Append products to the run of show."""
    shop_of(request, shop_id, WRITE)
    items = [NewItem(product_id=item.product_id, label=item.label) for item in payload.items]
    services.add_items(shop_id=shop_id, room_id=room_id, items=items)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.put(ROOM + "/items/order", response=DeskRoomOut)
def order_live_items(request: HttpRequest, shop_id: Id, room_id: Id, payload: LiveOrderIn) -> Any:
    """Put the run of show into another order."""
    shop_of(request, shop_id, WRITE)
    services.order_items(shop_id=shop_id, room_id=room_id, item_ids=payload.item_ids)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.patch(ROOM + "/items/{item_id}", response=DeskRoomOut)
def label_live_item(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id, payload: LiveItemPatch) -> Any:
    """Say on a product's card what is good about it."""
    shop_of(request, shop_id, WRITE)
    services.label_item(shop_id=shop_id, room_id=room_id, item_id=item_id, label=payload.label)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.delete(ROOM + "/items/{item_id}", response=DeskRoomOut)
def remove_live_item(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id) -> Any:
    """Take a product out."""
    shop_of(request, shop_id, WRITE)
    services.remove_item(shop_id=shop_id, room_id=room_id, item_id=item_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/items/{item_id}/explain", response=DeskRoomOut)
def explain_live_item(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id) -> Any:
    """Explain a product: its card pops up for everybody. 409 `live_item_not_for_sale` for what can't be bought."""
    shop_of(request, shop_id, WRITE)
    services.explain_item(shop_id=shop_id, room_id=room_id, item_id=item_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/items/{item_id}/unexplain", response=DeskRoomOut)
def unexplain_live_item(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id) -> Any:
    """Take the pop-up away."""
    shop_of(request, shop_id, WRITE)
    services.stop_explaining(shop_id=shop_id, room_id=room_id, item_id=item_id)
    return selectors.desk_room(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/items/{item_id}/prices", response={201: list[LivePriceOut]})
def set_live_prices(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id, payload: LiveRoomPricesIn) -> Any:
    """Give SKUs of an item the room's own price while it is on air. A merchant does so for its goods in a creator's room too."""
    shop_of(request, shop_id, WRITE)
    services.set_room_prices(
        shop_id=shop_id,
        room_id=room_id,
        item_id=item_id,
        prices=[NewPrice(**price.dict()) for price in payload.prices],
        starts_at=payload.starts_at,
        ends_at=payload.ends_at,
    )
    return Status(201, selectors.item_prices(room_id=room_id, item_id=item_id))


@router.post(ROOM + "/items/{item_id}/flash", response={201: list[LivePriceOut]})
def start_live_flash(request: HttpRequest, shop_id: Id, room_id: Id, item_id: Id, payload: LiveFlashIn) -> Any:
    """Start a flash sale with a countdown in the room."""
    shop_of(request, shop_id, WRITE)
    prices = [NewPrice(**price.dict()) for price in payload.prices]
    services.start_room_flash(
        shop_id=shop_id, room_id=room_id, item_id=item_id, prices=prices, duration_s=payload.duration_s
    )
    return Status(201, selectors.item_prices(room_id=room_id, item_id=item_id))


@router.post(ROOM + "/sales/{sale_id}/end", response={204: None})
def end_live_sale(request: HttpRequest, shop_id: Id, room_id: Id, sale_id: Id) -> Any:
    """End a price or a flash sale of the room; what is left goes back to general stock."""
    shop_of(request, shop_id, WRITE)
    services.end_room_sale(shop_id=shop_id, room_id=room_id, sale_id=sale_id)
    return Status(204, None)


@router.post(ROOM + "/chat", response={201: ChatPostedOut})
def post_live_host_chat(request: HttpRequest, shop_id: Id, room_id: Id, payload: ChatIn) -> Any:
    """Say something in the host's name."""
    member = shop_of(request, shop_id, WRITE)
    event_id = services.post_host_chat(shop_id=shop_id, room_id=room_id, person_id=member.person_id, text=payload.text)
    return Status(201, {"id": event_id})


@router.delete(ROOM + "/chat/{event_id}", response={204: None})
def delete_live_chat(request: HttpRequest, shop_id: Id, room_id: Id, event_id: Id) -> Any:
    """Take a line off everybody's screen."""
    shop_of(request, shop_id, WRITE)
    services.delete_chat(shop_id=shop_id, room_id=room_id, event_id=event_id)
    return Status(204, None)


@router.get(ROOM + "/mutes", response=list[MutedOut])
def list_live_mutes(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Who may not speak here."""
    shop_of(request, shop_id, "view")
    return selectors.moderation_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/mutes", response=list[MutedOut])
def mute_live_viewer(request: HttpRequest, shop_id: Id, room_id: Id, payload: MuteIn) -> Any:
    """Mute who wrote a line here, for a while or for good."""
    shop_of(request, shop_id, WRITE)
    services.mute_viewer(shop_id=shop_id, room_id=room_id, actor_key=payload.actor_key, duration_s=payload.duration_s)
    return selectors.moderation_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/mutes/lift", response=list[MutedOut])
def unmute_live_viewer(request: HttpRequest, shop_id: Id, room_id: Id, payload: UnmuteIn) -> Any:
    """Let somebody speak again."""
    shop_of(request, shop_id, WRITE)
    services.unmute_viewer(shop_id=shop_id, room_id=room_id, actor_key=payload.actor_key)
    return selectors.moderation_page(shop_id=shop_id, room_id=room_id)
