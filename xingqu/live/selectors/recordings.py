"""Recordings of a room, and who may fetch one: an address with a seal, so that the edge need not ask who comes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing

from xingqu.kit.errors import NotFound
from xingqu.live.models import LiveRoom, StreamSession

SALT = "xingqu.live.recording"
TICKET_S = 3_600


def shops_recordings(*, shop_id: int, room_id: int) -> list[dict[str, Any]]:
    """What was recorded of a shop's room, in the shape of LiveRecordingOut. Raises NotFound."""
    if not LiveRoom.objects.filter(pk=room_id, shop_id=shop_id).exists():
        raise NotFound
    return room_recordings(room_id=room_id)


def room_recordings(*, room_id: int) -> list[dict[str, Any]]:
    """What was recorded of a room and is still kept, in the order of the show, in the shape of LiveRecordingOut."""
    rows = StreamSession.objects.filter(room_id=room_id).exclude(recording="").order_by("id")
    days = timedelta(days=settings.ENVIRONMENT.live_recording_days)
    found = []
    for row in rows:
        path = _path(row)
        if not path.is_file():
            continue  # the disk was full when it began
        begin = row.recorded_from or row.started_at
        found.append(
            {
                "id": row.pk,
                "started_at": begin,
                "ended_at": row.ended_at,
                "duration_ms": max(0, int(((row.ended_at or row.seen_at) - begin).total_seconds() * 1000)),
                "size_bytes": path.stat().st_size,
                "kept_until": row.ended_at + days if row.ended_at is not None else None,
                "download_url": f"/rt/live-recordings/{signing.dumps(row.pk, salt=SALT)}",
            }
        )
    return found


def recording_of(*, ticket: str) -> tuple[Path, str] | None:
    """The file that a ticket of the last hour is for, and what it is called; None for any other and for what is gone."""
    try:
        session_id = signing.loads(ticket, salt=SALT, max_age=TICKET_S)
    except signing.BadSignature:
        return None
    row = StreamSession.objects.filter(pk=session_id).exclude(recording="").first()
    if row is None or not _path(row).is_file():
        return None
    return _path(row), f"live-{row.room_id}-{row.started_at:%Y%m%d-%H%M}.flv"


def _path(row: StreamSession) -> Path:
    return Path(settings.HOME) / "recordings" / row.recording
