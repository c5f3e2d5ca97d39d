"""Events of live rooms between processes and machines: told through Redis as soon as they are committed.

The table stays the truth: what Redis loses, or what is told while it is away, is read there. So nobody waits for Redis, and
whoever could not reach it leaves it alone for a moment.
"""

import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from xingqu.live.contracts import RoomEventRow

log = logging.getLogger(__name__)
ANSWER_S = 0.3
REST_S = 3.0


class _Publisher:
    """This process's connection to Redis."""

    def __init__(self, url: str) -> None:
        redis = redis_module()
        self._failed = redis.RedisError
        self._redis: Any = redis.Redis.from_url(url, socket_connect_timeout=ANSWER_S, socket_timeout=ANSWER_S)
        self._away_until_s = 0.0

    def publish(self, message: bytes) -> None:
        """Tell everybody who listens, or nobody when Redis is away."""
        if time.monotonic() < self._away_until_s:
            return
        try:
            self._redis.publish(fanout_channel(), message)
        except self._failed as error:
            self._away_until_s = time.monotonic() + REST_S
            log.warning("Redis, which tells of live rooms, is away (%s); the table is read instead", error)


def redis_module() -> Any:
    """The client. Raises ImproperlyConfigured without it."""
    try:
        import redis
    except ImportError as error:
        raise ImproperlyConfigured(
            "XINGQU_LIVE_FANOUT_URL names a Redis, whose client is missing: pip install 'xingqu[redis]'"
        ) from error
    return redis


def fanout_channel() -> str:
    """Where this site's events are told: several sites may share a Redis."""
    site = blake2b(settings.SECRET_KEY.encode(), digest_size=8, person=b"live").hexdigest()
    return f"xingqu-{site}:live"


def publish_events(*, rows: Sequence[RoomEventRow]) -> None:
    """Tell of committed events. Never fails: who does not hear of them reads them in the table."""
    _publisher(settings.ENVIRONMENT.live_fanout_url.get_secret_value()).publish(orjson.dumps(rows))


def read_published(message: bytes) -> list[RoomEventRow]:
    """The events of a message of :func:`publish_events`."""
    return [RoomEventRow(**row) for row in orjson.loads(message)]


@lru_cache(maxsize=4)
def _publisher(url: str) -> _Publisher:
    return _Publisher(url)
