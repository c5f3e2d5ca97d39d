"""What each channel is worth: how many candidates it brings, how long it takes, and which later positives it had brought.

Recall and unique contribution are of what a person took to after the page, shown on it or not, so that a channel is not
praised for what another one ranked. Pages come from ``recommend`` with ``Request.trace``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel
from xingqu.engine.trace import Trace

I64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RecordedPage:
    """What the channels brought to one page, what they took for it, and what the person took to later."""

    brought: Mapping[Channel, I64]  # item ids
    took_ns: Mapping[Channel, int]
    shown: Mapping[Channel, int]  # positions of the page that a channel is credited with
    positives: I64  # item ids, each once

    @classmethod
    def of(cls, trace: Trace, positives: NDArray[np.integer]) -> RecordedPage:
        """From a traced page. Repeated items are no channel's merit."""
        credited = [slot.channel for slot in trace.slots if slot.entry >= 0]
        return cls(
            brought={channel: told.item_id for channel, told in trace.channels.items()},
            took_ns={channel: told.took_ns for channel, told in trace.channels.items()},
            shown={channel: credited.count(channel) for channel in trace.channels},
            positives=np.unique(np.asarray(positives, dtype=np.int64)),
        )


@dataclass(frozen=True)
class ChannelReport:
    """Of one channel over many pages. ``recall`` and ``unique`` are shares of all positives; NaN where there were none."""

    channel: Channel
    pages: int  # on which it brought anything
    candidates: float  # mean over all pages
    took_p50_us: float
    took_p95_us: float
    shown: int  # positions credited to it
    recall: float  # positives that it had brought
    unique: float  # positives that it alone had brought


def report_channels(pages: Sequence[RecordedPage]) -> list[ChannelReport]:
    """One report a channel that was asked at all, by the order of ``Channel``; none for no pages."""
    asked = [channel for channel in Channel if any(channel in page.brought for page in pages)]
    positives = sum(page.positives.size for page in pages)
    hits = dict.fromkeys(asked, 0)
    alone = dict.fromkeys(asked, 0)
    for page in pages:
        found = np.stack([np.isin(page.positives, page.brought.get(channel, ())) for channel in asked])
        single = found.sum(axis=0) == 1
        for channel, own in zip(asked, found, strict=True):
            hits[channel] += int(own.sum())
            alone[channel] += int((own & single).sum())
    return [_report(channel, pages, hits[channel], alone[channel], positives) for channel in asked]


def channel_table(reports: Sequence[ChannelReport]) -> str:
    """The reports as a table in Markdown."""
    lines = [
        "| channel | pages | candidates | p50, µs | p95, µs | shown | recall | unique |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for told in reports:
        lines.append(
            f"| {told.channel.name.lower()} | {told.pages} | {told.candidates:.1f} | {told.took_p50_us:.0f} "
            f"| {told.took_p95_us:.0f} | {told.shown} | {told.recall:.3f} | {told.unique:.3f} |"
        )
    return "\n".join(lines)


def _report(channel: Channel, pages: Sequence[RecordedPage], hits: int, alone: int, positives: int) -> ChannelReport:
    sizes = np.array([np.size(page.brought.get(channel, ())) for page in pages])
    took_us = np.array([page.took_ns.get(channel, 0) for page in pages]) / 1_000
    return ChannelReport(
        channel=channel,
        pages=int(np.count_nonzero(sizes)),
        candidates=float(sizes.mean()),
        took_p50_us=float(np.percentile(took_us, 50)),
        took_p95_us=float(np.percentile(took_us, 95)),
        shown=sum(page.shown.get(channel, 0) for page in pages),
        recall=hits / positives if positives else float("nan"),
        unique=alone / positives if positives else float("nan"),
    )
