"""Chat of a room and its moderation."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xingqu.accounts.selectors import person_labels
from xingqu.content.services import TextRefused, require_public_text
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.domain.errors import ChatClosed, ChatRefused, ChatTooFast, Muted
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveRoom, RoomEvent, RoomMute
from xingqu.live.services.rooms import own_room
from xingqu.live.services.telling import tell_room

CHAT_MAX_LETTERS = 100
# Who says what the room says by itself, and how long the same answer rests.
AUTO = "auto"
REPLY_REST = timedelta(seconds=20)
SWEPT_AT_ONCE = 5_000


@retried
@transaction.atomic
def post_chat(*, room_id: int, person_id: int, text: str) -> int:
    """Say something in a room and return the event's id.

    Raises NotFound, ChatClosed, InvalidInput, Muted, ChatTooFast (`retry_after_s`), ChatRefused (`data.reason`).
    """
    text = " ".join(text.split())
    room = LiveRoom.objects.filter(pk=room_id).first()
    if room is None:
        raise NotFound
    if room.state not in ON_AIR:
        raise ChatClosed(data={"state": room.state})
    if not 0 < len(text) <= CHAT_MAX_LETTERS:
        raise InvalidInput(field="text", expected=f"1 to {CHAT_MAX_LETTERS} letters")
    now, key = clock.now(), f"p{person_id}"
    mute = RoomMute.objects.filter(room_id=room_id, actor_key=key).first()
    if mute is not None and (mute.until is None or mute.until > now):
        raise Muted(data={"until": mute.until.isoformat() if mute.until else None})
    _check_words(text, room.block_words)
    hold_names(f"live_chat:{room_id}:{key}")
    _check_pace(room, key, now)
    name = person_labels(ids=[person_id])[person_id][0]
    event_id = tell_room(
        room_id=room_id, kind="chat", data={"text": text, "name": name, "host": False}, actor_key=key, at=now
    )
    _reply(room, text, now)
    return event_id


@retried
@transaction.atomic
def post_host_chat(*, shop_id: int, room_id: int, person_id: int, text: str) -> int:
    """Say something in a room in the host's name, without its limits. Raises NotFound, ChatClosed, InvalidInput, ChatRefused."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    text = " ".join(text.split())
    if room.state not in ON_AIR:
        raise ChatClosed(data={"state": room.state})
    if not 0 < len(text) <= CHAT_MAX_LETTERS:
        raise InvalidInput(field="text", expected=f"1 to {CHAT_MAX_LETTERS} letters")
    _check_words(text, [])
    return tell_room(
        room_id=room_id, kind="chat", data={"text": text, "name": "", "host": True}, actor_key=f"p{person_id}"
    )


@retried
@transaction.atomic
def delete_chat(*, shop_id: int, room_id: int, event_id: int) -> None:
    """Take a line away from everybody's screen; it stays on record. Raises NotFound; deleting twice is no step."""
    own_room(shop_id=shop_id, room_id=room_id)
    rows = RoomEvent.objects.filter(pk=event_id, room_id=room_id, kind="chat")
    if not rows.exists():
        raise NotFound
    if rows.filter(is_hidden=False).update(is_hidden=True):
        tell_room(room_id=room_id, kind="chat_deleted", data={"event_ids": [event_id]})


@retried
@transaction.atomic
def mute_viewer(*, shop_id: int, room_id: int, actor_key: str, duration_s: int | None) -> None:
    """Let a viewer say nothing more here for `duration_s`, or for good; what they said leaves the screen. Raises NotFound."""
    own_room(shop_id=shop_id, room_id=room_id)
    said = RoomEvent.objects.filter(room_id=room_id, kind="chat", actor_key=actor_key).order_by("-id")
    last = said.first()
    if last is None or last.data.get("host"):
        raise NotFound
    now = clock.now()
    until = None if duration_s is None else now + timedelta(seconds=duration_s)
    RoomMute.objects.update_or_create(
        room_id=room_id,
        actor_key=actor_key,
        defaults={"until": until, "name": last.data.get("name", ""), "created_at": now},
    )
    visible = list(said.filter(is_hidden=False).values_list("id", flat=True)[:200])
    RoomEvent.objects.filter(pk__in=visible).update(is_hidden=True)
    tell_room(room_id=room_id, kind="muted", data={"event_ids": visible, "actor_key": actor_key})


@retried
@transaction.atomic
def unmute_viewer(*, shop_id: int, room_id: int, actor_key: str) -> None:
    """Let a viewer speak again. Raises NotFound when they were not muted."""
    own_room(shop_id=shop_id, room_id=room_id)
    if not RoomMute.objects.filter(room_id=room_id, actor_key=actor_key).delete()[0]:
        raise NotFound
    tell_room(room_id=room_id, kind="unmuted", data={"actor_key": actor_key})


def _reply(room: LiveRoom, text: str, now: datetime) -> None:
    """The first automatic answer with a word of what was said, unless it was given a moment ago."""
    said = text.lower()
    for place, reply in enumerate(room.auto_replies):
        if not any(str(word).lower() in said for word in reply["words"]):
            continue
        hold_names(f"live_reply:{room.pk}")
        lately = RoomEvent.objects.filter(room=room, kind="chat", actor_key=AUTO, at__gt=now - REPLY_REST)
        if not any(row.data.get("reply") == place for row in lately):
            data = {"text": reply["text"], "name": "", "host": True, "auto": True, "reply": place}
            tell_room(room_id=room.pk, kind="chat", data=data, actor_key=AUTO, at=now)
        return


def sweep_chat() -> int:
    """Delete chat and other events of rooms that ended `live_chat_days` ago; returns how many. For the worker."""
    oldest = clock.now() - timedelta(days=settings.ENVIRONMENT.live_chat_days)
    rows = RoomEvent.objects.filter(room__ended_at__lt=oldest, at__lt=oldest).order_by("id")
    return RoomEvent.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()[0]


def _check_words(text: str, block_words: list[str]) -> None:
    try:
        require_public_text(text=text)
    except TextRefused as refusal:
        raise ChatRefused(field="text", data=refusal.data) from refusal
    folded = "".join(text.lower().split())
    if any("".join(word.split()) in folded for word in block_words):
        raise ChatRefused(field="text", data={"reason": "blocked_words"})


def _check_pace(room: LiveRoom, key: str, now: datetime) -> None:
    limit = settings.ENVIRONMENT.live_chat_per_minute
    said = RoomEvent.objects.filter(room=room, kind="chat", actor_key=key).order_by("-id")
    times = list(said.values_list("at", flat=True)[:limit])
    if times and room.slow_mode_s and (now - times[0]).total_seconds() < room.slow_mode_s:
        left_s = room.slow_mode_s - int((now - times[0]).total_seconds())
        raise ChatTooFast(data={"slow_mode_s": room.slow_mode_s}, retry_after_s=max(1, left_s))
    if len(times) == limit and (now - times[-1]).total_seconds() < 60:
        raise ChatTooFast(data={"per_minute": limit}, retry_after_s=60 - int((now - times[-1]).total_seconds()))
