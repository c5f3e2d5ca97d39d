"""Accounts that the platform stopped: from the operator's screen to the showcase, the plans, the commission and the appeal."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts.models import Notice
from xingqu.alliance.models import CommissionOrder, Link
from xingqu.alliance.tests.house import Studio, buy_led, new_studio, offer, product_of
from xingqu.content.selectors import rights_among
from xingqu.governance.contracts import Kind
from xingqu.governance.models import Restriction
from xingqu.governance.selectors import is_restricted, violations_between
from xingqu.governance.services import end_restrictions
from xingqu.kit import clock
from xingqu.kit.models import OutboxFact
from xingqu.kit.outbox import deliver_due
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db
ALL = "/platform/creator-restrictions"


@pytest.fixture
def studio(db: None) -> Studio:
    return new_studio()


def stop(operator: Caller, studio: Studio, kind: str = "selling", **more: Any) -> Any:
    body = {"creator_id": studio.creator_id, "kind": kind, "severity": "general", "reason": "虚假宣传", **more}
    told = operator.post(ALL, body, status=201)
    deliver_due()
    return told


def take_up(studio: Studio, sku: int, *, status: int = 201) -> Any:
    path = f"/creators/{studio.creator_id}/alliance/links"
    return studio.owner.post(path, {"product_id": product_of(sku)}, status=status)


def shown(studio: Studio, sku: int) -> tuple[int, bool]:
    """(products that visitors see in the showcase, whether works may show it)"""
    items = Caller.new_person().get(f"/creators/{studio.creator_id}/showcase")["items"]
    return len(items), bool(rights_among(creator_ids=[studio.creator_id], product_ids=[product_of(sku)]))


def test_who_may_not_sell_shows_and_earns_nothing(
    operator: Caller, buyer: Caller, studio: Studio, shop: Shop, sku: int
) -> None:
    offer(shop, sku)
    take_up(studio, sku)
    assert shown(studio, sku) == (1, True)
    until = clock.now() + timedelta(days=3)
    made = stop(operator, studio, until=until.isoformat())
    assert (made["state"], made["is_in_force"], made["creator_handle"]) == ("valid", True, studio.handle)
    assert shown(studio, sku) == (0, False)
    links = Link.objects.count()
    error = take_up(studio, sku, status=403)["error"]
    assert (error["code"], error["data"]["kind"], error["data"]["reason"]) == (
        "creator_restricted",
        "selling",
        "虚假宣传",
    )
    assert Link.objects.count() == links
    buy_led(buyer, studio.creator_id, (sku, 1))
    assert CommissionOrder.objects.count() == 0
    with later(days=4):
        assert not is_restricted(creator_id=studio.creator_id, kind=Kind.SELLING)
        assert [end_restrictions(), end_restrictions()] == [1, 0]
        deliver_due()
        assert shown(studio, sku) == (1, True)
        buy_led(buyer, studio.creator_id, (sku, 1))
        deliver_due()
    assert CommissionOrder.objects.count() == 1


def test_an_appeal_is_heard_once_and_can_void_it(operator: Caller, studio: Studio, shop: Shop, sku: int) -> None:
    offer(shop, sku)
    take_up(studio, sku)
    made = stop(operator, studio)
    base = f"/creators/{studio.creator_id}/restrictions"
    seen = studio.owner.get(base)
    assert [(row["reason"], row["until"], row["state"]) for row in seen] == [("虚假宣传", None, "valid")]
    assert "made_by" not in seen[0]
    assert set(Notice.objects.values_list("kind", flat=True)) == {"creator_restricted"}
    appealed = studio.owner.post(f"{base}/{made['id']}/appeal", {"text": "证据见作品"})
    assert (appealed[0]["state"], appealed[0]["is_in_force"]) == ("appealed", True)
    again = studio.owner.error("POST", f"{base}/{made['id']}/appeal", {"text": "再说一次"}, status=409)
    assert again["code"] == "restriction_wrong_state"
    assert Restriction.objects.get().appeal == "证据见作品"
    assert [row["appeal"] for row in operator.get(f"{ALL}?queue=appealed")["items"]] == ["证据见作品"]
    operator.post(f"{ALL}/{made['id']}/answer", {"void": True, "answer": "误判"}, status=204)
    deliver_due()
    assert shown(studio, sku) == (1, True)
    told = studio.owner.get(base)[0]
    assert (told["state"], told["answer"], told["is_in_force"]) == ("voided", "误判", False)
    now = clock.now()
    assert violations_between(creator_id=studio.creator_id, since=made_long_ago(), until=now) == []
    twice = operator.error("POST", f"{ALL}/{made['id']}/lift", {"answer": ""}, status=409)
    assert twice["data"]["state"] == "voided"


def test_an_appeal_is_answered_also_when_its_time_is_over(operator: Caller, studio: Studio) -> None:
    made = stop(operator, studio, until=(clock.now() + timedelta(days=1)).isoformat())
    base = f"/creators/{studio.creator_id}/restrictions"
    studio.owner.post(f"{base}/{made['id']}/appeal", {"text": "证据见作品"})
    with later(days=2):
        assert end_restrictions() == 1
        over = Restriction.objects.get().ended_at
        deliver_due()
        refused = operator.error("POST", f"{ALL}/{made['id']}/lift", {"answer": ""}, status=409)
        assert (refused["code"], Restriction.objects.get().state) == ("restriction_wrong_state", "appealed")
        facts = OutboxFact.objects.count()
        operator.post(f"{ALL}/{made['id']}/answer", {"void": True, "answer": "误判"}, status=204)
        kept = Restriction.objects.get()
        assert (kept.state, kept.ended_at, OutboxFact.objects.count()) == ("voided", over, facts)
        assert violations_between(creator_id=studio.creator_id, since=made_long_ago(), until=clock.now()) == []


def made_long_ago() -> Any:
    return clock.now() - timedelta(days=365)


def test_upheld_or_lifted_counts_as_a_violation(operator: Caller, studio: Studio) -> None:
    made = stop(operator, studio, severity="serious")
    operator.error("POST", f"{ALL}/{made['id']}/answer", {"void": False, "answer": "维持"}, status=409)
    studio.owner.post(f"/creators/{studio.creator_id}/restrictions/{made['id']}/appeal", {"text": "请再看看"})
    operator.post(f"{ALL}/{made['id']}/answer", {"void": False, "answer": "维持"}, status=204)
    assert Restriction.objects.get().state == "upheld"
    assert is_restricted(creator_id=studio.creator_id, kind=Kind.SELLING)
    operator.post(f"{ALL}/{made['id']}/lift", {"answer": "已整改"}, status=204)
    assert not is_restricted(creator_id=studio.creator_id, kind=Kind.SELLING)
    found = violations_between(creator_id=studio.creator_id, since=made_long_ago(), until=clock.now())
    assert [(pk, severity) for pk, severity, _ in found] == [(made["id"], "serious")]


def test_what_can_not_be_restricted(operator: Caller, studio: Studio, shop: Shop) -> None:
    stop(operator, studio, kind="live")
    body = {"creator_id": studio.creator_id, "kind": "live", "severity": "general", "reason": "x"}
    assert operator.error("POST", ALL, body, status=409)["code"] == "already_restricted"
    past = (clock.now() - timedelta(days=1)).isoformat()
    wrong = {**body, "kind": "selling", "until": past}
    assert operator.error("POST", ALL, wrong, status=422)["field"] == "until"
    own = operator.get(f"/platform/creators?q=shop{shop.id}")
    assert [row["is_shop"] for row in own] == [True]
    of_shop = {**body, "kind": "selling", "creator_id": own[0]["id"]}
    assert operator.error("POST", ALL, of_shop, status=422)["field"] == "kind"
    assert Restriction.objects.count() == 1
    assert operator.get(f"/platform/creators?q={studio.handle}")[0]["restricted"] == ["live"]


def test_others_neither_read_nor_write(operator: Caller, buyer: Caller, studio: Studio) -> None:
    made = stop(operator, studio)
    other = new_studio()
    body = {"creator_id": studio.creator_id, "kind": "live", "severity": "general", "reason": "x"}
    assert buyer.error("POST", ALL, body, status=404)["code"] == "not_found"
    assert buyer.error("GET", ALL, status=404)["code"] == "not_found"
    assert buyer.error("GET", "/platform/creators?q=a", status=404)["code"] == "not_found"
    for step, words in (("answer", {"void": True, "answer": "x"}), ("lift", {"answer": ""})):
        assert buyer.error("POST", f"{ALL}/{made['id']}/{step}", words, status=404)["code"] == "not_found"
    assert other.owner.error("GET", f"/creators/{studio.creator_id}/restrictions", status=404)["code"] == "not_found"
    theirs = f"/creators/{other.creator_id}/restrictions/{made['id']}/appeal"
    assert other.owner.error("POST", theirs, {"text": "x"}, status=404)["code"] == "not_found"
    assert Restriction.objects.get().state == "valid"
