"""People, organisations, members and guests, through the API on a real database."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from xingqu.accounts import services
from xingqu.accounts.models import GuestMerge, Membership, Organisation, Person
from xingqu.kit.models import OutboxFact

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"


class Browser:
    """A client that sends the CSRF token as the front end does."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.session()

    def session(self) -> dict[str, Any]:
        return self.client.get("/api/v1/session").json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        token = self.client.cookies["csrftoken"].value
        return self.client.generic(
            method, path, b"" if body is None else __import__("json").dumps(body), JSON, headers={"X-CSRFToken": token}
        )

    def sign_up(self, email: str = "a@example.test") -> int:
        answer = self.send("POST", "/_allauth/browser/v1/auth/signup", {"email": email, "password": "tea-and-rain-88"})
        assert answer.status_code == 200, answer.content
        return int(self.session()["person"]["id"])


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_a_guest_keeps_one_key(browser: Browser) -> None:
    first, second = browser.session(), browser.session()
    assert first["person"] is None
    assert first["actor_key"] == second["actor_key"]
    assert re.fullmatch(r"g\d+", first["actor_key"])


def test_a_forged_guest_cookie_is_replaced(browser: Browser) -> None:
    browser.client.cookies["xq_guest"] = "42:forged:signature"
    assert browser.session()["actor_key"] != "g42"


def test_sign_up_merges_the_guest_once_and_renews_the_key(browser: Browser) -> None:
    guest = int(browser.session()["actor_key"][1:])
    person_id = browser.sign_up()
    assert list(GuestMerge.objects.values_list("guest_key", "person_id")) == [(guest, person_id)]
    assert OutboxFact.objects.filter(name="GuestMerged").count() == 1
    assert browser.session()["actor_key"] == f"p{person_id}"
    browser.send("DELETE", "/_allauth/browser/v1/auth/session")
    after = browser.session()
    assert after["person"] is None
    assert after["actor_key"] != f"g{guest}"


def test_sign_in_with_a_wrong_password_changes_nothing(browser: Browser) -> None:
    browser.sign_up()
    other = Browser()
    body = {"email": "a@example.test", "password": "wrong-wrong-wrong"}
    assert other.send("POST", "/_allauth/browser/v1/auth/login", body).status_code == 400
    assert other.session()["person"] is None


def test_password_reset_by_mail(browser: Browser) -> None:
    browser.sign_up()
    other = Browser()
    mail.outbox.clear()
    asked = other.send("POST", "/_allauth/browser/v1/auth/password/request", {"email": "a@example.test"})
    assert asked.status_code == 200
    found = re.search(r"/reset-password/(\S+)", mail.outbox[0].body)
    assert found is not None
    done = other.send(
        "POST", "/_allauth/browser/v1/auth/password/reset", {"key": found.group(1), "password": "fresh-bread-at-7"}
    )
    assert done.status_code in (200, 401)  # 401: reset, and sign in next
    login = {"email": "a@example.test", "password": "fresh-bread-at-7"}
    assert Browser().send("POST", "/_allauth/browser/v1/auth/login", login).status_code == 200


def test_an_unsafe_call_without_the_token_is_refused(browser: Browser) -> None:
    browser.sign_up()
    answer = browser.client.post("/api/v1/organisations", {"name": "小屋"}, content_type=JSON)
    assert answer.status_code == 403
    assert Organisation.objects.count() == 0


