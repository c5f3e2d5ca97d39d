"""Every list of a shop is a file, too: all its pages, with its filters and rights, and nothing in it runs as a formula."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from tests.house.test_strangers import document
from xingqu.config.export_table import EXPORTS
from xingqu.config.exports import cell_at
from xingqu.kit import clock
from xingqu.trade.tests.house import Caller, make_shop, make_sku

# Lists of a shop that are no table of figures a merchant keeps: their screens are for acting, or a file is elsewhere.
NO_FILE = {
    "assets": "files being uploaded, shown while they are",
    "creator-square": "people to be found and asked; what they brought is alliance/commissions",
    "product-pools": "each is opened and worked with; its goods are products/export",
    "comments": "viewers' words below clips, to be answered or hidden",
    "activities": "a colonel's own few, each opened and worked with",
    "activities/{activity_id}/enrolments": "products to be looked at and answered one by one",
    "agencies": "a creator's few contracts",
    "signed-creators": "contracts, each opened; what they bring is earnings/.../statement.csv",
    "earnings/{payee}/{payee_id}/commissions": "earnings/.../statement.csv and .xlsx",
    "earnings/{payee}/{payee_id}/statement/lines": "earnings/.../statement.csv and .xlsx",
    "earnings/{payee}/{payee_id}/payouts": "each is a line of earnings/.../statement.csv and .xlsx",
    "chats": "conversations; their figures stand on the page",
    "chats/{conversation_id}/messages": "a conversation",
    "changes": "for programs, that read it as it is",
    "skus/{sku_id}/movements": "stock-movements?sku_id= is the file",
    "funds/statement/lines": "funds/statement.csv and .xlsx",
}


def lists() -> list[str]:
    """Lists of a shop that have pages, by their address below it."""
    found = []
    for path, item in document()["paths"].items():
        names = [parameter["name"] for parameter in item.get("get", {}).get("parameters", [])]
        if path.startswith("/api/v1/shops/{shop_id}/") and "cursor" in names:
            found.append(path.removeprefix("/api/v1/shops/{shop_id}/"))
    return found


def test_every_list_of_a_shop_is_a_file_or_says_why_not() -> None:
    paths = document()["paths"]
    missing = [
        f"{name}.{kind}"
        for name in lists()
        for kind in ("csv", "xlsx")
        if name not in NO_FILE
        and not {f"/api/v1/shops/{{shop_id}}/{name}{end}.{kind}" for end in ("", "/export")} & set(paths)
    ]
    assert missing == []
    assert set(NO_FILE) <= set(lists())


def columns_of(schema: dict[str, Any], prefix: str = "") -> set[str]:
    """Dotted paths of all that a row may hold; `x.*` for what its form leaves open."""
    if "$ref" in schema:
        return columns_of(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], prefix)
    found: set[str] = set()
    for part in [*schema.get("anyOf", ()), *schema.get("allOf", ())]:
        found |= columns_of(part, prefix)
    if "items" in schema:
        found |= columns_of(schema["items"], prefix)
    for name, part in schema.get("properties", {}).items():
        found |= columns_of(part, f"{prefix}{name}.")
    if schema.get("type") == "object" and "properties" not in schema:
        found.add(f"{prefix}*")
    return found or {prefix.rstrip(".")}


@pytest.mark.parametrize("path", EXPORTS)
def test_a_file_s_columns_are_in_its_list(path: str) -> None:
    answer = document()["paths"][f"/api/v1{path}"]["get"]["responses"]
    schema = next(iter(answer.values()))["content"]["application/json"]["schema"]
    known = columns_of(schema)
    for name in ("items.", "problems."):
        known |= {column.removeprefix(name) for column in known}
    unknown = [c for c in EXPORTS[path].columns if c not in known and f"{c.rpartition('.')[0]}.*" not in known]
    assert unknown == []


def read_file(caller: Caller, path: str) -> bytes:
    answer = caller.client.get(f"/api/v1{path}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_file_has_all_pages_and_its_list_s_filters(db: None) -> None:
    shop = make_shop()
    first, second = make_sku(shop, name="=1+1"), make_sku(shop)
    member = shop.member()
    product = member.get(f"/shops/{shop.id}/products?limit=50")["items"][0]["id"]
    for _ in range(60):
        member.post(f"/shops/{shop.id}/products/{product}/stock", {"sku_id": second, "delta": 1, "reason": "@盘点"})
    text = read_file(member, f"/shops/{shop.id}/stock-movements.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [sum(int(row["sku_id"]) == sku for row in rows) for sku in (first, second)] == [1, 61]
    assert {row["reason"] for row in rows if row["on_hand_delta"] == "1"} == {"'@盘点"}
    assert {row["product_name"] for row in rows if int(row["sku_id"]) == first} == {"'=1+1"}

    body = read_file(member, f"/shops/{shop.id}/stock-movements.xlsx?sku_id={first}")
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    head, row = sheet.iter_rows()
    assert [cell.value for cell in head] == list(EXPORTS["/shops/{shop_id}/stock-movements"].columns)
    name = row[4]
    assert (name.value, name.data_type) == ("=1+1", "s")


def test_a_bad_filter_and_a_missing_right_are_refusals_not_files(db: None) -> None:
    shop = make_shop()
    member = shop.member()
    assert member.client.get(f"/api/v1/shops/{shop.id}/packages.csv?tab=nope").status_code == 422
    until = (clock.now() - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert read_file(member, f"/shops/{shop.id}/stock-movements.csv?until={until}").count(b"\r\n") == 1


def test_a_cell_is_found_at_its_path() -> None:
    row = {"a": {"b": 1}, "lines": [{"n": "x", "m": [1, 2]}, {"n": None, "m": []}], "on": True, "tags": ["p", "q"]}
    paths = ("a.b", "lines.n", "lines.m", "on", "tags", "none.at.all")
    assert [cell_at(row, path) for path in paths] == [1, "x; ", "1; 2; ", "yes", "p; q", None]
