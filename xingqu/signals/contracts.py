"""What other rooms may know of signals."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from xingqu.engine.columns import Signal
from xingqu.kit.api import Id, Number, ShortText
from xingqu.kit.errors import InvalidInput

MAX_BATCH = 100
FIRST_RECORD = 8  # where the first record of a segment begins

KindName = Literal[
    "impression",
    "dwell",
    "completion",
    "skip",
    "like",
    "unlike",
    "save",
    "unsave",
    "follow",
    "unfollow",
    "share",
    "comment",
    "product_click",
    "add_to_cart",
    "not_interested",
    "search",
]
ReasonName = Literal["content", "creator", "product", "tag", "repetitive"]
SurfaceName = Literal["for_you", "following", "mall", "search", "product", "creator"]

REASONS: tuple[str, ...] = ("", "content", "creator", "product", "tag", "repetitive")
SURFACES: tuple[str, ...] = ("", "for_you", "following", "mall", "search", "product", "creator", "server")


class SignalIn(Schema):
    """One thing a person did, as a client sends it. Which ids a kind needs is checked event by event."""

    model_config = ConfigDict(extra="ignore")

    event_id: UUID = Field(description="Made by the client; a repeated id is counted as a duplicate and not applied.")
    kind: KindName
    occurred_at_ms: int = Field(ge=0, le=2**53 - 1, description="Client clock, Unix milliseconds.")
    content_id: Id | None = None
    product_id: Id | None = None
    creator_id: Id | None = None
    tag_id: int | None = Field(None, ge=1, le=2**31 - 1)
    request_id: Number | None = Field(None, description="The feed page it was served with.")
    position: int | None = Field(None, ge=0, le=30_000)
    value_ms: int | None = Field(None, ge=0, le=86_400_000, description="How long it was looked at (dwell, skip).")
    reason: ReasonName | None = None
    query: ShortText | None = None
    surface: SurfaceName | None = None


@dataclass(frozen=True, slots=True)
class SignalEvent:
    """A checked event on the server's clock. Absent ids are 0, absent texts empty, absent position -1."""

    event_id: bytes  # 16 bytes
    kind: Signal
    occurred_at_ms: int
    content_id: int = 0
    product_id: int = 0
    creator_id: int = 0
    tag_id: int = 0
    value: int = 0  # milliseconds of a dwell or skip, units of an order
    position: int = -1
    reason: str = ""
    surface: str = ""
    request_id: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one event of a batch was not taken."""

    index: int
    code: str
    field: str | None
    message: str
    expected: str | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "expected": self.expected,
        }


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What a batch came to: the index and event of each good one, and a reason for each of the others."""

    events: tuple[tuple[int, SignalEvent], ...]
    rejected: tuple[Rejection, ...]


class ClockSkew(InvalidInput):
    """The client's clock is too far from the server's to trust its times."""

    code = "clock_skew"
    message = "The clock of this device differs too much from the server's."


class LogPosition(NamedTuple):
    """Where a record stands: segment number and the offsets of its first byte and of the byte after it."""

    segment: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SealedTouch:
    """What an actor was shown: ids that do not apply are None. It led to these products and no others."""

    content_id: int | None
    creator_id: int | None
    live_room_id: int | None
    ad_id: int | None
    product_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class LoggedBatch:
    """A batch as it stands in the log. `slot` is the vault slot of the actor it belongs to."""

    position: LogPosition
    slot: int
    received_at_ms: int
    events: tuple[SignalEvent, ...]


class SignalLog(Protocol):
    """Port of the durable, append-only log. A record is opaque bytes."""

    def append(self, record: bytes) -> LogPosition:
        """Write one record; it is durable when this returns (unless the log was opened without sync)."""

    def roll(self) -> None:
        """Give up the current segment, so that others may recover it; the next append begins a new one."""

    def read(
        self, positions: Mapping[int, int], *, segments: Collection[int] | None = None
    ) -> Iterator[tuple[LogPosition, bytes]]:
        """Records (of these segments, else of all) beyond `positions` (segment -> offset), oldest segment first."""

    def read_one(self, segment: int, start: int) -> bytes | None:
        """The record at this place, or None when there is none."""

    def recover(self, positions: Mapping[int, int]) -> list[int]:
        """Cut the torn tails, beyond `positions`, of segments whose writer is gone; returns the numbers of all such."""

    def segments(self) -> list[int]:
        """Numbers of all segments, in the order they were begun."""

    def drop_before(self, cutoff_ms: int) -> list[int]:
        """Delete finished segments last written before `cutoff_ms`; returns their numbers."""
