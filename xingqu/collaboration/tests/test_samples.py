"""Samples from the offer to their end, over HTTP: who may what when, the units, the clocks."""

from datetime import timedelta

import pytest

from xingqu.accounts.models import Notice
from xingqu.collaboration.models import Sample, SampleEvent
from xingqu.collaboration.services.sample_timers import note_arrival, note_turned_back, recognise_works, run_due_samples
from xingqu.collaboration.tests.house import Creator, Desk, row_of, sent, stock
from xingqu.events.collaboration import SampleChanged
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.outbox import deliver_due
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


@pytest.fixture
def creator(db: None) -> Creator:
    return Creator()


def test_a_sample_that_became_a_work(desk: Desk, creator: Creator, sku: int) -> None:
    offer = desk.offer(sku, asks="一条开箱视频", fulfil_days=10)
    bucket = f"sample:{offer['id']}"
    assert (offer["free"], offer["held"], offer["sent"]) == (5, 0, 0)
    assert stock(sku) == {"": (95, 0, 0, 95), bucket: (5, 0, 0, 5)}
    seen = creator.caller.get(f"{creator.path}/sample-offers")["items"]
    assert [(row["id"], row["asked"], row["lacks"]) for row in seen] == [(offer["id"], False, [])]
    sample = creator.ask(offer["id"])
    assert (sample["state"], sample["waiting_for"], sample["can"]) == ("applied", "merchant", ["withdraw"])
    assert row_of(sample).due_at == row_of(sample).created_at + timedelta(days=3)
    assert stock(sku)[bucket] == (5, 0, 0, 5)
    sample = desk.do(sample, "approve")
    assert (sample["state"], sample["waiting_for"], sample["can"]) == ("approved", "merchant", ["cancel", "ship"])
    assert sample["address"]["detail"].startswith("学院路")
    assert stock(sku)[bucket] == (5, 0, 1, 4)
    sample = desk.ship(sample)
    assert (sample["state"], sample["waiting_for"]) == ("shipped", "creator")
    assert stock(sku)[bucket] == (5, 1, 0, 4)
    mine = creator.caller.get(f"{creator.path}/samples/{sample['sample_no']}")
    assert [parcel["tracking_no"] for parcel in mine["parcels"]] == [sample["parcels"][0]["tracking_no"]]
    assert mine["can"] == ["declare", "ask_extension"]
    content_id = creator.work(sku)
    assert recognise_works(creator_id=creator.id) == 1
    done = desk.sample(sample["sample_no"])
    assert (done["state"], done["proof_kind"], done["proof_id"], done["can"]) == (
        "fulfilled",
        "content",
        content_id,
        [],
    )
    assert [event["step"] for event in done["events"]] == ["apply", "approve", "ship", "recognise"]
    assert done["address"] == {
        "recipient": "",
        "phone": "",
        "detail": "",
        "district": "",
        "province": mine["address"]["province"],
        "city": mine["address"]["city"],
    }
    facts = [row.payload for row in OutboxFact.objects.filter(name=SampleChanged.__name__).order_by("id")]
    assert [fact["state"] for fact in facts] == ["applied", "approved", "shipped", "fulfilled"]
    deliver_due()
    told = Notice.objects.filter(person_id=desk.shop.owner_id, kind="sample_changed").order_by("id")
    assert [row.data["step"] for row in told] == ["apply", "approve", "ship", "recognise"]


def test_each_side_takes_its_own_steps_in_turn(desk: Desk, creator: Creator, sku: int) -> None:
    sample = creator.ask(desk.offer(sku)["id"])
    refused = (("ship", {"carrier_code": "sf", "tracking_no": "SF000000000001"}), ("confirm", {}), ("release", {}))
    for step, body in refused:
        assert desk.do(sample, step, status=409, **body)["error"]["code"] == "wrong_step"
    assert creator.do(sample, "work", status=409, link="https://x.example/1")["error"]["code"] == "wrong_step"
    assert creator.do(sample, "extension", status=409, days=3)["error"]["code"] == "wrong_step"
    assert creator.do(sample, "pay", status=409)["error"]["code"] == "wrong_step"
    assert (row_of(sample).state, SampleEvent.objects.count()) == ("applied", 1)
    desk.do(sample, "approve")
    stale = desk.do(sample, "approve", status=409)["error"]
    assert (stale["code"], stale["data"]) == ("stale_version", {"state": "approved", "version": 2})
    fresh = desk.sample(sample["sample_no"])
    assert desk.do(fresh, "approve", status=409)["error"]["code"] == "wrong_step"
    assert creator.do(fresh, "withdraw")["state"] == "aborted"
    assert stock(sku)[f"sample:{sample['offer_id']}"] == (5, 0, 0, 5)


