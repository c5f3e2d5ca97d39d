"""Members: nobody without their consent, nobody beyond one's own scopes, never without an owner, at once in open sessions."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from xingqu.accounts.action_words import words_of
from xingqu.accounts.models import ActionEntry, Invitation, Membership, Notice, OwnRole, Person
from xingqu.accounts.scopes import ALL_SCOPES, PAGES, covers, may
from xingqu.accounts.services import add_member, create_organisation, create_person, sweep_actions
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
JSON = "application/json"


class Somebody:
    """A signed-in person with a browser that stays open."""

    def __init__(self, name: str) -> None:
        self.id = create_person(email=f"{name}@shop.example", password=None, display_name=name)
        self.http = Client()
        self.http.force_login(Person.objects.get(pk=self.id), backend=BACKEND)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.http.generic(method, f"/api/v1{path}", __import__("json").dumps(body or {}), content_type=JSON)

    def code(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        answer = self.call(method, path, body)
        return answer.status_code, answer.json()["error"]["code"] if answer.status_code >= 400 else ""


@pytest.fixture
def owner() -> Somebody:
    return Somebody("owner")


@pytest.fixture
def shop(owner: Somebody) -> int:
    return create_organisation(owner_id=owner.id, kind="merchant", name="素屋")


def join(shop: int, name: str, role: str) -> Somebody:
    person = Somebody(name)
    add_member(organisation_id=shop, email=f"{name}@shop.example", role=role)
    return person


def invite(by: Somebody, shop: int, contact: str, role: str = "viewer", **more: Any) -> Any:
    return by.call("POST", f"/organisations/{shop}/invitations", {"contact": contact, "role": role, **more})


def member_id(shop: int, person: Somebody) -> int:
    return Membership.objects.get(organisation_id=shop, person_id=person.id).pk


def token_of(answer: Any) -> str:
    return str(answer.json()["items"][0]["link"]).rpartition("/")[2]


def test_an_invitation_goes_by_mail_and_makes_a_member_only_when_accepted(owner: Somebody, shop: int) -> None:
    helper = Somebody("helper")
    made = invite(owner, shop, "Helper@shop.example", "fulfilment", language="en")
    assert made.status_code == 201
    deliver_due()
    assert (mail.outbox[0].to, token_of(made) in mail.outbox[0].body) == (["helper@shop.example"], True)
    assert Membership.objects.filter(organisation_id=shop).count() == 1
    assert owner.code(
        "POST", f"/organisations/{shop}/invitations", {"contact": "helper@shop.example", "role": "viewer"}
    ) == (
        409,
        "conflict",
    )
    path = f"/invitations/{token_of(made)}"
    card = Client().get(f"/api/v1{path}").json()
    assert (card["shop_name"], card["role"], card["state"], card["invited_by"]) == (
        "素屋",
        "fulfilment",
        "waiting",
        "owner",
    )
    assert Client().post(f"/api/v1{path}/accept", content_type=JSON).status_code == 401
    assert Somebody("other").code("POST", f"{path}/accept") == (403, "invitation_of_another")
    assert helper.call("POST", f"{path}/accept").json() == {"organisation_id": shop}
    assert Membership.objects.get(person_id=helper.id).role == "fulfilment"
    assert helper.code("POST", f"{path}/accept") == (410, "invitation_over")
    assert Membership.objects.filter(organisation_id=shop).count() == 2


def test_links_end_by_time_by_a_newer_one_by_revoking_and_by_declining(owner: Somebody, shop: int) -> None:
    helper = Somebody("helper")
    first = token_of(invite(owner, shop, "+8613800138000"))
    row = Invitation.objects.get()
    second = token_of(owner.call("POST", f"/organisations/{shop}/invitations/{row.pk}/resend"))
    assert helper.code("POST", f"/invitations/{first}/accept") == (410, "invitation_over")
    with clock.frozen(clock.now() + timedelta(days=settings.ENVIRONMENT.invitation_days)):
        assert helper.code("POST", f"/invitations/{second}/accept") == (410, "invitation_over")
    assert helper.code("POST", f"/invitations/{second[:-2]}xx/accept") == (404, "not_found")
    assert owner.call("DELETE", f"/organisations/{shop}/invitations/{row.pk}").status_code == 204
    assert helper.code("POST", f"/invitations/{second}/accept") == (410, "invitation_over")
    third = token_of(invite(owner, shop, "helper@shop.example"))
    assert helper.call("POST", f"/invitations/{third}/decline").status_code == 204
    assert helper.code("POST", f"/invitations/{third}/accept") == (410, "invitation_over")
    assert Membership.objects.count() == 1
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["declined", "revoked"]


def test_nobody_gives_more_than_they_have_nor_raises_themselves(owner: Somebody, shop: int) -> None:
    manager = join(shop, "manager", "manager")
    base = f"/organisations/{shop}"
    assert manager.code("POST", f"{base}/invitations", {"contact": "a@b.example", "role": "owner"}) == (
        403,
        "beyond_own_scopes",
    )
    mine, theirs = member_id(shop, manager), member_id(shop, owner)
    assert manager.code("PATCH", f"{base}/members/{mine}", {"role": "owner"}) == (403, "beyond_own_scopes")
    assert manager.code("PATCH", f"{base}/members/{theirs}", {"role": "viewer"}) == (403, "beyond_own_scopes")
    assert manager.code("DELETE", f"{base}/members/{theirs}") == (403, "beyond_own_scopes")
    scopes = ["members.read", "members.write", "orders.read"]
    made = owner.call("POST", f"{base}/roles", {"name": "人事", "scopes": scopes}).json()["own"][0]
    hr = join(shop, "hr", "viewer")
    owner.call("PATCH", f"{base}/members/{member_id(shop, hr)}", {"role": "own", "own_role_id": made["id"]})
    grown = {"name": "人事", "scopes": [*scopes, "funds.write"]}
    assert hr.code("PATCH", f"{base}/roles/{made['id']}", grown) == (403, "beyond_own_scopes")
    assert hr.code("PATCH", f"{base}/roles/{made['id']}", {"name": "人事", "scopes": scopes[:1]}) == (
        403,
        "beyond_own_scopes",
    )
    assert hr.code("POST", f"{base}/roles", {"name": "钱包", "scopes": ["funds.write"]}) == (403, "beyond_own_scopes")
    assert (Invitation.objects.count(), OwnRole.objects.get().scopes) == (
        0,
        ["orders.read", "members.read", "members.write"],
    )
    assert Membership.objects.filter(role="owner").count() == 1


def test_the_last_owner_stays_and_the_shop_is_handed_on_by_its_name(owner: Somebody, shop: int) -> None:
    base = f"/organisations/{shop}"
    mine = member_id(shop, owner)
    assert owner.code("DELETE", f"{base}/members/{mine}") == (409, "last_owner")
    assert owner.code("PATCH", f"{base}/members/{mine}", {"role": "viewer"}) == (409, "last_owner")
    heir = join(shop, "heir", "viewer")
    body = {"member_id": member_id(shop, heir), "shop_name": "别家"}
    assert owner.code("POST", f"{base}/owner", body)[0] == 422
    assert heir.code("POST", f"{base}/owner", {**body, "shop_name": "素屋"}) == (403, "forbidden")
    assert Membership.objects.get(pk=mine).role == "owner"
    assert owner.call("POST", f"{base}/owner", {**body, "shop_name": "素屋"}).status_code == 204
    roles = dict(Membership.objects.values_list("person_id", "role"))
    assert roles == {owner.id: "manager", heir.id: "owner"}
    assert owner.call("DELETE", f"{base}/members/{mine}").status_code == 204


def test_a_changed_role_holds_in_an_open_session_at_once(owner: Somebody, shop: int) -> None:
    base = f"/organisations/{shop}"
    role = owner.call("POST", f"{base}/roles", {"name": "看单", "scopes": ["orders.read"]}).json()["own"][0]["id"]
    clerk = join(shop, "clerk", "viewer")
    owner.call("PATCH", f"{base}/members/{member_id(shop, clerk)}", {"role": "own", "own_role_id": role})
    assert clerk.http.get(f"/api/v1/shops/{shop}/orders").status_code == 200
    assert clerk.http.get(f"/api/v1/shops/{shop}/funds").status_code == 403
    session = clerk.http.get("/api/v1/session").json()["organisations"][0]
    assert (session["role"], session["role_name"], session["permissions"]) == ("own", "看单", ["orders.read"])
    owner.call("PATCH", f"{base}/roles/{role}", {"name": "看钱", "scopes": ["funds.read"]})
    assert clerk.http.get(f"/api/v1/shops/{shop}/orders").status_code == 403
    assert clerk.http.get(f"/api/v1/shops/{shop}/funds").status_code == 200
    assert Notice.objects.filter(person_id=clerk.id, kind="role_changed").count() == 2
    assert owner.code("DELETE", f"{base}/roles/{role}") == (409, "role_in_use")
    assert owner.call("DELETE", f"{base}/members/{member_id(shop, clerk)}").status_code == 204
    assert clerk.http.get(f"/api/v1/shops/{shop}/funds").status_code == 404
    assert owner.call("DELETE", f"{base}/roles/{role}").status_code == 204


def test_another_shop_has_no_hand_in_it(owner: Somebody, shop: int) -> None:
    stranger = Somebody("stranger")
    create_organisation(owner_id=stranger.id, kind="merchant", name="别家")
    invite(owner, shop, "x@y.example")
    base, row = f"/organisations/{shop}", Invitation.objects.get()
    for method, path, body in (
        ("GET", "/members", None),
        ("GET", "/roles", None),
        ("GET", "/invitations", None),
        ("POST", "/invitations", {"contact": "a@b.example", "role": "viewer"}),
        ("POST", f"/invitations/{row.pk}/resend", None),
        ("DELETE", f"/invitations/{row.pk}", None),
        ("POST", "/roles", {"name": "角色", "scopes": ["view"]}),
        ("PATCH", "/roles/1", {"name": "角色", "scopes": ["view"]}),
        ("DELETE", "/roles/1", None),
        ("PATCH", f"/members/{member_id(shop, owner)}", {"role": "viewer"}),
        ("DELETE", f"/members/{member_id(shop, owner)}", None),
        ("POST", "/owner", {"member_id": 1, "shop_name": "素屋"}),
    ):
        assert stranger.code(method, base + path, body) == (404, "not_found"), (method, path)
    assert (Invitation.objects.count(), OwnRole.objects.count(), Membership.objects.count()) == (1, 0, 2)


def test_a_role_is_the_houses_or_the_shops_never_both(shop: int) -> None:
    person = create_person(email="x@shop.example", password=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation_id=shop, person_id=person, role="own")


def test_scopes_by_page() -> None:
    assert may({"orders.read"}, "view", "orders")
    assert may({"orders.write"}, "view", "aftersale")
    assert not may({"orders.read"}, "view", "funds")
    assert not may({"orders.read"}, "view")
    assert not may({"orders.read"}, "orders.write", "orders")
    assert may({"view"}, "view", "funds")
    assert covers({"view", "orders.write"}, {"funds.read", "orders.write"})
    assert not covers({"orders.write"}, {"view"})
    assert not covers({"view"}, {"orders.write"})
    assert {f"{page}.read" for page in PAGES} < set(ALL_SCOPES)


def test_the_log_says_in_words_what_changed_from_what_to_what(owner: Somebody, shop: int) -> None:
    clerk = join(shop, "clerk", "viewer")
    owner.call("PATCH", f"/organisations/{shop}", {"name": "素屋家居"})
    owner.call("PATCH", f"/organisations/{shop}/members/{member_id(shop, clerk)}", {"role": "finance"})
    base = f"/api/v1/organisations/{shop}/actions"
    role, name = owner.http.get(base).json()["items"]
    assert (role["words"], role["words_en"], role["area"]) == ("修改成员的角色", "Changed a member's role", "members")
    assert role["changes"] == [{"field": "role", "before": "viewer", "after": "finance"}]
    assert name["changes"][0] == {"field": "name", "before": "素屋", "after": "素屋家居"}
    assert [row["id"] for row in owner.http.get(f"{base}?area=members").json()["items"]] == [role["id"]]
    text = owner.http.get(f"{base}.csv").getvalue().decode()
    assert "修改成员的角色" in text
    assert "role: viewer → finance" in text
    assert words_of("POST products/*/online") == ("上架商品", "Put on sale a product")
    assert words_of("GET orders.csv") == ("导出订单", "Exported an order")


def test_old_entries_are_forgotten(owner: Somebody, shop: int) -> None:
    owner.call("PATCH", f"/organisations/{shop}", {"name": "素屋家居"})
    assert sweep_actions() == 0
    with clock.frozen(clock.now() + timedelta(days=settings.ENVIRONMENT.audit_log_days + 1)):
        assert (sweep_actions(), ActionEntry.objects.count()) == (1, 0)
