"""A sample of the pages in service: what every channel brought, in a few thousand bytes a page, to be judged later.

Sampling is a share of the pages, and never more often than once in a set time, so that neither latency nor disk notices how many
pages there are.
"""

from __future__ import annotations

import random
import struct
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel
from xingqu.engine.evaluate.channels import Outcome, RecordedPage
from xingqu.engine.trace import Trace

I64 = NDArray[np.int64]
VERSION: Final = 1
_HEAD = struct.Struct("<BQIHB")  # version, at (ms), candidates, positions, channels
_CHANNEL = np.dtype([("channel", "u1"), ("took_ns", "<u8")])
_POSITION = np.dtype([("item_id", "<i8"), ("channel", "i1")])
REPEATED: Final = 0  # no channel: the item was seen before


class SampleFormatError(ValueError):
    """The bytes are not a sample of a version this code reads."""


@dataclass(frozen=True, eq=False)
class ChannelSample:
    """``m`` candidates of one page and who brought them; ``k`` positions. A channel that was not asked is not in ``took_ns``."""

    at_ms: int
    item_id: I64  # (m,) ascending
    brought: NDArray[np.uint16]  # (m,) a bit a channel: 1 << Channel
    took_ns: Mapping[Channel, int]
    shown_id: I64  # (k,) in the order of the page
    shown_by: NDArray[np.int8]  # (k,) the channel credited, ``REPEATED`` for none

    @classmethod
    def of(cls, trace: Trace, at_ms: int) -> ChannelSample:
        """From a traced page."""
        bits = np.array([1 << int(channel) for channel in Channel], dtype=np.uint16)
        return cls(
            at_ms=at_ms,
            item_id=trace.item_id,
            brought=(trace.brought @ bits).astype(np.uint16),
            took_ns={channel: told.took_ns for channel, told in trace.channels.items()},
            shown_id=np.array([slot.item_id for slot in trace.slots], dtype=np.int64),
            shown_by=np.array([slot.channel if slot.entry >= 0 else REPEATED for slot in trace.slots], dtype=np.int8),
        )

    def with_shown(self, item_ids: Sequence[int]) -> ChannelSample:
        """The same with only those of its positions that were really shown."""
        kept = np.isin(self.shown_id, np.asarray(item_ids, dtype=np.int64))
        return replace(self, shown_id=self.shown_id[kept], shown_by=self.shown_by[kept])

    def recorded(self, positives: Mapping[Outcome, I64]) -> RecordedPage:
        return RecordedPage(
            brought={
                channel: self.item_id[(self.brought & np.uint16(1 << int(channel))) != 0] for channel in self.took_ns
            },
            took_ns=self.took_ns,
            shown={channel: int((self.shown_by == channel).sum()) for channel in self.took_ns},
            positives=positives,
        )

    def encode(self) -> bytes:
        """Version, numbers, then compressed: differences of the ids, bits, positions."""
        asked = np.array([(int(channel), spent) for channel, spent in self.took_ns.items()], dtype=_CHANNEL)
        positions = np.zeros(self.shown_id.size, dtype=_POSITION)
        positions["item_id"], positions["channel"] = self.shown_id, self.shown_by
        head = _HEAD.pack(VERSION, self.at_ms, self.item_id.size, positions.size, asked.size)
        gaps = np.diff(self.item_id, prepend=0).astype("<i8")
        body = gaps.tobytes() + self.brought.astype("<u2").tobytes() + asked.tobytes() + positions.tobytes()
        return head + zlib.compress(body, 1)

    @classmethod
    def decode(cls, data: bytes) -> ChannelSample:
        """Inverse of ``encode``. Raises SampleFormatError."""
        try:
            version, at_ms, size, places, channels = _HEAD.unpack_from(data)
            if version != VERSION:
                raise SampleFormatError(f"sample version {version} is unknown; this code reads {VERSION}")
            body = zlib.decompress(data[_HEAD.size :])
            gaps = np.frombuffer(body, dtype="<i8", count=size)
            brought = np.frombuffer(body, dtype="<u2", offset=gaps.nbytes, count=size)
            offset = gaps.nbytes + brought.nbytes
            asked = np.frombuffer(body, dtype=_CHANNEL, offset=offset, count=channels)
            positions = np.frombuffer(body, dtype=_POSITION, offset=offset + asked.nbytes, count=places)
            took_ns = {Channel(int(row["channel"])): int(row["took_ns"]) for row in asked}
        except (struct.error, zlib.error, ValueError) as error:
            raise SampleFormatError(str(error)) from error
        return cls(
            at_ms=at_ms,
            item_id=np.cumsum(gaps).astype(np.int64),
            brought=brought.astype(np.uint16),
            took_ns=took_ns,
            shown_id=positions["item_id"].astype(np.int64),
            shown_by=positions["channel"].astype(np.int8),
        )


class Sampler:
    """Says which pages are sampled. Safe for several threads."""

    def __init__(self, share: float, least_gap_ms: float) -> None:
        self._share, self._least_gap_ms = share, least_gap_ms
        self._last_ms = -1e18
        self._lock = threading.Lock()

    def takes(self, now_ms: float, draw: float | None = None) -> bool:
        """Whether a page at ``now_ms`` is sampled; ``draw`` is uniform in [0, 1), drawn here if it is not given.

        It is not drawn from a page's own generator: with and without a sample the same page comes out.
        """
        if (random.random() if draw is None else draw) >= self._share:
            return False
        with self._lock:
            if now_ms - self._last_ms < self._least_gap_ms:
                return False
            self._last_ms = now_ms
            return True