def test_a_guest_cannot_open_a_shop(browser: Browser) -> None:
    answer = browser.send("POST", "/api/v1/organisations", {"name": "小屋"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in_required")
    assert Organisation.objects.count() == 0


def test_opening_a_shop_makes_its_owner_and_its_publishing_account(browser: Browser) -> None:
    browser.sign_up()
    shop = browser.send("POST", "/api/v1/organisations", {"name": "小屋布置", "description": "布艺"}).json()
    session = browser.session()
    assert [(o["id"], o["role"]) for o in session["organisations"]] == [(shop["id"], "owner")]
    creators = browser.client.get(f"/api/v1/organisations/{shop['id']}/creators").json()["items"]
    assert [c["display_name"] for c in creators] == ["小屋布置"]
    again = browser.send("POST", "/api/v1/organisations", {"name": "小屋布置"})
    assert (again.status_code, again.json()["error"]["code"], again.json()["error"]["field"]) == (
        409,
        "name_taken",
        "name",
    )
    assert Organisation.objects.count() == 1


def test_a_stranger_sees_nothing_of_a_shop(browser: Browser) -> None:
    browser.sign_up()
    shop_id = browser.send("POST", "/api/v1/organisations", {"name": "小屋布置"}).json()["id"]
    stranger = Browser()
    stranger.sign_up("b@example.test")
    assert stranger.client.get(f"/api/v1/organisations/{shop_id}/members").status_code == 404
    patched = stranger.send("PATCH", f"/api/v1/organisations/{shop_id}", {"name": "偷来的店"})
    assert patched.status_code == 404
    assert Organisation.objects.get().name == "小屋布置"


def test_the_role_switch_is_for_demos_only(browser: Browser, settings: Any) -> None:
    settings.DEMO = False
    assert browser.send("POST", "/api/v1/demo/role", {"role": "operator"}).status_code == 404
    assert browser.session()["person"] is None
    settings.DEMO = True
    services.create_person(email="merchant@demo.invalid", password=None, display_name="体验商家")
    switched = browser.send("POST", "/api/v1/demo/role", {"role": "merchant"}).json()
    assert switched["person"]["display_name"] == "体验商家"


def test_notices_are_ones_own(browser: Browser) -> None:
    me = browser.sign_up()
    for number in range(3):
        services.notify(person_id=me, kind="order_shipped", data={"n": number})
    other = Browser()
    other.sign_up("b@example.test")
    page = browser.client.get("/api/v1/notices?limit=2").json()
    assert [n["data"]["n"] for n in page["items"]] == [2, 1]
    rest = browser.client.get("/api/v1/notices", {"cursor": page["next_cursor"]}).json()
    assert ([n["data"]["n"] for n in rest["items"]], rest["next_cursor"]) == ([0], None)
    assert other.client.get("/api/v1/notices").json()["items"] == []
    assert browser.session()["unread_notices"] == 3
    other.send("POST", "/api/v1/notices/read", {"up_to_id": 10**6})
    assert browser.session()["unread_notices"] == 3
    browser.send("POST", "/api/v1/notices/read", {"up_to_id": page["items"][0]["id"]})
    assert browser.session()["unread_notices"] == 0


def test_a_buyers_notices_are_told_apart_from_those_of_their_shop(browser: Browser) -> None:
    me = browser.sign_up()
    shop = Organisation.objects.create(name="店", kind="shop")
    Membership.objects.create(organisation=shop, person_id=me, role="owner")
    services.notify(person_id=me, kind="order_paid", data={"order_no": "S1"})
    # The same kind goes to both sides of a case; the shop's names the shop.
    services.notify(organisation_id=shop.pk, kind="aftersale_changed", data={"case_no": "A1", "shop_id": shop.pk})
    services.notify(organisation_id=shop.pk, kind="order_new", data={"order_no": "S2"})
    services.notify(person_id=me, kind="aftersale_changed", data={"case_no": "A1"})
    page = browser.client.get("/api/v1/notices?side=buyer&limit=1").json()
    rest = browser.client.get("/api/v1/notices", {"side": "buyer", "cursor": page["next_cursor"]}).json()
    shown = [(n["kind"], n["data"]) for n in page["items"] + rest["items"]]
    assert shown == [("aftersale_changed", {"case_no": "A1"}), ("order_paid", {"order_no": "S1"})]
    session = browser.session()
    assert (session["unread_notices"], session["unread_buyer_notices"]) == (4, 2)
    browser.send("POST", "/api/v1/notices/read", {"up_to_id": page["items"][0]["id"], "side": "buyer"})
    session = browser.session()
    assert (session["unread_notices"], session["unread_buyer_notices"]) == (2, 0)


def test_a_person_is_told_nothing_that_has_no_sentence(browser: Browser) -> None:
    me = browser.sign_up()
    with pytest.raises(ValueError, match="order_new is not listed"):
        services.notify(person_id=me, kind="order_new", data={})
    assert browser.client.get("/api/v1/notices").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"display_name": "a\x00b"}, "display_name"),
        ({"language": "fr"}, "language"),
        ({"display_name": "长" * 41}, "display_name"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(browser: Browser, body: dict[str, Any], field: str) -> None:
    me = browser.sign_up()
    answer = browser.send("PATCH", "/api/v1/me", body)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["field"]) == (
        422,
        "invalid_input",
        field,
    )
    assert (Person.objects.get(pk=me).display_name, Person.objects.get(pk=me).language) == ("", "zh-CN")


def test_broken_utf8_is_refused(browser: Browser) -> None:
    browser.sign_up()
    token = browser.client.cookies["csrftoken"].value
    answer = browser.client.generic(
        "PATCH", "/api/v1/me", b'{"display_name":"\xff\xfe"}', JSON, headers={"X-CSRFToken": token}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_input")
    assert Person.objects.get().display_name == ""


def test_a_far_too_large_id_is_refused(browser: Browser) -> None:
    assert browser.client.get(f"/api/v1/organisations/{10**30}").status_code == 422
