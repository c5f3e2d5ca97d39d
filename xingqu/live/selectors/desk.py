"""Rooms as their shop sees them: the list, the control desk, its figures with definitions, moderation."""

from datetime import timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Sum

from xingqu.kit import clock
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.live.models import LiveCut, LiveRoom, LiveSale, RoomEvent, RoomMinute, RoomMute, RoomVisitor, StreamSession
from xingqu.live.selectors.edge import room_figures
from xingqu.live.selectors.playing import key_of, play_url, push_url, silent_before
from xingqu.live.selectors.product_figures import product_figures
from xingqu.live.selectors.rooms import explaining_item_id, recent_chat, room_items

MINUTES_SHOWN = 720
# Who told how far behind the picture is counts this long: pages tell once a minute or oftener.
DELAY_FRESH, DELAY_MOST = timedelta(seconds=75), 1_000
PLAIN_FIELDS = (
    *("id", "shop_id", "creator_id", "title", "cover_url", "state", "end_reason", "ban_reason", "scheduled_at"),
    *("started_at", "paused_at", "interrupted_at", "ended_at", "is_ai_host", "announcement", "slow_mode_s"),
    *("block_words", "replay_mode", "clip_mode"),
)


def desk_rooms(*, shop_id: int, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A shop's rooms, newest first, in the shape of DeskRoomRowOut."""
    rows = LiveRoom.objects.filter(shop_id=shop_id)
    position = decode_cursor(cursor, int)
    rows = rows.filter(pk__lt=position[0]) if position else rows
    found = list(rows.order_by("-id")[: limit + 1])
    more = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
    sold = dict(
        LiveSale.objects.filter(room_id__in=[row.pk for row in found])
        .order_by()
        .values_list("room_id")
        .annotate(Sum("amount_minor"))
    )
    return [
        {
            "id": row.pk,
            "title": row.title,
            "cover_url": row.cover_url,
            "state": row.state,
            "scheduled_at": row.scheduled_at,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "end_reason": row.end_reason,
            "visitors": row.viewer_count,
            "gmv": {"amount_minor": sold.get(row.pk, 0), "currency": "CNY"},
        }
        for row in found[:limit]
    ], more


def desk_room(*, shop_id: int, room_id: int) -> dict[str, Any]:
    """A room on its control desk, in the shape of DeskRoomOut, without its stream key. Raises NotFound."""
    room = _own(shop_id, room_id)
    cursor = RoomEvent.objects.filter(room_id=room_id).order_by("-id").values_list("id", flat=True).first() or 0
    return {
        **{name: getattr(room, name) for name in PLAIN_FIELDS},
        "deadline": _deadline(room),
        "items": room_items(room_id=room_id),
        "explaining_item_id": explaining_item_id(room_id=room_id),
        "stream": _stream(room),
        "chat": recent_chat(room_id=room_id),
        "cuts": _cuts(room),
        "cursor": cursor,
    }


def stream_page(*, shop_id: int, room_id: int) -> dict[str, Any]:
    """Address and key for the host's encoder, in the shape of StreamKeyOut. Raises NotFound."""
    room = _own(shop_id, room_id)
    return {"push_url": push_url(), "stream_key": key_of(room), "backend": settings.ENVIRONMENT.live_backend}


def desk_figures(*, shop_id: int, room_id: int) -> dict[str, Any]:
    """Figures so far and by minute, in the shape of DeskFiguresOut; what each means stands in that schema. Raises NotFound."""
    room = _own(shop_id, room_id)
    sums = RoomMinute.objects.filter(room=room).aggregate(clicks=Sum("clicks"), most=Max("viewers"))
    sold = LiveSale.objects.filter(room=room).aggregate(
        orders=Count("id"), gmv=Sum("amount_minor"), units=Sum("units"), back=Sum("refunded_minor")
    )
    buyers = LiveSale.objects.filter(room=room).values("buyer_key").distinct().count()
    gmv, entries = sold["gmv"] or 0, room.entry_count
    return {
        "viewers": room_figures(room_ids=[room_id])[room_id].viewers,
        "viewers_most": sums["most"] or 0,
        "entries": entries,
        "visitors": room.viewer_count,
        "likes": room.like_count,
        "chats": RoomEvent.objects.filter(room=room, kind="chat").count(),
        "clicks": sums["clicks"] or 0,
        "orders": sold["orders"],
        "buyers": buyers,
        "units": sold["units"] or 0,
        "gmv": {"amount_minor": gmv, "currency": "CNY"},
        "refunded": {"amount_minor": sold["back"] or 0, "currency": "CNY"},
        "gpm": {"amount_minor": round(gmv * 1000 / entries) if entries else 0, "currency": "CNY"},
        "click_rate": (sums["clicks"] or 0) / entries if entries else 0.0,
        "delay": _delay(room_id),
        "buy_rate": buyers / room.viewer_count if room.viewer_count else 0.0,
        "shown": room.shown_count,
        "shown_entries": room.shown_entry_count,
        "products": product_figures(room),
        "minutes": list(
            RoomMinute.objects.filter(room=room)
            .order_by("-minute")
            .values("minute", "entries", "visitors", "viewers", "likes", "clicks", "orders", "gmv_minor")[
                :MINUTES_SHOWN
            ]
        )[::-1],
    }


def _delay(room_id: int) -> dict[str, int] | None:
    """How far behind viewers are who told so lately, in the shape of LiveDelayOut."""
    fresh = RoomVisitor.objects.filter(room_id=room_id, latency_at__gt=clock.now() - DELAY_FRESH)
    rows = fresh.order_by("-latency_at").values_list("latency_ms", flat=True)[:DELAY_MOST]
    told = [latency_ms for latency_ms in rows if latency_ms is not None]
    return {"median_ms": int(median(told)), "viewers": len(told)} if told else None


def moderation_page(*, shop_id: int, room_id: int) -> list[dict[str, Any]]:
    """Who is muted in a room, newest first. Raises NotFound."""
    _own(shop_id, room_id)
    rows = RoomMute.objects.filter(room_id=room_id).order_by("-id")[:200]
    return [{"actor_key": row.actor_key, "name": row.name, "until": row.until} for row in rows]


def _own(shop_id: int, room_id: int) -> LiveRoom:
    room = LiveRoom.objects.filter(pk=room_id, shop_id=shop_id).first()
    if room is None:
        raise NotFound
    return room


def _deadline(room: LiveRoom) -> Any:
    """When the room ends by itself if its host does nothing."""
    environment = settings.ENVIRONMENT
    if room.state == "interrupted" and room.interrupted_at is not None:
        return room.interrupted_at + timedelta(seconds=environment.live_grace_s)
    if room.state == "paused" and room.paused_at is not None:
        return room.paused_at + timedelta(seconds=environment.live_pause_limit_s)
    return None


def _stream(room: LiveRoom) -> dict[str, Any]:
    session = StreamSession.objects.filter(room=room).order_by("-id").first()
    # As `start_room` asks: a stream that has not been confirmed yet has no picture to start with.
    arriving = (
        session is not None
        and session.ended_at is None
        and session.recorded_from is not None
        and session.seen_at > silent_before()
    )
    return {
        "arriving": arriving,
        "preview_url": play_url(room) if arriving else None,
        "since": session.started_at if session is not None and arriving else None,
        "last_end_reason": session.end_reason if session is not None and not arriving else "",
        "health": session.health if session is not None and arriving else {},
    }


def _cuts(room: LiveRoom) -> list[dict[str, Any]]:
    rows = LiveCut.objects.filter(room=room).order_by("id")
    names = ("id", "state", "mode", "content_id", "failure", "product_ids")
    return [{**{name: getattr(row, name) for name in names}, "duration_ms": row.end_ms - row.start_ms} for row in rows]
