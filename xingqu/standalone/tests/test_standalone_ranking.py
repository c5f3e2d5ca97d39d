"""The learned ranking beside a shop: trained from the journal, taken up by the server, learning on."""

from pathlib import Path

import numpy as np
import pytest

from xingqu.engine.columns import Feature, Head
from xingqu.standalone import Engine
from xingqu.standalone.codec import PAGE, RANKED_PAGE, decode_page, impressions_of
from xingqu.standalone.tests.world import items, likes, topic_of
from xingqu.standalone.training import train_models

NOBODY_WATCHES = 2


def watch_page(engine: Engine, person: str) -> list[str]:
    """A page is served; everything but one topic is watched to the end."""
    page = engine.recommend(person, 10)
    shown = [place.item for place in page.items]
    engine.flush()
    events = []
    for item in shown:
        told = {"person": person, "item": item}
        events.append(told | {"id": f"{person}-{item}-{page.at_ms}-seen", "kind": "impression"})
        if topic_of(item) != NOBODY_WATCHES:
            events.append(told | {"id": f"{person}-{item}-{page.at_ms}-watched", "kind": "completion"})
    assert engine.observe(events).accepted == len(events)
    return shown


def test_a_page_in_the_journal_says_what_it_was_ranked_by_and_older_ones_are_still_read(tmp_path: Path) -> None:
    with Engine.open(tmp_path, background=False, seed=1) as engine:
        engine.put_items(items(60))
        engine.refresh()
        engine.observe(likes("ann", 2))
        engine.recommend("ann", 5)
        engine.flush()
        data = next(data for data in engine.store.person_journal("ann") if data[0] == RANKED_PAGE)
    page = decode_page(data)
    assert page is not None
    assert (page.ranked_by.shape, page.biases.shape) == ((5, len(Feature)), (5, len(Head)))
    rows = impressions_of(page, 7)
    assert rows is not None
    assert (rows.item_id.tolist(), rows.position.tolist()) == (page.items["item_id"].tolist(), [0, 1, 2, 3, 4])
    assert np.array_equal(rows.features, page.ranked_by.astype(np.float32))
    numbers = 2 + page.ranked_by.nbytes + page.biases.nbytes
    start = len(data) - numbers - sum(6 + 4 * scores.size for _, scores in page.draws.values())
    older = decode_page(bytes([PAGE]) + data[1:start] + data[start + numbers :])
    assert older is not None
    assert older.items.tobytes() == page.items.tobytes()
    assert {at: picked for at, (picked, _) in older.draws.items()} == {at: p for at, (p, _) in page.draws.items()}
    assert impressions_of(older, 7) is None


def test_training_finds_a_ranking_that_the_server_takes_up_and_goes_on_learning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    with Engine.open(tmp_path, background=False, seed=1) as engine:
        engine.put_items(items(120))
        engine.refresh()
        for number in range(100):
            engine.observe(likes(f"p{number}", (0, 2, 3)[number % 3]))
            watch_page(engine, f"p{number}")
    report = train_models(tmp_path, None, budget_s=1.0, seed=1)
    assert report["ranking"]["impressions"] == 1_000
    assert report["ranking"]["after"] > report["ranking"]["before"]
    assert report["ranking"]["heads"]["completion"]["adopted"] is True
    with Engine.open(tmp_path, background=False, seed=1) as engine:
        engine.refresh()
        models = engine._builder.current.models
        assert models.ranker is not None
        assert models.residual is not None
        before = models.residual.impressions
        watched, not_watched = (engine.explain("p0", item).item for item in ("item-3", "item-2"))
        assert watched is not None
        assert not_watched is not None
        assert not_watched.predictions["completion"] < watched.predictions["completion"]
        engine._builder.refresh()
        watch_page(engine, "p1")
        later_ms = engine.now_ms() + 300_000
        monkeypatch.setattr(engine._builder, "_now_ms", lambda: later_ms)
        engine.refresh()
        again = engine._builder.current.models.residual
        assert again is not None
        assert again.impressions == before + 10
        engine.delete_person("p1")
        assert not any((rows.person == 1).any() for rows in engine._builder._learned.waiting.served)
