"""Rooms: made, changed, started, paused, ended, banned. Every step is a guarded update along `domain.states`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.accounts.selectors import creators_of
from xingqu.content.services import require_public_text
from xingqu.governance.contracts import Kind
from xingqu.governance.selectors import require_free
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.contracts import CutMode, EndReason
from xingqu.live.domain.errors import NoStream, OtherRoomOpen, WrongState
from xingqu.live.domain.keys import new_play_name
from xingqu.live.domain.states import OPEN, TRANSITIONS, Action
from xingqu.live.models import LiveExplain, LiveRoom, StreamSession
from xingqu.live.selectors.playing import silent_before
from xingqu.live.services.booking import tell_plan
from xingqu.live.services.cuts import plan_cuts
from xingqu.live.services.telling import tell_room
from xingqu.programmes.contracts import PriceKind
from xingqu.programmes.services import end_room_coupons, turn_room_sales

BLOCK_WORDS_MAX = 200
# Below MEDIA_ROOT, a folder for each room.
COVERS = Path("rooms/covers")
OWN_PRICE: tuple[PriceKind, ...] = ("room_price",)


@dataclass(frozen=True, slots=True)
class RoomChanges:
    """What to set; None leaves a field as it is."""

    title: str | None = None
    cover_url: str | None = None
    scheduled_at: datetime | None = None
    announcement: str | None = None
    slow_mode_s: int | None = None
    block_words: list[str] | None = None
    auto_replies: list[dict[str, Any]] | None = None
    is_ai_host: bool | None = None
    replay_mode: CutMode | None = None
    clip_mode: CutMode | None = None


@retried
@transaction.atomic
def create_room(*, shop_id: int, creator_id: int | None, changes: RoomChanges) -> int:
    """Plan a live room of a shop's publishing account (its first without `creator_id`) and return its id.

    Words blocked in the account's last room are blocked in this one too. Raises InvalidInput, TextRefused.
    """
    creators = [card.id for card in creators_of(organisation_id=shop_id)]
    creator_id = creator_id if creator_id is not None else next(iter(creators), None)
    if creator_id not in creators or creator_id is None:
        raise InvalidInput(field="creator_id", expected="a publishing account of this shop")
    if not changes.title:
        raise InvalidInput(field="title", expected="1 to 60 letters")
    last = LiveRoom.objects.filter(creator_id=creator_id).order_by("-id").first()
    environment = settings.ENVIRONMENT
    room = LiveRoom(
        shop_id=shop_id,
        creator_id=creator_id,
        play_name=new_play_name(),
        block_words=last.block_words if last is not None else [],
        auto_replies=last.auto_replies if last is not None else [],
        replay_mode=environment.live_replay_mode,
        clip_mode=environment.live_clip_mode,
        created_at=clock.now(),
    )
    _apply(room, changes)
    room.save()
    return room.pk


@retried
@transaction.atomic
def update_room(*, shop_id: int, room_id: int, changes: RoomChanges) -> None:
    """Change a room that has not ended. Raises NotFound, WrongState, InvalidInput, TextRefused."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    if room.state in ("ended", "banned"):
        raise WrongState(data={"state": room.state})
    was, time_was = (
        (room.announcement, room.slow_mode_s, room.title, room.cover_url, room.is_ai_host),
        room.scheduled_at,
    )
    _apply(room, changes)
    room.save()
    if room.announcement != was[0]:
        tell_room(room_id=room_id, kind="announcement", data={"text": room.announcement})
    if (room.slow_mode_s, room.title, room.cover_url, room.is_ai_host) != was[1:]:
        tell_room(room_id=room_id, kind="rules", data={"slow_mode_s": room.slow_mode_s, "title": room.title})
    if room.cover_url != was[3]:
        _drop_cover(room_id, was[3])
    if room.scheduled_at != time_was:
        tell_plan(room_id=room_id, what="moved")


@retried
@transaction.atomic
def start_room(*, shop_id: int, room_id: int) -> None:
    """Go on air with the stream that arrives. Raises NotFound, WrongState, NoStream, OtherRoomOpen,
    governance's Restricted."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    require_free(creator_id=room.creator_id, kind=Kind.LIVE)
    hold_names(f"live_creator:{room.creator_id}")
    other = LiveRoom.objects.filter(creator_id=room.creator_id, state__in=OPEN).exclude(pk=room_id).first()
    if other is not None:
        raise OtherRoomOpen(data={"room_id": other.pk})
    _require_stream(room_id)
    move_room(room_id=room_id, action="start", started_at=clock.now())


@retried
@transaction.atomic
def pause_room(*, shop_id: int, room_id: int) -> None:
    """Leave the viewers waiting; nothing is explained meanwhile. Raises NotFound, WrongState."""
    own_room(shop_id=shop_id, room_id=room_id)
    move_room(room_id=room_id, action="pause", paused_at=clock.now())
    end_explaining(room_id=room_id)


@retried
@transaction.atomic
def resume_room(*, shop_id: int, room_id: int) -> None:
    """Go on after a pause. Raises NotFound, WrongState, NoStream, governance's Restricted."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    require_free(creator_id=room.creator_id, kind=Kind.LIVE)
    _require_stream(room_id)
    move_room(room_id=room_id, action="resume", paused_at=None)


