"""The merchant's endpoints: what they do, what they refuse, and that nobody meets another shop's rows."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from xingqu.accounts.models import Person
from xingqu.accounts.services import add_member, create_organisation, create_person
from xingqu.catalogue import services
from xingqu.catalogue.models import Product, ProductPicture, Sku, StockMovement
from xingqu.kit.models import OutboxFact

API = "/api/v1"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Caller:
    """A signed-in person at the API of one shop."""

    def __init__(self, email: str, shop_id: int) -> None:
        self.http = Client()
        self.http.force_login(Person.objects.get(email=email), backend=BACKEND)
        self.base = f"{API}/shops/{shop_id}"

    def __call__(self, method: str, path: str, body: Any = None, **fields: Any) -> Any:
        if fields:
            return self.http.post(self.base + path, fields)
        data = b"" if body is None else json.dumps(body).encode()
        return self.http.generic(method, self.base + path, data, content_type="application/json")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(shop_id: int) -> Caller:
    return Caller("owner@shop.example", shop_id)


@pytest.fixture
def stranger(shop_id: int) -> Caller:
    """The owner of another shop, knocking at this one's addresses."""
    pk = create_person(email="other@shop.example", password=None)
    create_organisation(owner_id=pk, kind="merchant", name="别家店")
    return Caller("other@shop.example", shop_id)


def picture(size: tuple[int, int] = (300, 200), form: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, form)
    file.seek(0)
    file.name = f"a.{form.lower()}"
    return file


def draft_body(leaf_id: int, /, **changes: Any) -> dict[str, Any]:
    return {
        "name": "亚麻四件套",
        "category_id": leaf_id,
        "attributes": [{"name": "尺寸", "value": "1.5米"}],
        "options": [{"name": "颜色", "values": ["红", "蓝"]}],
        "skus": [{"values": ["红"], "price_minor": 1000, "stock": 4}, {"values": ["蓝"], "price_minor": 2000}],
    } | changes


def error(response: Any) -> tuple[int, str, str | None]:
    body = response.json()["error"]
    return response.status_code, body["code"], body["field"]


def test_from_draft_to_sale(owner: Caller, bedding_id: int) -> None:
    made = owner("POST", "/products", draft_body(bedding_id))
    assert made.status_code == 201
    product = made.json()
    path = f"/products/{product['id']}"
    assert (product["status"], product["check_status"], product["draft_status"]) == (
        "offline",
        "unsubmitted",
        "editing",
    )
    assert product["sale_state"] == {"code": "draft", "can_buy": False}
    assert error(owner("POST", f"{path}/online")) == (409, "wrong_state", None)
    assert Client().get(f"{API}{path}").status_code == 404

    refused = owner("POST", f"{path}/submit").json()
    assert refused["check_status"] == "rejected"
    assert [(field, rows[0]["code"]) for field, rows in refused["check_reasons"].items()] == [("pictures", "required")]
    added = owner("POST", f"{path}/pictures", file=picture())
    assert added.status_code == 201
    assert [(row["width"], row["height"]) for row in added.json()["pictures"]] == [(300, 200)]
    assert added.json()["picture_url"].startswith(f"/media/products/{product['id']}/")

    assert owner("POST", f"{path}/submit").json()["check_status"] == "approved"
    OutboxFact.objects.all().delete()
    online = owner("POST", f"{path}/online").json()
    assert online["sale_state"] == {"code": "on_sale", "can_buy": True}
    assert owner("POST", f"{path}/online").status_code == 200
    assert [fact.name for fact in OutboxFact.objects.all()] == ["ProductListed"]
    shown = Client().get(f"{API}{path}").json()
    assert shown["price"] == {"amount_minor": 1000, "currency": "CNY"}
    assert shown["max_price"] == {"amount_minor": 2000, "currency": "CNY"}
    assert [node["name"] for node in shown["category_path"]] == ["居家", "床品件套"]
    assert [sku["sale_state"]["code"] for sku in shown["skus"]] == ["on_sale", "sold_out"]

    assert owner("POST", f"{path}/offline").json()["sale_state"]["code"] == "offline"
    assert Client().get(f"{API}{path}").json()["sale_state"] == {"code": "offline", "can_buy": False}
    assert owner("DELETE", path).status_code == 204
    assert owner("GET", "/products").json()["items"] == []
    assert [row["id"] for row in owner("GET", "/products?state=deleted").json()["items"]] == [product["id"]]
    assert error(owner("POST", f"{path}/online")) == (404, "not_found", None)


