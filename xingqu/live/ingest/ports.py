"""What the ingest asks of the house: who may publish, and whether the stream is still wanted."""

from datetime import datetime
from typing import Any, Protocol

from xingqu.live import services
from xingqu.live.contracts import StreamGrant


class StreamDesk(Protocol):
    """Each call may wait for the database; the ingest makes it on a thread."""

    def open(self, key: str, *, recording: bool) -> StreamGrant:
        """Raises StreamRefused."""
        ...

    def confirm(self, token: str, *, since: datetime) -> bool:
        """Pictures can be played; the first was taken in at `since`. False when the stream is not wanted any more."""
        ...

    def beat(self, token: str, health: dict[str, Any]) -> bool:
        """Media arrive. False when the stream is not wanted any more."""
        ...

    def close(self, token: str, reason: str) -> None: ...


class HouseDesk:
    """The desk of this site: the live room's services."""

    def open(self, key: str, *, recording: bool) -> StreamGrant:
        return services.open_stream(key=key, recording=recording)

    def confirm(self, token: str, *, since: datetime) -> bool:
        return services.confirm_stream(token=token, since=since)

    def beat(self, token: str, health: dict[str, Any]) -> bool:
        return services.beat_stream(token=token, health=health) == "go_on"

    def close(self, token: str, reason: str) -> None:
        services.close_stream(token=token, reason=reason)
