"""What a page was made of, for whoever wants to know why: kept only when a request asks for it (``Request.trace``).

Nothing here decides anything: with and without a trace the same page comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]


class How(StrEnum):
    """How a position was filled."""

    RANKED = "ranked"  # the best of what the rules allowed
    DRAWN = "drawn"  # a reserved slot, at random
    REPEATED = "repeated"  # seen before, nothing new was left


@dataclass(frozen=True, eq=False)
class ChannelTrace:
    """What one channel brought, ``k`` items in its own order, and what it took."""

    item_id: I64  # (k,)
    score: F32  # (k,) in the channel's own unit
    inclusion: F32  # (k,) probability with which the channel drew it
    took_ns: int


@dataclass(frozen=True, eq=False)
class Weighed:
    """How one ranked position was decided, over the ``s`` places of the shortlist.

    ``values``: the running value after each step, first to last ("value": as it came from the last step before the page,
    "diversity", and "calibration" where it works); the last one decides.
    ``allowed``: not taken yet and within the rules in force. ``rule``: which of ``slate.spacing.RULES`` that was, 0
    being all of them; higher where nothing was left under the stricter ones.
    """

    place: int
    values: Mapping[str, F32]
    allowed: NDArray[np.bool_]
    rule: int


@dataclass(frozen=True, eq=False)
class SlotTrace:
    """One position of the page. ``entry``: its place in ``Trace.item_id``, -1 for a repeated item.

    ``weighed`` is None where the position was drawn or repeated.
    """

    item_id: int
    entry: int
    channel: Channel
    propensity: float
    how: How
    weighed: Weighed | None = None


@dataclass(frozen=True, eq=False)
class Trace:
    """``m`` candidates, each once, in order of item id; ``s`` of them made the shortlist.

    ``values``: the running value of every candidate after each step before the page, first to last: what the predictions
    are worth ("value"), after what buyers say of the product ("rating"), after bonus and price of exposure ("exposure"), after
    the commerce load ("commerce"), after what fatigue takes ("fatigue", not on the page of followed creators). The page is
    assembled from the last one. What each step did is the difference to the one before.
    """

    channels: Mapping[Channel, ChannelTrace]
    item_id: I64  # (m,)
    credited: NDArray[np.int8]  # (m,) the channel named for it
    brought: NDArray[np.bool_]  # (m, len(Channel)) which channels brought it, in the order of ``Channel``
    features: F32  # (m, len(Feature))
    predictions: F32  # (m, len(Head))
    values: Mapping[str, F32]  # each (m,)
    shortlist: I64  # (s,) places in ``item_id``
    slots: tuple[SlotTrace, ...] = field(default=())

    def place_of(self, item_id: int) -> int:
        """Where a candidate stands, -1 if no channel brought it."""
        place = int(np.searchsorted(self.item_id, item_id))
        return place if place < self.item_id.size and self.item_id[place] == item_id else -1


def membership(rows: NDArray[np.int32], found: Mapping[Channel, Any]) -> NDArray[np.bool_]:
    """(m, len(Channel)): which channels brought each of ``rows`` (ascending)."""
    brought = np.zeros((rows.size, len(Channel)), dtype=np.bool_)
    for column, channel in enumerate(Channel):
        if channel in found:
            brought[np.searchsorted(rows, found[channel].rows), column] = True
    return brought
