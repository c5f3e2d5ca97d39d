"""Hears of events of live rooms through Redis."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from xingqu.live import services
from xingqu.live.contracts import RoomEventRow

log = logging.getLogger(__name__)
RETRY_S = 1.0
CONNECT_S = 2.0
# Asks Redis so often whether it is still there: a machine that vanished says nothing.
CHECK_S = 5.0


class Fanout:
    """Hands on what is told; `is_up` says whether the table need only be read now and then."""

    def __init__(self, take: Callable[[list[RoomEventRow]], Awaitable[None]]) -> None:
        self.is_up = False
        self._take = take

    async def run(self) -> None:
        """Listen for as long as the process lives; returns at once where the site has no Redis for this."""
        url = settings.ENVIRONMENT.live_fanout_url.get_secret_value()
        if not url:
            return
        redis = services.redis_module()
        while True:
            try:
                await self._listen(url)
            except (redis.RedisError, OSError, TimeoutError) as error:
                log.warning("Redis, which tells of live rooms, is away (%s); the table is read instead", error)
            self.is_up = False
            await asyncio.sleep(RETRY_S)

    async def _listen(self, url: str) -> None:
        from redis import asyncio as redis

        client: Any = redis.Redis.from_url(url, socket_connect_timeout=CONNECT_S, health_check_interval=CHECK_S)
        try:
            async with client.pubsub() as told:
                await told.subscribe(services.fanout_channel())
                while True:
                    message = await told.get_message(timeout=CHECK_S)
                    if message is None:
                        await asyncio.wait_for(told.ping(), CONNECT_S)
                    elif message["type"] == "subscribe":
                        self.is_up = True
                    elif message["type"] == "message":
                        await self._take(services.read_published(message["data"]))
        finally:
            await client.aclose()
