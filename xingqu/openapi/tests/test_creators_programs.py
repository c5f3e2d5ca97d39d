"""Programs of creators' studios and agencies: their own selection, links and earnings, and nothing of shops."""

import re
from collections.abc import Callable

import pytest

from xingqu.alliance.models import Link
from xingqu.alliance.tests.house import new_studio, offer, product_of
from xingqu.openapi.domain.methods import METHODS, SCOPES
from xingqu.openapi.tests.conftest import Program
from xingqu.trade.tests.house import Shop

pytestmark = pytest.mark.django_db
Make = Callable[..., Program]


def test_a_creators_program_converts_links_of_its_own(shop: Shop, sku: int, make_program: Make) -> None:
    offer(shop, sku)
    studio, other = new_studio(), new_studio()
    program = make_program(studio, ["creator.read", "creator.write"])
    base = f"/creators/{studio.creator_id}"
    made = program.call("POST", f"{base}/alliance/links", {"product_id": product_of(sku)}, status=201)
    assert [row["pick_source"] for row in program.call("GET", f"{base}/alliance/links")["items"]] == [
        made["pick_source"]
    ]
    assert [row["product_id"] for row in program.call("GET", f"{base}/alliance/showcase")["items"]] == [product_of(sku)]
    assert program.call("GET", f"{base}/alliance/commissions")["items"] == []
    [payee] = program.call("GET", f"/shops/{studio.id}/earnings")["payees"]
    orders = program.call("GET", f"/shops/{studio.id}/earnings/{payee['payee']}/{payee['id']}/commissions")
    assert orders["items"] == []
    body = {"product_id": product_of(sku)}
    refusal = program.call("POST", f"/creators/{other.creator_id}/alliance/links", body, status=404)["error"]
    assert (refusal["code"], Link.objects.count()) == ("not_found", 1)


def test_a_scope_to_read_takes_nothing_up(shop: Shop, sku: int, make_program: Make) -> None:
    offer(shop, sku)
    studio = new_studio()
    program = make_program(studio, ["creator.read"])
    body = {"product_id": product_of(sku)}
    refusal = program.call("POST", f"/creators/{studio.creator_id}/alliance/links", body, status=403)["error"]
    assert (refusal["code"], refusal["expected"], Link.objects.count()) == ("missing_scope", "creator.write", 0)


def test_nothing_of_shops_is_a_studios(make_program: Make) -> None:
    """Whatever a program was granted: addresses that the kind of workplace does not have are not there."""
    studio = new_studio()
    program = make_program(studio, list(SCOPES))
    for name in ("product.list", "order.list", "alliance.plans", "sample.list", "aftersale.list", "alliance.pools"):
        [method] = [one for one in METHODS if one.name == name]
        path = re.sub(r"\{\w+\}", "1", method.path.replace("{shop_id}", str(studio.id)))
        assert program.call("GET", path, status=404)["error"]["code"] == "not_found", name
    assert program.call("GET", f"/shops/{studio.id}/live-rooms")["items"] == []


def test_a_shops_program_acts_for_no_creator(shop: Shop, sku: int, make_program: Make) -> None:
    from xingqu.accounts.models import Creator

    program = make_program(shop, list(SCOPES))
    own = Creator.objects.get(organisation_id=shop.id).pk
    for creator_id in (own, new_studio().creator_id):
        refusal = program.call("GET", f"/creators/{creator_id}/alliance/links", status=404)["error"]
        assert refusal["code"] == "not_found"
