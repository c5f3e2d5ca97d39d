"""The world that the ranking is measured in, and its figures."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine.ranking import Split, delay_figures, figures_of
from bench.engine.ranking_world import PAGE, World, WorldParams
from xingqu.engine.columns import Head
from xingqu.engine.learn.impressions import NEVER_MS
from xingqu.engine.ranking.ranker import PARENT

SMALL = WorldParams(people=12, items=120, pages=40, days=20, trained_day=15, drift_day=17)


def test_a_world_is_drawn_from_its_seed_and_outcomes_follow_their_stages() -> None:
    served, again = World(3, SMALL).play(), World(3, SMALL).play()
    assert len(served.rows) == 40 * PAGE
    assert np.array_equal(served.rows.item_id, again.rows.item_id)
    assert np.array_equal(served.outcomes.at_ms, again.outcomes.at_ms)
    happened = served.outcomes.at_ms != NEVER_MS
    for head in Head:
        if PARENT[head] >= 0:
            assert not (happened[:, head] & ~happened[:, PARENT[head]]).any()
            assert (served.truth[:, head] <= served.truth[:, PARENT[head]]).all()
    sells = np.isfinite(served.rows.prior_logit[:, Head.ORDER])
    assert not served.truth[~sells, Head.ORDER].any()
    assert (served.truth[sells, Head.ORDER] > 0).all()


def test_the_truth_itself_is_judged_right() -> None:
    served = World(3, SMALL).play()
    split = Split.of(served)
    assert split.known.size + split.judging.size == len(served.rows)
    assert (served.rows.at_ms[split.judging] >= served.trained_ms).all()
    figures = figures_of(split, served.truth[split.judging].astype(np.float32), Head.WATCH)
    assert figures["order"] == pytest.approx(1.0)
    assert figures["rate ÷ true"] == pytest.approx(1.0, abs=0.3)


def test_elapsed_time_is_nearest_to_the_true_rate() -> None:
    found = delay_figures(1, size=30_000)
    for label in ("steady", "raised"):
        errors = {name: abs(1 - ratios[label]) for name, ratios in found.items()}
        assert errors["elapsed time"] <= errors["as seen"]
    assert found["elapsed time"]["steady"] == pytest.approx(1.0, abs=0.05)
