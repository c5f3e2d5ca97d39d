"""Kinds of workplaces: what a shop, a studio and an agency have, and that nobody reaches a page that is not of their kind."""

from typing import Any

import pytest
from django.test import Client

from xingqu.accounts.models import Creator, Invitation, Membership, Organisation, OwnRole, Person
from xingqu.accounts.scopes import PAGES, WORKPLACES, has_address, scopes_of_kind, scopes_within, workplace
from xingqu.accounts.selectors import creators_by_ids, require_membership
from xingqu.accounts.services import add_member, create_organisation, open_studio, update_creator
from xingqu.accounts.tests.test_members import Somebody
from xingqu.kit.errors import Forbidden, InvalidInput, NotFound

pytestmark = pytest.mark.django_db

MERCHANT_ONLY = (
    "products",
    "marketing",
    "orders",
    "aftersale",
    "shipping",
    "messages",
    "reviews",
    "funds",
    "logistics",
)
# role -> (scopes in a shop, in a studio, in an agency); None: the kind has no such role
ROLES: dict[str, tuple[set[str] | None, set[str] | None, set[str] | None]] = {
    "manager": (
        {"products.write", "content.write", "orders.write", "reviews.write", "service.write"}
        | {"view", "members.write", "shop.write", "funds.write"},
        {"view", "content.write", "alliance.write", "earnings.write", "members.write", "shop.write"},
        {"view", "creators.write", "alliance.write", "earnings.write", "members.write", "shop.write"},
    ),
    "catalogue": ({"view", "products.write"}, None, None),
    "fulfilment": ({"view", "orders.write"}, None, None),
    "service": ({"view", "service.write", "reviews.write"}, None, None),
    "content": ({"view", "content.write"}, {"view", "content.write"}, None),
    "finance": ({"view", "funds.write"}, {"view", "earnings.write"}, {"view", "earnings.write"}),
    "viewer": ({"view"}, {"view"}, {"view"}),
}
# address below a shop -> (a studio has it, an agency has it); a shop has all
ADDRESSES = {
    "": (True, True),
    "members": (True, True),
    "roles/3": (True, True),
    "actions.csv": (True, True),
    "invitations": (True, True),
    "contents/counts": (True, False),
    "assets/3": (True, False),
    "uploads": (True, False),
    "live-rooms/3/desk": (True, False),
    "anchor-products": (True, False),
    "profile": (True, False),
    "products": (False, False),
    "skus/1": (False, False),
    "coupons": (False, False),
    "alliance/plans": (False, False),
    "orders": (False, False),
    "aftersales": (False, False),
    "packages": (False, False),
    "chats": (False, False),
    "reviews": (False, False),
    "funds": (False, False),
    "freight": (False, False),
    "open-apps": (True, True),
    "qualification": (False, False),
    "settings/freight": (False, False),
    "what-comes-tomorrow": (False, False),
}


@pytest.fixture
def owner() -> Somebody:
    return Somebody("owner")


@pytest.fixture
def studio(owner: Somebody) -> int:
    return open_studio(owner_id=owner.id, handle="qinghe", display_name="青禾的厨房", bio="一日三餐")


def join(organisation_id: int, name: str, role: str) -> Somebody:
    person = Somebody(name)
    add_member(organisation_id=organisation_id, email=f"{name}@shop.example", role=role)
    return person


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_cut_by_the_kind_of_workplace(role: str) -> None:
    from xingqu.accounts.contracts import PERMISSIONS

    for kind, wanted in zip(("merchant", "creator", "mcn"), ROLES[role], strict=True):
        if wanted is None:
            assert role not in workplace(kind).roles
        else:
            assert (role in workplace(kind).roles, scopes_within(PERMISSIONS[role], kind)) == (True, wanted), kind


def test_an_owner_has_all_of_the_kind_and_no_more() -> None:
    assert scopes_within({"*"}, "merchant") == {"*"}
    for kind in ("creator", "mcn"):
        assert scopes_within({"*"}, kind) == {"owner", *scopes_of_kind(kind)}
        assert not {PAGES[page] for page in ("products", "orders", "funds", "reviews")} & scopes_within({"*"}, kind)
    assert scopes_within({"*"}, "brand") == {
        "owner",
        "view",
        "members.read",
        "settings.read",
        "members.write",
        "shop.write",
    }
    assert set(WORKPLACES["merchant"].pages) == set(PAGES) - {"alliance", "earnings", "creators"}


@pytest.mark.parametrize("rest", ADDRESSES)
def test_addresses_by_kind(rest: str) -> None:
    assert (has_address("creator", rest), has_address("mcn", rest)) == ADDRESSES[rest]
    assert has_address("merchant", rest)


