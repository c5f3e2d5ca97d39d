"""BG/NBD against what was published of it, on CDNOW."""

import numpy as np
import pytest

from bench.engine.data import default_folder
from bench.engine.repurchase import CALIBRATION_DAYS, PUBLISHED, histories_until, read_purchases, run
from xingqu.engine.learn.repurchase import BuyerModel, Histories

needs_data = pytest.mark.skipif(not (default_folder() / "cdnow").is_dir(), reason="no cdnow data")
SAMPLE_SIZE = 2_357  # the published figures are of a tenth of the customers, which the whole data does not mark
PUBLISHED_LOG_LIKELIHOOD = -9_582.4


@needs_data
@pytest.mark.slow
def test_likelihood_at_the_published_parameters_is_that_of_the_published_sample_size() -> None:
    histories = histories_until(read_purchases(default_folder()), CALIBRATION_DAYS)
    tenths = []
    for k in range(10):
        part = slice(k, None, 10)
        rows = Histories.of(histories.repeats[part], histories.last[part], histories.age[part])
        assert len(rows) == SAMPLE_SIZE
        tenths.append(PUBLISHED.log_likelihood(rows))
    assert min(tenths) < PUBLISHED_LOG_LIKELIHOOD < max(tenths)
    assert np.mean(tenths) == pytest.approx(PUBLISHED_LOG_LIKELIHOOD, rel=0.01)


@needs_data
@pytest.mark.slow
def test_fit_finds_the_published_parameters_and_corrections_beat_it_on_the_holdout() -> None:
    result = run(default_folder())
    assert result["fitted"] == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=0.15)
    assert result["likelihood"] >= result["likelihood_published"]
    base, ours = result["models"]["BG/NBD"], result["models"]["BG/NBD corrected"]
    assert ours["rmse"] < 0.985 * base["rmse"]
    assert ours["log_loss"] < 0.95 * base["log_loss"]
    assert ours["auc"] > base["auc"] + 0.005
    assert ours["total"] == pytest.approx(base["total"])


@needs_data
@pytest.mark.slow
def test_fit_at_the_published_parameters_cannot_be_improved_by_much() -> None:
    histories = histories_until(read_purchases(default_folder()), CALIBRATION_DAYS)
    plain = Histories.of(histories.repeats, histories.last, histories.age)
    gain = BuyerModel.fit(plain).log_likelihood(plain) - PUBLISHED.log_likelihood(plain)
    assert 0 <= gain < 10  # of 95,374: the published sample and the whole tell the same
