"""Shipping by file: the sheet that comes, what programs make of it, and a trial that leaves nothing."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xingqu.fulfilment.domain.carriers import CARRIERS
from xingqu.fulfilment.domain.ship_file import MOST_ROWS, read_rows
from xingqu.fulfilment.models import Package, TrackingEvent
from xingqu.kit.errors import TooLarge
from xingqu.kit.models import OutboxFact
from xingqu.kit.spreadsheets import BadSheet
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop

NUMBER = "SF1234567890123"
HEAD = "订单号,快递公司,快递单号"


def read(data: bytes) -> list[list[str]]:
    return read_rows(data, max_bytes=10**6)


def book(*rows: tuple[Any, ...]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(out)
    return out.getvalue()


class TestFiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_csv_as_programs_write_it(self, encoding: str) -> None:
        text = f"{HEAD},备注\r\nS1,顺丰速运, sf 123 ,轻放\r\n\r\nS2,YTO,9"
        assert read(text.encode(encoding)) == [HEAD.split(","), ["S1", "顺丰速运", "sf 123"], [], ["S2", "YTO", "9"]]

    def test_tabs_and_guarded_cells(self) -> None:
        assert read(b"S1\tSF, Express\t'-1\n") == [["S1", "SF, Express", "-1"]]

    def test_a_spreadsheet_that_took_numbers_for_numbers(self) -> None:
        rows = read(
            book(("order", "carrier", "number"), ("S1", "中通快递", 78123456789012), ("S2", None, 7.73123456789012e14))
        )
        assert rows[1:] == [["S1", "中通快递", "78123456789012"], ["S2", "", "773123456789012"]]

    @pytest.mark.parametrize("data", [b"PK\x03\x04nothing", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xff\xff"])
    def test_what_is_no_table_is_refused(self, data: bytes) -> None:
        with pytest.raises(BadSheet):
            read(data)

    def test_too_much_is_refused(self) -> None:
        with pytest.raises(TooLarge):
            read_rows(b"x" * 11, max_bytes=10)
        assert len(read(b"a\n" * MOST_ROWS)) == MOST_ROWS
        with pytest.raises(TooLarge):
            read(b"a\n" * (MOST_ROWS + 1))

    def test_examples_fit_their_patterns(self) -> None:
        assert [one.code for one in CARRIERS if not re.fullmatch(one.tracking_pattern, one.tracking_example)] == []


@pytest.mark.django_db
class TestDesk:
    def test_from_the_sheet_to_shipped(self, buyer: Caller, sku: int, shop: Shop) -> None:
        first, second = buyer.buy((sku, 1)), buyer.buy((sku, 2))
        buyer.order((sku, 1))  # not paid: not to ship
        desk, root = shop.member(), f"/shops/{shop.id}/orders/ship-batch"
        answer = desk.client.get(f"/api/v1{root}/sheet.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [row[0] for row in rows[1:]] == [first, second]
        assert (rows[2][3], rows[2][6][-3:]) == ("李小雨", "× 2")
        for row in rows[1:]:
            row[1], row[2] = "sf", NUMBER
        file = SimpleUploadedFile("ship.xlsx", book(*rows))
        told = desk.client.post(f"/api/v1{root}/read", {"file": file}).json()
        assert (told["rows"], told["text"].splitlines()[1]) == (3, f"{first}\tsf\t{NUMBER}")
        body = [
            dict(zip(("order_no", "carrier_code", "tracking_no"), line.split("\t"), strict=True))
            for line in told["text"].splitlines()[1:]
        ]
        assert [row["can_ship"] for row in desk.post(f"{root}/check", body)["items"]] == [True, True]
        assert [row["shipped"] for row in desk.post(root, body)["items"]] == [True, True]

    def test_a_trial_says_what_would_happen_and_leaves_nothing(self, buyer: Caller, sku: int, shop: Shop) -> None:
        first, shipped = buyer.buy((sku, 1)), buyer.buy((sku, 1))
        desk, root = shop.member(), f"/shops/{shop.id}/orders"
        desk.post(f"{root}/{shipped}/ship", {"carrier_code": "sf", "tracking_no": NUMBER})

        def row(order_no: str, number: str = NUMBER) -> dict[str, str]:
            return {"order_no": order_no, "carrier_code": "sf", "tracking_no": number}

        before = (Package.objects.count(), TrackingEvent.objects.count(), OutboxFact.objects.count())
        body = [row(first), row(shipped), row("S000"), row(first, "SF1234"), row(first)]
        told = desk.post(f"{root}/ship-batch/check", body)["items"]
        assert [(one["can_ship"], one["error"] and one["error"]["code"]) for one in told] == [
            (True, None),
            (False, "wrong_state"),
            (False, "not_found"),
            (False, "invalid_input"),
            (True, None),
        ]
        assert (Package.objects.count(), TrackingEvent.objects.count(), OutboxFact.objects.count()) == before
        assert ShopOrder.objects.get(order_no=first).state == "paid"
        assert desk.error("POST", f"{root}/ship-batch/check", [], status=422)["code"] == "invalid_input"

    def test_another_shop_s_orders_are_not_there(self, buyer: Caller, sku: int, shop: Shop) -> None:
        order_no = buyer.buy((sku, 1))
        other = make_shop()
        body = [{"order_no": order_no, "carrier_code": "sf", "tracking_no": NUMBER}]
        told = other.member().post(f"/shops/{other.id}/orders/ship-batch/check", body)["items"]
        assert told[0]["error"]["code"] == "not_found"
        path = f"/shops/{shop.id}/orders/ship-batch"
        assert other.member().error("POST", f"{path}/check", body, status=404)["code"] == "not_found"
        assert other.member().client.get(f"/api/v1{path}/sheet.xlsx").status_code == 404
        file = SimpleUploadedFile("ship.csv", b"a,b,c")
        assert other.member().client.post(f"/api/v1{path}/read", {"file": file}).status_code == 404
        assert Package.objects.count() == 0
