"""Collaborations over HTTP: talking, agreeing, the fee in custody, releases by what is settled, breaking off, disputes."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from xingqu.alliance.models import Plan, PlanCreator
from xingqu.alliance.services.plans import close_plan
from xingqu.collaboration.domain.terms import content_hash
from xingqu.collaboration.models import Collaboration, CollaborationEvent, CollaborationTerms
from xingqu.collaboration.services.running import run_due_collaborations
from xingqu.collaboration.tests.house import Creator, Desk, drain, enrich, sell, terms, today
from xingqu.ledger.contracts import balance_account, commission_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.selectors.custody import custody_minor
from xingqu.settlement.tests.house import give_back, later
from xingqu.trade.tests.house import Caller, Shop, deliver

pytestmark = pytest.mark.django_db


class Table:
    """A shop and a creator at one table."""

    def __init__(self, shop: Shop, sku: int) -> None:
        self.shop, self.sku, self.desk, self.creator = shop, sku, Desk(shop), Creator()
        enrich(shop, 200_000)
        self.no = ""

    def side(self, side: str) -> tuple[Caller, str]:
        if side == "merchant":
            return self.desk.caller, self.desk.path
        return self.creator.caller, self.creator.path

    def invite(self, side: str = "merchant", *, status: int = 201, **changes: Any) -> Any:
        caller, path = self.side(side)
        whom = {"creator_id": self.creator.id} if side == "merchant" else {"shop_id": self.shop.id}
        body = {**whom, "terms": terms(self.sku, **changes), "text": "合作吗"}
        told = caller.post(f"{path}/collaborations", body, status=status)
        self.no = told.get("collab_no", self.no)
        return told

    def get(self, side: str = "merchant") -> Any:
        caller, path = self.side(side)
        return caller.get(f"{path}/collaborations/{self.no}")

    def do(self, side: str, step: str, *, status: int = 200, **body: Any) -> Any:
        caller, path = self.side(side)
        version = body.pop("version", self.row.version)
        return caller.post(f"{path}/collaborations/{self.no}/{step}", {"version": version, **body}, status=status)

    @property
    def row(self) -> Collaboration:
        return Collaboration.objects.get(collab_no=self.no)

    def start(self, **changes: Any) -> None:
        """Agreed and paid."""
        self.invite(**changes)
        self.do("creator", "accept", terms_version=1)
        if self.row.state == "funding":
            self.do("merchant", "fund")

    def money(self) -> tuple[int, int, int]:
        """(shop's, in custody, creator's slot fees so far)"""
        assert check().problems == ()
        fees = self.row.released_minor
        account = commission_account("creator", self.creator.id)
        assert balance_minor(account=account) >= fees
        return balance_minor(account=balance_account(self.shop.id)), custody_minor(reference=self.no), fees


@pytest.fixture
def table(shop: Shop, sku: int) -> Table:
    return Table(shop, sku)


def test_from_an_invitation_to_the_last_release(table: Table, buyer: Caller) -> None:
    made = table.invite(note="开播前一天确认脚本")
    assert (made["state"], made["waiting_for"], made["can"]) == ("negotiating", "creator", ["withdraw"])
    seen = table.get("creator")
    assert seen["can"] == ["counter", "accept", "decline"]
    countered = table.do("creator", "counter", terms=terms(table.sku, commission_bp=2_500), text="佣金高一点")
    assert (countered["waiting_for"], countered["terms_version"]) == ("merchant", 2)
    assert table.get()["can"] == ["counter", "accept", "decline"]
    agreed = table.do("merchant", "accept", terms_version=2)
    assert (agreed["state"], agreed["waiting_for"], agreed["merchant_version"], agreed["creator_version"]) == (
        "funding",
        "merchant",
        2,
        2,
    )
    assert agreed["content_hash"] == content_hash(table.row.contract or {})
    assert Plan.objects.count() == 0
    assert table.do("merchant", "fund") == {"payment_no": None, "redirect_url": None}
    plan = Plan.objects.get()
    assert (plan.kind, plan.product_id) == ("targeted_plan", table.row.contract["products"][0]["id"])
    assert PlanCreator.objects.get().creator_id == table.creator.id
    assert table.money() == (100_000, 100_000, 0)
    sell(buyer, table.creator, table.shop, table.sku, units=5)  # 1 495.00
    refunded = sell(buyer, table.creator, table.shop, table.sku, units=1)
    give_back(refunded, 9_900, "late")
    table.creator.work(table.sku)
    told = table.get()
    assert told["performance"] == {
        "orders": 2,
        "gmv_minor": 179_400,
        "refunded_minor": 9_900,
        "settled_minor": 169_500,
        "open_minor": 0,
        "refund_bp": 551,
        "target_minor": 500_000,
        "earned_minor": 33_900,
        "held_minor": 100_000,
    }
    assert [work["kind"] for work in told["works"]] == ["content"]
    before = balance_minor(account=commission_account("creator", table.creator.id))
    shop_before = balance_minor(account=balance_account(table.shop.id))
    with later(days=31):
        assert run_due_collaborations() == 1
        assert run_due_collaborations() == 0
    assert (table.row.state, table.row.released_minor, table.row.returned_minor) == ("done", 33_900, 66_100)
    assert balance_minor(account=commission_account("creator", table.creator.id)) - before == 33_900
    assert balance_minor(account=balance_account(table.shop.id)) - shop_before == 66_100
    assert custody_minor(reference=table.no) == 0
    assert [event["step"] for event in table.get()["events"]] == [
        "invite",
        "counter",
        "accept",
        "fund",
        "start",
        "end",
        "release",
    ]
    plan.refresh_from_db()
    assert plan.closed_from is not None


def test_a_creator_may_ask_first(table: Table) -> None:
    made = table.invite("creator", slot_fee_minor=0, target_minor=0)
    assert (made["opened_by"], made["waiting_for"]) == ("creator", "merchant")
    begun = table.do("merchant", "accept", terms_version=1)
    assert (begun["state"], begun["paid_minor"], len(begun["plan_ids"])) == ("running", 0, 1)
    with later(days=31):
        assert run_due_collaborations() == 1
    assert (table.row.state, table.money()) == ("done", (200_000, 0, 0))


def test_both_say_yes_to_the_same_version(table: Table) -> None:
    table.invite()
    stale = table.row.version
    table.do("creator", "counter", terms=terms(table.sku, commission_bp=3_000))
    assert table.do("creator", "accept", status=409, terms_version=2)["error"]["code"] == "wrong_step"  # one's own
    assert table.do("merchant", "accept", status=409, terms_version=1)["error"]["code"] == "terms_moved"
    assert (
        table.do("merchant", "accept", status=409, terms_version=2, version=stale)["error"]["code"] == "stale_version"
    )
    same = terms(table.sku, commission_bp=3_000)
    assert table.do("merchant", "counter", status=422, terms=same)["error"]["field"] == "terms"
    assert (table.row.state, table.row.merchant_version, CollaborationTerms.objects.count()) == ("negotiating", 1, 2)


def test_one_conversation_at_a_time(table: Table) -> None:
    table.invite()
    for side in ("merchant", "creator"):
        assert table.invite(side, status=409)["error"]["data"] == {"collab_no": table.no}
    assert table.do("merchant", "turn-down")["state"] == "cancelled"
    table.invite()
    assert table.do("creator", "turn-down", text="档期不合")["state"] == "declined"
    assert Collaboration.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"commission_bp": 99}, "commission_bp"),
        ({"commission_bp": 8_001}, "commission_bp"),
        ({"starts_on": "2026-01-01"}, "starts_on"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"target_minor": 0}, "target_minor"),
        ({"slot_fee_minor": 0}, "target_minor"),
        ({"slot_fee_minor": 100_000_001}, "slot_fee_minor"),
        ({"release_days": [-1]}, "release_days"),
        ({"release_days": [20]}, "release_days"),
        ({"release_days": [40, 30]}, "release_days"),
        ({"release_days": [400]}, "release_days"),
        ({"product_ids": [1, 1]}, "product_ids"),
    ],
)
def test_terms_that_can_not_be(table: Table, changes: dict[str, Any], field: str) -> None:
    if "release_days" in changes:
        changes = {"release_days": [today(day).isoformat() for day in changes["release_days"]]}
    assert table.invite(status=422, **changes)["error"]["field"] == field
    assert table.invite(status=404, product_ids=[987_654])["error"]["field"] == "product_ids"
    assert (Collaboration.objects.count(), CollaborationTerms.objects.count()) == (0, 0)


def test_silence_lets_it_lapse(table: Table) -> None:
    table.invite()
    with later(days=3, minutes=1):
        assert run_due_collaborations() == 1
    assert (table.row.state, table.row.reason) == ("lapsed", "offer_timeout")
    table.invite()
    table.do("creator", "accept", terms_version=1)
    with later(days=3, minutes=1):
        assert run_due_collaborations() == 1
    assert (table.row.state, table.row.reason, table.money()) == ("lapsed", "fund_timeout", (200_000, 0, 0))


def test_a_fee_that_the_balance_can_not_bear(table: Table) -> None:
    table.invite(slot_fee_minor=200_001)
    table.do("creator", "accept", terms_version=1)
    assert table.do("merchant", "fund", status=409)["error"]["code"] == "not_enough_balance"
    assert (table.row.state, table.money(), Plan.objects.count()) == ("funding", (200_000, 0, 0), 0)


def test_a_fee_through_a_provider_and_one_too_late(table: Table) -> None:
    table.invite()
    table.do("creator", "accept", terms_version=1)
    urls = [table.do("merchant", "fund", way="provider")["redirect_url"] for _ in range(2)]
    for url, shops in zip(urls, (200_000, 300_000), strict=True):  # what came twice is the shop's at once
        Caller.new_person().confirm(url)
        deliver()
        drain()
        assert (table.row.state, table.money()) == ("running", (shops, 100_000, 0))
    assert (table.row.paid_minor, table.row.returned_minor) == (200_000, 100_000)


@pytest.mark.parametrize(("units", "released"), [(1, 0), (2, 100_000)])
def test_a_threshold_is_met_or_not(table: Table, buyer: Caller, units: int, released: int) -> None:
    table.start(release_kind="threshold", target_minor=59_800)
    sell(buyer, table.creator, table.shop, table.sku, units=units)
    with later(days=31):
        run_due_collaborations()
    assert (table.row.state, table.row.released_minor, table.row.returned_minor) == (
        "done",
        released,
        100_000 - released,
    )


def test_releases_on_several_days(table: Table, buyer: Caller) -> None:
    days = [today(day).isoformat() for day in (12, 30)]
    table.start(release_days=days, target_minor=59_800)
    sell(buyer, table.creator, table.shop, table.sku)
    with later(days=13):
        assert run_due_collaborations() == 1
        assert run_due_collaborations() == 0
    assert (table.row.state, table.money()[1:]) == ("running", (50_000, 50_000))
    sell(buyer, table.creator, table.shop, table.sku, units=3)
    with later(days=31):
        assert run_due_collaborations() == 1
    assert (table.row.state, table.row.released_minor, table.money()[1]) == ("done", 100_000, 0)


def test_a_plan_that_is_closed_while_somebody_buys(table: Table, buyer: Caller) -> None:
    """What was ordered before the end of the day counts; the fee is not touched by it."""
    table.start(target_minor=29_900)
    close_plan(shop_id=table.shop.id, plan_id=table.row.plan_ids[0], person_id=1)
    sell(buyer, table.creator, table.shop, table.sku)
    with later(days=31):
        assert run_due_collaborations() == 1
    assert (table.row.state, table.row.released_minor) == ("done", 100_000)


@pytest.mark.parametrize(
    ("side", "days", "creator_minor"),
    [("merchant", 0, 59_800), ("creator", 0, 0), ("merchant", 5, 0), ("creator", 5, 0)],
)
def test_breaking_off(table: Table, buyer: Caller, side: str, days: int, creator_minor: int) -> None:
    """The shop pays for what was sold, settled or not; a creator has what is settled; before the first day nobody pays."""
    table.start(starts_on=today(days).isoformat())
    if not days:
        sell(buyer, table.creator, table.shop, table.sku, units=10, settled=False)
    path = f"{table.side(side)[1]}/collaborations/{table.no}/break-off"
    shown = table.side(side)[0].get(path)
    assert shown == {"released_minor": 0, "creator_minor": creator_minor, "shop_minor": 100_000 - creator_minor}
    moved = table.do(side, "break-off", status=409, creator_minor=creator_minor + 1)["error"]
    assert (moved["code"], moved["data"]) == ("terms_moved", shown)
    assert table.do(side, "break-off", creator_minor=creator_minor, text="不做了")["state"] == "cancelled"
    assert (table.row.released_minor, table.row.returned_minor) == (creator_minor, 100_000 - creator_minor)
    assert table.money()[1:] == (0, creator_minor)
    assert table.do(side, "break-off", status=409, creator_minor=0)["error"]["code"] == "wrong_step"


def test_a_shop_that_breaks_off_pays_a_part_in_any_case(table: Table) -> None:
    table.start()
    shown = table.desk.caller.get(f"{table.desk.path}/collaborations/{table.no}/break-off")
    assert shown == {"released_minor": 0, "creator_minor": 30_000, "shop_minor": 70_000}


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), "red").save(file, "PNG")
    file.seek(0)
    file.name = "x.png"
    return file


def upload(table: Table, side: str) -> int:
    caller, path = table.side(side)
    url = f"/api/v1{path}/collaborations/{table.no}/pictures"
    made = caller.client.post(url, {"file": picture()})
    assert made.status_code == 201, made.content
    return int(made.json()["id"])


def test_a_dispute_from_opening_to_the_verdict(table: Table, operator: Caller) -> None:
    table.start()
    shown = upload(table, "creator")
    assert table.do("creator", "dispute", status=422, text=" ")["error"]["field"] == "text"
    opened = table.do("creator", "dispute", text="商家没有按约定备货", picture_ids=[shown])
    assert (opened["state"], opened["waiting_for"], opened["can"]) == ("disputed", "platform", [])
    taken = table.do("merchant", "statements", status=422, text="x", picture_ids=[shown])["error"]
    assert taken["field"] == "picture_ids"
    mine = upload(table, "merchant")
    told = table.do("merchant", "statements", text="备货单在此", picture_ids=[mine])
    assert [event["picture_ids"] for event in told["events"][-2:]] == [[shown], [mine]]
    with later(days=40):
        assert run_due_collaborations() == 0  # no verdict is made by the clock, nothing is released
    queue = operator.get("/platform/collaborations/disputes")["items"]
    assert [(row["collab_no"], row["can"]) for row in queue] == [(table.no, ["verdict"])]
    path = f"/platform/collaborations/{table.no}"
    assert operator.client.get(f"/api/v1{path}/pictures/{mine}").status_code == 200
    body = {"version": table.row.version, "creator_minor": 100_001, "text": "按约定"}
    assert operator.error("POST", f"{path}/verdict", body, status=422)["field"] == "creator_minor"
    assert operator.error("POST", f"{path}/verdict", {**body, "text": ""}, status=422)["field"] == "text"
    decided = operator.post(f"{path}/verdict", {**body, "creator_minor": 40_000})
    assert (decided["state"], decided["released_minor"], decided["returned_minor"]) == ("done", 40_000, 60_000)
    assert table.money() == (160_000, 0, 40_000)
    assert (
        operator.error("POST", f"{path}/verdict", {**body, "creator_minor": 1}, status=409)["code"] == "stale_version"
    )
    again = {**body, "creator_minor": 0, "version": table.row.version}
    assert operator.error("POST", f"{path}/verdict", again, status=409)["code"] == "wrong_step"
    assert CollaborationEvent.objects.filter(step="verdict").count() == 1


def test_the_contract_is_a_document(table: Table) -> None:
    table.invite()
    url = f"/api/v1{table.desk.path}/collaborations/{table.no}/contract.pdf"
    assert table.desk.caller.client.get(url).status_code == 404
    table.do("creator", "accept", terms_version=1)
    for side in ("merchant", "creator"):
        caller, path = table.side(side)
        found = caller.client.get(f"/api/v1{path}/collaborations/{table.no}/contract.pdf")
        assert (found.status_code, found.content[:5], found["Content-Type"]) == (200, b"%PDF-", "application/pdf")
    row = table.row
    assert row.contract is not None
    assert content_hash({**row.contract, "currency": "USD"}) != row.content_hash == content_hash(row.contract)


def test_strangers_see_nothing(table: Table, shop: Shop) -> None:
    table.start()
    other, someone = Creator(), Caller.new_person()
    for rest in ("", "/break-off", "/contract.pdf"):
        path = f"/collaborations/{table.no}{rest}"
        for caller, base in (
            (other.caller, other.path),  # another creator's own address
            (other.caller, table.creator.path),
            (other.caller, table.desk.path),
            (someone, table.desk.path),
            (someone, table.creator.path),
        ):
            assert caller.error("GET", f"{base}{path}", status=404)["code"] == "not_found"
    assert someone.error("GET", "/platform/collaborations/disputes", status=404)["code"] == "not_found"
    assert someone.error("POST", "/platform/collaborations/rules", rules_body(), status=404)["code"] == "not_found"


def rules_body(**values: int) -> dict[str, Any]:
    return {"effective_from": (today(1)).isoformat() + "T00:00:00Z", "values": values}


def test_rules_begin_on_a_day(table: Table, operator: Caller) -> None:
    for values, field in (
        ({"offer_s": 1}, "offer_s"),
        ({"break_off_bp": 10_001}, "break_off_bp"),
        ({"address_flag": 3, "address_refuse": 3}, "address_refuse"),
    ):
        refused = operator.error("POST", "/platform/collaborations/rules", rules_body(**values), status=422)
        assert refused["field"] == field
    made = operator.post("/platform/collaborations/rules", rules_body(offer_s=3_600), status=201)
    assert (made["current"]["offer_s"], made["sets"][0]["values"]["offer_s"]) == (259_200, 3_600)
    table.invite()
    with later(days=2):
        assert operator.get("/platform/collaborations/rules")["current"]["offer_s"] == 3_600
        assert run_due_collaborations() == 0  # what was opened before keeps its own
    assert (table.row.due_at or table.row.created_at) - table.row.created_at == timedelta(days=3)
