"""What a shop and an operator are told of the traffic pools."""

import json
from pathlib import Path
from typing import Any

import pytest

from xingqu.accounts import services as accounts
from xingqu.accounts.contracts import Actor
from xingqu.accounts.models import Person
from xingqu.content.models import Content
from xingqu.engine.columns import Signal
from xingqu.engine.slate.commerce import CommerceState
from xingqu.feed import services
from xingqu.interest import services as interest
from xingqu.interest.models import PoolItem, PoolMove
from xingqu.interest.services import commerce
from xingqu.interest.services.commerce import commerce_state
from xingqu.interest.storage import snapshots
from xingqu.interest.tests.world import event
from xingqu.kit import clock


def _watch(content_id: int, people: int, *, long: int) -> None:
    """The content shown to so many people, `long` of whom stay."""
    for key in range(people):
        events = [event(Signal.IMPRESSION, content_id=content_id, surface="for_you")]
        if key < long:
            events.append(event(Signal.DWELL, content_id=content_id, value=60_000, surface="for_you"))
        actor = Actor(person_id=None, guest_key=10_000 + key)
        interest.observe(actor=actor, events=events, received_at_ms=clock.now_ms())


def _shop_with_content() -> tuple[int, int, int]:
    owner_id = accounts.create_person(email="pool@example.test", password=None, display_name="青禾")
    shop_id = accounts.create_organisation(owner_id=owner_id, kind="merchant", name="山行小铺")
    content = Content.objects.filter(state="published").order_by("id").first()
    Content.objects.filter(pk=content.pk).update(shop_id=shop_id, published_at=clock.now(), updated_at=clock.now())
    return shop_id, content.pk, owner_id


@pytest.fixture
def pooled(world: Any) -> tuple[int, int, int]:
    """A shop, its content in the entry pool, the owner."""
    made = _shop_with_content()
    services.rebuild_snapshot()
    snapshots().refresh()
    return made


def test_a_new_content_enters_and_passes_its_gate(pooled: Any, new_caller: Any) -> None:
    shop_id, content_id, owner_id = pooled
    owner = new_caller()
    owner.client.force_login(Person.objects.get(pk=owner_id))
    path = f"/shops/{shop_id}/contents/{content_id}/pool"
    first = owner.get(path)
    assert (first["pool"]["stage"], first["pool"]["why"]) == ("entry", "gathering")
    assert (first["pool"]["impressions"], first["pool"]["guaranteed"]) == (0, 100)
    assert first["pool"]["due_at"] > first["pool"]["since"]
    assert [(step["before"], step["after"], step["why"]) for step in first["steps"]] == [("none", "entry", "entered")]

    _watch(content_id, 60, long=55)
    services.rebuild_snapshot()
    after = owner.get(path)
    assert (after["pool"]["stage"], after["pool"]["impressions_all"], after["pool"]["positives_all"]) == (
        "growth",
        60,
        55,
    )
    gate = after["steps"][0]
    assert (gate["before"], gate["after"], gate["why"], gate["impressions"], gate["positives"]) == (
        "entry", "growth", "proven", 60, 55,
    )  # fmt: skip
    assert gate["low"] >= gate["benchmark"]
    listed = owner.get(f"/shops/{shop_id}/pools?content_ids={content_id},{content_id + 1}")
    assert [row["content_id"] for row in listed["items"]] == [content_id]
    stage = snapshots().refresh().items
    assert stage.pool_stage[stage.rows_of([content_id])[0]] == 2


def test_a_poor_content_is_demoted_and_told_why(pooled: Any, new_caller: Any) -> None:
    shop_id, content_id, owner_id = pooled
    _watch(content_id, 45, long=1)
    services.rebuild_snapshot()
    owner = new_caller()
    owner.client.force_login(Person.objects.get(pk=owner_id))
    detail = owner.get(f"/shops/{shop_id}/contents/{content_id}/pool")
    assert (detail["pool"]["stage"], detail["pool"]["why"], detail["pool"]["guaranteed"]) == ("demoted", "poor", None)
    assert detail["steps"][0]["high"] < 0.6 * detail["steps"][0]["benchmark"]


def test_building_again_moves_nothing_twice(pooled: Any) -> None:
    _, content_id, _ = pooled
    for _ in range(2):
        services.rebuild_snapshot()
    assert PoolMove.objects.filter(content_id=content_id).count() == 1
    assert PoolItem.objects.get(pk=content_id).impressions == 0


def test_strangers_see_nothing_and_operators_see_reach(pooled: Any, new_caller: Any) -> None:
    shop_id, content_id, _ = pooled
    guest = new_caller()
    guest.get(f"/shops/{shop_id}/pools?content_ids={content_id}", 401)
    guest.get(f"/operator/contents/{content_id}/reach", 401)
    other_id = accounts.create_person(email="other@example.test", password=None, display_name="路人")
    other = new_caller()
    other.client.force_login(Person.objects.get(pk=other_id))
    other.get(f"/shops/{shop_id}/contents/{content_id}/pool", 404)
    other.get(f"/operator/contents/{content_id}/reach", 404)
    operator_id = accounts.create_person(email="op@example.test", password=None, display_name="运营", is_operator=True)
    operator = new_caller()
    operator.client.force_login(Person.objects.get(pk=operator_id))
    reach = operator.get(f"/operator/contents/{content_id}/reach")
    assert (reach["pool"]["stage"], reach["visible"]) == ("entry", True)
    assert set(reach["counts"]) >= {"impressions", "watches", "orders"}
    operator.get("/operator/contents/999999999/reach", 404)


def test_load_follows_what_was_shown(world: Any) -> None:
    items = snapshots().get().items
    selling = [int(pk) for pk in items.item_id[(items.product_id != 0) & items.visible]][:30]
    assert commerce_state(events_total=0).load == commerce_state(events_total=1_000).load == 0.0
    for pk in selling[:5]:
        _watch(pk, 3, long=2)
    interest.learn_from_log()
    newcomers, known = commerce_state(events_total=99), commerce_state(events_total=100)
    assert newcomers.share > 0.25  # everything shown was for sale
    assert newcomers.load < 0.0
    assert known == CommerceState()  # nobody is known yet
    for _ in range(4):
        for pk in selling:
            _watch(pk, 3, long=2)
    interest.learn_from_log()
    assert commerce_state(events_total=0) == newcomers
    assert commerce_state(events_total=100).load < 0.0


def test_a_load_of_an_older_release_is_that_of_those_who_are_known(world: Any, home: Path) -> None:
    told = CommerceState(load=-0.75, integral=-0.5, share=0.25)
    (home / "commerce.json").write_text(json.dumps(told.as_dict()))
    assert commerce_state(events_total=100) == told
    assert commerce_state(events_total=0) == CommerceState()
    (home / "commerce.json").write_text("broken")
    commerce._held[next(iter(commerce._held))].looked_at_s = 0.0
    assert commerce_state(events_total=100) == told
