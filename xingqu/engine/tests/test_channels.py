"""What each channel is worth, counted by hand and on traced pages."""

import numpy as np
import pytest

from xingqu.engine.columns import Channel, Signal
from xingqu.engine.evaluate.channel_samples import ChannelSample, SampleFormatError, Sampler
from xingqu.engine.evaluate.channels import (
    WITHIN_MS,
    Outcome,
    RecordedPage,
    channel_table,
    count_positives,
    report_channels,
    what_followed,
)
from xingqu.engine.learn.impressions import CLOCK_SLACK_MS
from xingqu.engine.params import EngineParams
from xingqu.engine.state.signals import SignalBatch
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import DURATION_MS, NOW_MS, build_catalogue, items_of, look, page


def recorded(covisit: list[int], popular: list[int], positives: list[int], took_ns: int = 2_000) -> RecordedPage:
    return RecordedPage(
        brought={Channel.COVISIT: np.array(covisit), Channel.POPULAR: np.array(popular)},
        took_ns={Channel.COVISIT: took_ns, Channel.POPULAR: 1_000},
        shown={Channel.COVISIT: 1, Channel.POPULAR: 2},
        positives={Outcome.ANY: np.array(positives, dtype=np.int64)},
    )


def test_recall_and_unique_contribution_are_counted_over_all_positives() -> None:
    pages = [recorded([1, 2, 3], [3, 4], [2, 3, 9]), recorded([], [5], [5], took_ns=4_000)]
    covisit, popular = report_channels(pages)
    assert (covisit.channel, popular.channel) == (Channel.COVISIT, Channel.POPULAR)
    assert (covisit.pages, covisit.candidates, covisit.shown) == (1, 1.5, 2)
    assert (covisit.recall, covisit.unique) == ({Outcome.ANY: 2 / 4}, {Outcome.ANY: 1 / 4})  # 2 and 3; 3 came by both
    assert (popular.recall, popular.unique) == ({Outcome.ANY: 2 / 4}, {Outcome.ANY: 1 / 4})
    assert (covisit.took_p50_us, popular.took_p99_us) == (3.0, 1.0)
    assert count_positives(pages) == dict.fromkeys(Outcome, 0) | {Outcome.ANY: 4}
    assert "| covisit | 1 | 1.5 | 3 | 4 | 2 | 0.500 | 0.250 |" in channel_table([covisit])


def test_no_pages_no_reports_and_no_positives_no_recall() -> None:
    assert report_channels([]) == []
    (covisit, _) = report_channels([recorded([1], [2], [])])
    assert covisit.recall == {}
    assert covisit.candidates == 1.0
    assert "| covisit | 1 | 1.0 | 2 | 2 | 1 | – | – |" in channel_table([covisit])


def test_traced_pages_tell_which_channel_knew() -> None:
    snapshot = build_catalogue(1_000)
    pages = []
    for topic in range(5):
        state = UserState.empty()
        look(state, snapshot, items_of(snapshot, topic, 4), DURATION_MS, NOW_MS - 100_000)
        slate = page(snapshot, state, seed=topic, trace=True)
        assert slate.trace is not None
        later = items_of(snapshot, topic, 20, offset=4)
        pages.append(RecordedPage.of(slate.trace, later))
        assert sum(pages[-1].shown.values()) == len(slate)
    reports = {told.channel: told for told in report_channels(pages)}
    assert reports[Channel.INTEREST_TAGS].recall[Outcome.ANY] > 0.9
    assert reports[Channel.INTEREST_TAGS].recall[Outcome.ANY] > reports[Channel.POPULAR].recall[Outcome.ANY]
    assert reports[Channel.INTEREST_TAGS].unique[Outcome.ANY] > 0.5
    assert reports[Channel.TASTE].candidates == 0
    assert reports[Channel.INTEREST_TAGS].took_p50_us > 0


def test_what_followed_is_new_to_the_person_and_could_have_been_on_the_page() -> None:
    snapshot = build_catalogue(1_000)
    ids = snapshot.item_id[np.argsort(snapshot.published_at_ms)]
    seen, watched, clicked, bought, shown, late = (int(pk) for pk in ids[:6])
    young = int(ids[-1])
    at_ms = int(snapshot.published_at_ms.max()) - 1
    assert (snapshot.published_at_ms[snapshot.rows_of([young])] > at_ms).all()
    told = [
        (Signal.IMPRESSION, seen, -CLOCK_SLACK_MS, 0),
        (Signal.ORDER, seen, 5, 1),
        (Signal.IMPRESSION, watched, -1, 0),  # by a clock that is a little behind
        (Signal.DWELL, watched, 5, 60_000),
        (Signal.DWELL, clicked, 5, 100),  # looked at in passing
        (Signal.PRODUCT_CLICK, clicked, 6, 0),
        (Signal.ORDER, bought, WITHIN_MS, 1),
        (Signal.COMPLETION, shown, 7, 1),
        (Signal.ORDER, late, WITHIN_MS + 1, 1),
        (Signal.COMPLETION, young, 9, 1),
        (Signal.COMPLETION, 10**12, 9, 1),  # not an item any more
    ]
    batch = SignalBatch.of(
        kind=[row[0] for row in told],
        item_id=[row[1] for row in told],
        at_ms=[at_ms + row[2] for row in told],
        value=[row[3] for row in told],
    )
    found = what_followed(batch, at_ms, np.array([shown]), snapshot, EngineParams())
    assert {outcome: set(items.tolist()) for outcome, items in found.items()} == {
        Outcome.WATCHED: {watched, shown},
        Outcome.CLICKED: {clicked},
        Outcome.BOUGHT: {bought},
        Outcome.ANY: {watched, shown, clicked, bought},
        Outcome.BEYOND: {watched, clicked, bought},
    }


def test_a_sample_keeps_what_a_traced_page_tells() -> None:
    snapshot = build_catalogue(1_000)
    state = UserState.empty()
    look(state, snapshot, items_of(snapshot, 3, 6), DURATION_MS, NOW_MS - 100_000)
    slate = page(snapshot, state, seed=4, trace=True)
    assert slate.trace is not None
    later = items_of(snapshot, 3, 20, offset=4)
    data = ChannelSample.of(slate.trace, NOW_MS).encode()
    assert len(data) < 10 * slate.trace.item_id.size
    sample = ChannelSample.decode(data)
    assert (sample.at_ms, sample.shown_id.tolist()) == (NOW_MS, slate.item_id.tolist())
    one, other = sample.recorded({Outcome.ANY: later}), RecordedPage.of(slate.trace, later)
    assert report_channels([one]) == report_channels([other])
    fewer = sample.with_shown(slate.item_id[[0, 2]].tolist())
    assert fewer.shown_id.tolist() == slate.item_id[[0, 2]].tolist()
    assert sum(fewer.recorded({}).shown.values()) == 2
    for broken in (b"", data[:-1], bytes([9]) + data[1:]):
        with pytest.raises(SampleFormatError):
            ChannelSample.decode(broken)


def test_a_share_is_sampled_and_never_two_within_the_gap() -> None:
    sampler = Sampler(share=0.25, least_gap_ms=1_000)
    assert not sampler.takes(0, 0.25)
    assert sampler.takes(0, 0.24)
    assert not sampler.takes(999, 0.0)
    assert sampler.takes(1_000, 0.0)
    assert not Sampler(share=0.0, least_gap_ms=0).takes(0, 0.0)
