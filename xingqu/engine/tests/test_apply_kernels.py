"""What the compiled loops do to a person's tables is what a few lines of numpy did."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.state.signals import SignalBatch, apply_signals, grade_dwell, grade_signals
from xingqu.engine.state.tables import HORIZONS, VANISHED, InterestTable, TimedIds, decay_factors
from xingqu.engine.state.user import EventRing, StateFormatError, UserState
from xingqu.engine.tests.world import NOW_MS, PARAMS, build_catalogue

SEEDS = st.integers(0, 2**32 - 1)
HALF_LIVES = PARAMS.state.half_lives_ms
DAY_MS = 86_400_000
CATALOGUE = build_catalogue(200)


class PlainTable:
    """A dictionary of float32 weights with the same meaning."""

    def __init__(self) -> None:
        self.weights: dict[int, NDArray[np.float32]] = {}
        self.touched_s: dict[int, int] = {}
        self.as_of_ms = 0

    def add(self, keys: NDArray[np.int64], amounts: NDArray[np.float64], at_ms: NDArray[np.int64]) -> None:
        to_ms = max(self.as_of_ms, int(at_ms.max()))
        for key, weight in self.weights.items():
            faded = weight * decay_factors(to_ms - self.as_of_ms, HALF_LIVES)
            if to_ms > self.as_of_ms:
                faded[np.abs(faded) < VANISHED] = 0.0
            self.weights[key] = faded.astype(np.float32)
        self.as_of_ms = to_ms
        sums = {key: weight.astype(np.float64) for key, weight in self.weights.items()}
        for key, amount, time in zip(keys.tolist(), amounts, at_ms.tolist(), strict=True):
            sums[key] = sums.get(key, np.zeros(HORIZONS)) + amount * decay_factors(to_ms - time, HALF_LIVES)
            self.touched_s[key] = max(self.touched_s.get(key, 0), time // 1000)
        self.weights = {key: total.astype(np.float32) for key, total in sums.items()}

    def trim(self, capacity: int, flagged: set[int]) -> None:
        def strength(key: int) -> tuple[float, int]:
            return (np.inf if key in flagged else float(np.abs(self.weights[key]).max())), key

        for key in sorted(self.weights, key=strength)[: max(0, len(self.weights) - capacity)]:
            del self.weights[key], self.touched_s[key]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_table_is_a_dictionary_of_fading_weights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, plain, capacity = InterestTable.empty(), PlainTable(), int(rng.integers(3, 30))
    flagged: set[int] = set()
    for _ in range(6):
        count = int(rng.integers(1, 40))
        keys = rng.integers(-3, 40, count)
        amounts, at_ms = rng.normal(0, 1, (count, HORIZONS)), NOW_MS - rng.integers(0, 40 * DAY_MS, count)
        if rng.random() < 0.3:
            amounts = np.repeat(np.round(amounts[:1]), count, axis=0)  # equals to choose between
        table.add(keys, amounts, at_ms, HALF_LIVES)
        plain.add(keys, amounts, at_ms)
        pinned = int(table.keys[0])
        table.set_flag(pinned, 1, True)  # type: ignore[arg-type]
        flagged.add(pinned)
        table.trim(capacity)
        plain.trim(capacity, flagged)
        assert table.keys.tolist() == sorted(plain.weights)
        assert table.as_of_ms == plain.as_of_ms
        assert table.touched_s.tolist() == [plain.touched_s[key] for key in sorted(plain.weights)]
        expected = np.array([plain.weights[key] for key in sorted(plain.weights)])
        np.testing.assert_allclose(table.weights, expected, rtol=1e-6, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_set_of_ids_is_a_dictionary_of_times(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids, plain, capacity = TimedIds.empty(), dict[int, int](), int(rng.integers(1, 30))
    for _ in range(6):
        count = int(rng.integers(1, 40))
        more, at_ms = rng.integers(1, 60, count), NOW_MS - 1000 * rng.integers(0, 9, count)
        ids.add(more, at_ms, capacity)
        for one, time in zip(more.tolist(), at_ms.tolist(), strict=True):
            plain[one] = max(plain.get(one, 0), time // 1000)
        for one in sorted(plain, key=lambda one: (plain[one], one))[: max(0, len(plain) - capacity)]:
            del plain[one]
        assert dict(zip(ids.ids.tolist(), ids.at_s.tolist(), strict=True)) == plain
        assert ids.ids.tolist() == sorted(plain)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_a_ring_holds_the_latest_events_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ring, plain, capacity = EventRing.empty(), list[tuple[int, int, int, float]](), int(rng.integers(1, 30))
    for turn in range(6):
        count = int(rng.integers(1, 20))
        kind, item = rng.integers(1, 18, count).astype(np.int8), rng.integers(1, 9, count)
        value = rng.integers(0, 5, count).astype(np.float32)
        at_ms = NOW_MS + turn * 100 + (np.arange(count) if rng.random() < 0.5 else rng.integers(-200, 100, count))
        ring.add(kind, item, value, at_ms, capacity)
        told = list(zip(at_ms.tolist(), item.tolist(), kind.tolist(), value.tolist(), strict=True))
        together = plain + told
        in_order = all(a[0] <= b[0] for a, b in pairwise(together))
        plain = (together if in_order else sorted(together))[-capacity:]
        columns = (ring.at_ms, ring.item_id, ring.kind, ring.value)
        assert list(zip(*(column.tolist() for column in columns), strict=True)) == plain


def test_grades_of_many_are_those_of_each_and_of_the_formula() -> None:
    rng = np.random.default_rng(3)
    size = 400
    kind = rng.integers(1, max(Signal) + 1, size)
    value = rng.integers(0, 40_000, size)
    batch = SignalBatch.of(kind=kind, item_id=rng.integers(1, 201, size), value=value, at_ms=np.full(size, NOW_MS))
    rows = CATALOGUE.rows_of(batch.item_id)
    grades = grade_signals(batch, rows, CATALOGUE, PARAMS.signals)
    looked = batch.kind == Signal.DWELL
    of = rows[looked]
    look = grade_dwell(batch.value[looked], CATALOGUE.duration_ms[of], CATALOGUE.kind[of], PARAMS.signals)
    expected = np.where(look < 0, look * PARAMS.signals.dwell_negative, look * PARAMS.signals.dwell_positive)
    np.testing.assert_allclose(grades[looked], expected, rtol=1e-12)
    for i in range(size):
        one = SignalBatch.of(kind=[kind[i]], item_id=batch.item_id[i], value=[value[i]], at_ms=[NOW_MS])
        assert grade_signals(one, rows[i : i + 1], CATALOGUE, PARAMS.signals).tolist() == [grades[i]]
    assert grades[batch.kind == Signal.LIKE].tolist() == [1.5] * int((batch.kind == Signal.LIKE).sum())
    assert grades[batch.kind == Signal.IMPRESSION].any() == np.False_


def format_2(state: UserState) -> bytes:
    """The bytes as the release before wrote them: the same head, the arrays in the order of the fields."""
    head = bytearray(state.encode()[:92])
    head[3] = 2
    return bytes(head) + b"".join(array.tobytes() for array in state._arrays())


def test_bytes_of_format_2_are_read() -> None:
    state, rng = UserState.empty(), np.random.default_rng(5)
    batch = SignalBatch.of(
        kind=rng.integers(1, 18, 90), item_id=rng.integers(1, 200, 90), at_ms=NOW_MS - rng.integers(0, DAY_MS, 90)
    )
    apply_signals(state, batch, CATALOGUE, PARAMS)
    old = format_2(state)
    assert UserState.decode(old).encode() == state.encode()
    for broken, why in ((old[:-1], "cut short"), (old + b"\0", "trailing"), (old[:40], "not an encoded")):
        with pytest.raises(StateFormatError, match=why):
            UserState.decode(broken)


def test_what_is_decoded_is_aligned_and_shares_nothing() -> None:
    state = UserState.empty()
    batch = SignalBatch.of(kind=[5, 1, 9], item_id=[3, 4, 5], at_ms=[NOW_MS, NOW_MS + 1, NOW_MS + 2])
    apply_signals(state, batch, CATALOGUE, PARAMS)
    data = state.encode()
    first, second = UserState.decode(data), UserState.decode(data)
    assert all(array.flags.aligned and array.flags.writeable for array in first._arrays())
    first.tags.touched_s[:] = 7
    assert second.encode() == data != first.encode()
    for broken, why in ((data[:-1], "cut short"), (data + b"\0", "trailing")):
        with pytest.raises(StateFormatError, match=why):
            UserState.decode(broken)
