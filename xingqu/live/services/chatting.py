"""Chat of a room and its moderation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xingqu.accounts.selectors import person_labels
from xingqu.content.services import TextRefused, require_public_text
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.domain.errors import ChatClosed, ChatRefused, ChatTooFast, Muted
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveRoom, RoomEvent, RoomMute
from xingqu.live.services.rooms import own_room
from xingqu.live.services.telling import tell_others, tell_room

CHAT_MAX_LETTERS = 100
PACE_S = 60
# Who says what the room says by itself, and how long the same answer rests.
AUTO = "auto"
REPLY_REST = timedelta(seconds=20)
SWEPT_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class NewLine:
    """What a viewer says in a room."""

    room_id: int
    person_id: int
    text: str

    @property
    def key(self) -> str:
        return f"p{self.person_id}"


def post_chat(*, room_id: int, person_id: int, text: str) -> int:
    """Say something in a room and return the event's id.

    Raises NotFound, ChatClosed, InvalidInput, Muted, ChatTooFast (`retry_after_s`), ChatRefused (`data.reason`).
    """
    [said] = post_chats(lines=[NewLine(room_id, person_id, text)])
    if isinstance(said, BusinessError):
        raise said
    return said


@retried
@transaction.atomic
def post_chats(*, lines: Sequence[NewLine]) -> list[int | BusinessError]:
    """Say several lines, of whomever and in whatever rooms, in one transaction; each by the rules of `post_chat`.

    Returns for each the id of its event, or why it was refused: one refusal leaves the others alone.
    """
    now = clock.now()
    rooms = LiveRoom.objects.in_bulk({line.room_id for line in lines})
    keys = {line.key for line in lines}
    mutes = {
        (mute.room_id, mute.actor_key): mute for mute in RoomMute.objects.filter(room__in=rooms, actor_key__in=keys)
    }
    hold_names(*(f"live_chat:{line.room_id}:{line.key}" for line in lines))
    lately = _said_lately(rooms, keys, now)
    names = person_labels(ids={line.person_id for line in lines})
    refused: dict[int, BusinessError] = {}
    rows: dict[int, RoomEvent] = {}
    for number, line in enumerate(lines):
        times = lately.setdefault((line.room_id, line.key), [])
        try:
            text = _check_line(line, rooms.get(line.room_id), mutes.get((line.room_id, line.key)), times, now)
        except BusinessError as refusal:
            refused[number] = refusal
            continue
        times.append(now)
        data = {"text": text, "name": names[line.person_id][0], "host": False}
        rows[number] = RoomEvent(room_id=line.room_id, kind="chat", actor_key=line.key, data=data, at=now)
    RoomEvent.objects.bulk_create(rows.values())
    tell_others(list(rows.values()))
    for room_id in sorted({row.room_id for row in rows.values()}):
        _reply(rooms[room_id], [row.data["text"] for row in rows.values() if row.room_id == room_id], now)
    return [refused.get(number) or rows[number].pk for number in range(len(lines))]


def _said_lately(rooms: dict[int, LiveRoom], keys: set[str], now: datetime) -> dict[tuple[int, str], list[datetime]]:
    """When each of these said something in each room, oldest first, as far back as any limit asks."""
    found: dict[tuple[int, str], list[datetime]] = {}
    for room in rooms.values():
        since = now - timedelta(seconds=max(PACE_S, room.slow_mode_s))
        said = RoomEvent.objects.filter(room=room, kind="chat", actor_key__in=keys, at__gt=since)
        for key, at in said.order_by("id").values_list("actor_key", "at"):
            found.setdefault((room.pk, key), []).append(at)
    return found


def _check_line(
    line: NewLine, room: LiveRoom | None, mute: RoomMute | None, times: list[datetime], now: datetime
) -> str:
    """What will be shown of a line. Raises as `post_chat`."""
    text = " ".join(line.text.split())
    if room is None:
        raise NotFound
    if room.state not in ON_AIR:
        raise ChatClosed(data={"state": room.state})
    if not 0 < len(text) <= CHAT_MAX_LETTERS:
        raise InvalidInput(field="text", expected=f"1 to {CHAT_MAX_LETTERS} letters")
    if mute is not None and (mute.until is None or mute.until > now):
        raise Muted(data={"until": mute.until.isoformat() if mute.until else None})
    _check_words(text, room.block_words)
    _check_pace(room, times, now)
    return text


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


def _reply(room: LiveRoom, texts: Sequence[str], now: datetime) -> None:
    """To each line the first automatic answer with a word of it, unless it was given a moment ago."""
    if not room.auto_replies:
        return
    wanted = {place for text in texts if (place := _answer_to(room, text.lower())) is not None}
    if not wanted:
        return
    hold_names(f"live_reply:{room.pk}")
    lately = RoomEvent.objects.filter(room=room, kind="chat", actor_key=AUTO, at__gt=now - REPLY_REST)
    for place in sorted(wanted - {row.data.get("reply") for row in lately}):
        text = room.auto_replies[place]["text"]
        data = {"text": text, "name": "", "host": True, "auto": True, "reply": place}
        tell_room(room_id=room.pk, kind="chat", data=data, actor_key=AUTO, at=now)


def _answer_to(room: LiveRoom, said: str) -> int | None:
    for place, reply in enumerate(room.auto_replies):
        if any(str(word).lower() in said for word in reply["words"]):
            return place
    return None


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


def _check_pace(room: LiveRoom, times: list[datetime], now: datetime) -> None:
    limit = settings.ENVIRONMENT.live_chat_per_minute
    if times and room.slow_mode_s and (now - times[-1]).total_seconds() < room.slow_mode_s:
        left_s = room.slow_mode_s - int((now - times[-1]).total_seconds())
        raise ChatTooFast(data={"slow_mode_s": room.slow_mode_s}, retry_after_s=max(1, left_s))
    lately = [at for at in times if (now - at).total_seconds() < PACE_S]
    if len(lately) >= limit:
        left_s = PACE_S - int((now - lately[-limit]).total_seconds())
        raise ChatTooFast(data={"per_minute": limit}, retry_after_s=left_s)
