"""Takes hosts' streams over RTMP and turns them into HLS, until it is told to stop."""

import asyncio
import logging
import shutil
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from xingqu.live.ingest.ports import HouseDesk
from xingqu.live.ingest.server import RtmpServer
from xingqu.live.ingest.site import site_ingest

log = logging.getLogger(__name__)
RETRY_S = 5.0


class Command(BaseCommand):
    """`xingqu live_ingest`; `xingqu up` runs it."""

    help = "Take live streams over RTMP and write HLS under the home folder."

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until SIGTERM; a port that is taken is tried again, the rest of the site goes on meanwhile."""
        asyncio.run(serve())


async def serve() -> None:
    """Listen and take streams until SIGTERM or SIGINT."""
    environment, segments = settings.ENVIRONMENT, Path(settings.HOME) / "live"
    shutil.rmtree(segments, ignore_errors=True)  # streams of a process that is gone
    segments.mkdir(parents=True, exist_ok=True)
    server = RtmpServer(site_ingest(), HouseDesk())
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host = environment.live_rtmp_host or environment.host
    while not stop.is_set():
        try:
            port = await server.listen(host, environment.live_rtmp_port)
        except OSError as error:
            log.warning("no streams are taken: port %s can't be used (%s)", environment.live_rtmp_port, error)
            await _wait(stop, RETRY_S)
            continue
        log.info("taking streams at rtmp://%s:%s/live", host, port)
        await stop.wait()
    await server.close()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
