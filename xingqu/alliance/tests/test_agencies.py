"""Agencies and creators: offered, accepted, changed by both, ended with notice; and what an agency may in a studio."""

from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts.models import ActionEntry, Delegation, Membership
from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.domain.agencies import Share, Term, share_at
from xingqu.alliance.jobs import PERIODIC
from xingqu.alliance.models import AgencyContract, AgencyShare, CommissionOrder
from xingqu.alliance.tests.house import Studio, buy_led, new_studio, offer, product_of, receive
from xingqu.kit import clock
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.tests.house import give_back, later, settle
from xingqu.trade.tests.house import Caller, Shop, make_shop

pytestmark = pytest.mark.django_db
NOW = clock.now()
RIGHTS = ["content.read", "content.write", "alliance.read", "earnings.read"]


@pytest.fixture
def agency(db: None) -> tuple[int, Caller]:
    owner = create_person(email="agency@x.example", password=None)
    return create_organisation(owner_id=owner, kind="mcn", name="星河机构"), Caller.signed_in(owner)


@pytest.fixture
def studio(db: None) -> Studio:
    return new_studio()


def member(agency_id: int, role: str) -> Caller:
    person_id = create_person(email=f"{role}@agency.example", password=None)
    Membership.objects.create(organisation_id=agency_id, person_id=person_id, role=role)
    return Caller.signed_in(person_id)


def invite(agency: tuple[int, Caller], studio: Studio, share_bp: int = 3_000, **more: Any) -> int:
    body = {"handle": studio.handle, "share_bp": share_bp, "notice_days": 7, "scopes": RIGHTS, **more}
    return int(agency[1].post(f"/shops/{agency[0]}/signed-creators", body, status=201)["id"])


def sign(agency: tuple[int, Caller], studio: Studio, share_bp: int = 3_000, **more: Any) -> int:
    contract_id = invite(agency, studio, share_bp, **more)
    studio.owner.post(f"/shops/{studio.id}/agencies/{contract_id}/answer", {"accept": True})
    return contract_id


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (-1, (None, 0)),
        (0, (7, 3_000)),
        (4, (7, 3_000)),
        (5, (7, 2_000)),
        (9, (7, 2_000)),
        (10, (None, 0)),  # the end does not count
        (20, (8, 100)),
    ],
)
def test_which_share_counts(at: int, expected: tuple[int | None, int]) -> None:
    day = timedelta(days=1)
    first = Term(7, NOW, NOW + 10 * day, (Share(NOW, 3_000), Share(NOW + 5 * day, 2_000), Share(NOW + 12 * day, 1)))
    second = Term(8, NOW + 20 * day, None, (Share(NOW + 20 * day, 100),))
    assert share_at([first, second], NOW + at * day) == expected


def test_an_agency_s_share_from_the_order_to_the_books(
    buyer: Caller, shop: Shop, sku: int, agency: tuple[int, Caller], studio: Studio
) -> None:
    offer(shop, sku)
    buy_led(buyer, studio.creator_id, (sku, 1))  # before the contract
    contract_id = sign(agency, studio)
    order_no = buy_led(buyer, studio.creator_id, (sku, 1))
    rows = CommissionOrder.objects.order_by("pk").values_list("mcn_id", "mcn_bp", "amount_minor", "mcn_minor")
    # A fifth of 299.00 less a tenth of it is 53.82; 30 % of that is the agency's.
    assert list(rows) == [(None, 0, 5_382, 0), (agency[0], 3_000, 3_768, 1_614)]
    receive(buyer, shop, order_no)
    settle()
    accounts = [f"commission:creator:{studio.creator_id}", f"commission:mcn:{agency[0]}"]
    assert [balance_minor(account=account) for account in accounts] == [3_768, 1_614]
    give_back(order_no, 10_000, "a-third")
    # Of 199.00: 39.80 less 3.98 is 35.82.
    assert [balance_minor(account=account) for account in accounts] == [3_582 - 1_074, 1_074]
    give_back(order_no, 19_900, "the-rest")
    assert [balance_minor(account=account) for account in accounts] == [0, 0]
    assert (check().problems, list(audit().differences.all())) == ((), [])
    listed = agency[1].get(f"/shops/{agency[0]}/signed-creators")["items"][0]
    assert (listed["id"], listed["state"], listed["orders"], listed["share_bp"]) == (contract_id, "active", 1, 3_000)


