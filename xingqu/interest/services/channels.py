"""What each retrieval channel is worth in service: pages are sampled, and judged by what people took to later.

A sample is sealed with its person's key, so that deleting a person deletes it too. Judging reads much of the log, so the
worker has it done in a process of its own, with the lowest priority, and the outcome is kept.
"""

import logging
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from django.conf import settings
from django.db import transaction

from xingqu.engine.columns import Signal
from xingqu.engine.evaluate.channel_samples import ChannelSample, SampleFormatError, Sampler
from xingqu.engine.evaluate.channels import RecordedPage, count_positives, report_channels, what_followed
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.models import ChannelReport
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log, seal_record, unseal_record

log = logging.getLogger(__name__)
SAMPLES: Final = "channels"  # the log's name
SAMPLES_JUDGED: Final = 5_000  # the newest
REPORTS_KEPT: Final = 200


def takes_sample() -> bool:
    """Whether the page that is made now is to be sampled."""
    return _sampler(os.getpid()).takes(time.monotonic() * 1_000)


def keep_sample(*, slot: int, sample: ChannelSample) -> None:
    """Write the sample to its log. It survives a crash of the process, not necessarily of the machine."""
    open_log(name=SAMPLES, sync=False).append(seal_record(slot=slot, data=sample.encode()))


def report_channels_if_due() -> bool:
    """Make the report anew, in a process of its own, if it is time and there are new samples. For the worker."""
    every_s = settings.ENVIRONMENT.channel_report_every_s
    if not every_s:
        return False
    last = ChannelReport.objects.order_by("-id").first()
    if last is not None and (clock.now() - last.made_at).total_seconds() < every_s:
        return False
    if not open_log(name=SAMPLES, sync=False).segments():
        return False
    command = [sys.executable, "-m", "xingqu", "channels_report", "--quiet"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "XINGQU_HOME": str(settings.HOME)}
    subprocess.run(command, env=environment, check=True)
    return True


def make_channel_report() -> ChannelReport | None:
    """Judge the sampled pages by what followed them, and keep the outcome. None when no page was sampled."""
    samples = _read_samples()
    if not samples:
        return None
    told = _told_by({slot for slot, _ in samples})
    items, pages = snapshots().refresh().items, []
    batches = {slot: to_engine(events, item_of_product=snapshots().get().item_showing) for slot, events in told.items()}
    for slot, sample in samples:
        followed = {}
        if slot in batches:
            followed = what_followed(batches[slot], sample.at_ms, sample.shown_id, items, PARAMS)
        pages.append(sample.recorded(followed))
    return _keep(samples, pages)


@transaction.atomic
def _keep(samples: Sequence[tuple[int, ChannelSample]], pages: Sequence[RecordedPage]) -> ChannelReport:
    times_ms = [sample.at_ms for _, sample in samples]
    report = ChannelReport.objects.create(
        made_at=clock.now(),
        first_at=clock.from_ms(min(times_ms)),
        last_at=clock.from_ms(max(times_ms)),
        pages=len(samples),
        people=len({slot for slot, _ in samples}),
        positives={str(outcome): count for outcome, count in count_positives(pages).items()},
        channels=[
            {
                "channel": told.channel.name.lower(),
                "pages": told.pages,
                "candidates": round(told.candidates, 2),
                "took_p50_us": round(told.took_p50_us, 1),
                "took_p99_us": round(told.took_p99_us, 1),
                "shown": told.shown,
                "recall": {str(outcome): round(share, 5) for outcome, share in told.recall.items()},
                "unique": {str(outcome): round(share, 5) for outcome, share in told.unique.items()},
            }
            for told in report_channels(pages)
        ],
    )
    oldest = ChannelReport.objects.order_by("-id").values_list("id", flat=True)[REPORTS_KEPT - 1 : REPORTS_KEPT]
    if oldest:
        ChannelReport.objects.filter(pk__lt=oldest[0]).delete()
    return report


def _read_samples() -> list[tuple[int, ChannelSample]]:
    """(slot, sample) of the newest pages of those who may be known, oldest first."""
    found: list[tuple[int, ChannelSample]] = []
    for _, record in open_log(name=SAMPLES, sync=False).read({}):
        slot, data = unseal_record(record=record)
        if data is None:
            continue
        try:
            found.append((slot, ChannelSample.decode(data)))
        except SampleFormatError:
            log.warning("a sampled page that cannot be read")
    found.sort(key=lambda each: each[1].at_ms)
    known = {slot for slot, _ in found[-SAMPLES_JUDGED:] if state_store().read_slot(slot).personalised}
    return [(slot, sample) for slot, sample in found[-SAMPLES_JUDGED:] if slot in known]


def _told_by(slots: set[int]) -> Mapping[int, Sequence[SignalEvent]]:
    told: dict[int, list[SignalEvent]] = defaultdict(list)
    for batch in read_batches(positions={}, slots=slots):
        told[batch.slot] += [event for event in batch.events if event.kind != Signal.SEARCH]
    return told


@cache
def _sampler(pid: int) -> Sampler:
    """Each process has its own."""
    environment = settings.ENVIRONMENT
    return Sampler(environment.channel_sample_share, 1_000 * environment.channel_sample_gap_s)
