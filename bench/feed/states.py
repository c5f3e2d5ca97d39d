"""User states of people with a taste: three categories they dwell on, others they skip."""

import numpy as np

from bench.feed.world import World, category_of_content
from xingqu.engine.columns import Signal
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock

MET = 120


def make_states(world: World, users: int, *, seed: int = 11) -> None:
    """States of guests 1..users, each with `MET` contents met over the last days."""
    rng, items, store = np.random.default_rng(seed), snapshots().refresh().items, state_store()
    by_category: dict[int, list[int]] = {}
    for content_id in range(1, world.contents + 1):
        by_category.setdefault(category_of_content(world, content_id), []).append(content_id)
    for guest_key in range(1, users + 1):
        liked = rng.choice(list(by_category), size=3, replace=False)
        near = [int(rng.choice(by_category[int(c)])) for c in rng.choice(liked, size=MET // 2)]
        far = rng.integers(1, world.contents + 1, size=MET - len(near)).tolist()
        met = np.array(near + far, dtype=np.int64)
        at_ms = np.sort(clock.now_ms() - rng.integers(0, 3 * 86_400_000, size=MET))
        dwell_ms = np.where(np.arange(MET) < len(near), 14_000, 1_200)
        batch = SignalBatch.of(
            kind=np.repeat([Signal.IMPRESSION, Signal.DWELL], MET),
            item_id=np.tile(met, 2),
            at_ms=np.tile(at_ms, 2),
            value=np.concatenate([np.zeros(MET), dwell_ms]),
        )

        def change(state: UserState, told: SignalBatch = batch) -> UserState:
            apply_signals(state, told, items, PARAMS)
            return state

        store.update(f"g{guest_key}", change)