def test_another_share_counts_once_both_agree(
    buyer: Caller, shop: Shop, sku: int, agency: tuple[int, Caller], studio: Studio
) -> None:
    offer(shop, sku)
    contract_id = sign(agency, studio)
    side, other = f"/shops/{agency[0]}/signed-creators/{contract_id}", f"/shops/{studio.id}/agencies/{contract_id}"
    soon = (clock.now() + timedelta(days=1)).isoformat()
    body = {"share_bp": 5_000, "effective_from": soon}
    past = {**body, "effective_from": (clock.now() - timedelta(days=1)).isoformat()}
    assert agency[1].error("POST", f"{side}/shares", past, status=422)["field"] == "effective_from"
    agency[1].post(f"{side}/shares", body, status=201)
    made = agency[1].post(f"{side}/shares", {**body, "share_bp": 4_000}, status=201)  # replaces what waited
    share_id = next(row["id"] for row in made["shares"] if row["state"] == "waiting")
    assert agency[1].error("POST", f"{side}/shares/{share_id}/answer", {"accept": True}, status=409)
    with later(days=2):
        assert studio.owner.get(f"/shops/{studio.id}/agencies")["items"][0]["share_bp"] == 3_000  # nobody agreed yet
        studio.owner.post(f"{other}/shares/{share_id}/answer", {"accept": True})
        # What was proposed for yesterday counts from the answer on, never before.
        row = AgencyShare.objects.get(pk=share_id)
        assert (row.state, row.effective_from) == ("accepted", row.decided_at)
        buy_led(buyer, studio.creator_id, (sku, 1))
    assert CommissionOrder.objects.values_list("mcn_bp", flat=True).get() == 4_000
    assert studio.owner.error("POST", f"{other}/shares/{share_id}/answer", {"accept": True}, status=404)


def test_notice(buyer: Caller, shop: Shop, sku: int, agency: tuple[int, Caller], studio: Studio) -> None:
    offer(shop, sku)
    contract_id = sign(agency, studio)
    path = f"/shops/{studio.id}/agencies/{contract_id}"
    told = studio.owner.post(f"{path}/notice", {"reason": "另有安排"})
    assert (told["state"], told["ended_by"], told["end_reason"]) == ("active", "creator", "另有安排")
    assert studio.owner.error("POST", f"{path}/notice", {}, status=409)["code"] == "conflict"
    buy_led(buyer, studio.creator_id, (sku, 1))  # in the days of notice
    with later(days=7, minutes=1):
        end = PERIODIC[0][1]
        assert (end(), end()) == (1, 0)
        buy_led(buyer, studio.creator_id, (sku, 1))
    assert list(CommissionOrder.objects.order_by("pk").values_list("mcn_bp", flat=True)) == [3_000, 0]
    assert AgencyContract.objects.get().state == "ended"
    assert not Delegation.objects.exists()


def test_one_agency_at_a_time(agency: tuple[int, Caller], studio: Studio) -> None:
    owner = create_person(email="rival@x.example", password=None)
    rival = create_organisation(owner_id=owner, kind="mcn", name="别家机构"), Caller.signed_in(owner)
    sign(agency, studio)
    body = {"handle": studio.handle, "share_bp": 1_000}
    assert agency[1].error("POST", f"/shops/{agency[0]}/signed-creators", body, status=409)["code"] == "contract_taken"
    second = invite(rival, studio, 1_000)
    refused = studio.owner.error("POST", f"/shops/{studio.id}/agencies/{second}/answer", {"accept": True}, status=409)
    assert refused["code"] == "contract_taken"
    assert AgencyContract.objects.get(pk=second).state == "invited"
    assert AgencyShare.objects.filter(contract_id=second).values_list("state", flat=True).get() == "waiting"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"share_bp": 9_001}, 422, "share_bp"),
        ({"notice_days": 91}, 422, "notice_days"),
        ({"scopes": ["members.write"]}, 422, "scopes"),
        ({"scopes": ["earnings.write"]}, 422, "scopes"),
        ({"handle": "nobody"}, 404, "handle"),
    ],
)
def test_offers_that_can_not_be(
    agency: tuple[int, Caller], studio: Studio, body: dict[str, object], status: int, field: str
) -> None:
    told = {"handle": studio.handle, "share_bp": 1_000, **body}
    refused = agency[1].error("POST", f"/shops/{agency[0]}/signed-creators", told, status=status)
    assert (refused["field"], AgencyContract.objects.count()) == (field, 0)


