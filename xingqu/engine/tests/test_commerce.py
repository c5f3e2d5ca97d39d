"""The commerce load against a simulated stream of pages with a planted burst of items that earn much."""

from dataclasses import replace

import numpy as np
import pytest

from xingqu.engine.columns import Head
from xingqu.engine.params import ValueParams
from xingqu.engine.slate.commerce import CommerceParams, CommerceState, Evidence, commerce_term, update_load
from xingqu.engine.slate.value import value_of

PAGE, POOL, PAGES, BURST = 10, 80, 1_200, range(500, 900)
WINDOW = 100  # pages over which the share is judged
PARAMS = CommerceParams(target_share=0.25, satisfaction_floor=0.33, load_minimum=-3.0)


def _candidates(rng: np.random.Generator, burst: bool, watch_commerce: float) -> tuple:
    sells = rng.random(POOL) < 0.5
    watch = np.clip(rng.normal(np.where(sells, watch_commerce, 0.42), 0.12), 0.02, 0.9)
    order = np.where(sells, np.clip(rng.gamma(2, 0.004, POOL), 0, 0.2), 0.0)
    price = np.where(sells, rng.integers(1_000, 20_000, POOL), 0)
    if burst:  # a third of what sells now earns eight times as much, and is watched less
        hot = sells & (rng.random(POOL) < 0.35)
        price = np.where(hot, price * 8, price)
        order = np.where(hot, np.minimum(order * 4, 0.3), order)
        watch = np.where(hot, watch * 0.75, watch)
    predictions = np.zeros((POOL, len(Head)), dtype=np.float32)
    predictions[:, Head.WATCH], predictions[:, Head.ORDER] = watch, order
    return predictions, price, sells


