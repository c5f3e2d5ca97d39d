"""Signals into state, pages out of state."""

import threading
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import selectors, services
from xingqu.interest.contracts import Page
from xingqu.interest.storage import close_stores, state_store
from xingqu.interest.tests.world import event, linger, tag_of
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.signals.services import open_log


def serve(actor: Actor, size: int) -> Page:
    page = services.recommend(actor=actor, size=size)
    return services.record_served(actor=actor, page=page, content_ids=[item.content_id for item in page.items])


def page_tags(actor: Actor, size: int = 10, **options: object) -> list[int]:
    return [tag_of(item.content_id) for item in services.recommend(actor=actor, size=size, **options).items]


def test_lingering_on_one_interest_brings_clearly_more_of_it(world: ItemSnapshot, guest: Actor) -> None:
    before = Counter(page_tags(guest))
    wanted = min((1, 2, 3, 4), key=lambda tag: before[tag])
    linger(guest, [pk for pk in range(1, 30) if tag_of(pk) == wanted][:4])
    assert page_tags(guest).count(wanted) >= before[wanted] + 2


def test_a_duplicate_is_counted_and_not_applied_twice(world: ItemSnapshot, guest: Actor) -> None:
    like = event(Signal.LIKE, content_id=5)
    first = services.observe(actor=guest, events=[like, like], received_at_ms=clock.now_ms())
    assert (first.accepted, first.duplicates) == (1, 1)
    state = state_store().read(guest.key).encode()
    again = services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms())
    assert (again.accepted, again.duplicates) == (0, 1)
    assert state_store().read(guest.key).encode() == state
    assert state_store().read(guest.key).events_total == 1


def test_each_actor_has_a_state_of_their_own(world: ItemSnapshot, guest: Actor) -> None:
    stranger = Actor(person_id=None, guest_key=78)
    like = event(Signal.LIKE, content_id=5)
    services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms())
    assert state_store().read(stranger.key).events_total == 0
    # the same id from somebody else is somebody else's event
    assert services.observe(actor=stranger, events=[like], received_at_ms=clock.now_ms()).accepted == 1


def test_unknown_things_are_refused_one_by_one(world: ItemSnapshot, guest: Actor) -> None:
    now_ms = clock.now_ms()

    def raw(**fields: object) -> dict[str, object]:
        return {"event_id": str(uuid4()), "occurred_at_ms": now_ms} | fields

    raws = [
        raw(kind="like", content_id=4_000),
        raw(kind="like", content_id=5),
        raw(kind="follow", creator_id=999),
        raw(kind="product_click", product_id=55),
        raw(kind="product_click", product_id=1006),
        raw(kind="not_interested", reason="tag", tag_id=900),
        raw(kind="follow", creator_id=3),
    ]
    observed, rejected = services.observe_batch(actor=guest, raw_events=raws, sent_at_ms=now_ms)
    assert observed.accepted == 3
    assert [(r.index, r.code, r.field) for r in rejected] == [
        (0, "unknown_content", "content_id"),
        (2, "unknown_creator", "creator_id"),
        (3, "unknown_product", "product_id"),
        (5, "unknown_tag", "tag_id"),
    ]
    assert state_store().read(guest.key).events_total == 3


def test_a_batch_of_refused_events_changes_nothing(world: ItemSnapshot, guest: Actor) -> None:
    now_ms = clock.now_ms()
    raws = [{"event_id": str(uuid4()), "kind": "like", "occurred_at_ms": now_ms + 9_000_000, "content_id": 5}]
    observed, rejected = services.observe_batch(actor=guest, raw_events=raws, sent_at_ms=now_ms)
    assert (observed.accepted, observed.duplicates, [r.code for r in rejected]) == (0, 0, ["event_in_future"])
    assert state_store().slots(guest.key) == ()
    assert open_log(name="signals").segments() == []


def test_what_was_seen_is_not_served_again(world: ItemSnapshot, guest: Actor) -> None:
    shown = [item.content_id for item in services.recommend(actor=guest, size=20).items]
    events = [event(Signal.IMPRESSION, content_id=pk) for pk in shown]
    services.observe(actor=guest, events=events, received_at_ms=clock.now_ms())
    again = {item.content_id for item in services.recommend(actor=guest, size=20).items}
    assert len(shown) == 20
    assert again.isdisjoint(shown)