def test_silence_ends_it(desk: Desk, sku: int) -> None:
    offer = desk.offer(sku)
    first, second, third = Creator(), Creator(), Creator()
    asked, approved = first.ask(offer["id"]), desk.do(second.ask(offer["id"]), "approve")
    out = sent(desk, third, offer)
    with later(days=2, hours=23):
        assert run_due_samples() == 0
    with later(days=3, minutes=1):
        assert run_due_samples() == 2
        assert run_due_samples() == 0
    assert [(row_of(s).state, row_of(s).reason) for s in (asked, approved, out)] == [
        ("aborted", "no_answer"),
        ("aborted", "not_shipped"),
        ("shipped", ""),
    ]
    assert stock(sku)[f"sample:{offer['id']}"] == (5, 1, 0, 4)
    with later(days=24, hours=23):
        assert run_due_samples() == 0
    with later(days=25, minutes=1):  # ten days on the way, fifteen to publish
        assert run_due_samples() == 1
    assert (row_of(out).state, row_of(out).reason) == ("breached", "")
    assert stock(sku)[f"sample:{offer['id']}"] == (5, 1, 0, 4)


def test_days_count_from_the_arrival(desk: Desk, creator: Creator, sku: int) -> None:
    sample = sent(desk, creator, desk.offer(sku, fulfil_days=7))
    at = clock.now() + timedelta(days=2)
    assert note_arrival(sample_no=sample["sample_no"], at=at) is True
    assert note_arrival(sample_no=sample["sample_no"], at=at + timedelta(days=1)) is False
    assert row_of(sample).due_at == row_of(sample).publish_by == at + timedelta(days=7)
    assert note_arrival(sample_no="S0", at=at) is False


def test_what_comes_back_undelivered_is_owed_by_nobody(desk: Desk, creator: Creator, sku: int) -> None:
    offer = desk.offer(sku)
    sample = sent(desk, creator, offer)
    desk.caller.call("PUT", f"{desk.path}/sample-offers/{offer['id']}/state", {"state": "closed"})
    assert stock(sku) == {"": (99, 0, 0, 99), f"sample:{offer['id']}": (1, 1, 0, 0)}
    assert note_turned_back(sample_no=sample["sample_no"], at=clock.now()) is True
    assert note_turned_back(sample_no=sample["sample_no"], at=clock.now()) is False
    assert (row_of(sample).state, row_of(sample).reason) == ("aborted", "turn_back")
    assert stock(sku) == {"": (100, 0, 0, 100), f"sample:{offer['id']}": (0, 0, 0, 0)}


def test_a_work_elsewhere_is_looked_at(desk: Desk, creator: Creator, sku: int) -> None:
    offer = desk.offer(sku)
    sample = sent(desk, creator, offer)
    assert creator.do(sample, "work", status=422, link="ftp://x")["error"]["field"] == "link"
    declared = creator.do(sample, "work", link="https://video.example/7", text="在别处发的")
    assert (declared["state"], declared["waiting_for"]) == ("declared", "merchant")
    assert desk.do(declared, "deny", status=422)["error"]["field"] == "text"
    with later(days=24):
        denied = desk.do(declared, "deny", text="没有露出商品")
        assert denied["state"] == "shipped"
        assert row_of(sample).due_at == clock.now() + timedelta(days=2)  # there is time to try again
        again = creator.do(denied, "work", link="https://video.example/8")
    with later(days=27, minutes=1):
        assert run_due_samples() == 1  # no answer is a yes
    assert row_of(again).state == "fulfilled"


def test_a_link_into_this_site_is_checked(desk: Desk, creator: Creator, sku: int) -> None:
    with later(days=-1):
        old = creator.work(sku)
    sample = sent(desk, creator, desk.offer(sku))
    other = Creator().work(sku)
    for link in (f"/v/{old}", f"/v/{other}", "/v/987654", "/live/1", "/products/1", "/v/" + "9" * 40):
        assert creator.do(sample, "work", status=422, link=link)["error"]["code"] == "not_a_proof"
    assert row_of(sample).state == "shipped"
    mine = creator.work(sku)
    assert creator.do(sample, "work", link=f"/v/{mine}?from=x")["state"] == "fulfilled"