def _stream(
    params: CommerceParams, *, controlled: bool = True, load: float = 0.0, watch_commerce: float = 0.36, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share of commerce, share of watched impressions, and load, page by page."""
    rng = np.random.default_rng(seed)
    state, shares, watched, loads = replace(CommerceState(), load=load), [], [], []
    for page in range(PAGES):
        predictions, price, sells = _candidates(rng, page in BURST, watch_commerce)
        value = value_of(predictions, ValueParams())
        value = value + commerce_term(predictions, price, sells, state.load, params, value)
        shown = np.argsort(-value)[:PAGE]
        seen = rng.random(PAGE) < predictions[shown, Head.WATCH]
        shares.append(sells[shown].mean())
        watched.append(seen.mean())
        loads.append(state.load)
        if controlled:
            state = update_load(state, Evidence(PAGE, sells[shown].sum(), seen.sum()), params)
    return np.array(shares), np.array(watched), np.array(loads)


def _windows(per_page: np.ndarray, since: int = 200) -> np.ndarray:
    return np.convolve(per_page[since:], np.ones(WINDOW) / WINDOW, mode="valid")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_share_holds_within_a_tenth_through_a_burst_and_the_floor_is_kept(seed: int) -> None:
    shares, watched, _ = _stream(PARAMS, seed=seed)
    windows = _windows(shares)
    assert windows.min() >= 0.9 * PARAMS.target_share
    assert windows.max() <= 1.1 * PARAMS.target_share
    assert _windows(watched).min() >= PARAMS.satisfaction_floor


def test_without_the_controller_the_same_burst_breaks_the_share() -> None:
    held, _, loads = _stream(PARAMS)
    assert held[200:500].mean() == pytest.approx(PARAMS.target_share, rel=0.1)
    shares, _, _ = _stream(PARAMS, controlled=False, load=float(loads[300:500].mean()))
    assert shares[200:500].mean() == pytest.approx(PARAMS.target_share, rel=0.15)
    assert _windows(shares).max() > 1.3 * PARAMS.target_share
    assert loads[850:900].mean() < loads[450:500].mean()


def test_the_floor_goes_before_the_target() -> None:
    """What sells is hardly watched: the target could only be held below the floor, so it is given up."""
    params = replace(PARAMS, target_share=0.6, satisfaction_floor=0.5)
    shares, watched, _ = _stream(params, watch_commerce=0.2)
    free, unhappy, _ = _stream(replace(params, satisfaction_floor=-9.0), watch_commerce=0.2)
    assert free[300:500].mean() == pytest.approx(0.6, rel=0.1)
    assert unhappy[300:500].mean() < 0.47
    assert _windows(watched, since=400).min() >= 0.95 * params.satisfaction_floor
    assert shares[400:].mean() < 0.5


def _two_kinds(apart: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares page by page of newcomers, a fifth of the pages, and of those who are known, who are drawn to what sells."""
    rng, params = np.random.default_rng(seed), replace(PARAMS, satisfaction_floor=0.2)
    states = {False: CommerceState(), True: CommerceState()}
    shares: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(2_000):
        newcomer = bool(rng.random() < 0.2)
        predictions, price, sells = _candidates(rng, False, 0.36 if newcomer else 0.5)
        state = states[newcomer and apart]
        value = value_of(predictions, ValueParams())
        value = value + commerce_term(predictions, price, sells, state.load, params, value)
        shown = np.argsort(-value)[:PAGE]
        seen = rng.random(PAGE) < predictions[shown, Head.WATCH]
        shares[newcomer].append(sells[shown].mean())
        states[newcomer and apart] = update_load(state, Evidence(PAGE, sells[shown].sum(), seen.sum()), params)
    return np.array(shares[True]), np.array(shares[False])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_newcomers_with_a_load_of_their_own_see_their_share_as_well(seed: int) -> None:
    newcomers, known = _two_kinds(True, seed)
    assert 0.18 <= _windows(newcomers, since=50).min() <= _windows(newcomers, since=50).max() <= 0.32
    assert 0.9 * 0.25 <= _windows(known).min() <= _windows(known).max() <= 1.1 * 0.25
    together, _ = _two_kinds(False, seed)
    assert _windows(together, since=50).max() < 0.18  # one load for all leaves newcomers with little


def test_a_lump_of_evidence_moves_the_load_by_no_more_than_a_step() -> None:
    once = update_load(CommerceState(), Evidence(3_000, 0, 2_000), PARAMS)
    assert once.integral == pytest.approx(PARAMS.integral_gain * PARAMS.largest_step * PARAMS.target_share)


def test_nothing_winds_up_at_a_bound() -> None:
    """Long with nothing to sell, then plenty: the load comes down from its bound at once."""
    state = CommerceState()
    for _ in range(2_000):
        state = update_load(state, Evidence(10, 0, 5), PARAMS)
    assert state.load > 0.99 * PARAMS.load_maximum
    assert state.integral <= PARAMS.load_maximum + PARAMS.proportional_gain
    for _ in range(60):
        state = update_load(state, Evidence(10, 6, 5), PARAMS)
        if state.load < 0.5 * PARAMS.load_maximum:
            break
    assert state.load <= 0.5 * PARAMS.load_maximum


def test_evidence_in_one_piece_or_many_comes_to_nearly_the_same() -> None:
    one = update_load(CommerceState(), Evidence(60, 30, 20), PARAMS)
    many = CommerceState()
    for _ in range(6):
        many = update_load(many, Evidence(10, 5, 20 / 6), PARAMS)
    assert many.load == pytest.approx(one.load, abs=0.1)
    assert update_load(one, Evidence(0, 0, 0), PARAMS) == one


def test_term_is_a_toll_below_zero_and_saturating_margin_above() -> None:
    predictions = np.zeros((4, len(Head)), dtype=np.float32)
    predictions[:, Head.ORDER] = [0.0, 0.01, 0.01, 0.5]
    price, sells = np.array([0, 1_000, 100_000, 10_000_000]), np.array([False, True, True, True])
    value = np.array([5.0, -1.0, 1.0, 8.0], dtype=np.float32)
    toll = commerce_term(predictions, price, sells, -0.7, PARAMS, value)
    share = 1 - np.exp(-0.7)
    assert toll == pytest.approx([0.0, -0.7, -0.7 - share, -0.7 - 8 * share])
    assert (np.diff((value + toll)[1:]) > 0).all()
    reward = commerce_term(predictions, price, sells, 2.0, PARAMS, value)
    assert reward[0] == 0.0
    assert reward[1] == pytest.approx(1.0)
    assert 1.9 < reward[2] < reward[3] <= 2.0
    assert commerce_term(predictions, price, sells, 0.0, PARAMS, value) == pytest.approx([0, 0, 0, 0])


def test_state_travels_and_bad_state_is_refused() -> None:
    state = update_load(CommerceState(), Evidence(60, 30, 20), PARAMS)
    assert CommerceState.from_dict(state.as_dict()) == state
    with pytest.raises(ValueError):
        CommerceState.from_dict({"load": float("nan")})
    with pytest.raises(TypeError):
        CommerceState.from_dict({"weight": 1.0})
