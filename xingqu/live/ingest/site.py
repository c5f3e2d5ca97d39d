"""The ingest as this site sets it."""

from pathlib import Path

from django.conf import settings

from xingqu.live.ingest.publishing import IngestSettings


def site_ingest() -> IngestSettings:
    """Folders and limits out of the site's settings."""
    environment, home = settings.ENVIRONMENT, Path(settings.HOME)
    return IngestSettings(
        segments=home / "live",
        recordings=home / "recordings",
        segment_ms=environment.live_segment_ms,
        playlist_segments=environment.live_playlist_segments,
        silent_s=environment.live_silent_s,
        bitrate_limit_kbps=environment.live_bitrate_limit_kbps,
        records=environment.live_recording_days > 0,
    )