def test_before_a_breach_it_is_looked_once_more(desk: Desk, creator: Creator, sku: int) -> None:
    sample = sent(desk, creator, desk.offer(sku))
    creator.work(sku)
    with later(days=26):
        assert run_due_samples() == 1
    assert row_of(sample).state == "fulfilled"


def test_more_days_by_agreement(desk: Desk, creator: Creator, sku: int) -> None:
    sample = sent(desk, creator, desk.offer(sku))
    due = row_of(sample).due_at
    assert due is not None
    assert creator.do(sample, "extension", status=422, days=16)["error"]["field"] == "days"
    assert desk.do(sample, "extension", status=409, agree=True)["error"]["code"] == "wrong_step"
    sample = creator.do(sample, "extension", days=5, text="出差")
    assert creator.do(sample, "extension", status=409, days=5)["error"]["code"] == "wrong_step"
    sample = desk.do(sample, "extension", agree=False)
    assert (row_of(sample).due_at, row_of(sample).extensions) == (due, 0)
    for number in (1, 2):
        sample = desk.do(creator.do(sample, "extension", days=5), "extension", agree=True)
        assert (row_of(sample).due_at, row_of(sample).extensions) == (due + timedelta(days=5 * number), number)
    assert creator.do(sample, "extension", status=409, days=5)["error"]["code"] == "wrong_step"


def test_the_last_unit_goes_to_one(desk: Desk, sku: int) -> None:
    offer = desk.offer(sku, units=1)
    one, two = Creator(), Creator()
    first, second = one.ask(offer["id"]), two.ask(offer["id"])
    desk.do(first, "approve")
    assert desk.do(second, "approve", status=409)["error"]["code"] == "sample_gone"
    assert (row_of(second).state, SampleEvent.objects.filter(sample=row_of(second)).count()) == ("applied", 1)
    assert Creator().ask(offer["id"], status=409)["error"]["code"] == "sample_gone"
    assert stock(sku)[f"sample:{offer['id']}"] == (1, 0, 1, 0)


def test_one_for_each_creator(desk: Desk, creator: Creator, sku: int) -> None:
    offer = desk.offer(sku)
    sample = creator.ask(offer["id"])
    assert creator.ask(offer["id"], status=409)["error"]["code"] == "sample_taken"
    desk.do(sample, "reject", text="风格不合")
    again = creator.ask(offer["id"])  # who was turned down may ask again
    assert (row_of(sample).reason, row_of(again).state, Sample.objects.count()) == ("reject", "applied", 2)


def test_offers_ask_for_figures(desk: Desk, creator: Creator, sku: int) -> None:
    offer = desk.offer(sku, min_followers=1_000, min_gmv_minor=1, min_level=2, min_score=80, min_credit=90)
    refused = creator.ask(offer["id"], status=403)["error"]
    assert (refused["code"], refused["data"]["needs"]) == (
        "not_eligible",
        {"followers": [1_000, 0], "gmv_minor": [1, 0], "level": [2, 0], "score": [80, None]},  # the credit is full
    )
    assert Sample.objects.count() == 0
    seen = creator.caller.get(f"{creator.path}/sample-offers")["items"]
    assert seen[0]["lacks"] == ["followers", "gmv_minor", "level", "score"]


def test_many_at_once(desk: Desk, sku: int) -> None:
    offer = desk.offer(sku, units=2)
    asked = [Creator().ask(offer["id"]) for _ in range(3)]
    picks = [{"sample_no": s["sample_no"], "version": s["version"]} for s in asked]
    picks.append({"sample_no": "S0", "version": 1})
    told = desk.caller.post(f"{desk.path}/samples/decide", {"approve": True, "samples": picks})["results"]
    assert [(row["done"], (row["error"] or {}).get("code")) for row in told] == [
        (True, None),
        (True, None),
        (False, "sample_gone"),
        (False, "not_found"),
    ]
    counts = desk.caller.get(f"{desk.path}/samples?queue=to_ship")
    assert (len(counts["items"]), counts["counts"]["to_ship"], counts["counts"]["applied"]) == (2, 2, 1)
    told = desk.caller.post(f"{desk.path}/samples/decide", {"approve": False, "samples": picks[2:3]})["results"]
    assert told == [{"sample_no": asked[2]["sample_no"], "done": True, "error": None}]
