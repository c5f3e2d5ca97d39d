"""What led to an order line: which of a buyer's ways to a product counts. Pure; the rules stand in decision record 0095.

Two questions with an answer each. Who is credited: the last click on something of a creator, a live room or an ad, within the
window of credit; a way without any of them later on (the mall, search, none at all) takes nothing from them. Where the order
came from: the last way of any kind, within the window of visits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Self

DIRECT = "direct"
# Ways that a client may name by itself: they credit nobody. A live room's or an ad's needs the proof that it was shown.
SURFACES = ("for_you", "following", "mall", "search", "product", "creator", "shop", "content", "live", "ad")


@dataclass(frozen=True, slots=True)
class Touch:
    """One way to a product, at a time of the server's clock in Unix milliseconds."""

    surface: str
    at_ms: int
    content_id: int | None = None
    creator_id: int | None = None
    live_room_id: int | None = None
    ad_id: int | None = None
    request_id: str | None = None

    @property
    def credits(self) -> bool:
        """Whether there is somebody or something to credit."""
        return any((self.content_id, self.creator_id, self.live_room_id, self.ad_id))

    def as_json(self) -> dict[str, Any]:
        return _told(self)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self | None:
        """What a cart line keeps; None for one without a proven time."""
        if "at_ms" not in told:
            return None
        return cls(**{field.name: told[field.name] for field in fields(cls) if field.name in told})


@dataclass(frozen=True, slots=True)
class Attribution:
    """What led to a line. `surface` is its source; the ids and `credited_surface` are of the touch that is credited.

    `campaign` is the activity whose price it was bought at: ``flash_sale:7``, ``full_reduction:3``.
    """

    content_id: int | None = None
    creator_id: int | None = None
    live_room_id: int | None = None
    ad_id: int | None = None
    request_id: str | None = None
    surface: str | None = None
    credited_surface: str | None = None
    credited_at_ms: int | None = None
    campaign: str | None = None

    def as_json(self) -> dict[str, Any]:
        return _told(self)


UNKNOWN = Attribution()


def choose(touches: Iterable[Touch], *, now_ms: int, credit: timedelta, visit: timedelta) -> Attribution:
    """The attribution of a purchase made now. A touch counts up to the very end of its window."""
    last = sorted(touches, key=lambda touch: touch.at_ms)
    credited = next((one for one in reversed(last) if one.credits and _within(one, now_ms, credit)), None)
    source = next((one for one in reversed(last) if _within(one, now_ms, visit)), None)
    surface = source.surface if source is not None else DIRECT
    if credited is None:
        return Attribution(surface=surface, request_id=source.request_id if source is not None else None)
    return Attribution(
        content_id=credited.content_id,
        creator_id=credited.creator_id,
        live_room_id=credited.live_room_id,
        ad_id=credited.ad_id,
        request_id=credited.request_id,
        surface=surface,
        credited_surface=credited.surface,
        credited_at_ms=credited.at_ms,
    )


def _within(touch: Touch, now_ms: int, window: timedelta) -> bool:
    return now_ms - touch.at_ms <= window // timedelta(milliseconds=1)


def _told(one: Any) -> dict[str, Any]:
    pairs = ((field.name, getattr(one, field.name)) for field in fields(one))
    return {name: value for name, value in pairs if value is not None}
