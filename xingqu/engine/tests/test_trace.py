"""The trace of a page tells what was done and changes nothing."""

import numpy as np
import pytest

from xingqu.engine.columns import Channel, Feature, Head, Surface
from xingqu.engine.recommend import Slate
from xingqu.engine.slate.spacing import RULES
from xingqu.engine.state.user import UserState
from xingqu.engine.tests.world import DURATION_MS, NOW_MS, build_catalogue, items_of, look, page
from xingqu.engine.trace import How, Trace

CATALOGUE = build_catalogue(1_000)


def shopper() -> UserState:
    state = UserState.empty()
    look(state, CATALOGUE, items_of(CATALOGUE, 3, 6), DURATION_MS, NOW_MS - 200_000)
    return state


def traced(state: UserState, **request: object) -> tuple[Slate, Trace]:
    slate = page(CATALOGUE, state, trace=True, **request)
    assert slate.trace is not None
    return slate, slate.trace


@pytest.mark.parametrize("surface", list(Surface))
def test_the_page_is_the_same_with_and_without_a_trace(surface: Surface) -> None:
    plain = page(CATALOGUE, shopper(), surface=surface, seed_item_id=3, seed=4, commerce_load=0.5)
    slate, trace = traced(shopper(), surface=surface, seed_item_id=3, seed=4, commerce_load=0.5)
    assert plain.trace is None
    for name in ("item_id", "channel", "score", "propensity", "reason_weights"):
        assert np.array_equal(getattr(plain, name), getattr(slate, name))
    assert [slot.item_id for slot in trace.slots] == slate.item_id.tolist()


def test_the_trace_accounts_for_every_candidate_and_every_step() -> None:
    slate, trace = traced(shopper(), seed=4, commerce_load=0.5)
    size = trace.item_id.size
    assert (np.diff(trace.item_id) > 0).all()
    assert trace.features.shape == (size, len(Feature))
    assert trace.predictions.shape == (size, len(Head))
    assert list(trace.values)[:4] == ["value", "rating", "exposure", "commerce"]
    together = np.unique(np.concatenate([channel.item_id for channel in trace.channels.values()]))
    assert np.array_equal(together, trace.item_id)
    for column, channel in enumerate(Channel):
        brought = trace.channels[channel].item_id
        assert np.array_equal(np.sort(brought), trace.item_id[trace.brought[:, column]])
    assert trace.channels[Channel.INTEREST_TAGS].took_ns > 0
    sells = CATALOGUE.product_id[CATALOGUE.rows_of(trace.item_id)] != 0
    moved = trace.values["commerce"] - trace.values["exposure"]
    assert (moved[~sells] == 0).all()
    assert (moved[sells] > 0).all()
    for slot, score in zip(trace.slots, slate.score, strict=True):
        assert trace.values["value"][slot.entry] == score


def test_a_ranked_slot_shows_what_decided_it() -> None:
    slate, trace = traced(shopper(), seed=4)
    ranked = [slot for slot in trace.slots if slot.how == How.RANKED]
    assert len(ranked) >= 7
    for slot in ranked:
        weighed = slot.weighed
        assert weighed is not None
        assert trace.item_id[trace.shortlist[weighed.place]] == slot.item_id
        last = list(weighed.values.values())[-1]
        assert weighed.allowed[weighed.place]
        assert last[weighed.place] == last[weighed.allowed].max()
        assert 0 <= weighed.rule < len(RULES)
    drawn = [slot for slot in trace.slots if slot.how == How.DRAWN]
    assert {slot.channel for slot in drawn} == {Channel.FRESH, Channel.EXPLORATION}
    assert all(slot.weighed is None and slot.propensity < 1 for slot in drawn)
    assert trace.place_of(int(slate.item_id[0])) == trace.slots[0].entry
    assert trace.place_of(10**9) == -1


def test_what_comes_back_is_told_as_repeated() -> None:
    state = UserState.empty()
    look(state, CATALOGUE, CATALOGUE.item_id, 3_000, NOW_MS - 86_400_000)
    slate, trace = traced(state)
    assert slate.repeated.all()
    assert {slot.how for slot in trace.slots} == {How.REPEATED}
