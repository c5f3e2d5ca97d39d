"""Rooms as everybody sees them. A planned room shows when it will be, a banned one nothing but that."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from xingqu.accounts.contracts import Actor
from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.selectors import cards
from xingqu.content.contracts import product_json
from xingqu.content.selectors import followed_creator_ids, visible_ids
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.live.contracts import RoomFigures
from xingqu.live.domain.states import ON_AIR, OPEN
from xingqu.live.models import LiveBooking, LiveCut, LiveExplain, LiveItem, LiveRoom, RoomEvent, RoomMute
from xingqu.live.selectors.edge import room_figures
from xingqu.live.selectors.feeding import preview_cards
from xingqu.live.selectors.playing import play_url
from xingqu.programmes.contracts import RoomSaleRow
from xingqu.programmes.selectors import room_sales
from xingqu.signals.services import seal_touch

CHAT_SHOWN = 40
ROOMS_MAX = 50
PLANNED_SHOWN = 10


def is_known(*, room_id: int) -> bool:
    """Whether there is such a room."""
    return LiveRoom.objects.filter(pk=room_id).exists()


def live_rooms(*, limit: int = ROOMS_MAX) -> list[dict[str, Any]]:
    """Rooms that are on air, those with most viewers first, then those planned, soonest first: in the shape of RoomCardOut."""
    rows = list(LiveRoom.objects.filter(state__in=OPEN).order_by("-started_at")[:limit])
    planned = LiveRoom.objects.filter(state="scheduled", scheduled_at__gt=clock.now()).order_by("scheduled_at")
    figures = room_figures(room_ids=[row.pk for row in rows])
    rows.sort(key=lambda row: -figures[row.pk].viewers)
    rows += list(planned[: limit - len(rows)])
    return _room_cards(rows, figures)


def creators_rooms(*, creator_id: int, actor: Actor) -> list[dict[str, Any]]:
    """A publishing account's room on air, then those it plans, soonest first: in the shape of CreatorRoomOut."""
    mine = LiveRoom.objects.filter(creator_id=creator_id)
    rows = list(mine.filter(state__in=OPEN))
    planned = mine.filter(state="scheduled", scheduled_at__gt=clock.now())
    rows += list(planned.order_by("scheduled_at")[:PLANNED_SHOWN])
    booked = LiveBooking.objects.filter(room__in=rows)
    counts = dict(booked.values_list("room_id").annotate(n=Count("id")).order_by())
    own = booked.filter(person_id=actor.person_id) if actor.person_id is not None else booked.none()
    own_ids = set(own.values_list("room_id", flat=True))
    return [
        card | {"booked": card["id"] in own_ids, "bookings": counts.get(card["id"], 0)}
        for card in _room_cards(rows, room_figures(room_ids=[row.pk for row in rows]))
    ]


def _room_cards(rows: list[LiveRoom], figures: Mapping[int, RoomFigures]) -> list[dict[str, Any]]:
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    previews = preview_cards(room_ids=[row.pk for row in rows if row.state == "live"])
    return [
        {
            "play_url": previews[row.pk]["play_url"] if row.pk in previews else None,
            "explained": previews[row.pk]["explained"] if row.pk in previews else None,
            "id": row.pk,
            "title": row.title,
            "cover_url": row.cover_url,
            "state": row.state,
            "scheduled_at": row.scheduled_at,
            "viewers": figures[row.pk].viewers if row.pk in figures else 0,
            "is_ai_host": row.is_ai_host,
            "creator": creators[row.creator_id],
        }
        for row in rows
        if row.creator_id in creators
    ]


def room_page(*, room_id: int, actor: Actor) -> dict[str, Any]:
    """A room to one viewer, in the shape of RoomOut. Raises NotFound.

    The cursor is read first: what happens while the rest is read is told again by the stream of events, never lost.
    """
    cursor = RoomEvent.objects.filter(room_id=room_id).order_by("-id").values_list("id", flat=True).first() or 0
    room = LiveRoom.objects.filter(pk=room_id).first()
    if room is None:
        raise NotFound
    creator = creators_by_ids(ids=[room.creator_id]).get(room.creator_id)
    banned, on_air = room.state == "banned", room.state in ON_AIR
    figures = room_figures(room_ids=[room_id])[room_id]
    return {
        "id": room.pk,
        "shop_id": room.shop_id,
        "title": "" if banned else room.title,
        "cover_url": "" if banned else room.cover_url,
        "state": room.state,
        "end_reason": room.end_reason,
        "scheduled_at": room.scheduled_at,
        "started_at": room.started_at,
        "ended_at": room.ended_at,
        "is_ai_host": room.is_ai_host,
        "announcement": "" if banned else room.announcement,
        "slow_mode_s": room.slow_mode_s,
        "creator": creator,
        "followed": room.creator_id in followed_creator_ids(actor=actor),
        "play_url": play_url(room) if room.state == "live" else None,
        "viewers": figures.viewers,
        "likes": figures.likes,
        "items": [] if banned else _sealed(room, room_items(room_id=room_id), actor),
        "explaining_item_id": explaining_item_id(room_id=room_id) if on_air else None,
        "chat": recent_chat(room_id=room_id) if on_air else [],
        "muted": actor.person_id is not None and _is_muted(room_id, actor.key),
        **_booking(room, actor),
        "replay_content_id": None if banned else _replay(room_id),
        "cursor": cursor,
    }


