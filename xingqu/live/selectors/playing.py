"""Where a room's stream is pushed to and played from."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.http import urlencode

from xingqu.kit import clock
from xingqu.kit.api import FIRST_MOMENT
from xingqu.live.domain.keys import stream_key
from xingqu.live.models import LiveRoom, StreamSession


def push_url() -> str:
    """The server address for a host's encoder."""
    environment = settings.ENVIRONMENT
    host = environment.live_rtmp_host or environment.host
    return environment.live_push_url or f"rtmp://{host}:{environment.live_rtmp_port}/live"


def key_of(room: LiveRoom) -> str:
    """The stream key for a host's encoder. Secret."""
    return stream_key(play_name=room.play_name, key_version=room.key_version)


def play_url(room: LiveRoom) -> str | None:
    """Address of the HLS playlist of the stream that runs, None without one."""
    session = StreamSession.objects.filter(room=room, ended_at__isnull=True, recorded_from__isnull=False).first()
    if session is None:
        return None
    environment = settings.ENVIRONMENT
    if environment.live_backend == "external":
        return str(environment.live_play_url).replace("{name}", room.play_name) + "?" + urlencode({"s": session.pk})
    return f"/live-media/{room.play_name}-{session.pk}/index.m3u8"


def silent_before() -> datetime:
    """A stream last seen before this is silent. An external server tells when one is over, so there none is."""
    environment = settings.ENVIRONMENT
    if environment.live_backend == "external":
        return FIRST_MOMENT
    return clock.now() - timedelta(seconds=environment.live_silent_s)
