"""Coupons, lucky bags, scripts and automatic replies of a room: the desk's and the viewers' side."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import actor_of, person_of, shop_of
from xingqu.kit.api import Id
from xingqu.live import selectors, services
from xingqu.live.selling_schemas import (
    AutoRepliesIn,
    InTurnIn,
    LiveDropIn,
    LiveRewardsOut,
    LiveScriptIn,
    LiveSellingOut,
    LuckyBagIn,
    ScriptSwitchIn,
)
from xingqu.live.services import NewBag, NewDrop, RoomChanges

router = Router()
ROOM = "/shops/{shop_id}/live-rooms/{room_id}"
WRITE = "content.write"


@router.get(ROOM + "/selling", response=LiveSellingOut)
def get_live_selling(request: HttpRequest, shop_id: Id, room_id: Id) -> Any:
    """Coupons, lucky bags, the script and automatic replies of a room."""
    shop_of(request, shop_id, "view")
    return selectors.selling_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/coupons", response={201: LiveRewardsOut})
def drop_live_coupon(request: HttpRequest, shop_id: Id, room_id: Id, payload: LiveDropIn) -> Any:
    """Drop a coupon of the shop into a room on air that has goods of it: its own, or that of a creator who sells them."""
    shop_of(request, shop_id, WRITE)
    services.drop_coupon(shop_id=shop_id, room_id=room_id, drop=NewDrop(**payload.dict()))
    return Status(201, selectors.room_rewards(room_id=room_id, person_id=None))


@router.post(ROOM + "/lucky-bags", response={201: LiveSellingOut})
def open_lucky_bag(request: HttpRequest, shop_id: Id, room_id: Id, payload: LuckyBagIn) -> Any:
    """Open a lucky bag in a room on air."""
    shop_of(request, shop_id, WRITE)
    fields = payload.dict(exclude={"coupon"})
    coupon = NewDrop(**payload.coupon.dict()) if payload.coupon is not None else None
    services.open_bag(shop_id=shop_id, room_id=room_id, bag=NewBag(**fields, coupon=coupon))
    return Status(201, selectors.selling_page(shop_id=shop_id, room_id=room_id))


@router.put(ROOM + "/script", response=LiveSellingOut)
def write_live_script(request: HttpRequest, shop_id: Id, room_id: Id, payload: LiveScriptIn) -> Any:
    """Give a room its script, stopped and from the beginning."""
    shop_of(request, shop_id, WRITE)
    steps = [step.dict(exclude_none=True) for step in payload.steps]
    services.write_script(shop_id=shop_id, room_id=room_id, steps=steps, loop_s=payload.loop_s)
    return selectors.selling_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/script/in-turn", response=LiveSellingOut)
def explain_live_items_in_turn(request: HttpRequest, shop_id: Id, room_id: Id, payload: InTurnIn) -> Any:
    """Explain items one after the other by themselves."""
    shop_of(request, shop_id, WRITE)
    services.explain_in_turn(
        shop_id=shop_id, room_id=room_id, item_ids=payload.item_ids, every_s=payload.every_s, loop=payload.loop
    )
    return selectors.selling_page(shop_id=shop_id, room_id=room_id)


@router.post(ROOM + "/script/switch", response=LiveSellingOut)
def switch_live_script(request: HttpRequest, shop_id: Id, room_id: Id, payload: ScriptSwitchIn) -> Any:
    """Let the script go on, or stop it where it is."""
    shop_of(request, shop_id, WRITE)
    services.switch_script(shop_id=shop_id, room_id=room_id, is_on=payload.is_on)
    return selectors.selling_page(shop_id=shop_id, room_id=room_id)


@router.put(ROOM + "/auto-replies", response=LiveSellingOut)
def set_live_auto_replies(request: HttpRequest, shop_id: Id, room_id: Id, payload: AutoRepliesIn) -> Any:
    """What the room answers by itself, by words that viewers say."""
    shop_of(request, shop_id, WRITE)
    replies = [reply.dict() for reply in payload.replies]
    services.update_room(shop_id=shop_id, room_id=room_id, changes=RoomChanges(auto_replies=replies))
    return selectors.selling_page(shop_id=shop_id, room_id=room_id)


@router.get("/live/rooms/{room_id}/rewards", response=LiveRewardsOut)
def get_live_rewards(request: HttpRequest, room_id: Id) -> Any:
    """Coupons and lucky bags of a room for this viewer."""
    return selectors.room_rewards(room_id=room_id, person_id=actor_of(request).person_id)


@router.post("/live/rooms/{room_id}/coupons/{coupon_id}/claim", response=LiveRewardsOut)
def claim_live_coupon(request: HttpRequest, room_id: Id, coupon_id: Id) -> Any:
    """Take a coupon that was dropped into the room."""
    person_id = person_of(request)
    services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=person_id)
    return selectors.room_rewards(room_id=room_id, person_id=person_id)


@router.post("/live/rooms/{room_id}/lucky-bags/{bag_id}/enter", response=LiveRewardsOut)
def enter_lucky_bag(request: HttpRequest, room_id: Id, bag_id: Id) -> Any:
    """Take part in a lucky bag. 409 `live_condition_missing` says what is missing."""
    person_id = person_of(request)
    services.enter_bag(room_id=room_id, bag_id=bag_id, person_id=person_id)
    return selectors.room_rewards(room_id=room_id, person_id=person_id)
