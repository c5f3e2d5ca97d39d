"""The audit log of a creator's and an agency's workplace: who acted in its name, filtered, exported, and nobody else's to read."""

import pytest

from xingqu.accounts.models import ActionEntry
from xingqu.accounts.services import add_member, create_organisation, create_person
from xingqu.alliance.tests.house import new_studio
from xingqu.trade.tests.house import Caller

pytestmark = pytest.mark.django_db
BANK = {"holder": "林夏", "bank_name": "示例银行", "number": "6222020200112233"}


def agency(name: str) -> tuple[int, Caller]:
    owner = create_person(email=f"{name}@x.example", password=None, display_name=name)
    return create_organisation(owner_id=owner, kind="mcn", name=name), Caller.signed_in(owner)


def workplaces() -> list[tuple[int, Caller, Caller]]:
    """(id, its owner, the owner of another one of its kind): a studio's and an agency's."""
    studio, other = new_studio(), new_studio()
    (mcn, boss), (_, rival) = agency("机构甲"), agency("机构乙")
    return [(studio.id, studio.owner, other.owner), (mcn, boss, rival)]


def test_members_see_what_was_done_in_its_name() -> None:
    for place, owner, _ in workplaces():
        clerk = create_person(email=f"clerk{place}@x.example", password=None, display_name="小账")
        add_member(organisation_id=place, email=f"clerk{place}@x.example", role="finance")
        Caller.signed_in(clerk).call("PUT", f"/shops/{place}/earnings/payout-account", BANK)
        guest = {"contact": f"guest{place}@x.example", "role": "viewer"}
        owner.post(f"/organisations/{place}/invitations", guest, status=201)
        base = f"/organisations/{place}/actions"
        rows = owner.get(base)["items"]
        assert [(row["action"], row["area"], row["person_id"]) for row in rows] == [
            ("POST invitations", "members", owner.person_id),
            ("PUT earnings/payout-account", "earnings", clerk),
        ]
        assert all(row["words"] and row["words_en"] for row in rows)
        for query, found in (
            ("area=earnings", ["PUT earnings/payout-account"]),
            ("area=members", ["POST invitations"]),
            ("area=content", []),
            (f"person_id={clerk}", ["PUT earnings/payout-account"]),
            (f"person_id={clerk}&area=members", []),
            ("q=payout-account", ["PUT earnings/payout-account"]),
            ("to=2000-01-01T00:00:00Z", []),
        ):
            assert [row["action"] for row in owner.get(f"{base}?{query}")["items"]] == found, query
        answer = owner.client.get(f"/api/v1{base}.csv?area=earnings")
        lines = answer.getvalue().decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert ",小账," in lines[1]
        assert owner.client.get(f"/api/v1{base}.xlsx").status_code == 200


def test_what_is_done_at_a_creator_s_own_address_is_written_down() -> None:
    studio = new_studio()
    studio.owner.call(
        "PUT", f"/creators/{studio.creator_id}/listing", {"is_listed": False, "shows_exact": False, "intro": ""}
    )
    (row,) = studio.owner.get(f"/organisations/{studio.id}/actions")["items"]
    assert (row["action"], row["person_id"]) == ("PUT listing", studio.owner.person_id)


def test_another_s_log_is_not_found() -> None:
    for place, owner, other in workplaces():
        owner.call("PUT", f"/shops/{place}/earnings/payout-account", BANK)
        looker = create_person(email=f"looker{place}@x.example", password=None)
        add_member(organisation_id=place, email=f"looker{place}@x.example", role="viewer")
        for ending in ("", ".csv", ".xlsx"):
            path = f"/organisations/{place}/actions{ending}"
            assert Caller().error("GET", path, status=401)["code"] == "sign_in_required"
            assert other.error("GET", path, status=404)["code"] == "not_found"
            assert Caller.signed_in(looker).error("GET", path, status=403)["code"] == "forbidden"
        assert ActionEntry.objects.filter(organisation_id=place).count() == 1