def test_becoming_a_creator(owner: Somebody, studio: int) -> None:
    row = Creator.objects.get(organisation_id=studio)
    assert (row.handle, row.display_name, row.bio, row.person_id) == ("qinghe", "青禾的厨房", "一日三餐", None)
    card = creators_by_ids(ids=[row.pk])[row.pk]
    assert (card.is_shop, card.shop_id, card.organisation_id) == (False, None, studio)
    mine = owner.call("GET", "/session").json()["organisations"]
    assert [(each["id"], each["kind"], each["creator_id"], each["role"]) for each in mine] == [
        (studio, "creator", row.pk, "owner")
    ]
    assert "owner" in mine[0]["permissions"]
    assert "*" not in mine[0]["permissions"]


@pytest.mark.parametrize(
    ("handle", "name", "code"),
    [
        ("qinghe", "别的名字", "name_taken"),
        ("other", "青禾的厨房", "name_taken"),
        ("shop12", "别的名字", "invalid_input"),
    ],
)
def test_handles_and_names_are_taken_once(owner: Somebody, studio: int, handle: str, name: str, code: str) -> None:
    body = {"handle": handle, "display_name": name}
    assert owner.code("POST", "/studios", body)[1] == code
    assert (Organisation.objects.count(), Creator.objects.count()) == (1, 1)


def test_a_person_opens_so_many_and_no_more(owner: Somebody, studio: int, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"studios_per_person": 2})
    assert owner.code("POST", "/studios", {"handle": "second", "display_name": "第二个"}) == (201, "")
    assert owner.code("POST", "/studios", {"handle": "third", "display_name": "第三个"}) == (409, "too_many_studios")
    assert Organisation.objects.filter(kind="creator").count() == 2


