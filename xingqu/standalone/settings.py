"""Every number of the engine beside a shop that is not the engine's own (those stand in ``xingqu.engine.params``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times in the unit their name ends with."""

    rebuild_after_s: float = 1.0  # a changed item is served after so long, plus the build
    learn_every_s: float = 10.0  # counters and co-visits reach the ranking so often
    rebuild_share: float = 0.1  # at most this share of the time is spent building
    save_every_s: float = 300.0  # what was learned is saved so often; a crash learns the rest again from the journal
    flush_pages_s: float = 1.0  # served pages are written so often; a crash may lose the last ones
    maintain_every_s: float = 3_600.0
    scrub_every_s: float = 60.0  # how soon a store that keeps old bytes is asked to rewrite them
    idle_days: int = 730  # a person who did nothing for so long is forgotten
    journal_days: int = 180  # events and served pages are kept so long for training and evaluation
    event_age_days: int = 30  # older events are refused; their ids are known for as long as the journal
    future_ms: int = 300_000  # a client's clock may be so far ahead
    admit_after: int = 3  # an item id that is not in the catalogue gets a row of its own when met so often
    sketch_width: int = 1 << 16
    sketch_depth: int = 4
    batch_items: int = 5_000
    batch_events: int = 10_000
    page_size: int = 200
    log_pages: bool = True
    channel_sample_share: float = 0.05  # of the journalled pages for whose channels `xingqu-engine channels` accounts
    channel_sample_gap_s: float = 10.0  # at least so long between two of them