def test_edits_of_an_approved_product_wait_for_the_check(owner: Caller, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    services.set_pictures(product_id=product_id, files=[])
    path = f"/products/{product_id}"
    version = owner("GET", path).json()["version"]
    assert owner("POST", f"{path}/pictures", file=picture()).status_code == 201
    assert error(owner("PATCH", path, {"version": version, "name": "晚了"})) == (409, "stale_version", "version")
    version = owner("GET", path).json()["version"]
    edited = owner("PATCH", path, {"version": version, "name": "国家级四件套"}).json()
    assert (edited["name"], edited["draft"], edited["draft_status"]) == (
        "纯棉刺绣四件套",
        {"name": "国家级四件套"},
        "editing",
    )
    refused = owner("POST", f"{path}/submit").json()
    assert (refused["check_status"], refused["draft_status"]) == ("approved", "rejected")
    reason = refused["check_reasons"]["name"][0]
    assert (reason["code"], reason["words"], reason["basis"]) == ("absolute_claim", "国家级", "《广告法》第九条第三项")
    assert refused["sale_state"]["code"] == "on_sale"
    better = owner("PATCH", path, {"version": refused["version"], "name": "手工四件套"}).json()
    done = owner("POST", f"{path}/submit").json()
    assert (done["name"], done["draft"], done["draft_status"], done["check_reasons"]) == ("手工四件套", {}, "none", {})
    assert done["version"] > better["version"]
    assert error(owner("POST", f"{path}/discard-draft", {"version": done["version"]})) == (409, "wrong_state", None)


def test_skus_are_replaced_whole_and_keep_their_ids(owner: Caller, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    path = f"/products/{product_id}"
    before = owner("GET", path).json()
    ids = {sku["option_text"]: sku["id"] for sku in before["skus"]}
    body = {
        "version": before["version"],
        "options": [{"name": "颜色", "values": ["米白", "墨绿"]}],
        "skus": [{"values": ["墨绿"], "price_minor": 500, "stock": 2}, {"values": ["米白"], "price_minor": 700}],
    }
    after = owner("PUT", f"{path}/skus", body).json()
    assert [(sku["option_text"], sku["on_hand"]) for sku in after["skus"]] == [("墨绿", 2), ("米白", 3)]
    assert after["skus"][1]["id"] == ids["米白"]
    assert after["price"]["amount_minor"] == 500
    assert Sku.objects.get(pk=ids["雾蓝"]).is_active is False
    assert error(owner("PUT", f"{path}/skus", body)) == (409, "stale_version", "version")


RED = {"values": ["红"], "price_minor": 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, (422, "invalid_input", "name")),
        ({"name": "x" * 61}, (422, "invalid_input", "name")),
        ({"category_id": 9_999_999}, (422, "invalid_input", "category_id")),
        ({"category_id": 2**70}, (422, "invalid_input", "category_id")),
        ({"promises": ["moon"]}, (422, "invalid_input", "promises")),
        ({"attributes": [{"name": "a", "value": "1"}] * 2}, (422, "duplicate", "attributes")),
        ({"stated_tags": ["a", "a"]}, (422, "duplicate", "stated_tags")),
        ({"skus": [RED, RED]}, (422, "duplicate", "skus")),
        ({"skus": [{"values": ["紫"], "price_minor": 1}]}, (422, "invalid_input", "skus.0.values")),
        ({"skus": [{"values": [], "price_minor": 1}]}, (422, "invalid_input", "skus.0.values")),
        ({"skus": [RED | {"price_minor": 0}]}, (422, "invalid_input", "skus.0.price_minor")),
        ({"skus": [RED | {"price_minor": -1}]}, (422, "invalid_input", "skus.0.price_minor")),
        ({"skus": [RED | {"price_minor": 10**14}]}, (422, "invalid_input", "skus.0.price_minor")),
        ({"skus": [RED | {"stock": -1}]}, (422, "invalid_input", "skus.0.stock")),
        ({"skus": [RED | {"stock": 10**9}]}, (422, "invalid_input", "skus.0.stock")),
        (
            {"skus": [{"values": ["红"], "price_minor": 9, "list_price_minor": 8}]},
            (422, "invalid_input", "skus.0.list_price"),
        ),
        ({"skus": [{"values": [], "price_minor": 1}] * 201}, (422, "invalid_input", "skus")),
        (
            {"options": [{"name": "颜色", "values": ["红", "红"]}], "skus": [RED]},
            (422, "duplicate", "options.0.values"),
        ),
        ({"options": [{"name": "a", "values": ["红"]}] * 2, "skus": [RED]}, (422, "duplicate", "options")),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_made(
    owner: Caller, bedding_id: int, changes: dict[str, Any], expected: tuple[int, str, str]
) -> None:
    assert error(owner("POST", "/products", draft_body(bedding_id, **changes))) == expected
    assert Product.objects.count() == 0


def test_stock_changes_with_a_reason_and_is_recorded(owner: Caller, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    sku_id = Sku.objects.get(option_text="雾蓝").pk
    path = f"/products/{product_id}/stock"
    assert owner("POST", path, {"sku_id": sku_id, "delta": 5, "reason": "补货"}).json() == {
        "sku_id": sku_id,
        "available": 15,
    }
    assert owner("POST", path, {"sku_id": sku_id, "set_to": 0, "reason": "盘点"}).json()["available"] == 0
    for body, status in (
        ({"sku_id": sku_id, "delta": -1, "reason": "x"}, 422),
        ({"sku_id": sku_id, "delta": 1, "set_to": 1, "reason": "x"}, 422),
        ({"sku_id": sku_id, "delta": 1, "reason": ""}, 422),
        ({"sku_id": sku_id, "delta": 10**8, "reason": "x"}, 422),
        ({"sku_id": 9_999_999, "delta": 1, "reason": "x"}, 404),
    ):
        assert owner("POST", path, body).status_code == status
    assert Sku.objects.get(pk=sku_id).on_hand == 0
    rows = owner("GET", f"/skus/{sku_id}/movements").json()["items"]
    assert [(row["kind"], row["on_hand_delta"], row["reason"]) for row in rows] == [
        ("adjust", -15, "盘点"),
        ("adjust", 5, "补货"),
        ("initial", 10, ""),
    ]
    assert rows[0]["person_id"] == Person.objects.get(email="owner@shop.example").pk


def test_pictures_are_checked_encoded_anew_and_arranged(owner: Caller, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    path = f"/products/{product_id}/pictures"
    fake = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    fake.name = "a.png"
    torn = io.BytesIO(picture().read()[:120])
    torn.name = "a.png"
    for bad, expected in (
        (fake, (422, "bad_file", "file")),
        (torn, (422, "bad_file", "file")),
        (picture((10, 10)), (422, "bad_file", "file")),
        (picture((8000, 6000)), (422, "bad_file", "file")),
        (picture(form="GIF"), (422, "bad_file", "file")),
    ):
        assert error(owner("POST", path, file=bad)) == expected
    assert ProductPicture.objects.count() == 0
    owner("POST", path, file=picture((3200, 1600)))
    rows = owner("POST", path, file=picture(form="JPEG")).json()["pictures"]
    assert [(row["width"], row["height"]) for row in rows] == [(1600, 800), (300, 200)]
    assert all(row["url"].endswith(".webp") for row in rows)
    turned = owner("PUT", path, {"picture_ids": [rows[1]["id"]]}).json()
    assert [row["id"] for row in turned["pictures"]] == [rows[1]["id"]]
    assert turned["picture_url"] == rows[1]["url"]
    assert error(owner("PUT", path, {"picture_ids": [rows[0]["id"]]})) == (422, "invalid_input", "picture_ids")


def test_files_go_in_and_out(owner: Caller) -> None:
    template = owner("GET", "/products/template.csv")
    assert template["Content-Type"] == "text/csv; charset=utf-8"
    file = io.BytesIO(template.getvalue())
    file.name = "products.csv"
    tried = owner("POST", "/products/import", file=file, dry_run="true").json()
    assert tried == {"created": 2, "updated": 0, "unchanged": 0, "errors": [], "dry_run": True, "lines": 4}
    assert Product.objects.count() == 0
    file.seek(0)
    assert owner("POST", "/products/import", file=file).json()["created"] == 2
    assert owner("GET", "/products/export.csv").getvalue().count(b"\r\n") == 4
    sheet = io.BytesIO(owner("GET", "/products/export.xlsx").getvalue())
    sheet.name = "products.xlsx"
    again = owner("POST", "/products/import", file=sheet).json()
    assert (again["created"], again["updated"], again["unchanged"], again["errors"]) == (0, 0, 2, [])
    assert len(owner("GET", "/products/template.xlsx").getvalue()) > 4000
    wrong = io.BytesIO(b"x")
    wrong.name = "products.exe"
    assert error(owner("POST", "/products/import", file=wrong)) == (422, "bad_file", "file")
    assert error(owner("POST", "/products/import", dry_run="true")) == (422, "invalid_input", "file")


def test_the_list_filters_and_pages(owner: Caller, make_product: Callable[..., int], bedding_id: int) -> None:
    ids = [make_product(name=f"纯棉四件套{n}号", external_id=f"E{n}") for n in range(5)]
    make_product(online=False, name="羊毛毯子")
    for sort in ("updated", "new", "sales", "price"):
        seen, cursor = [], ""
        while True:
            page = owner("GET", f"/products?state=on_sale&limit=2&sort={sort}&cursor={cursor}").json()
            seen += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(seen) == ids, sort
        assert len(seen) == 5
    assert [row["name"] for row in owner("GET", "/products?state=draft").json()["items"]] == ["羊毛毯子"]
    assert [row["id"] for row in owner("GET", "/products?q=E3").json()["items"]] == [ids[3]]
    assert len(owner("GET", "/products?q=B1").json()["items"]) == 6
    assert len(owner("GET", f"/products?category_id={bedding_id}").json()["items"]) == 6
    assert error(owner("GET", "/products?cursor=nonsense")) == (422, "invalid_input", "cursor")
    assert owner("GET", "/products/stock-summary").json() == {"on_sale": 5, "low_stock": 5, "sold_out": 0}


def test_no_endpoint_answers_another_shop(
    stranger: Caller, owner: Caller, make_product: Callable[..., int], bedding_id: int
) -> None:
    product_id = make_product()
    sku_id = Sku.objects.get(option_text="雾蓝").pk
    path = f"/products/{product_id}"
    version = Product.objects.get().version
    calls = [
        ("GET", "/products", None),
        ("POST", "/products", draft_body(bedding_id)),
        ("GET", path, None),
        ("PATCH", path, {"version": version, "name": "偷改"}),
        ("DELETE", path, None),
        ("POST", f"{path}/submit", None),
        ("POST", f"{path}/online", None),
        ("POST", f"{path}/offline", None),
        ("POST", f"{path}/discard-draft", {"version": version}),
        ("PUT", f"{path}/skus", {"version": version, "skus": [{"values": [], "price_minor": 1}]}),
        ("POST", f"{path}/stock", {"sku_id": sku_id, "set_to": 0, "reason": "x"}),
        ("PUT", f"{path}/pictures", {"picture_ids": []}),
        ("GET", f"/skus/{sku_id}/movements", None),
        ("GET", "/products/template.csv", None),
        ("GET", "/products/export.csv", None),
        ("GET", "/products/export.xlsx", None),
        ("GET", "/products/template.xlsx", None),
        ("GET", "/products/stock-summary", None),
    ]
    before = (list(Product.objects.values()), list(Sku.objects.values()), StockMovement.objects.count())
    for method, where, body in calls:
        assert error(stranger(method, where, body)) == (404, "not_found", None), where
    for where in (f"{path}/pictures", "/products/import"):
        assert error(stranger("POST", where, file=picture())) == (404, "not_found", None), where
    # The same addresses of one's own shop, with another's product.
    stranger.base = f"{API}/shops/{Person.objects.get(email='other@shop.example').memberships.get().organisation_id}"
    for method, where, body in calls:
        if where.startswith(path):
            assert error(stranger(method, where, body))[:2] == (404, "not_found"), where
    assert stranger("POST", f"{path}/pictures", file=picture()).status_code == 404
    assert stranger("GET", f"/skus/{sku_id}/movements").json()["items"] == []
    assert stranger("GET", "/products").json()["items"] == []
    assert stranger("GET", "/products/export.csv").getvalue().count(b"\r\n") == 1
    assert (list(Product.objects.values()), list(Sku.objects.values()), StockMovement.objects.count()) == before


def test_roles_and_guests(owner: Caller, shop_id: int, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    create_person(email="clerk@shop.example", password=None)
    add_member(organisation_id=shop_id, email="clerk@shop.example", role="fulfilment")
    clerk = Caller("clerk@shop.example", shop_id)
    assert clerk("GET", "/products").status_code == 200
    assert error(clerk("POST", f"/products/{product_id}/offline")) == (403, "forbidden", None)
    assert Product.objects.get().status == "online"
    assert Client().get(f"{API}/shops/{shop_id}/products").status_code == 401


def test_categories_are_public(shop_id: int, bedding_id: int) -> None:
    tree = Client().get(f"{API}/categories").json()
    assert [node["slug"] for node in tree][:2] == ["home", "kitchen"]
    asked = Client().get(f"{API}/categories/{bedding_id}/attributes").json()
    assert [(row["name"], row["required"], row["type"]) for row in asked][:2] == [
        ("尺寸", True, "text"),
        ("材质", False, "text"),
    ]
    assert error(Client().get(f"{API}/categories/9999999/attributes")) == (404, "not_found", "category_id")