def test_a_guest_signs_in_first() -> None:
    from django.test import Client

    answer = Client().post(
        "/api/v1/studios", {"handle": "abc", "display_name": "小店"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in_required")


def test_an_agency_is_opened_like_a_shop(owner: Somebody) -> None:
    answer = owner.call("POST", "/organisations", {"kind": "mcn", "name": "山行机构"})
    assert (answer.status_code, answer.json()["kind"]) == (201, "mcn")
    assert Creator.objects.count() == 0
    assert owner.code("GET", f"/shops/{answer.json()['id']}/contents") == (404, "not_found")
    assert owner.code("GET", f"/organisations/{answer.json()['id']}/members") == (200, "")


@pytest.mark.parametrize("page", MERCHANT_ONLY)
def test_a_page_of_shops_is_none_of_a_studios(owner: Somebody, studio: int, page: str) -> None:
    with pytest.raises(NotFound):
        require_membership(person_id=owner.id, organisation_id=studio, permission="view", page=page)


def test_a_scope_of_shops_opens_nothing_in_a_studio(owner: Somebody, studio: int) -> None:
    for permission in ("products.write", "orders.write", "funds.write"):
        with pytest.raises(Forbidden):
            require_membership(person_id=owner.id, organisation_id=studio, permission=permission)


def test_a_studio_gives_roles_and_scopes_of_its_kind(owner: Somebody, studio: int) -> None:
    base = f"/organisations/{studio}"
    roles = owner.call("GET", f"{base}/roles").json()
    assert [each["role"] for each in roles["house"]] == ["owner", "manager", "content", "finance", "viewer"]
    assert [each["page"] for each in roles["pages"]] == [
        *("content", "alliance", "earnings"),
        *("members", "open", "settings"),
    ]
    assert owner.code("POST", f"{base}/invitations", {"contact": "a@b.example", "role": "fulfilment"})[0] == 422
    refused = owner.code("POST", f"{base}/roles", {"name": "发货", "scopes": ["orders.write"]})
    assert (refused[0], Invitation.objects.count(), OwnRole.objects.count()) == (422, 0, 0)
    assert owner.code("POST", f"{base}/roles", {"name": "选品", "scopes": ["alliance.write"]}) == (201, "")
    for role in ("owner", "content"):  # an owner may ask another owner in, though its scopes are not "*"
        assert owner.code("POST", f"{base}/invitations", {"contact": f"{role}@b.example", "role": role}) == (201, "")


def test_a_manager_of_a_studio_makes_no_owner(owner: Somebody, studio: int) -> None:
    manager = join(studio, "helper", "manager")
    wanted = {"contact": "x@b.example", "role": "owner"}
    assert manager.code("POST", f"/organisations/{studio}/invitations", wanted) == (403, "beyond_own_scopes")
    assert Invitation.objects.count() == 0
    member = Membership.objects.get(organisation_id=studio, person_id=manager.id)
    named = {"member_id": member.pk, "shop_name": "青禾的厨房"}
    assert manager.code("POST", f"/organisations/{studio}/owner", named)[0] == 403
    assert owner.code("POST", f"/organisations/{studio}/owner", named) == (204, "")


def test_who_acts_for_a_creator(owner: Somebody, studio: int) -> None:
    creator_id = Creator.objects.get(organisation_id=studio).pk
    links, money = f"/creators/{creator_id}/alliance/links", f"/creators/{creator_id}/alliance/commissions"
    assert owner.code("GET", links) == (200, "")
    assert Somebody("stranger").code("GET", links) == (404, "not_found")
    editor, books = join(studio, "editor", "content"), join(studio, "books", "finance")
    assert (editor.code("GET", links)[0], books.code("GET", money)[0]) == (200, 200)
    assert editor.code("POST", links, {"product_id": 1})[0] == 403
    OwnRole.objects.create(
        organisation_id=studio, name="剪辑", scopes=["content.write"], created_at=Organisation.objects.get().created_at
    )
    Membership.objects.filter(person_id=editor.id).update(role="own", own_role=OwnRole.objects.get())
    assert (editor.code("GET", links)[0], editor.code("GET", money)[0]) == (403, 403)


def test_a_shops_own_account_is_no_creators(owner: Somebody) -> None:
    shop = create_organisation(owner_id=owner.id, kind="merchant", name="素屋")
    creator = Creator.objects.get(organisation_id=shop)
    assert creators_by_ids(ids=[creator.pk])[creator.pk].shop_id == shop
    assert owner.code("GET", f"/creators/{creator.pk}/alliance/links") == (404, "not_found")


def test_a_studio_is_called_what_its_account_is_called(owner: Somebody, studio: int) -> None:
    creator = Creator.objects.get(organisation_id=studio)
    assert owner.code("PATCH", f"/organisations/{studio}", {"name": "别名"}) == (404, "not_found")
    update_creator(creator_id=creator.pk, display_name="青禾", handle="qinghe2", avatar_url="/media/a.webp")
    row = Organisation.objects.get(pk=studio)
    creator.refresh_from_db()
    assert (row.name, row.avatar_url, creator.handle) == ("青禾", "/media/a.webp", "qinghe2")
    with pytest.raises(InvalidInput):
        update_creator(creator_id=creator.pk, handle="shop77")


def test_operators_find_workplaces_by_name_or_number() -> None:
    operator, stranger = Somebody("operator"), Somebody("stranger")
    Person.objects.filter(pk=operator.id).update(is_staff=True)
    tea = create_organisation(owner_id=stranger.id, kind="merchant", name="山里茶铺", name_en="Hill Teas")
    agency = create_organisation(owner_id=stranger.id, kind="mcn", name="山里文化")

    def found(query: str) -> list[tuple[int, str]]:
        rows = operator.call("GET", f"/platform/organisations?{query}").json()
        return sorted((row["id"], row["name_en"]) for row in rows)

    assert found("q=山里") == [(tea, "Hill Teas"), (agency, "山里文化")]
    assert found("q=hill") == [(tea, "Hill Teas")]
    assert found("q=山里&kind=mcn") == [(agency, "山里文化")]
    assert found(f"q={tea}&kind=merchant") == [(tea, "Hill Teas")]
    assert found(f"ids={agency},{agency + 1}") == [(agency, "山里文化")]
    assert found("") == found(f"q={10**15}") == []
    for wrong in ("ids=1;2", "kind=shop", f"q={'x' * 61}", f"ids={','.join(['1'] * 201)}"):
        assert operator.code("GET", f"/platform/organisations?{wrong}") == (422, "invalid_input"), wrong
    assert stranger.code("GET", "/platform/organisations?q=山里") == (404, "not_found")


def test_whoever_is_signed_in_finds_creators_by_name_or_handle() -> None:
    somebody = Somebody("somebody")
    shop = create_organisation(owner_id=somebody.id, kind="merchant", name="山里茶铺", name_en="Hill Teas")
    tea = Creator.objects.get(organisation_id=shop)

    def found(query: str) -> list[tuple[int, str]]:
        return [(row["id"], row["handle"]) for row in somebody.call("GET", f"/creators?{query}").json()]

    assert (
        found("q=山里")
        == found("q=hill")
        == found(f"q={tea.handle}")
        == found(f"ids={tea.pk}")
        == [(tea.pk, tea.handle)]
    )
    assert found("q=nobody-is-called-so") == found("") == []
    assert Client().get("/api/v1/creators?q=山里").status_code == 401
