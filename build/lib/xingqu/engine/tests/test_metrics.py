"""Metrics: against a slow definition, ties and NaN against us, bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from xingqu.engine.evaluate.metrics import (
    MISSED,
    gini,
    hit_rate,
    list_ranks,
    mrr,
    ndcg,
    pessimistic_rank,
    pessimistic_ranks,
    precision,
    summarise,
)
from xingqu.engine.evaluate.splits import Sequences, leave_one_out
from xingqu.engine.evaluate.tables import markdown_table, mean_and_deviation

SCORES = arrays(
    np.float32, st.integers(1, 30), elements=st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 1.0, np.nan, np.inf])
)


@given(SCORES, st.data())
def test_a_rank_is_one_plus_the_others_not_strictly_below(scores: np.ndarray, data: st.DataObject) -> None:
    target = data.draw(st.integers(0, scores.size - 1))
    others = np.delete(scores, target)
    assert pessimistic_rank(scores, target) == 1 + sum(not (other < scores[target]) for other in others)
    both = np.stack([scores, scores[::-1]])
    expected = [pessimistic_rank(scores, target)] * 2
    assert pessimistic_ranks(both, [target, scores.size - 1 - target]).tolist() == expected


@given(SCORES, st.data())
def test_a_rank_does_not_depend_on_the_order_of_the_others(scores: np.ndarray, data: st.DataObject) -> None:
    target = data.draw(st.integers(0, scores.size - 1))
    order = np.array(data.draw(st.permutations(range(scores.size))))
    assert pessimistic_rank(scores[order], int(np.flatnonzero(order == target)[0])) == pessimistic_rank(scores, target)


def test_equal_scores_and_nan_earn_nothing() -> None:
    assert pessimistic_rank(np.zeros(100), 0) == 100
    assert pessimistic_rank(np.full(100, np.nan), 0) == 100
    assert pessimistic_rank([np.nan, 1.0, 2.0], 0) == 3
    assert pessimistic_rank([np.nan, 1.0, 2.0], 2) == 2
    assert pessimistic_rank([3.0, 1.0, 2.0], 0) == 1


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 30))
def test_metrics_agree_with_their_definitions(ranks: list[int], k: int) -> None:
    hits = [rank <= k for rank in ranks]
    assert hit_rate(ranks, k) == pytest.approx(sum(hits) / len(ranks))
    assert precision(ranks, k) == pytest.approx(sum(hits) / len(ranks) / k)
    assert mrr(ranks, k) == pytest.approx(sum(1 / r for r in ranks if r <= k) / len(ranks))
    assert ndcg(ranks, k) == pytest.approx(sum(1 / np.log2(r + 1) for r in ranks if r <= k) / len(ranks))
    assert 0 <= mrr(ranks, k) <= ndcg(ranks, k) <= hit_rate(ranks, k) <= 1


def test_lists_are_ranked_by_place_and_a_repeated_id_by_its_last() -> None:
    lists = [[3, 1, 2], [3, 1, 3], [1, 2, 4]]
    assert list_ranks(lists, [3, 3, 3]).tolist() == [1, 3, MISSED]
    assert summarise(list_ranks(lists, [3, 3, 3]), (2,)) == {"HR@2": 1 / 3, "NDCG@2": 1 / 3, "MRR@2": 1 / 3}
    assert hit_rate([], 5) == mrr([], 5) == ndcg([], 5) == 0.0


@given(arrays(np.int64, st.integers(1, 40), elements=st.integers(0, 1000)))
def test_gini_is_the_mean_difference(exposure: np.ndarray) -> None:
    total = exposure.sum()
    expected = np.abs(exposure[:, None] - exposure[None]).sum() / (2 * exposure.size * total) if total else 0.0
    assert gini(exposure) == pytest.approx(expected, abs=1e-12)
    assert gini(exposure) == pytest.approx(gini(exposure[::-1] * 7), abs=1e-12)


def test_gini_of_known_shares() -> None:
    assert gini([5, 5, 5, 5]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    for bad in ([-1.0, 2.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="finite and not negative"):
            gini(bad)


def test_leave_one_out_keeps_the_target_out_of_the_history() -> None:
    people = Sequences.of([[1, 2, 3, 4], [5, 6], [7]])
    test = leave_one_out(people)
    assert [part.tolist() for part in test.history] == [[1, 2, 3], [5]]
    assert test.target.tolist() == [4, 6]
    validation = leave_one_out(people, last=2)
    assert [part.tolist() for part in validation.history] == [[1, 2]]
    assert validation.target.tolist() == [3]
    assert [part.tolist() for part in people.without_last(2)] == [[1, 2], [], []]


def test_tables_state_mean_and_deviation() -> None:
    runs = [{"HR@10": 0.1}, {"HR@10": 0.2}]
    assert mean_and_deviation(runs)["HR@10"] == pytest.approx((0.15, 0.0707107))
    text = markdown_table({"ours": runs, "fixed": [{"HR@10": 0.1}]}, ["HR@10", "MRR@10"])
    assert text.splitlines()[2:] == ["| ours | 0.1500 ± 0.0707 | – |", "| fixed | 0.1000 | – |"]
    with pytest.raises(ValueError, match="different figures"):
        mean_and_deviation([{"a": 1.0}, {"b": 1.0}])
