"""What each channel is worth: how many candidates it brings, how long it takes, and which later positives it had brought.

Recall and unique contribution are of what a person took to after the page, shown on it or not, so that a channel is not
praised for what another one ranked. Still, what a feed shows is taken to more often than what it does not: shares tell channels
apart, they are no truth about all that a person would have liked. Pages are sampled in service (``channel_samples``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel, Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.learn.impressions import CLOCK_SLACK_MS
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.engine.trace import Trace

I64 = NDArray[np.int64]
WITHIN_MS: Final = 86_400_000  # what follows a page within so long is asked for


class Outcome(StrEnum):
    """What a person did with an item after the page. ``ANY``: one of the others; ``BEYOND``: any, and it was not on the page."""

    ANY = "any"
    WATCHED = "watched"
    CLICKED = "clicked"
    BOUGHT = "bought"
    BEYOND = "beyond"


_KINDS: Final = {
    Outcome.CLICKED: (Signal.PRODUCT_CLICK, Signal.ADD_TO_CART),
    Outcome.BOUGHT: (Signal.ORDER,),
}


@dataclass(frozen=True, eq=False)
class RecordedPage:
    """What the channels brought to one page, what they took for it, and what the person took to later."""

    brought: Mapping[Channel, I64]  # item ids
    took_ns: Mapping[Channel, int]
    shown: Mapping[Channel, int]  # positions of the page that a channel is credited with
    positives: Mapping[Outcome, I64]  # item ids, each once

    @classmethod
    def of(cls, trace: Trace, positives: NDArray[np.integer]) -> RecordedPage:
        """From a traced page. Repeated items are no channel's merit."""
        credited = [slot.channel for slot in trace.slots if slot.entry >= 0]
        return cls(
            brought={channel: told.item_id for channel, told in trace.channels.items()},
            took_ns={channel: told.took_ns for channel, told in trace.channels.items()},
            shown={channel: credited.count(channel) for channel in trace.channels},
            positives={Outcome.ANY: np.unique(np.asarray(positives, dtype=np.int64))},
        )


@dataclass(frozen=True)
class ChannelReport:
    """Of one channel over many pages. ``recall`` and ``unique`` are shares of the positives of each outcome; an outcome that
    did not happen is absent."""

    channel: Channel
    pages: int  # on which it brought anything
    candidates: float  # mean over all pages
    took_p50_us: float
    took_p99_us: float
    shown: int  # positions credited to it
    recall: Mapping[Outcome, float]  # positives that it had brought
    unique: Mapping[Outcome, float]  # positives that it alone had brought


def what_followed(
    told: SignalBatch, at_ms: int, shown: I64, snapshot: ItemSnapshot, params: EngineParams
) -> dict[Outcome, I64]:
    """What one person, who did all of ``told``, took to within ``WITHIN_MS`` after a page at ``at_ms``, by outcome.

    Only items that could be on the page: known to the snapshot, published by then, not met by this person before.
    """
    from_ms = at_ms - CLOCK_SLACK_MS
    after = (told.at_ms > from_ms) & (told.at_ms <= at_ms + WITHIN_MS)
    rows = snapshot.rows_of(told.item_id)
    known = rows >= 0
    known[known] = snapshot.published_at_ms[rows[known]] <= at_ms
    possible = after & known & ~np.isin(told.item_id, told.item_id[told.at_ms <= from_ms])
    watched = watched_signals(told, snapshot, params) | (told.kind == Signal.COMPLETION)
    found = {Outcome.WATCHED: np.unique(told.item_id[possible & watched])}
    for outcome, kinds in _KINDS.items():
        found[outcome] = np.unique(told.item_id[possible & np.isin(told.kind, kinds)])
    everything = np.unique(np.concatenate(list(found.values())))
    return found | {Outcome.ANY: everything, Outcome.BEYOND: np.setdiff1d(everything, shown)}


def report_channels(pages: Sequence[RecordedPage]) -> list[ChannelReport]:
    """One report a channel that was asked at all, by the order of ``Channel``; none for no pages."""
    asked = [channel for channel in Channel if any(channel in page.brought for page in pages)]
    hits = {channel: dict.fromkeys(Outcome, 0) for channel in asked}
    alone = {channel: dict.fromkeys(Outcome, 0) for channel in asked}
    total = count_positives(pages)
    for page in pages:
        brought = [np.asarray(page.brought.get(channel, ()), dtype=np.int64) for channel in asked]
        for outcome, positives in page.positives.items():
            found = np.stack([np.isin(positives, ids) for ids in brought])
            single = found.sum(axis=0) == 1
            for channel, own in zip(asked, found, strict=True):
                hits[channel][outcome] += int(own.sum())
                alone[channel][outcome] += int((own & single).sum())
    return [_report(channel, pages, hits[channel], alone[channel], total) for channel in asked]


def count_positives(pages: Sequence[RecordedPage]) -> dict[Outcome, int]:
    """Pairs of a page and an item taken to after it, by outcome."""
    return {outcome: sum(page.positives.get(outcome, np.empty(0)).size for page in pages) for outcome in Outcome}


def channel_table(reports: Sequence[ChannelReport], outcome: Outcome = Outcome.ANY) -> str:
    """The reports as a table in Markdown."""
    lines = [
        "| channel | pages | candidates | p50, µs | p99, µs | shown | recall | unique |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for told in reports:
        recall, unique = (f"{of[outcome]:.3f}" if outcome in of else "–" for of in (told.recall, told.unique))
        lines.append(
            f"| {told.channel.name.lower()} | {told.pages} | {told.candidates:.1f} | {told.took_p50_us:.0f} "
            f"| {told.took_p99_us:.0f} | {told.shown} | {recall} | {unique} |"
        )
    return "\n".join(lines)


def _report(
    channel: Channel,
    pages: Sequence[RecordedPage],
    hits: Mapping[Outcome, int],
    alone: Mapping[Outcome, int],
    total: Mapping[Outcome, int],
) -> ChannelReport:
    sizes = np.array([np.size(page.brought.get(channel, ())) for page in pages])
    took_us = np.array([page.took_ns.get(channel, 0) for page in pages]) / 1_000
    happened = [outcome for outcome in Outcome if total[outcome]]
    return ChannelReport(
        channel=channel,
        pages=int(np.count_nonzero(sizes)),
        candidates=float(sizes.mean()),
        took_p50_us=float(np.percentile(took_us, 50)),
        took_p99_us=float(np.percentile(took_us, 99)),
        shown=sum(page.shown.get(channel, 0) for page in pages),
        recall={outcome: hits[outcome] / total[outcome] for outcome in happened},
        unique={outcome: alone[outcome] / total[outcome] for outcome in happened},
    )
