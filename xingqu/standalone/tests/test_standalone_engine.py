"""The engine beside a shop, in process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xingqu.standalone import Busy, Conflict, Engine, InvalidInput, Item, NotFound, Settings, TooLarge
from xingqu.standalone.policy import changed_quota, decisions_of, draws_of
from xingqu.standalone.sketch import CountMinSketch
from xingqu.standalone.tests.conftest import RedisServer
from xingqu.standalone.tests.world import items, likes, topic_of

SETTINGS = Settings()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine.open(tmp_path / "engine", background=False, seed=1) as opened:
        opened.put_items(items())
        opened.refresh()
        yield opened


def test_a_page_follows_three_clicks(engine: Engine) -> None:
    before = [topic_of(place.item) for place in engine.recommend("anna", 12).items]
    told = engine.observe(likes("anna", 2))
    assert (told.accepted, told.duplicates, told.unknown_items, told.rejected) == (3, 0, 0, ())
    page = engine.recommend("anna", 12)
    after = [topic_of(place.item) for place in page.items]
    assert after.count(2) >= 6 > before.count(2)
    assert len({place.item for place in page.items}) == 12
    assert {place.item for place in page.items}.isdisjoint({"item-2", "item-8", "item-14"})
    reason = next(place.reasons[0] for place in page.items if topic_of(place.item) == 2 and place.reasons)
    assert (reason.tag.split("-")[0], reason.horizon) == ("running", "instant")
    assert all(0 < place.propensity <= 1 for place in page.items)


def test_an_event_counts_once_and_the_wrong_ones_are_told(engine: Engine) -> None:
    engine.observe(likes("anna", 2))
    events = engine.explain("anna").events
    wrong = [
        {"id": "x", "person": "anna", "kind": "buy", "item": "item-2"},
        {"id": "x", "person": "anna", "kind": "order"},
        {"id": "x", "person": "anna", "kind": "order", "item": "item-2", "at_ms": 1},
        {"id": "x", "person": "anna", "kind": "order", "item": "item-2", "value": float("nan")},
        {"person": "anna", "kind": "order", "item": "item-2"},
        {"id": "x", "person": "anna", "kind": "order", "item": "item-2", "value": 10**400},
        "order",
        {"id": "x", "person": "a\ud800", "kind": "order", "item": "item-2"},
        {"id": "x", "person": "anna", "kind": "order", "item": "item-2", "colour": "red"},
    ]
    told = engine.observe([*likes("anna", 2), *wrong])
    assert (told.accepted, told.duplicates) == (0, 3)
    fields = ["kind", "item", "at_ms", "value", "id", "value", "", "person", "colour"]
    assert [(one.index, one.field) for one in told.rejected] == [(3 + i, field) for i, field in enumerate(fields)]
    assert all(one.expected for one in told.rejected)
    assert engine.explain("anna").events == events == 3


def test_an_unknown_item_gets_a_row_when_met_often_enough(engine: Engine) -> None:
    def meet(number: int) -> tuple[int, int]:
        told = engine.observe([{"id": f"u{number}", "person": "anna", "kind": "order", "item": "from-elsewhere"}])
        return told.accepted, told.unknown_items

    assert [meet(number) for number in range(4)] == [(0, 1), (0, 1), (1, 0), (1, 0)]
    assert engine.names.known("item", "from-elsewhere") > 0
    assert engine.names.known("item", "met-once") == 0


def test_the_sketch_never_counts_too_little_and_forgets() -> None:
    sketch, rng = CountMinSketch(1 << 10, 4), np.random.default_rng(0)
    counts: dict[str, int] = {}
    for number in rng.zipf(1.5, 1_500):
        name = str(min(number, 400))
        counts[name] = counts.get(name, 0) + 1
        assert sketch.add(name) >= counts[name]
    assert sketch.add("new") <= 3
    for number in range(3_000):
        sketch.add(f"noise-{number}")
    assert sketch.add("1") < counts["1"]


def test_items_come_change_and_go(engine: Engine) -> None:
    engine.observe(likes("anna", 2))
    put = engine.put_items([Item(id="novel", tags={"running": 2.0}), {"id": ""}, {"id": "b", "tags": [1]}])
    assert put.accepted == 1
    assert [(one.index, one.field) for one in put.rejected] == [(1, "id"), (2, "tags")]
    engine.refresh()
    first_ms = engine.explain("anna", "novel").item
    assert first_ms is not None
    assert first_ms.may_be_shown
    engine.put_items([Item(id="novel", tags={"running": 1.0}, visible=False)])
    engine.refresh()
    hidden = engine.explain("anna", "novel").item
    assert hidden is not None
    assert not hidden.may_be_shown
    assert engine.delete_item("novel") is True
    assert engine.delete_item("novel") is False
    engine.refresh()
    with pytest.raises(NotFound) as refused:
        engine.explain("anna", "novel")
    assert refused.value.field == "item"
    assert engine.health()["items"] == 240


def test_limits_are_told(engine: Engine) -> None:
    with pytest.raises(TooLarge):
        engine.observe([{}] * (SETTINGS.batch_events + 1))
    with pytest.raises(TooLarge):
        engine.put_items([{}] * (SETTINGS.batch_items + 1))
    for size in (0, -1, SETTINGS.page_size + 1):
        with pytest.raises(InvalidInput, match="size"):
            engine.recommend("anna", size)
    with pytest.raises(InvalidInput, match="surface"):
        engine.recommend("anna", surface="shelf")
    with pytest.raises(NotFound):
        engine.recommend("anna", surface="similar", seed_item="none")
    with pytest.raises(InvalidInput):
        engine.explain("x" * 129)


def test_similar_and_excluded(engine: Engine) -> None:
    page = engine.recommend("", 6, surface="similar", seed_item="item-3")
    assert [topic_of(place.item) for place in page.items].count(3) >= 5
    first = page.items[0].item
    again = engine.recommend("", 6, surface="similar", seed_item="item-3", exclude=[first, "unheard-of"])
    assert first not in {place.item for place in again.items}


def test_preferences_set_by_hand(engine: Engine) -> None:
    engine.observe(likes("anna", 2))
    engine.set_preferences("anna", block=["running"], pin=["chess"])
    page = engine.recommend("anna", 12)
    topics = [topic_of(place.item) for place in page.items]
    assert 2 not in topics
    assert topics.count(5) >= 4
    flags = {one.tag: (one.pinned, one.blocked) for one in engine.explain("anna").interests}
    assert (flags["chess"], flags["running"]) == ((True, False), (False, True))
    with pytest.raises(InvalidInput):
        engine.set_preferences("anna", pin=["a tag of nothing"])
    engine.set_preferences("anna", personalised=False)
    before = engine.explain("anna").events
    assert engine.observe(likes("anna", 4)).accepted == 3
    assert (engine.explain("anna").events, engine.recommend("anna", 5).personalised) == (before, False)


def test_everything_survives_a_new_start_and_is_learned_once(tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    with Engine.open(folder, background=False, seed=1) as engine:
        engine.put_items(items())
        engine.refresh()
        for number in range(30):
            engine.observe(likes(f"p{number}", number % 6))
        version = engine.refresh()
        counters = engine._builder.current.counters.copy()
        pairs = engine._builder.current.covisit_weights.size
        with pytest.raises(Busy):
            Engine.open(folder)
    assert pairs > 0
    with Engine.open(folder, background=False, seed=1) as engine:
        current = engine._builder.current
        assert current.version > version
        assert np.allclose(current.counters, counters, rtol=1e-3)
        assert current.covisit_weights.size == pairs
        assert engine.explain("p1").events == 3


def test_the_background_takes_up_items_by_itself(tmp_path: Path) -> None:
    settings = replace(SETTINGS, rebuild_after_s=0.05, flush_pages_s=0.05, learn_every_s=0.1)
    with Engine.open(tmp_path / "engine", settings=settings) as engine:
        engine.put_items(items(60))
        deadline = time.monotonic() + 20
        while engine.health()["items"] < 60 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert engine.health()["items"] == 60
        assert len(engine.recommend("anna", 10).items) == 10
    metrics = engine.metrics()
    assert 'xingqu_stage_seconds_count{stage="recommend"} 1' in metrics
    assert "xingqu_items 60" in metrics


def test_idle_people_and_old_entries_leave(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.observe(likes("anna", 2))
    now_ms = engine.now_ms()
    later_ms = now_ms + (SETTINGS.idle_days + 2) * 86_400_000
    monkeypatch.setattr(engine, "now_ms", lambda: later_ms)
    engine.observe(likes("bert", 2))
    assert engine.maintain() == {"people": 1, "journal_entries": 0}
    assert (engine.explain("anna").known, engine.explain("bert").known) == (False, True)


def test_deleting_a_person_leaves_no_trace(engine: Engine) -> None:
    person = "anna-of-the-lake"
    engine.observe(likes(person, 2))
    engine.recommend(person, 10)
    engine.flush()
    engine.recommend(person, 10)  # still waits to be written
    slot = engine.store.slot_of(person)
    keys = (engine.folder / "store" / "keys").read_bytes()
    key = keys[32 * slot : 32 * slot + 32]
    assert engine.delete_person(person) is True
    engine.flush()
    engine.refresh()
    assert engine.delete_person(person) is False
    assert slot not in engine._builder._learned.stream.latest
    explanation = engine.explain(person)
    assert (explanation.known, explanation.events, explanation.interests) == (False, 0, ())
    left = b"".join(path.read_bytes() for path in engine.folder.rglob("*") if path.is_file())
    assert person.encode() not in left
    assert key not in left


@pytest.mark.slow
def test_an_engine_moves_from_a_folder_to_redis(engine: Engine, tmp_path: Path, redis_server: RedisServer) -> None:
    for number in range(20):
        engine.observe(likes(f"p{number}", number % 6))
        engine.recommend(f"p{number}", 10)
    file = tmp_path / "copy.gz"
    assert engine.export(file) == {"items": 240, "people": 20}
    with pytest.raises(Conflict):
        engine.import_(file)
    with Engine.open(tmp_path / "other", redis_url=redis_server.url, background=False, seed=9) as other:
        assert other.import_(file) == {"items": 240, "people": 20}
        engine.refresh()
        assert other.observe(likes("p3", 3)).duplicates == 3
        one, two = (e.explain("p3", "item-9") for e in (engine, other))
        assert [i.tag for i in one.interests] == [i.tag for i in two.interests]
        assert one.item is not None
        assert two.item is not None
        assert one.item.value == pytest.approx(two.item.value, abs=1e-3)
        assert other._builder.current.covisit_weights.size == engine._builder.current.covisit_weights.size
        # a second server over the same Redis sees what the first is told
        with Engine.open(tmp_path / "third", redis_url=redis_server.url, background=False) as third:
            third.put_items([Item(id="seen-by-both", tags={"chess": 1.0})])
            other.refresh()
            assert other.explain("p3", "seen-by-both").item is not None
            third.observe(likes("p3", 5))
            assert other.explain("p3").events == 6
    (tmp_path / "cut.gz").write_bytes(file.read_bytes()[:-200])
    with Engine.open(tmp_path / "fourth", background=False) as fourth, pytest.raises(InvalidInput):
        fourth.import_(tmp_path / "cut.gz")


def test_the_journal_judges_other_settings_of_exploration(engine: Engine) -> None:
    for number in range(60):
        if number % 15 == 0:
            engine.refresh()  # with the likes so far: before any, all items are worth the same
        engine.observe(likes(f"p{number}", number % 6))
        shown = [place.item for place in engine.recommend(f"p{number}", 20).items]
        engine.observe(
            [{"id": f"i-{item}", "person": f"p{number}", "kind": "impression", "item": item} for item in shown]
        )
        liked = [item for item in shown if topic_of(item) == number % 6]
        engine.observe([{"id": item, "person": f"p{number}", "kind": "like", "item": item} for item in liked])
    engine.flush()
    quota = engine.params.quota
    draws = draws_of(engine.store, success=frozenset({"like"}), within_ms=60_000)
    assert len(draws) >= 60
    assert {draw.reward for draw in draws} == {0.0, 1.0}
    same = decisions_of(draws, logged=quota, target=quota)
    assert np.allclose(same.target, same.propensity)
    other = decisions_of(draws, logged=quota, target=changed_quota(quota, {"temperature": "2", "uniform_floor": "0.1"}))
    assert not np.allclose(other.target, other.propensity)
    assert other.predicted is not None
    for wrong in ({"temperature": "hot"}, {"fresh_share": "0.5"}, {"uniform_floor": "1.5"}):
        with pytest.raises(InvalidInput):
            changed_quota(quota, wrong)
    with pytest.raises(InvalidInput):
        draws_of(engine.store, success=frozenset({"buy"}), within_ms=1)
