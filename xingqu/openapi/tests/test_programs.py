"""Programs: tokens, scopes, one's own shop only, the rate, the log of changes."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.openapi.domain.methods import METHODS, SCOPES
from xingqu.openapi.models import AccessToken, Change, OpenApp
from xingqu.openapi.services.changes import append_change, prune_changes
from xingqu.openapi.tests.conftest import Program
from xingqu.trade.tests.house import API, Caller, Shop, make_shop

pytestmark = pytest.mark.django_db
Make = Callable[[Shop, list[str]], Program]


def test_a_token_opens_what_its_scopes_say_and_nothing_else(shop: Shop, make_program: Make, sku: int) -> None:
    program = make_program(shop, ["product.read"])
    products = program.call("GET", f"/shops/{shop.id}/products")["items"]
    assert [row["sku_count"] for row in products] == [1]
    refusal = program.call("GET", f"/shops/{shop.id}/orders", status=403)["error"]
    assert (refusal["code"], refusal["expected"]) == ("missing_scope", "order.read")
    refusal = program.call("POST", f"/shops/{shop.id}/products/{products[0]['id']}/offline", {}, status=403)["error"]
    assert refusal["code"] == "missing_scope"
    assert program.call("GET", f"/shops/{shop.id}/products/{products[0]['id']}")["status"] == "online"


@pytest.mark.parametrize("path", ["/cart", "/shops/1/open-apps", "/session", "/feed"])
def test_addresses_that_are_not_open_are_closed_to_programs(shop: Shop, make_program: Make, path: str) -> None:
    program = make_program(shop, list(SCOPES))
    assert program.call("GET", path, status=403)["error"]["code"] == "not_open"


def test_another_shop_is_not_there(shop: Shop, make_program: Make) -> None:
    program, other = make_program(shop, list(SCOPES)), make_shop()
    for method in METHODS:
        path = method.path.replace("{shop_id}", str(other.id)).replace("{payee}", "creator")
        path = re.sub(r"\{\w+\}", "1", path)
        if method.name.startswith("earnings.statement"):
            path += "?since=2026-10-01&until=2026-11-01"
        if "/shops/" not in method.path or method.verb != "GET":
            continue
        assert program.call("GET", path, status=404)["error"]["code"] == "not_found", method.name


def test_every_method_of_the_table_is_an_address_of_the_api() -> None:
    from xingqu.config.api import api

    there = {
        (verb, path.removeprefix("/api/v1"))
        for path, verbs in api.get_openapi_schema()["paths"].items()
        for verb in (name.upper() for name in verbs)
    }
    assert [m.name for m in METHODS if (m.verb, m.path) not in there] == []
    assert {m.scope for m in METHODS} <= SCOPES.keys()
    assert len({m.name for m in METHODS}) == len({(m.verb, m.path) for m in METHODS}) == len(METHODS)


def test_a_first_call_says_whose_token_it_is(shop: Shop, make_program: Make) -> None:
    told = make_program(shop, ["shop.read", "order.read"]).call("GET", "/open/shop")
    assert (told["id"], told["scopes"]) == (shop.id, ["order.read", "shop.read"])
    assert Client().get(f"{API}/open/shop").status_code == 401


def test_wrong_credentials_get_no_token(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read"])
    AccessToken.objects.all().delete()
    program.secret += "x"
    answer = program.sign_in()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert AccessToken.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("grant_type=password", "application/x-www-form-urlencoded", "unsupported_grant_type"),
        ("{}", "application/json", "invalid_request"),
        ("grant_type=client_credentials&scope=order.write", "application/x-www-form-urlencoded", "invalid_scope"),
    ],
)
def test_bad_token_requests_are_refused_as_the_standard_says(
    shop: Shop, make_program: Make, body: str, kind: str, error: str
) -> None:
    program = make_program(shop, ["shop.read"])
    form = f"{body}&client_id={program.client_id}&client_secret={program.secret}" if "=" in body else body
    answer = Client().post(f"{API}/oauth/token", form, content_type=kind)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_token_ends_with_its_time_its_secret_and_its_program(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read"])
    member = shop.member()
    with clock.frozen(clock.now() + timedelta(seconds=settings.ENVIRONMENT.open_token_s)):
        assert program.call("GET", "/open/shop", status=401)["error"]["code"] == "bad_token"
    program.call("GET", "/open/shop")
    path = f"/shops/{shop.id}/open-apps/{program.app_id}"
    program.secret = member.post(f"{path}/secret")["secret"]
    program.call("GET", "/open/shop", status=401)
    program.sign_in()
    program.call("GET", "/open/shop")
    member.call("PATCH", path, {"is_active": False})
    program.call("GET", "/open/shop", status=401)
    assert program.sign_in().status_code == 401


def test_fewer_scopes_end_the_tokens_that_are_out(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read", "order.read"])
    shop.member().call("PATCH", f"/shops/{shop.id}/open-apps/{program.app_id}", {"scopes": ["shop.read"]})
    program.call("GET", "/open/shop", status=401)
    assert program.sign_in().json()["scope"] == "shop.read"


def test_the_rate_is_held_and_says_when_to_come_again(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read"])
    OpenApp.objects.update(calls_per_minute=8, allowed_at_us=0)
    at = clock.now()
    with clock.frozen(at):
        for _ in range(3):  # a quarter of a minute's calls in one burst, and the one that is due
            program.call("GET", "/open/shop")
        refusal = program.call("GET", "/open/shop", status=429)["error"]
    assert (refusal["code"], refusal["expected"]) == ("too_many_calls", "at most 8 calls a minute")
    with clock.frozen(at + timedelta(seconds=8)):
        program.call("GET", "/open/shop")
        program.call("GET", "/open/shop", status=429)


def test_programs_of_another_shop_can_neither_be_seen_nor_changed(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read"])
    stranger = make_shop()
    member = stranger.member()
    path = f"/shops/{stranger.id}/open-apps/{program.app_id}"
    assert member.get(f"/shops/{stranger.id}/open-apps") == []
    member.call("PATCH", path, {"name": "mine"}, status=404)
    member.post(f"{path}/secret", status=404)
    member.call("DELETE", path, status=404)
    member.get(f"/shops/{shop.id}/open-apps", status=404)
    Caller.new_person().get(f"/shops/{shop.id}/open-apps", status=404)
    assert OpenApp.objects.get().name == "ERP"


def test_unknown_scopes_and_too_many_programs_are_refused(shop: Shop) -> None:
    member = shop.member()
    path = f"/shops/{shop.id}/open-apps"
    assert member.error("POST", path, {"name": "x", "scopes": ["all.write"]}, status=422)["field"] == "scopes"
    assert member.error("POST", path, {"name": "x", "scopes": []}, status=422)["field"] == "scopes"
    for number in range(20):
        member.post(path, {"name": f"p{number}", "scopes": ["shop.read"]}, status=201)
    assert member.error("POST", path, {"name": "x", "scopes": ["shop.read"]}, status=409)["code"] == "too_many_apps"
    assert OpenApp.objects.count() == 20


def test_the_log_tells_what_changed_from_a_cursor_on(shop: Shop, make_program: Make, sku: int, wire: None) -> None:
    program = make_program(shop, ["shop.read", "order.read", "logistics.write"])
    deliver_due()  # that the product is on the shelf
    start = program.call("GET", f"/shops/{shop.id}/changes")
    assert (start["items"], start["has_more"]) == ([], False)
    order_no = Caller.new_person().buy((sku, 1))
    deliver_due()
    page = program.call("GET", f"/shops/{shop.id}/changes?cursor={start['next_cursor']}")
    assert [row["topic"] for row in page["items"]] == ["order.paid"]
    shop_order_no = page["items"][0]["reference"]
    assert program.call("GET", f"/shops/{shop.id}/orders/{shop_order_no}")["state"] == "paid"
    assert shop_order_no == order_no
    body = {"carrier_code": "sf", "tracking_no": "SF1234567890123"}
    program.call("POST", f"/shops/{shop.id}/orders/{shop_order_no}/ship", body)
    deliver_due()
    later = program.call("GET", f"/shops/{shop.id}/changes?cursor={page['next_cursor']}")
    assert sorted(row["topic"] for row in later["items"]) == ["order.shipped", "package.shipped"]
    one = program.call("GET", f"/shops/{shop.id}/changes?cursor={page['next_cursor']}&limit=1")
    assert (len(one["items"]), one["has_more"]) == (1, True)
    only = program.call("GET", f"/shops/{shop.id}/changes?cursor={start['next_cursor']}&topic=order.shipped")
    assert [row["topic"] for row in only["items"]] == ["order.shipped"]
    assert program.call("GET", f"/shops/{shop.id}/changes?cursor={later['next_cursor']}")["items"] == []
    assert program.call("GET", f"/shops/{shop.id}/changes?topic=no.such", status=422)["error"]["field"] == "topic"


def test_a_shop_without_programs_keeps_no_log(shop: Shop) -> None:
    assert append_change(shop_id=shop.id, topic="order.paid", reference="X", data={}) is False
    assert Change.objects.count() == 0


def test_old_entries_go_and_a_cursor_from_then_says_so(shop: Shop, make_program: Make) -> None:
    program = make_program(shop, ["shop.read"])
    cursor = program.call("GET", f"/shops/{shop.id}/changes")["next_cursor"]
    append_change(shop_id=shop.id, topic="webhook.test", reference="1", data={})
    with clock.frozen(clock.now() + timedelta(days=settings.ENVIRONMENT.open_changes_days, seconds=5)):
        assert prune_changes() == 1
        program.sign_in()
        refusal = program.call("GET", f"/shops/{shop.id}/changes?cursor={cursor}", status=410)["error"]
        assert refusal["code"] == "cursor_gone"
    assert Change.objects.count() == 0
