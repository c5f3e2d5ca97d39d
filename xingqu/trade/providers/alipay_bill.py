"""Alipay's bill of trades (业务明细): a zip of CSV files in GBK, padded with tabs, between lines that begin with #."""

import csv
import io
import zipfile
from datetime import datetime

from xingqu.kit.money import parse_decimal
from xingqu.trade.providers.amounts import fee_minor
from xingqu.trade.providers.protocol import BILL_ZONE, BilledItem

KIND, NUMBER, REFERENCE, AMOUNT = "业务类型", "商户订单号", "支付宝交易号", "订单金额（元）"
REFUND_NUMBER, FEE, DONE = "退款批次号/请求号", "服务费（元）", "完成时间"
MAX_BYTES = 1 << 30


def read_bill(content: bytes) -> list[BilledItem]:
    """Payments and refunds of a bill as downloaded. Raises ValueError for what is no such bill."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.file_size > MAX_BYTES:
                    raise ValueError("the bill is too large")
                # The names are in GBK too, which a zip can't say; the content tells which file it is.
                text = archive.read(entry).decode("gb18030")
                if NUMBER in text:
                    return _items(text)
    except (zipfile.BadZipFile, KeyError, IndexError) as error:
        raise ValueError(f"no bill of Alipay: {error!r}") from error
    raise ValueError("no file of trades in the bill")


def _items(text: str) -> list[BilledItem]:
    rows = [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if row and not row[0].startswith("#")
    ]
    columns = rows[0]
    found = []
    for row in rows[1:]:
        cells = dict(zip(columns, row, strict=False))
        is_refund = cells[KIND] == "退款"
        found.append(
            BilledItem(
                kind="refund" if is_refund else "payment",
                number=cells[REFUND_NUMBER] if is_refund else cells[NUMBER],
                reference=cells[REFERENCE],
                amount_minor=abs(parse_decimal(cells[AMOUNT], "CNY")),
                currency="CNY",
                fee_minor=-fee_minor(cells.get(FEE, ""), "CNY"),  # Alipay writes what it keeps as a loss
                at=datetime.strptime(cells[DONE], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BILL_ZONE),
            )
        )
    return found
