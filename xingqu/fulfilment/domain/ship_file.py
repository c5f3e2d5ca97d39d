"""Files that orders are shipped by: the sheet that is filled in, and what comes back, from whatever program wrote it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from xingqu.fulfilment.domain.carriers import CARRIERS
from xingqu.kit.errors import TooLarge
from xingqu.kit.spreadsheets import BadSheet, Cell, xlsx_lines

MAX_UNPACKED_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 2_000
COLUMNS: Final = 3


def sheet_rows(orders: Iterable[dict[str, Any]]) -> Iterator[Sequence[Cell]]:
    """The header, and a row an order: its number, room for carrier and tracking number, and what helps to pack it."""
    carriers = ", ".join(carrier.name for carrier in CARRIERS)
    yield (
        "订单号 / order number",
        f"快递公司 / carrier ({carriers})",
        "快递单号 / tracking number",
        "收件人 / recipient",
        "电话 / phone",
        "地址 / address",
        "商品 / goods",
        "买家备注 / note",
        "最晚发货 / ship by",
    )
    for order in orders:
        address = order["address"]
        goods = "; ".join(f"{name} {option} × {units}".replace("  ", " ") for name, option, units in order["goods"])
        where = f"{address['province']}{address['city']}{address['district']}{address['detail']}"
        number = order["order_no"]
        yield (number, "", "", address["recipient"], address["phone"], where, goods, order["note"], order["ship_by"])


def read_rows(data: bytes, *, max_bytes: int) -> list[list[str]]:
    """The first three cells of each row of an XLSX or CSV file, empty rows too, so that lines keep their numbers.

    Raises TooLarge beyond `max_bytes` or MOST_ROWS, BadSheet for what is neither.
    """
    if len(data) > max_bytes:
        raise TooLarge(field="file", expected=f"at most {max_bytes} bytes")
    if data[:2] == b"PK":
        unpacked = xlsx_lines(io.BytesIO(data), max_unpacked_bytes=MAX_UNPACKED_BYTES)
        text = b"".join(unpacked).decode("utf-8", "replace")
    else:
        text = _decoded(data)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), dialect="excel-tab" if _is_tabbed(text) else "excel"):
            if len(rows) >= MOST_ROWS:
                raise TooLarge(field="file", expected=f"at most {MOST_ROWS} rows")
            rows.append([" ".join(cell.lstrip("'").split()) for cell in row[:COLUMNS]])
    except csv.Error as error:
        raise BadSheet(field="file", expected="an .xlsx or .csv file") from error
    return rows


def _is_tabbed(text: str) -> bool:
    head = text.partition("\n")[0]
    return head.count("\t") > head.count(",")


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 as "Unicode text", or GB 18030, which Chinese Excel saves CSV in. Raises BadSheet for anything else."""
    if b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise BadSheet(field="file", expected="an .xlsx or .csv file")
    names = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise BadSheet(field="file", expected="an .xlsx or .csv file")