@retried
@transaction.atomic
def end_room(*, shop_id: int, room_id: int) -> None:
    """End a room for good, or call a planned one off. Raises NotFound, WrongState."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    if room.state == "scheduled":
        move_room(room_id=room_id, action="cancel", ended_at=clock.now(), end_reason="cancelled")
    else:
        finish_room(room_id=room_id, action="end", reason="host")


@retried
@transaction.atomic
def ban_room(*, room_id: int, reason: str) -> None:
    """Take a room off the air at once, or its replay out of sight, for good; for operators. Raises NotFound, WrongState."""
    if not LiveRoom.objects.filter(pk=room_id).exists():
        raise NotFound
    now = clock.now()
    move_room(room_id=room_id, action="ban", ban_reason=reason, end_reason="banned", ended_at=now)
    end_explaining(room_id=room_id)
    room = LiveRoom.objects.get(pk=room_id)
    room.cuts.filter(state="waiting").update(state="failed", failure="the room was banned")


@retried
@transaction.atomic
def rotate_stream_key(*, shop_id: int, room_id: int) -> None:
    """Make the stream key worthless and a new one valid; a stream that runs with the old one is cut. Raises NotFound."""
    own_room(shop_id=shop_id, room_id=room_id)
    LiveRoom.objects.filter(pk=room_id).update(key_version=F("key_version") + 1)
    StreamSession.objects.filter(room_id=room_id, ended_at__isnull=True).update(end_reason="key_rotated")


def time_out_rooms() -> int:
    """End rooms whose host dropped out or paused for too long; returns how many. For the worker."""
    environment, now = settings.ENVIRONMENT, clock.now()
    waits: tuple[tuple[str, str, int, EndReason], ...] = (
        ("interrupted", "interrupted_at", environment.live_grace_s, "host_dropped"),
        ("paused", "paused_at", environment.live_pause_limit_s, "paused_too_long"),
    )
    count = 0
    for state, since, limit_s, reason in waits:
        over = {"state": state, f"{since}__lte": now - timedelta(seconds=limit_s)}
        for room_id in list(LiveRoom.objects.filter(**over).values_list("id", flat=True)):
            count += _time_out(room_id, over, reason)
    return count


@retried
@transaction.atomic
def _time_out(room_id: int, over: dict[str, Any], reason: EndReason) -> int:
    if not LiveRoom.objects.select_for_update().filter(pk=room_id, **over).exists():
        return 0  # it went on in the meantime
    finish_room(room_id=room_id, action="time_out", reason=reason)
    return 1


def finish_room(*, room_id: int, action: Action, reason: EndReason) -> None:
    """End an open room in the caller's transaction, with all that hangs on it. Raises WrongState."""
    now = clock.now()
    move_room(room_id=room_id, action=action, ended_at=now, end_reason=reason)
    end_explaining(room_id=room_id)
    plan_cuts(room_id=room_id, until=now)


def move_room(*, room_id: int, action: Action, **columns: Any) -> str:
    """Take one step of the table in the caller's transaction, tell it, and return the new state. The room's own prices begin
    and end with it. Raises WrongState."""
    for state, target in TRANSITIONS[action].items():
        if LiveRoom.objects.filter(pk=room_id, state=state).update(state=target, **columns):
            if target in ("ended", "banned"):
                turn_room_sales(live_room_id=room_id, state="ended", kinds=("flash_sale", "room_price"))
                end_room_coupons(live_room_id=room_id)
                tell_plan(room_id=room_id, what="called_off")
            elif action == "start":
                tell_plan(room_id=room_id, what="started")
                turn_room_sales(live_room_id=room_id, state="running", kinds=OWN_PRICE)
            tell_room(room_id=room_id, kind="state", data={"state": target, "reason": columns.get("end_reason", "")})
            return target
    raise WrongState(data={"state": LiveRoom.objects.values_list("state", flat=True).get(pk=room_id)})


def end_explaining(*, room_id: int) -> bool:
    """Stop what is being explained, if anything is; for the caller's transaction."""
    running = LiveExplain.objects.filter(room_id=room_id, ended_at__isnull=True).first()
    if running is None or not LiveExplain.objects.filter(pk=running.pk, ended_at__isnull=True).update(
        ended_at=clock.now()
    ):
        return False
    tell_room(room_id=room_id, kind="unexplain", data={"product_id": running.product_id, "item_id": running.item_id})
    return True


def own_room(*, shop_id: int, room_id: int) -> LiveRoom:
    """A shop's room, locked until the caller's transaction ends. Raises NotFound for another's."""
    room = LiveRoom.objects.select_for_update().filter(pk=room_id, shop_id=shop_id).first()
    if room is None:
        raise NotFound
    return room


def _drop_cover(room_id: int, url: str) -> None:
    """Remove a cover that was uploaded for this room, once the caller's transaction has ended."""
    own = f"{settings.MEDIA_URL}{COVERS / str(room_id)}/"
    if url.startswith(own):
        path = Path(settings.MEDIA_ROOT) / COVERS / str(room_id) / Path(url).name
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _require_stream(room_id: int) -> None:
    if not StreamSession.objects.filter(
        room_id=room_id, ended_at__isnull=True, recorded_from__isnull=False, seen_at__gt=silent_before()
    ).exists():
        raise NoStream


def _apply(room: LiveRoom, changes: RoomChanges) -> None:
    replies = [str(one["text"]) for one in changes.auto_replies or ()]
    for text in (changes.title, changes.announcement, *replies):
        if text:
            require_public_text(text=text)
    if changes.scheduled_at is not None and room.state != "scheduled":
        raise WrongState(data={"state": room.state})
    if changes.block_words is not None and len(changes.block_words) > BLOCK_WORDS_MAX:
        raise InvalidInput(field="block_words", expected=f"at most {BLOCK_WORDS_MAX} words")
    for name in RoomChanges.__slots__:
        value = getattr(changes, name)
        if value is not None and not (name == "title" and not value):
            setattr(room, name, value)
    room.block_words = list(dict.fromkeys(word.strip().lower() for word in room.block_words if word.strip()))
