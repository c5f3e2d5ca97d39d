"""Saved filters: a member's own, shared with the shop, one to open a table with; no stranger's, not too many."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.accounts.models import DefaultView, Membership, OwnRole, SavedView
from xingqu.accounts.scopes import PAGES, TABLES
from xingqu.accounts.services import create_organisation, saved_views
from xingqu.accounts.tests.test_members import Somebody, join, member_id
from xingqu.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Somebody:
    return Somebody("owner")


@pytest.fixture
def shop(owner: Somebody) -> int:
    return create_organisation(owner_id=owner.id, kind="merchant", name="素屋")


def save(by: Somebody, shop: int, name: str = "未发货", status: int = 201, **more: Any) -> Any:
    body = {"table": "orders", "name": name, "query": "tab=to_ship&q=%E5%B8%90%E7%AF%B7", **more}
    answer = by.call("POST", f"/shops/{shop}/views", body)
    assert answer.status_code == status, answer.content
    return answer.json()


def names(by: Somebody, shop: int, table: str = "orders") -> list[tuple[str, bool, bool, bool]]:
    rows = by.call("GET", f"/shops/{shop}/views?table={table}").json()["items"]
    return [(row["name"], row["shared"], row["mine"], row["is_default"]) for row in rows]


def test_a_view_is_kept_shared_and_opened_with(owner: Somebody, shop: int) -> None:
    helper = join(shop, "helper", "fulfilment")
    mine = save(owner, shop)["items"][0]
    assert (mine["query"], mine["owner_name"]) == ("tab=to_ship&q=%E5%B8%90%E7%AF%B7", "owner")
    assert (names(owner, shop), names(helper, shop)) == ([("未发货", False, True, False)], [])

    assert save(owner, shop, shared=True, default=True, query="tab=done")["items"][0]["query"] == "tab=done"
    assert (names(owner, shop), names(helper, shop)) == (
        [("未发货", True, True, True)],
        [("未发货", True, False, False)],
    )
    body = {"table": "orders", "view_id": mine["id"]}
    assert helper.call("PUT", f"/shops/{shop}/views/default", body).status_code == 200
    assert names(helper, shop) == [("未发货", True, False, True)]

    # Taken back, it is no longer what others open with; their own default is their own row.
    assert owner.call("PATCH", f"/shops/{shop}/views/{mine['id']}", {"shared": False}).status_code == 200
    assert (names(owner, shop), names(helper, shop)) == ([("未发货", False, True, True)], [])
    assert DefaultView.objects.count() == 1
    assert owner.call("PUT", f"/shops/{shop}/views/default", {"table": "orders", "view_id": None}).status_code == 200
    assert names(owner, shop) == [("未发货", False, True, False)]


def test_another_s_view_is_not_there_and_a_shared_one_is_its_owner_s(owner: Somebody, shop: int) -> None:
    helper, stranger = join(shop, "helper", "fulfilment"), Somebody("stranger")
    create_organisation(owner_id=stranger.id, kind="merchant", name="别家")
    view = save(owner, shop)["items"][0]["id"]
    path = f"/shops/{shop}/views/{view}"
    asked = [("PATCH", path, {"name": "x"}), ("DELETE", path, None)]
    asked.append(("PUT", f"/shops/{shop}/views/default", {"table": "orders", "view_id": view}))
    for verb, address, body in asked:
        assert helper.code(verb, address, body) == (404, "not_found")
        assert stranger.code(verb, address, body) == (404, "not_found")
    assert stranger.code("GET", f"/shops/{shop}/views?table=orders") == (404, "not_found")
    assert stranger.code("POST", f"/shops/{shop}/views", {"table": "orders", "name": "x"}) == (404, "not_found")

    owner.call("PATCH", path, {"shared": True})
    assert [helper.code(verb, path, {"name": "x"}) for verb in ("PATCH", "DELETE")] == [(403, "forbidden")] * 2
    assert (SavedView.objects.get().name, DefaultView.objects.count()) == ("未发货", 0)
    manager = join(shop, "manager", "manager")
    assert manager.call("DELETE", path).status_code == 204
    assert SavedView.objects.count() == 0


def test_through_another_shop_of_one_s_own_a_view_is_not_there(owner: Somebody, shop: int) -> None:
    other = create_organisation(owner_id=owner.id, kind="merchant", name="另一家")
    view = save(owner, shop, shared=True)["items"][0]["id"]
    assert owner.code("DELETE", f"/shops/{other}/views/{view}") == (404, "not_found")
    body = {"table": "orders", "view_id": view}
    assert owner.code("PUT", f"/shops/{other}/views/default", body) == (404, "not_found")
    assert SavedView.objects.count() == 1


def test_a_table_s_views_are_for_who_may_read_it(owner: Somebody, shop: int) -> None:
    clerk = join(shop, "clerk", "viewer")
    role = OwnRole.objects.create(organisation_id=shop, name="看货", scopes=["products.read"], created_at=clock.now())
    Membership.objects.filter(person_id=clerk.id).update(role="own", own_role=role)
    view = save(owner, shop, shared=True)["items"][0]["id"]
    assert clerk.code("GET", f"/shops/{shop}/views?table=orders") == (403, "forbidden")
    assert clerk.code("POST", f"/shops/{shop}/views", {"table": "orders", "name": "x"}) == (403, "forbidden")
    assert clerk.code("DELETE", f"/shops/{shop}/views/{view}") == (403, "forbidden")
    assert clerk.call("POST", f"/shops/{shop}/views", {"table": "products", "name": "x"}).status_code == 201
    assert set(TABLES.values()) <= set(PAGES)


def test_there_are_not_too_many(owner: Somebody, shop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 2)
    monkeypatch.setattr(saved_views, "MAX_SHARED", 1)
    save(owner, shop, "a", shared=True)
    save(owner, shop, "b")
    assert save(owner, shop, "c", status=409)["error"]["code"] == "too_many_views"
    assert save(owner, shop, "b", status=409, shared=True)["error"]["data"] == {"most": 1}
    save(owner, shop, "a", shared=True, query="tab=done")  # written anew, not one more
    save(owner, shop, "c", table="products")
    b = SavedView.objects.get(name="b")
    assert owner.code("PATCH", f"/shops/{shop}/views/{b.pk}", {"shared": True}) == (409, "too_many_views")
    assert owner.code("PATCH", f"/shops/{shop}/views/{b.pk}", {"name": "a"}) == (409, "view_name_taken")
    assert sorted(SavedView.objects.values_list("name", "shared")) == [("a", True), ("b", False), ("c", False)]


def test_who_leaves_takes_their_own_along_and_leaves_what_they_shared(owner: Somebody, shop: int) -> None:
    helper = join(shop, "helper", "fulfilment")
    save(helper, shop, "mine")
    save(helper, shop, "ours", shared=True, default=True)
    member = member_id(shop, helper)
    assert owner.call("DELETE", f"/organisations/{shop}/members/{member}").status_code == 204
    assert (list(SavedView.objects.values_list("name", "member")), DefaultView.objects.count()) == (
        [("ours", None)],
        0,
    )
    assert names(owner, shop) == [("ours", True, False, False)]
    view = SavedView.objects.get()
    assert owner.code("PATCH", f"/shops/{shop}/views/{view.pk}", {"shared": False}) == (403, "forbidden")


@pytest.mark.parametrize("query", ["?tab=1", "tab=帐篷", "a=1#x", "javascript://x", "a=" + "x" * 1000, "a=%zz"])
def test_what_is_no_address_is_not_kept(owner: Somebody, shop: int, query: str) -> None:
    save(owner, shop, status=422, query=query)
    save(owner, shop, status=422, table="nope")
    assert SavedView.objects.count() == 0


def test_the_database_keeps_a_name_and_a_default_once(owner: Somebody, shop: int) -> None:
    save(owner, shop, default=True)
    row, first = SavedView.objects.get(), DefaultView.objects.get()
    row.pk = first.pk = None
    for twice in (row, first):
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save(force_insert=True)
    row.name, row.member = "nobody's", None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
