"""Product files: what is right is written, what is wrong is said by line, twice is once."""

import gzip
import io
import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from xingqu.accounts.services import create_person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.import_csv import CSV_COLUMNS, TEMPLATE_ROWS, table_rows
from xingqu.catalogue.models import Category, ImportRun, Product, ProductTag, Sku
from xingqu.catalogue.services.imports import ImportReport, import_catalogue
from xingqu.kit.spreadsheets import csv_stream

GOOD = {
    "id": 1,
    "name": "纯棉四件套",
    "brief": "亲肤",
    "category": ["居家", "床品件套"],
    "price": "899.00",
    "list_price": "919.00",
    "attributes": [["材质", "100%棉"], ["产品尺寸", "1.5米"]],
    "options": [["颜色", "红"], ["颜色", "蓝"]],
    "skus": [{"options": ["红"], "price": "899.00", "stock": 5}, {"options": ["蓝"], "price": "929.00", "stock": 0}],
}


def csv_text(rows: Any) -> str:
    return "".join(csv_stream(table_rows(rows)))


def row(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode()


def run(shop_id: int, *lines: bytes, form: str = "jsonl", **options: object) -> ImportReport:
    return import_catalogue(lines=lines, form=form, shop_of=lambda path: shop_id, **options)  # type: ignore[arg-type]


def problems(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(error.line, error.field, error.code) for error in report.errors]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.errors)


def test_a_product_is_written_whole(shop_id: int) -> None:
    report = run(shop_id, row(), publish=True, needs_picture=False)
    assert counts(report) == (1, 0, 0, 0)
    product_id = selectors.ids_by_external_id(external_ids=["1"])["1"]
    detail = selectors.product_detail(product_id=product_id)
    assert detail["name"] == "纯棉四件套"
    assert detail["attributes"] == [{"name": "材质", "value": "100%棉"}, {"name": "尺寸", "value": "1.5米"}]
    assert [option["name"] for option in detail["options"]] == ["颜色"]
    assert [(sku["option_text"], sku["price"].amount_minor, sku["available"]) for sku in detail["skus"]] == [
        ("红", 89900, 5),
        ("蓝", 92900, 0),
    ]
    # The product's list price is below the blue one's price, so that one has none.
    assert [sku["list_price"] and sku["list_price"].amount_minor for sku in detail["skus"]] == [91900, None]
    assert detail["sale_state"].code == "on_sale"


def test_the_same_file_again_changes_nothing(shop_id: int) -> None:
    run(shop_id, row(), row(id=2), publish=True, needs_picture=False)
    before = list(Product.objects.order_by("id").values())
    assert counts(run(shop_id, row(), row(id=2), publish=True, needs_picture=False)) == (0, 0, 2, 0)
    assert list(Product.objects.order_by("id").values()) == before


def test_a_changed_line_updates_and_keeps_sku_ids(shop_id: int) -> None:
    run(shop_id, row(), publish=True, needs_picture=False)
    ids = dict(Sku.objects.values_list("option_text", "id"))
    skus = [{"options": ["红"], "price": "799.00", "stock": 9}, {"options": ["绿"], "price": "5.00", "stock": 1}]
    changed = row(name="纯棉四件套 新款", options=[["颜色", "红"], ["颜色", "绿"]], skus=skus)
    assert counts(run(shop_id, changed, publish=True, needs_picture=False)) == (0, 1, 0, 0)
    product = Product.objects.get()
    assert (product.name, product.draft_status, product.check_status) == ("纯棉四件套 新款", "none", "approved")
    active = {sku.option_text: sku for sku in Sku.objects.filter(is_active=True)}
    assert set(active) == {"红", "绿"}
    assert active["红"].pk == ids["红"]
    assert (active["红"].price_minor, active["红"].on_hand) == (79900, 9)
    assert (product.min_price_minor, product.max_price_minor) == (500, 79900)


