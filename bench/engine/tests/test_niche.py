"""A new item with a hidden niche audience, on fully observed preferences."""

import pytest

from bench.engine.data import default_folder, find_folder
from bench.engine.kuairec import read_matrix
from bench.engine.niche import play


@pytest.mark.slow
@pytest.mark.skipif(not (default_folder() / "kuairec").is_dir(), reason="no kuairec data")
def test_a_niche_item_is_nearly_as_precise_after_200_exposures_as_with_its_whole_history() -> None:
    found = play(read_matrix(find_folder(default_folder(), "kuairec")).truth, seed=7)
    assert found.ratio >= 0.8
    assert found.new >= 1.8 * found.everybody  # it did find them: half of all shown anew would still be chance
    assert found.learning > found.everybody
