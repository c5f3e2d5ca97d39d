"""What each channel is worth, counted by hand and on traced pages."""

import math

import numpy as np

from xingqu.engine.columns import Channel
from xingqu.engine.evaluate.channels import RecordedPage, channel_table, report_channels
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import DURATION_MS, NOW_MS, build_catalogue, items_of, look, page


def recorded(covisit: list[int], popular: list[int], positives: list[int], took_ns: int = 2_000) -> RecordedPage:
    return RecordedPage(
        brought={Channel.COVISIT: np.array(covisit), Channel.POPULAR: np.array(popular)},
        took_ns={Channel.COVISIT: took_ns, Channel.POPULAR: 1_000},
        shown={Channel.COVISIT: 1, Channel.POPULAR: 2},
        positives=np.array(positives, dtype=np.int64),
    )


def test_recall_and_unique_contribution_are_counted_over_all_positives() -> None:
    pages = [recorded([1, 2, 3], [3, 4], [2, 3, 9]), recorded([], [5], [5], took_ns=4_000)]
    covisit, popular = report_channels(pages)
    assert (covisit.channel, popular.channel) == (Channel.COVISIT, Channel.POPULAR)
    assert (covisit.pages, covisit.candidates, covisit.shown) == (1, 1.5, 2)
    assert (covisit.recall, covisit.unique) == (2 / 4, 1 / 4)  # 2 and 3, of which 3 came by both
    assert (popular.recall, popular.unique) == (2 / 4, 1 / 4)
    assert (covisit.took_p50_us, popular.took_p95_us) == (3.0, 1.0)
    assert "| covisit | 1 | 1.5 | 3 | 4 | 2 | 0.500 | 0.250 |" in channel_table([covisit])


def test_no_pages_no_reports_and_no_positives_no_recall() -> None:
    assert report_channels([]) == []
    (covisit, _) = report_channels([recorded([1], [2], [])])
    assert math.isnan(covisit.recall)
    assert covisit.candidates == 1.0


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
    assert reports[Channel.INTEREST_TAGS].recall > 0.9
    assert reports[Channel.INTEREST_TAGS].recall > reports[Channel.POPULAR].recall
    assert reports[Channel.INTEREST_TAGS].unique > 0.5
    assert reports[Channel.TASTE].candidates == 0
    assert reports[Channel.INTEREST_TAGS].took_p50_us > 0
