"""Streams of hosts: who may publish, whether media still arrive, and what a drop-out means for the room."""

from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.contracts import StreamGrant
from xingqu.live.domain.errors import StreamRefused
from xingqu.live.domain.keys import is_secret, split_key
from xingqu.live.domain.states import PUSHABLE
from xingqu.live.models import LiveRoom, StreamSession
from xingqu.live.selectors.playing import silent_before
from xingqu.live.services.rooms import move_room
from xingqu.live.services.telling import tell_room

Verdict = Literal["go_on", "stop"]


@retried
@transaction.atomic
def open_stream(*, key: str, recording: bool = False) -> StreamGrant:
    """Let a host publish with the stream key `key` (``name?key=secret``).

    A second stream with the key of one that runs is refused; when that one has been silent for `live_silent_s`, the second
    takes over. A room that was interrupted is live again. Raises StreamRefused: `data.reason` says why.
    """
    name, secret = split_key(key)
    room = LiveRoom.objects.select_for_update().filter(play_name=name).first()
    if room is None or not is_secret(secret, play_name=name, key_version=room.key_version):
        raise StreamRefused("The stream key is wrong.", data={"reason": "unknown_key"})
    if room.state not in PUSHABLE:
        raise StreamRefused("The room is over.", data={"reason": "wrong_state", "state": room.state})
    hold_names(f"live_stream:{room.pk}")
    now = clock.now()
    running = StreamSession.objects.filter(room=room, ended_at__isnull=True).first()
    if running is not None:
        if running.seen_at > silent_before():
            raise StreamRefused("Somebody is publishing with this key already.", data={"reason": "already_publishing"})
        StreamSession.objects.filter(pk=running.pk).update(ended_at=now, end_reason="taken_over")
    session = StreamSession.objects.create(room=room, token=uuid4().hex, started_at=now, seen_at=now)
    if recording:
        session.recording = f"{room.pk}/{session.pk}.flv"
        session.save(update_fields=["recording"])
    return StreamGrant(session.pk, session.token, room.pk, f"{name}-{session.pk}")


@retried
@transaction.atomic
def confirm_stream(*, token: str, since: datetime | None = None) -> bool:
    """Pictures can be played, the first was taken in at `since`: an interrupted room is live again. False when it has ended."""
    session = StreamSession.objects.filter(token=token, ended_at__isnull=True).first()
    if session is None:
        return False
    now = clock.now()
    StreamSession.objects.filter(pk=session.pk).update(recorded_from=since or now, seen_at=now)
    if LiveRoom.objects.filter(pk=session.room_id, state="interrupted").exists():
        move_room(room_id=session.room_id, action="stream_back", interrupted_at=None)
    tell_room(room_id=session.room_id, kind="stream", data={"session_id": session.pk})
    return True


@retried
@transaction.atomic
def beat_stream(*, token: str, health: dict[str, Any]) -> Verdict:
    """Media still arrive. ``stop``: the stream is not wanted any more (taken over, key rotated, room over)."""
    rows = StreamSession.objects.filter(
        token=token, ended_at__isnull=True, end_reason="", room__state__in=PUSHABLE
    ).values_list("pk", flat=True)
    pk = rows.first()
    if pk is None:
        return "stop"
    StreamSession.objects.filter(pk=pk, ended_at__isnull=True).update(seen_at=clock.now(), health=health)
    return "go_on"


@retried
@transaction.atomic
def close_stream(*, token: str, reason: str) -> bool:
    """A stream is over; a live room is interrupted by that until its host is back. False when it was over already."""
    session = StreamSession.objects.select_related("room").filter(token=token).first()
    if session is None:
        return False
    LiveRoom.objects.select_for_update().get(pk=session.room_id)
    now = clock.now()
    over = StreamSession.objects.filter(pk=session.pk, ended_at__isnull=True)
    if not over.update(ended_at=now, end_reason=session.end_reason or reason[:24]):
        return False
    if LiveRoom.objects.filter(pk=session.room_id, state="live").exists():
        move_room(room_id=session.room_id, action="drop", interrupted_at=now)
    return True


def close_silent_streams() -> int:
    """Streams whose process died without a word count as dropped; returns how many. For the worker."""
    rows = StreamSession.objects.filter(seen_at__lt=silent_before(), ended_at__isnull=True)
    return sum(close_stream(token=token, reason="silent") for token in list(rows.values_list("token", flat=True)))


def close_named_stream(*, key: str) -> None:
    """The stream with this key is over, says an external media server. Raises StreamRefused for a key that never was one."""
    token = _running_token(key)
    if token is not None:
        close_stream(token=token, reason="unpublished")


def beat_named_stream(*, key: str) -> None:
    """The stream with this key goes on, says an external media server. Raises StreamRefused when it should stop."""
    token = _running_token(key)
    if token is None or beat_stream(token=token, health={}) == "stop":
        if token is not None:
            close_stream(token=token, reason="stopped")
        raise StreamRefused("The stream is not wanted any more.", data={"reason": "wrong_state"})


def _running_token(key: str) -> str | None:
    name, secret = split_key(key)
    room = LiveRoom.objects.filter(play_name=name).first()
    # The version before too: a stream that was cut by a new key still has to say that it is over.
    versions = (room.key_version, room.key_version - 1) if room is not None else ()
    if not any(is_secret(secret, play_name=name, key_version=version) for version in versions):
        raise StreamRefused("The stream key is wrong.", data={"reason": "unknown_key"})
    rows = StreamSession.objects.filter(room=room, ended_at__isnull=True)
    return rows.values_list("token", flat=True).first()
