"""Writes of live rooms."""

from xingqu.live.services.booking import book_room, tell_booked, unbook_room
from xingqu.live.services.chatting import (
    NewLine,
    delete_chat,
    mute_viewer,
    post_chat,
    post_chats,
    post_host_chat,
    sweep_chat,
    unmute_viewer,
)
from xingqu.live.services.counting import (
    record_arrivals,
    record_click,
    record_likes,
    record_presence,
    record_refund,
    record_sale,
    record_shown,
)
from xingqu.live.services.covers import save_room_cover
from xingqu.live.services.cuts import make_cuts
from xingqu.live.services.dropping import NewDrop, claim_drop, drop_coupon
from xingqu.live.services.fanout import fanout_channel, read_published, redis_module
from xingqu.live.services.lucky import NewBag, draw_due_bags, enter_bag, open_bag
from xingqu.live.services.platform import (
    empty_bags_of_restricted,
    end_room_by_platform,
    end_rooms_of_restricted,
)
from xingqu.live.services.recordings import sweep_recordings
from xingqu.live.services.rooms import (
    RoomChanges,
    ban_room,
    create_room,
    end_room,
    pause_room,
    resume_room,
    rotate_stream_key,
    start_room,
    time_out_rooms,
    update_room,
)
from xingqu.live.services.scripts import explain_in_turn, run_scripts, switch_script, write_script
from xingqu.live.services.selling import NewPrice, end_room_sale, set_room_prices, start_room_flash
from xingqu.live.services.showing import (
    NewItem,
    add_items,
    explain_item,
    label_item,
    order_items,
    remove_item,
    stop_explaining,
    stop_unsellable,
    withdraw_product,
)
from xingqu.live.services.streams import (
    beat_named_stream,
    beat_stream,
    close_named_stream,
    close_silent_streams,
    close_stream,
    confirm_stream,
    open_stream,
)
from xingqu.live.services.visits import forget_visits, move_visits
from xingqu.live.services.watching import record_watch

__all__ = [
    "NewBag",
    "NewDrop",
    "NewItem",
    "NewLine",
    "NewPrice",
    "RoomChanges",
    "add_items",
    "ban_room",
    "beat_named_stream",
    "beat_stream",
    "book_room",
    "claim_drop",
    "close_named_stream",
    "close_silent_streams",
    "close_stream",
    "confirm_stream",
    "create_room",
    "delete_chat",
    "draw_due_bags",
    "drop_coupon",
    "empty_bags_of_restricted",
    "end_room",
    "end_room_by_platform",
    "end_room_sale",
    "end_rooms_of_restricted",
    "enter_bag",
    "explain_in_turn",
    "explain_item",
    "fanout_channel",
    "forget_visits",
    "label_item",
    "make_cuts",
    "move_visits",
    "mute_viewer",
    "open_bag",
    "open_stream",
    "order_items",
    "pause_room",
    "post_chat",
    "post_chats",
    "post_host_chat",
    "read_published",
    "record_arrivals",
    "record_click",
    "record_likes",
    "record_presence",
    "record_refund",
    "record_sale",
    "record_shown",
    "record_watch",
    "redis_module",
    "remove_item",
    "resume_room",
    "rotate_stream_key",
    "run_scripts",
    "save_room_cover",
    "set_room_prices",
    "start_room",
    "start_room_flash",
    "stop_explaining",
    "stop_unsellable",
    "sweep_chat",
    "sweep_recordings",
    "switch_script",
    "tell_booked",
    "time_out_rooms",
    "unbook_room",
    "unmute_viewer",
    "update_room",
    "withdraw_product",
    "write_script",
]
