"""The slate's compiled loops say what some lines of numpy would; asking for the last place of a layer is asking for all."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xingqu.engine.learn.sequence_model import LAYER_ARRAYS, _apply_layer
from xingqu.engine.slate.calibration import with_gains
from xingqu.engine.slate.spacing import COMMERCE, CREATOR, SELLER, SHARES, broken_rules

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, near_commerce=st.booleans())
def test_rules_that_a_candidate_would_break(seed: int, near_commerce: bool) -> None:
    rng = np.random.default_rng(seed)
    creators, sellers = rng.integers(0, 6, (2, 40))
    content = rng.random(40) < 0.5
    near_creators, near_sellers, full_creators, full_sellers = (
        rng.integers(1, 6, rng.integers(0, 4)) for _ in range(4)
    )
    broken = broken_rules(
        creators, sellers, content, near_creators, near_sellers, near_commerce, full_creators, full_sellers
    )
    assert ((broken & CREATOR) > 0).tolist() == np.isin(creators, near_creators).tolist()
    assert ((broken & SELLER) > 0).tolist() == np.isin(sellers, near_sellers).tolist()
    assert ((broken & COMMERCE) > 0).tolist() == (~content & near_commerce).tolist()
    full = np.isin(creators, full_creators) | np.isin(sellers, full_sellers)
    assert ((broken & SHARES) > 0).tolist() == full.tolist()


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_what_an_item_takes_off_the_divergence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wanted = np.where(rng.random(9) < 0.7, rng.random(9), 0.0)
    shown, group = rng.integers(0, 5, 9).astype(np.float64), rng.integers(-1, 9, 30)
    value, weight, smoothing = rng.random(30, dtype=np.float32), 0.3, 0.05
    total = shown.sum() + 1.0
    without, more = ((1 - smoothing) * count / total + smoothing * wanted for count in (shown, shown + 1))
    gain = np.where(wanted > 0, wanted * np.log(more / np.where(wanted > 0, without, 1.0)), 0.0)
    expected = value + weight * np.append(gain, 0.0)[group]
    np.testing.assert_allclose(with_gains(value, group, wanted, shown, weight, smoothing), expected, rtol=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, length=st.integers(1, 12))
def test_the_last_place_of_a_layer_is_that_of_the_whole(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = {"norm_1": (8,), "norm_2": (8,), "bias": (2, 12), "up": (8, 16), "gate": (8, 16), "down": (16, 8)}
    layer = {name: rng.standard_normal(shapes.get(name, (8, 8)), dtype=np.float32) * 0.3 for name in LAYER_ARRAYS}
    hidden = rng.standard_normal((length, 8), dtype=np.float32)
    whole, last = _apply_layer(layer, hidden, length), _apply_layer(layer, hidden, 1)
    np.testing.assert_allclose(last[0], whole[-1], rtol=1e-4, atol=1e-5)
