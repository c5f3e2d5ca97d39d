"""A new item with a hidden niche audience, through the served path: on made people everywhere, on KuaiRec where it lies."""

import pytest

from bench.engine.data import default_folder, find_folder
from bench.engine.kuairec import read_matrix
from bench.engine.niche import play
from bench.engine.tests.made import made_matrix
from xingqu.engine.learn.taste import TasteModel


def test_a_made_niche_is_found_and_by_who_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    found = play(made_matrix(), seed=1, items=3)
    assert found.ratio >= 0.8
    assert found.new >= 3 * found.everybody
    learned = TasteModel.learned
    monkeypatch.setattr(TasteModel, "learned", lambda self, *told: learned(self, *told[:4]))
    assert play(made_matrix(), seed=1, items=3).new < 2 * found.everybody


@pytest.mark.skipif(
    not (default_folder() / "kuairec").is_dir(),
    reason="no folder kuairec in the data folder (XINGQU_DATA_DIR, else ../shared/data)",
)
def test_a_niche_item_is_nearly_as_precise_after_200_exposures_as_with_its_whole_history() -> None:
    found = play(read_matrix(find_folder(default_folder(), "kuairec")), seed=7, items=6)
    assert found.ratio >= 0.8
    assert found.new >= 1.8 * found.everybody  # it did find them: half of all shown anew would still be chance