def test_who_decides_what(agency: tuple[int, Caller], studio: Studio) -> None:
    contract_id = invite(agency, studio)
    ours, theirs = f"/shops/{agency[0]}/signed-creators/{contract_id}", f"/shops/{studio.id}/agencies/{contract_id}"
    assert agency[1].error("POST", f"{ours}/answer", {"accept": True}, status=409)["code"] == "conflict"
    assert agency[1].error("POST", f"{theirs}/answer", {"accept": True}, status=404)["code"] == "not_found"
    outsider = new_studio()
    for path in (f"/shops/{outsider.id}/agencies/{contract_id}", theirs, ours):
        for method, rest, body in (
            ("POST", "answer", {"accept": True}),
            ("POST", "shares", {"share_bp": 1, "effective_from": "2090-01-01T00:00:00Z"}),
            ("POST", "shares/1/answer", {"accept": True}),
            ("POST", "notice", {}),
        ):
            assert outsider.owner.error(method, f"{path}/{rest}", body, status=404)["code"] == "not_found"
    scopes = {"scopes": ["content.read"]}
    assert outsider.owner.error("PUT", f"{theirs}/scopes", scopes, status=404)["code"] == "not_found"
    assert AgencyContract.objects.get().state == "invited"
    studio.owner.post(f"{theirs}/answer", {"accept": False})
    assert AgencyContract.objects.get().state == "declined"
    assert studio.owner.error("POST", f"{theirs}/answer", {"accept": True}, status=409)["code"] == "conflict"
    viewer = member(agency[0], "viewer")
    body = {"handle": studio.handle, "share_bp": 1_000}
    assert viewer.error("POST", f"/shops/{agency[0]}/signed-creators", body, status=403)["code"] == "forbidden"


READS = [("/contents", "content"), ("/earnings", "earnings"), ("/earnings/creator/{creator}/commissions", "earnings")]


def test_an_agency_enters_the_studios_it_was_let_into_and_no_others(
    agency: tuple[int, Caller], studio: Studio, shop: Shop, sku: int
) -> None:
    other, boss = new_studio(), agency[1]
    offer(shop, sku)

    def statuses(caller: Caller, of: Studio) -> list[int]:
        paths = [f"/api/v1/shops/{of.id}{path.format(creator=of.creator_id)}" for path, _ in READS]
        paths.append(f"/api/v1/creators/{of.creator_id}/alliance/showcase")
        return [caller.client.get(path).status_code for path in paths]

    invite_id = invite(agency, studio)
    assert statuses(boss, studio) == [404] * 4  # an offer lets nobody in
    studio.owner.post(f"/shops/{studio.id}/agencies/{invite_id}/answer", {"accept": True})
    assert statuses(boss, studio) == [200] * 4
    assert statuses(boss, other) == [404] * 4
    assert statuses(make_shop().member(), studio) == [404] * 4
    sent = [row for row in boss.get("/session")["organisations"] if row["id"] == studio.id]
    assert (sent[0]["role"], sent[0]["permissions"]) == ("own", sorted(RIGHTS))
    # Let to look at the showcase, not to change it; money, members and contracts never.
    link = {"product_id": product_of(sku)}
    links = f"/creators/{studio.creator_id}/alliance/links"
    assert boss.error("POST", links, link, status=403)["code"] == "forbidden"
    payout = f"/shops/{studio.id}/earnings/creator/{studio.creator_id}/payouts"
    headers = {"Idempotency-Key": "agency-takes-it"}
    assert boss.error("POST", payout, {"amount_minor": 100}, status=403, **headers)["code"] == "forbidden"
    assert boss.error("GET", f"/organisations/{studio.id}/members", status=403)["code"] == "forbidden"
    studio.owner.call("PUT", f"/shops/{studio.id}/agencies/{invite_id}/scopes", {"scopes": ["alliance.write"]})
    assert statuses(boss, studio) == [403, 403, 403, 200]
    boss.post(links, link, status=201)
    entry = ActionEntry.objects.filter(organisation_id=studio.id).latest("pk")
    assert (entry.action, entry.area) == ("POST alliance/links", "alliance")
    assert entry.person_id != Membership.objects.get(organisation_id=studio.id).person_id
    # Rights to act for a studio are not rights to bind it.
    for rest, body in (("notice", {}), ("shares", {"share_bp": 1, "effective_from": "2090-01-01T00:00:00Z"})):
        path = f"/shops/{studio.id}/agencies/{invite_id}/{rest}"
        assert boss.error("POST", path, body, status=404)["code"] == "not_found"
    studio.owner.call("PUT", f"/shops/{studio.id}/agencies/{invite_id}/scopes", {"scopes": []})
    assert statuses(boss, studio) == [404] * 4


def test_an_agency_s_member_may_no_more_than_at_home(agency: tuple[int, Caller], studio: Studio) -> None:
    sign(agency, studio, scopes=["alliance.write", "earnings.read"])
    viewer, manager = member(agency[0], "viewer"), member(agency[0], "manager")
    showcase = f"/creators/{studio.creator_id}/alliance/showcase"
    body: dict[str, object] = {"product_ids": []}
    for caller in (viewer, manager):
        assert caller.get(f"/shops/{studio.id}/earnings")["payees"][0]["id"] == studio.creator_id
        assert caller.get(showcase)["items"] == []
    assert viewer.error("PUT", showcase, body, status=403)["code"] == "forbidden"
    assert manager.call("PUT", showcase, body)["items"] == []