def test_every_wrong_line_is_reported_and_the_others_are_written(shop_id: int) -> None:
    lines = [
        row(),
        b"\xff\xfe broken",
        b"{not json",
        b"[1, 2]",
        b"",
        row(id=2, price="-5", skus=[]),
        row(id=3, name=""),
        row(id=4, category=["没有", "这个"]),
        row(id=1, name="又一个"),
        row(id=None),
        row(id=5, skus=[{"options": ["紫"], "price": "1.00"}]),
        row(id=6, skus=[{"options": ["红"], "price": "1.001", "stock": -1}]),
        row(id=7, attributes=[["只有名"]]),
        row(id=8, name="x" * 61),
        row(id=9, skus=[{"options": ["红"], "price": "1.00"}, {"options": ["红"], "price": "2.00"}]),
        row(id="a b"),
        row(id=11, category=["\ud800"]),
        row(id=12, options=[["色", "\ud800"]], skus=[{"options": ["\ud800"], "price": "1"}]),
        row(id=10),
    ]
    report = run(shop_id, *lines)
    assert problems(report) == [
        (2, "line", "broken_utf8"),
        (3, "line", "not_json"),
        (4, "line", "not_an_object"),
        (6, "skus.0.price", "out_of_range"),
        (7, "name", "required"),
        (8, "category", "unknown_category"),
        (9, "product_id", "duplicate_id"),
        (10, "product_id", "required"),
        (11, "skus.0.values", "invalid_input"),
        (12, "skus.0.price", "not_a_price"),
        (13, "attributes", "not_a_pair"),
        (14, "name", "too_long"),
        (15, "skus", "duplicate"),
        (16, "product_id", "wrong_form"),
        (17, "category", "broken_utf8"),
        (18, "options", "broken_utf8"),
        (18, "skus.0.options", "broken_utf8"),
    ]
    assert all(error.message for error in report.errors)
    assert counts(report)[:3] == (2, 0, 0)
    assert sorted(Product.objects.values_list("external_id", flat=True)) == ["1", "10"]


def test_more_than_200_skus_are_refused(shop_id: int) -> None:
    options = [["号", str(n)] for n in range(60)] + [["色", str(n)] for n in range(4)]
    skus = [{"options": [str(a), str(b)], "price": "1.00"} for a in range(60) for b in range(4)]
    report = run(shop_id, row(options=options, skus=skus))
    assert problems(report) == [(1, "skus", "too_many")]
    assert Product.objects.count() == 0


def test_a_dry_run_reports_the_same_and_writes_nothing(shop_id: int) -> None:
    lines = [row(), row(id=2, name=""), row(id=3, category=["新", "类"])]
    tried = run(shop_id, *lines, dry_run=True, publish=True, needs_picture=False, make_categories=True)
    assert (counts(tried), tried.dry_run) == ((2, 0, 0, 1), True)
    assert (Product.objects.count(), Sku.objects.count(), ProductTag.objects.count()) == (0, 0, 0)
    assert not Category.objects.filter(name="新").exists()
    done = run(shop_id, *lines, publish=True, needs_picture=False, make_categories=True)
    assert (counts(done), problems(done)) == (counts(tried), problems(tried))


def test_what_the_check_refuses_is_kept_as_a_draft_and_said(shop_id: int) -> None:
    report = run(shop_id, row(brief="全国第一的四件套"), publish=True, needs_picture=False)
    assert problems(report) == [(1, "brief", "absolute_claim")]
    product = Product.objects.get()
    assert (product.status, product.check_status) == ("offline", "rejected")


def test_an_interrupted_import_resumes_behind_the_last_batch(shop_id: int) -> None:
    lines = [row(id=n) for n in range(1, 61)]

    def torn() -> Iterable[bytes]:
        yield from lines[:40]
        raise OSError("the disk is gone")

    mark = ("digest", "shop")
    with pytest.raises(OSError):
        import_catalogue(lines=torn(), form="jsonl", shop_of=lambda path: shop_id, checkpoint=mark)
    assert Product.objects.count() == 25
    assert ImportRun.objects.get().lines_done == 25
    report = import_catalogue(lines=lines, form="jsonl", shop_of=lambda path: shop_id, checkpoint=mark, resume=True)
    assert counts(report) == (35, 0, 0, 0)
    assert Product.objects.count() == 60
    assert ImportRun.objects.get().finished is True


def csv_lines(*rows: str) -> list[bytes]:
    header = "product_id,name,category,price,stock,option1_name,option1_value,attributes"
    return ("\r\n".join([header, *rows]) + "\r\n").encode("utf-8-sig").splitlines(keepends=True)


def test_csv_rows_of_one_product_are_its_skus(shop_id: int) -> None:
    report = run(
        shop_id,
        *csv_lines(
            "P1,棉袜,居家>床品件套,9.90,5,颜色,红,材质=棉;尺寸=M", "P1,,,8.80,6,,蓝,", "P2,毛毯,床品件套,99,,,,"
        ),
        form="csv",
    )
    assert counts(report) == (2, 0, 0, 0)
    product = Product.objects.get(external_id="P1")
    assert [(sku.option_text, sku.price_minor, sku.on_hand) for sku in product.skus.order_by("position")] == [
        ("红", 990, 5),
        ("蓝", 880, 6),
    ]
    assert list(product.attributes.values_list("name", "value")) == [("材质", "棉"), ("尺寸", "M")]


