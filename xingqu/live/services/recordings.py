"""Recordings of live rooms: kept for their days, then deleted."""

import contextlib
from datetime import timedelta

from django.conf import settings

from xingqu.kit import clock
from xingqu.live.models import LiveCut, StreamSession
from xingqu.live.services.cuts import recordings_folder

SWEPT_AT_ONCE = 200


def sweep_recordings() -> int:
    """Delete recordings that are older than `live_recording_days`; returns how many. For the worker.

    One of which a piece is still to be cut stays until it is.
    """
    oldest = clock.now() - timedelta(days=settings.ENVIRONMENT.live_recording_days)
    waiting = LiveCut.objects.filter(state="waiting").values("session_id")
    rows = StreamSession.objects.filter(ended_at__lt=oldest).exclude(recording="").exclude(pk__in=waiting)
    count = 0
    for pk, name in list(rows.order_by("id").values_list("id", "recording")[:SWEPT_AT_ONCE]):
        path = recordings_folder() / name
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # the room's folder, once it is empty
        count += StreamSession.objects.filter(pk=pk).update(recording="")
    return count
