"""What operators see of a person, of an item and of trainings, and that nobody else does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts import services as accounts
from xingqu.accounts.contracts import Actor
from xingqu.accounts.models import Person
from xingqu.engine.columns import Signal
from xingqu.feed import services
from xingqu.interest import services as interest
from xingqu.interest.models import ChannelReport, PersonLookup, Training
from xingqu.interest.storage import snapshots, state_store
from xingqu.interest.tests.world import event
from xingqu.kit import clock
from xingqu.signals.services import open_log

REASON = "a complaint about their feed"


@pytest.fixture
def operator(world: Any, new_caller: Callable[[], Any]) -> Any:
    return signed_in(new_caller, "op@example.test", is_operator=True)


def signed_in(new_caller: Callable[[], Any], email: str, **options: Any) -> Any:
    person_id = accounts.create_person(email=email, password=None, display_name="林小满", **options)
    caller = new_caller()
    caller.client.force_login(Person.objects.get(pk=person_id))
    caller.person_id = person_id
    return caller


def linger(actor: Actor, count: int = 12) -> list[int]:
    """Watch contents for long; returns them."""
    items = snapshots().get().items
    chosen = [int(pk) for pk in items.item_id[items.visible][:count]]
    events = [event(Signal.IMPRESSION, content_id=pk, surface="for_you") for pk in chosen]
    events += [event(Signal.DWELL, content_id=pk, value=30_000, surface="for_you") for pk in chosen]
    interest.observe(actor=actor, events=events, received_at_ms=clock.now_ms())
    return chosen


def fingerprint(actor: Actor) -> tuple[Any, ...]:
    """All that a request might change for a person."""
    sizes = {path.name: path.stat().st_size for path in sorted(open_log(name="served", sync=False).folder.iterdir())}  # type: ignore[attr-defined]
    return (
        state_store().read(actor.key).encode(),
        state_store().slots(actor.key),
        sizes,
        snapshots().get().items.version,
    )


def test_nobody_but_an_operator_sees_anything(operator: Any, new_caller: Callable[[], Any]) -> None:
    opened = operator.send("POST", "/operator/lookups", {"actor_key": f"p{operator.person_id}", "reason": REASON})
    owner = signed_in(new_caller, "owner@example.test")
    accounts.create_organisation(owner_id=owner.person_id, kind="merchant", name="山行小铺")
    rows = PersonLookup.objects.count()
    for caller, status in ((new_caller(), 401), (owner, 404)):
        caller.send("POST", "/operator/people/search", {"query": "op@example.test", "reason": REASON}, status)
        caller.send("POST", "/operator/lookups", {"actor_key": "p1", "reason": REASON}, status)
        for path in (
            "lookups",
            f"lookups/{opened['id']}",
            f"lookups/{opened['id']}/page",
            "trainings",
            "channels",
            "contents/1/reach",
        ):
            assert set(caller.get(f"/operator/{path}", status)) == {"error"}
    assert PersonLookup.objects.count() == rows


def test_a_look_up_needs_a_reason_and_is_written_down(operator: Any, new_caller: Callable[[], Any]) -> None:
    shopper = signed_in(new_caller, "shopper@example.test")
    found = operator.send("POST", "/operator/people/search", {"query": "Shopper@example.test", "reason": REASON})
    assert [row["actor_key"] for row in found["items"]] == [f"p{shopper.person_id}"]
    assert found["items"][0]["email"] == "shopper@example.test"
    by_id = operator.send("POST", "/operator/people/search", {"query": str(shopper.person_id), "reason": REASON})
    assert by_id == found
    by_name = operator.send("POST", "/operator/people/search", {"query": "小满", "reason": REASON})
    assert [row["actor_key"] for row in by_name["items"]] == [f"p{shopper.person_id}", f"p{operator.person_id}"]
    assert operator.send("POST", "/operator/people/search", {"query": "g12", "reason": REASON})["items"] == []
    count = PersonLookup.objects.count()
    operator.send("POST", "/operator/people/search", {"query": "x", "reason": "  "}, 422)
    operator.send("POST", "/operator/lookups", {"actor_key": f"p{shopper.person_id}", "reason": "why"}, 422)
    operator.send("POST", "/operator/lookups", {"actor_key": "p999999", "reason": REASON}, 404)
    operator.send("POST", "/operator/lookups", {"actor_key": "g999999", "reason": REASON}, 404)
    operator.send("POST", "/operator/lookups", {"actor_key": "x1", "reason": REASON}, 422)
    assert PersonLookup.objects.count() == count
    opened = operator.send("POST", "/operator/lookups", {"actor_key": f"p{shopper.person_id}", "reason": REASON})
    listed = operator.get("/operator/lookups?limit=2")
    assert [(row["what"], row["actor_key"], row["query"]) for row in listed["items"]] == [
        ("open", f"p{shopper.person_id}", ""),
        ("search", "", "g12"),
    ]
    assert {row["reason"] for row in listed["items"]} == {REASON}
    rest = operator.get(f"/operator/lookups?cursor={listed['next_cursor']}")
    assert [row["query"] for row in rest["items"]] == ["小满", str(shopper.person_id), "Shopper@example.test"]
    another = signed_in(new_caller, "op2@example.test", is_operator=True)
    another.get(f"/operator/lookups/{opened['id']}", 404)  # opened by somebody else
    PersonLookup.objects.update(open_until=clock.now() - timedelta(seconds=1))
    operator.get(f"/operator/lookups/{opened['id']}", 404)
    operator.get(f"/operator/lookups/{opened['id']}/page", 404)


def test_the_state_of_a_person(operator: Any, new_caller: Callable[[], Any]) -> None:
    shopper = signed_in(new_caller, "shopper@example.test")
    actor = Actor(person_id=shopper.person_id, guest_key=None)
    watched = linger(actor)
    opened = operator.send("POST", "/operator/lookups", {"actor_key": actor.key, "reason": REASON})
    before = fingerprint(actor)
    state = operator.get(f"/operator/lookups/{opened['id']}")
    assert fingerprint(actor) == before
    assert (state["known"], state["personalised"], state["events_total"]) == (True, True, 24)
    assert {row["content_id"] for row in state["events"]} == set(watched)
    assert {row["kind"] for row in state["events"]} == {"impression", "dwell"}
    assert {row["content_id"] for row in state["seen"]} == set(watched)
    assert state["tags"][0]["weight"] >= state["tags"][-1]["weight"]
    assert state["tags"][0]["instant"] > 0
    assert {row["content_id"] for row in state["contents"]} == set(watched)
    assert state["clusters"]
    assert all(row["tags"] for row in state["clusters"])
    empty = operator.send("POST", "/operator/lookups", {"actor_key": f"p{operator.person_id}", "reason": REASON})
    nothing = operator.get(f"/operator/lookups/{empty['id']}")
    assert (nothing["known"], nothing["events"], nothing["tags"], nothing["clusters"]) == (False, [], [], [])


def test_the_next_page_is_shown_and_nothing_changes(operator: Any, new_caller: Callable[[], Any]) -> None:
    shopper = signed_in(new_caller, "shopper@example.test")
    actor = Actor(person_id=shopper.person_id, guest_key=None)
    linger(actor)
    opened = operator.send("POST", "/operator/lookups", {"actor_key": actor.key, "reason": REASON})
    before = fingerprint(actor)
    page = operator.get(f"/operator/lookups/{opened['id']}/page?size=6&seed=3")
    assert fingerprint(actor) == before
    assert len(page["page"]) == 6
    assert [slot["content_id"] for slot in page["slots"]][:6] == page["page"]
    again = operator.get(f"/operator/lookups/{opened['id']}/page?size=6&seed=3")
    assert again["page"] == page["page"]
    channels = {row["channel"]: row for row in page["channels"]}
    assert channels["popular"]["candidates"] > 0
    assert sum(row["on_page"] for row in page["channels"]) == len(page["slots"])
    assert page["candidates"] <= sum(row["candidates"] for row in page["channels"])
    assert page["shortlisted"] <= page["candidates"]
    ranked = [slot for slot in page["slots"] if slot["how"] == "ranked"]
    drawn = [slot for slot in page["slots"] if slot["how"] == "drawn"]
    assert len(ranked) + len(drawn) == len(page["slots"])
    assert all(0 < slot["propensity"] <= 1 for slot in page["slots"])
    assert all({"watch", "like", "order"} <= set(slot["predictions"]) for slot in page["slots"])
    assert [step["step"] for step in ranked[0]["steps"]][:4] == ["value", "rating", "exposure", "commerce"]
    names = [step["step"] for step in ranked[0]["steps"]]
    assert "diversity" in names[4:]
    before_page = names.index("diversity") - 1
    for slot in ranked:
        rival = slot["passed_over"]
        if rival is not None:
            assert rival["value"] > slot["steps"][before_page]["value"]
            assert rival["why"] in ("spacing", "drawn_later", "worth_less")
    assert {row["content_id"] for row in page["contents"]} >= set(page["page"])
    assert not {row["content_id"] for row in page["runners_up"]} & {slot["content_id"] for slot in page["slots"]}
    operator.get(f"/operator/lookups/{opened['id']}/page?size=21", 422)


def test_a_person_without_personalisation_has_an_impersonal_page(operator: Any, new_caller: Callable[[], Any]) -> None:
    shopper = signed_in(new_caller, "shopper@example.test")
    actor = Actor(person_id=shopper.person_id, guest_key=None)
    linger(actor)
    interest.set_personalised(actor=actor, personalised=False)
    opened = operator.send("POST", "/operator/lookups", {"actor_key": actor.key, "reason": REASON})
    page = operator.get(f"/operator/lookups/{opened['id']}/page")
    assert page["personalised"] is False
    assert all(reasons == [] for reasons in page["reasons"].values())


def test_the_book_of_trainings(operator: Any) -> None:
    for number in range(3):
        Training.objects.create(
            kind="taste" if number else "next",
            state="adopted",
            why="no_worse",
            anew=False,
            started_at=clock.now(),
            finished_at=clock.now(),
            events=10,
            erased=0,
            metric="ndcg_at_10",
            cases=100,
            before=0.1,
            after=0.11,
            positions={"1": 2},
        )
    first = operator.get("/operator/trainings?limit=2")
    assert [(row["kind"], row["after"]) for row in first["items"]] == [("taste", 0.11), ("taste", 0.11)]
    assert "positions" not in first["items"][0]
    assert isinstance(first["serving"], list)
    rest = operator.get(f"/operator/trainings?limit=2&cursor={first['next_cursor']}")
    assert [row["kind"] for row in rest["items"]] == ["next"]
    assert rest["next_cursor"] is None
    assert len(operator.get("/operator/trainings?kind=next")["items"]) == 1
    assert operator.get("/operator/trainings?kind=nothing")["items"] == []
    operator.get(f"/operator/trainings?kind={'x' * 17}", 422)


def test_the_newest_report_on_channels_is_told(operator: Any) -> None:
    nothing = operator.get("/operator/channels")
    assert nothing == {"report": None, "sample_share": 0.05, "sample_gap_s": 10.0, "every_s": 3_600}
    row = {"channel": "taste", "pages": 2, "candidates": 9.5, "took_p50_us": 10.0, "took_p99_us": 20.0, "shown": 3}
    shares = {"recall": {"any": 0.5, "watched": 0.5}, "unique": {"any": 0.25, "watched": 0.25}}
    positives = {"any": 4, "watched": 4, "clicked": 0, "bought": 0, "beyond": 0}
    now = clock.now()
    for pages in (1, 2):
        ChannelReport.objects.create(
            made_at=now, first_at=now, last_at=now, pages=pages, people=1, positives=positives, channels=[row | shares]
        )
    report = operator.get("/operator/channels")["report"]
    assert (report["pages"], report["people"], report["positives"]) == (2, 1, positives)
    assert report["channels"] == [row | shares]


def test_reach_tells_of_groups_and_never_of_small_ones(operator: Any) -> None:
    items = snapshots().get().items
    content_id = int(items.item_id[items.visible][3])
    for key in range(1, 41):
        actor = Actor(person_id=None, guest_key=20_000 + key)
        if key <= 25:
            linger(actor, count=4)  # they are interested in what they watch, this among it
        else:
            shown = event(Signal.IMPRESSION, content_id=content_id, surface="for_you")
            interest.observe(actor=actor, events=[shown], received_at_ms=clock.now_ms())
        if key == 19:
            few = operator.get(f"/operator/contents/{content_id}/reach")["people"]
            assert (few["saw"], few["took_to"], few["shares"]) == (None, None, [])
    services.rebuild_snapshot()
    services.rebuild_snapshot()
    snapshots().refresh()
    reach = operator.get(f"/operator/contents/{content_id}/reach")
    assert (reach["people"]["saw"], reach["people"]["took_to"]) == (40, 25)
    assert reach["people"]["shares"]
    top = reach["people"]["shares"][0]
    assert top["of_takers"] > top["of_all"] > 0
    assert "actor" not in str(reach)
    (day,) = reach["days"]
    assert (day["impressions"], day["watches"], day["orders"]) == (40, 25, 0)
    watch = next(row for row in reach["rates"] if row["outcome"] == "watches")
    assert watch["rate"] == pytest.approx(25 / 40, abs=1e-3)
    assert watch["low"] < watch["rate"] < watch["high"]