def test_excluded_contents_stay_away(world: ItemSnapshot, guest: Actor) -> None:
    page = services.recommend(actor=guest, size=20, exclude=range(1, 61))
    assert len(page.items) == 20
    assert {item.content_id for item in page.items} == set(range(61, 81))


def test_a_blocked_tag_is_gone_and_comes_back(world: ItemSnapshot, guest: Actor) -> None:
    services.change_tag(actor=guest, tag_id=2, action="block")
    assert 2 not in page_tags(guest, 20)
    services.change_tag(actor=guest, tag_id=2, action="unblock")
    assert 2 in page_tags(guest, 20)


def test_a_pinned_tag_leads_and_less_takes_it_back(world: ItemSnapshot, guest: Actor) -> None:
    services.change_tag(actor=guest, tag_id=4, action="pin")
    tags = selectors.interest_tags(actor=guest)
    assert [(t.tag_id, t.name, t.pinned, t.words) for t in tags.tags] == [(4, "标签4", True, "strong")]
    pinned = page_tags(guest).count(4)
    services.change_tag(actor=guest, tag_id=4, action="less")
    assert selectors.interest_tags(actor=guest).tags == ()
    assert page_tags(guest).count(4) < pinned


def test_a_deleted_tag_is_forgotten(world: ItemSnapshot, guest: Actor) -> None:
    linger(guest, [2, 6, 10])
    linger(guest, [3])
    assert [t.tag_id for t in selectors.interest_tags(actor=guest).tags] == [3, 4]
    before = {row["id"]: row["liked"] for row in selectors.export(actor=guest)["state"]["clusters"]}
    services.forget_tag(actor=guest, tag_id=3)
    assert [t.tag_id for t in selectors.interest_tags(actor=guest).tags] == [4]
    # what is counted for good of that tag is gone as well, and nothing else
    left = {row["id"]: row["liked"] for row in selectors.export(actor=guest)["state"]["clusters"]}
    model = world.models.clusters
    assert model is not None
    own = set(model.cluster_id[model.item_cluster[[row for row in range(80) if tag_of(row + 1) == 4]]].tolist())
    assert left == {key: liked for key, liked in before.items() if key in own}
    assert len(before) > len(left) > 0
    with pytest.raises(NotFound):
        services.forget_tag(actor=guest, tag_id=3)


def test_unknown_tags_and_actions_are_refused(world: ItemSnapshot, guest: Actor) -> None:
    with pytest.raises(NotFound):
        services.change_tag(actor=guest, tag_id=999, action="pin")
    with pytest.raises(InvalidInput):
        services.change_tag(actor=guest, tag_id=1, action="love")
    assert state_store().slots(guest.key) == ()


def test_personalisation_off_uses_and_learns_nothing_personal(world: ItemSnapshot, guest: Actor) -> None:
    linger(guest, [2, 6, 10])
    services.set_personalised(actor=guest, personalised=False)
    before = state_store().read(guest.key).events_total
    linger(guest, [14, 18])
    page = services.recommend(actor=guest, size=20)
    assert state_store().read(guest.key).events_total == before
    assert page.personalised is False
    assert {item.channel for item in page.items} <= {"popular", "fresh", "exploration"}
    assert [item.reasons for item in page.items] == [()] * 20
    services.set_personalised(actor=guest, personalised=True)
    assert selectors.interest_tags(actor=guest).tags[0].tag_id == 3


def test_a_served_page_can_be_read_back_by_its_owner_only(world: ItemSnapshot, guest: Actor) -> None:
    linger(guest, [2, 6, 10])
    page = serve(guest, 8)
    assert selectors.served_page(actor=guest, request_id=page.request_id).items == page.items
    assert [item.position for item in page.items] == list(range(8))
    assert all(0 < item.propensity <= 1 for item in page.items)
    assert any(reason.tag_id == 3 for item in page.items for reason in item.reasons)
    for actor, request_id in (
        (Actor(person_id=None, guest_key=78), page.request_id),
        (guest, "0" * 24),
        (guest, "x"),
        (guest, page.request_id[:-1] + ("0" if page.request_id[-1] != "0" else "1")),
    ):
        with pytest.raises(NotFound):
            selectors.served_page(actor=actor, request_id=request_id)