def room_items(*, room_id: int) -> list[dict[str, Any]]:
    """The bag in order of the run of show; `state` says what was explained. Products that are gone are left out."""
    rows = list(LiveItem.objects.filter(room_id=room_id).order_by("position", "id"))
    known = cards({row.product_id for row in rows}) if rows else {}
    prices = room_prices(room_id=room_id)
    explains = dict(LiveExplain.objects.filter(room_id=room_id).order_by("id").values_list("product_id", "ended_at"))
    found = []
    for row in rows:
        if row.product_id not in known:
            continue
        told = row.product_id in explains
        state = "unexplained" if not told else "explaining" if explains[row.product_id] is None else "explained"
        found.append(
            {
                "id": row.pk,
                "position": row.position,
                "label": row.label,
                "state": state,
                "available": known[row.product_id].available,
                "prices": prices.get(row.product_id, []),
                "product": product_json(known[row.product_id]),
            }
        )
    return found


def room_prices(*, room_id: int) -> dict[int, list[dict[str, Any]]]:
    """The room's own prices that have not ended, by product, the lowest first, in the shape of LivePriceOut."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(room_sales(live_room_ids=[room_id])[room_id], key=lambda row: row.price_minor):
        if row.kind == "prize" or row.state == "ended":
            continue
        found.setdefault(row.product_id, []).append(price_json(row))
    return found


def price_json(row: RoomSaleRow) -> dict[str, Any]:
    """A price of a room in the shape of LivePriceOut."""
    return {
        "sale_id": row.sale_id,
        "kind": row.kind,
        "sku_id": row.sku_id,
        "price": {"amount_minor": row.price_minor, "currency": row.currency},
        "units": row.allotment,
        "left": row.left,
        "limit_per_person": row.limit_per_person,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
    }


def item_prices(*, room_id: int, item_id: int) -> list[dict[str, Any]]:
    """The room's own prices of an item, in the shape of LivePriceOut."""
    product_id = LiveItem.objects.filter(pk=item_id, room_id=room_id).values_list("product_id", flat=True).first()
    return room_prices(room_id=room_id).get(product_id or 0, [])


def _sealed(room: LiveRoom, items: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """The bag with what proves that this viewer was shown each product here."""
    for item in items:
        item["touch"] = seal_touch(
            actor_key=actor.key,
            product_ids=[item["product"]["id"]],
            creator_id=room.creator_id,
            live_room_id=room.pk,
        )
    return items


def explaining_item_id(*, room_id: int) -> int | None:
    """The item that is being explained."""
    rows = LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True)
    return rows.values_list("item_id", flat=True).first()


def recent_chat(*, room_id: int) -> list[dict[str, Any]]:
    """The last lines, oldest first, in the shape of ChatLineOut."""
    rows = RoomEvent.objects.filter(room_id=room_id, kind="chat", is_hidden=False).order_by("-id")[:CHAT_SHOWN]
    return [
        {
            "id": row.pk,
            "name": row.data["name"],
            "text": row.data["text"],
            "host": row.data["host"],
            "actor_key": row.actor_key,
        }
        for row in reversed(rows)
    ]


def _booking(room: LiveRoom, actor: Actor) -> dict[str, Any]:
    if room.state != "scheduled":
        return {"booked": False, "bookings": 0}
    waiting = LiveBooking.objects.filter(room=room)
    own = actor.person_id is not None and waiting.filter(person_id=actor.person_id).exists()
    return {"booked": own, "bookings": waiting.count()}


def _is_muted(room_id: int, actor_key: str) -> bool:
    row = RoomMute.objects.filter(room_id=room_id, actor_key=actor_key).first()
    return row is not None and (row.until is None or row.until > clock.now())


def _replay(room_id: int) -> int | None:
    """The content that shows the replay, None while it is a draft or when it was taken down."""
    cuts = LiveCut.objects.filter(room_id=room_id, explain__isnull=True, content_id__isnull=False).order_by("id")
    content_id = cuts.values_list("content_id", flat=True).first()
    return content_id if content_id is not None and content_id in visible_ids(ids=[content_id]) else None
