"""The log of what members did: written for changes and exports, read by those who manage members."""

from typing import Any

import pytest
from django.test import Client

from xingqu.accounts.models import ActionEntry, Person
from xingqu.accounts.services import add_member, create_organisation, create_person

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(email: str) -> Client:
    http = Client()
    http.force_login(Person.objects.get(email=email), backend=BACKEND)
    return http


@pytest.fixture
def shop_id() -> int:
    owner = create_person(email="owner@shop.example", password=None, display_name="店主")
    shop = create_organisation(owner_id=owner, kind="merchant", name="素屋")
    create_person(email="clerk@shop.example", password=None, display_name="=小二")
    add_member(organisation_id=shop, email="clerk@shop.example", role="viewer")
    return shop


def rename(http: Client, shop: int, name: str) -> Any:
    return http.patch(f"/api/v1/organisations/{shop}", {"name": name}, content_type="application/json")


def test_changes_are_written_down_and_refusals_and_reads_are_not(shop_id: int) -> None:
    owner, clerk = signed_in("owner@shop.example"), signed_in("clerk@shop.example")
    assert owner.get(f"/api/v1/organisations/{shop_id}/members").status_code == 200
    assert rename(clerk, shop_id, "改名").status_code == 403
    assert not ActionEntry.objects.exists()
    assert rename(owner, shop_id, "素屋家居").status_code == 200
    body = {"title": "发货", "text": "今天发"}
    made = owner.post(f"/api/v1/shops/{shop_id}/chats/quick-replies", body, content_type="application/json")
    assert made.status_code == 201
    rows = owner.get(f"/api/v1/organisations/{shop_id}/actions").json()["items"]
    assert [(row["person_name"], row["action"], row["subject"]) for row in rows] == [
        ("店主", "POST chats/quick-replies", "chats/quick-replies"),
        ("店主", "PATCH", ""),
    ]
    key = owner.session.session_key
    assert len({row["session"] for row in rows}) == 1
    assert rows[0]["session"] not in str(key)


def test_exports_are_written_down_and_hold_no_formula(shop_id: int) -> None:
    owner = signed_in("owner@shop.example")
    add_member(organisation_id=shop_id, email=_manager(), role="manager")
    assert rename(signed_in("manager@shop.example"), shop_id, "新名").status_code == 200
    text = owner.get(f"/api/v1/organisations/{shop_id}/actions.csv").getvalue().decode()
    assert "'=经理" in text
    assert ActionEntry.objects.order_by("-id")[0].action == "GET actions.csv"


def _manager() -> str:
    create_person(email="manager@shop.example", password=None, display_name="=经理")
    return "manager@shop.example"


def test_filters_and_pages(shop_id: int) -> None:
    owner = signed_in("owner@shop.example")
    for number in range(3):
        rename(owner, shop_id, f"名{number}字")
    base = f"/api/v1/organisations/{shop_id}/actions"
    first = owner.get(f"{base}?limit=2").json()
    rest = owner.get(f"{base}?limit=2&cursor={first['next_cursor']}").json()
    ids = [row["id"] for row in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), rest["next_cursor"]) == (3, None)
    clerk = Person.objects.get(email="clerk@shop.example").pk
    assert owner.get(f"{base}?person_id={clerk}").json()["items"] == []
    assert owner.get(f"{base}?q=nothing").json()["items"] == []
    assert owner.get(f"{base}?from=2100-01-01T00:00:00Z").json()["items"] == []
    assert owner.get(f"{base}?from=yesterday").status_code == 422


def test_only_those_who_manage_members_read_it(shop_id: int) -> None:
    other = create_person(email="other@shop.example", password=None)
    create_organisation(owner_id=other, kind="merchant", name="别家")
    for path in ("actions", "actions.csv"):
        address = f"/api/v1/organisations/{shop_id}/{path}"
        assert Client().get(address).status_code == 401
        assert signed_in("other@shop.example").get(address).status_code == 404
        assert signed_in("clerk@shop.example").get(address).status_code == 403