def test_a_guest_becomes_a_person_with_everything_once(world: ItemSnapshot, guest: Actor) -> None:
    person = Actor(person_id=9, guest_key=77)
    like = event(Signal.LIKE, content_id=2)
    services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms())
    services.observe(actor=person, events=[event(Signal.LIKE, content_id=3)], received_at_ms=clock.now_ms())
    request_id = serve(guest, 3).request_id
    assert services.merge_guest(guest_key=77, person_id=9) is True
    assert services.merge_guest(guest_key=77, person_id=9) is False
    merged = state_store().read(person.key)
    assert merged.events_total == 2
    assert {t.tag_id for t in selectors.interest_tags(actor=person).tags} == {3, 4}
    assert state_store().slots(guest.key) == ()
    # what the guest did and was shown is the person's now: no event counts again, the page still explains itself
    assert services.observe(actor=person, events=[like], received_at_ms=clock.now_ms()).duplicates == 1
    assert len(selectors.served_page(actor=person, request_id=request_id).items) == 3


def test_an_order_is_told_once(world: ItemSnapshot, guest: Actor) -> None:
    told = [services.tell(actor=guest, kind=Signal.ORDER, reference="P1:7", product_id=1006, value=2) for _ in range(2)]
    assert told == [True, False]
    assert selectors.interest_tags(actor=guest).tags[0].tag_id == tag_of(6)


def test_an_export_has_everything_and_deletion_leaves_nothing(world: ItemSnapshot, guest: Actor, home: Path) -> None:
    query = "秘密的愿望"
    person = Actor(person_id=987_654_321, guest_key=None)
    linger(guest, [2, 6, 10])
    secret = event(Signal.SEARCH, query=query)
    services.observe(actor=guest, events=[secret], received_at_ms=clock.now_ms())
    page = serve(guest, 5)
    services.merge_guest(guest_key=77, person_id=987_654_321)
    linger(person, [3])
    export = selectors.export(actor=person)
    assert len(export["signals"]) == 13
    assert export["state"]["event_count"] == 13
    assert {row["query"] for row in export["signals"] if "query" in row} == {query}
    assert [row["request_id"] for row in export["served"]] == [page.request_id]

    assert services.delete_everything(actor=person) is True
    assert services.delete_everything(actor=person) is False
    empty = selectors.export(actor=person)
    assert (empty["signals"], empty["served"], empty["state"]["event_count"]) == ([], [], 0)
    assert export["state"]["clusters"] != []
    assert (empty["state"]["clusters"], empty["state"]["purchases"]) == ([], [])
    with pytest.raises(NotFound):
        selectors.served_page(actor=person, request_id=page.request_id)
    # and nothing of it stands in any file: neither words, ids nor the name of the actor
    close_stores()
    files = [path for path in home.rglob("*") if path.is_file() and "snapshots" not in path.parts]
    assert len(files) == 6  # keys, two logs, LMDB's two files, where states are
    for path in files:
        data = path.read_bytes()
        for needle in (query.encode(), person.key.encode(), secret.event_id + secret.event_id):
            assert needle not in data, path
    assert services.observe(actor=person, events=[secret], received_at_ms=clock.now_ms()).accepted == 1
    assert state_store().read(person.key).events_total == 1


def test_deleting_one_actor_leaves_the_others(world: ItemSnapshot, guest: Actor) -> None:
    other = Actor(person_id=None, guest_key=78)
    for actor in (guest, other):
        linger(actor, [2])
    services.delete_everything(actor=guest)
    assert len(selectors.export(actor=other)["signals"]) == 3
    assert state_store().read(other.key).events_total == 3
    assert state_store().read(guest.key).events_total == 0


def test_threads_updating_one_actor_lose_nothing(world: ItemSnapshot, guest: Actor) -> None:
    def like() -> None:
        for pk in range(1, 21):
            services.observe(actor=guest, events=[event(Signal.LIKE, content_id=pk)], received_at_ms=clock.now_ms())

    threads = [threading.Thread(target=like) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state_store().read(guest.key).events_total == 60