def test_wrong_csv_rows_are_reported_by_line(shop_id: int) -> None:
    lines = csv_lines(
        "P1,棉袜,居家>床品件套,9.90,5,,,",
        "P2,棉袜,居家>床品件套,9.90,5,,,,,one too many",
        "P3,棉袜,居家>床品件套,-1,5,,,",
        "P4,棉袜,居家>床品件套,free,5,,,",
        "P5,棉袜,居家>床品件套,9.90,-3,,,",
        "P6,,居家>床品件套,9.90,5,,,",
        "P1,棉袜,居家>床品件套,9.90,5,,,",
        "P7,棉袜,居家>床品件套,9.90,5,色,红,",
        "P7,别的,居家>床品件套,9.90,5,色,蓝,",
    )
    lines.append(b"P8,\xff\xfe,\xe5,1,1,,,\r\n")
    report = run(shop_id, *lines, form="csv")
    assert problems(report) == [
        (3, "line", "too_many_columns"),
        (4, "price", "out_of_range"),
        (5, "price", "not_a_price"),
        (6, "stock", "out_of_range"),
        (7, "name", "required"),
        (8, "product_id", "duplicate_id"),
        (10, "name", "differs"),
        (11, "line", "broken_utf8"),
    ]
    assert list(Product.objects.values_list("external_id", flat=True)) == ["P1"]


def test_a_wrong_header_is_refused_at_once(shop_id: int) -> None:
    report = run(shop_id, b"sku,titel\n", b"1,x\n", form="csv")
    assert problems(report) == [(1, "header", "wrong_header")]
    assert report.errors[0].expected == ",".join(CSV_COLUMNS)


def test_the_template_can_be_imported(shop_id: int) -> None:
    report = run(shop_id, *csv_text(TEMPLATE_ROWS).encode().splitlines(keepends=True), form="csv")
    assert counts(report) == (2, 0, 0, 0)


def test_the_guide_shows_the_template() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "import.md").read_text("utf-8")
    assert csv_text(TEMPLATE_ROWS).removeprefix("\ufeff").replace("\r\n", "\n") in guide


def test_an_export_is_safe_in_a_spreadsheet_and_imports_as_unchanged(shop_id: int) -> None:
    lines = csv_lines('=1+1,"@SUM(A1) 四件套",居家>床品件套,9.90,5,颜色,-红,材质=棉', "P2,毛毯,床品件套,99,0,,,")
    report = run(shop_id, *lines, form="csv")
    assert problems(report) == [(2, "product_id", "wrong_form")]
    run(shop_id, *csv_lines('P1,"@SUM(A1) 四件套",居家>床品件套,9.90,5,颜色,-红,材质=棉'), form="csv")
    text = csv_text(selectors.export_rows(shop_id=shop_id))
    cells = [cell for line in text.splitlines()[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    assert "'@SUM(A1) 四件套" in cells
    again = run(shop_id, *text.encode().splitlines(keepends=True), form="csv")
    assert problems(again) == []
    assert counts(again) == (0, 0, 2, 0)
    assert Product.objects.get(external_id="P1").name == "@SUM(A1) 四件套"


def test_a_broken_archive_is_refused(shop_id: int) -> None:
    packed = gzip.compress(row() + b"\n")
    with pytest.raises(services.BadFile):
        run(shop_id, *services.open_lines(io.BytesIO(packed[:-9])))
    assert counts(run(shop_id, *services.open_lines(io.BytesIO(packed)))) == (1, 0, 0, 0)


def test_the_command_loads_the_demo(db: None) -> None:
    create_person(email="owner@shop.example", password=None)
    out, err = StringIO(), StringIO()
    path = str(services.demo_file())
    call_command("import-catalogue", path, "--shops-by-category", owner="owner@shop.example", stdout=out, stderr=err)
    assert out.getvalue().splitlines()[-1] == "created 239, updated 0, unchanged 0, errors 0"
    assert err.getvalue() == ""
    assert Product.objects.filter(status="online", check_status="approved").count() == 239
    assert Product.objects.values("shop_id").distinct().count() == len(services.DEMO_SHOPS)
    untagged = Product.objects.exclude(pk__in=ProductTag.objects.values("product_id"))
    assert not untagged.exists()
    assert sum(len(record["comments"]) for record in services.demo_records()) == 995


def test_the_command_says_what_was_wrong(shop_id: int, tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(row() + b"\n" + row(id=2, name="") + b"\n")
    out, err = StringIO(), StringIO()
    call_command("import-catalogue", str(path), shop="素屋", dry_run=True, stdout=out, stderr=err)
    assert out.getvalue().splitlines()[-1] == (
        "Tried only, nothing changed: created 1, updated 0, unchanged 0, errors 1"
    )
    assert err.getvalue() == ("line 2, name: required: The name is missing. (expected: a name of 1 to 60 characters)\n")
    with pytest.raises(CommandError, match="no shop"):
        call_command("import-catalogue", str(path), shop="没有")
    with pytest.raises(CommandError, match="no file"):
        call_command("import-catalogue", str(tmp_path / "none"), shop="素屋")
    assert Product.objects.count() == 0
