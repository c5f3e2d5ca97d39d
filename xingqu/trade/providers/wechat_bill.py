"""WeChat Pay's bill of trades (交易账单, ALL): gzipped CSV in UTF-8, a backtick before each cell, totals at the end."""

import csv
import gzip
import hashlib
import io
import zlib
from datetime import datetime

from xingqu.kit.money import parse_decimal
from xingqu.trade.providers.amounts import fee_minor
from xingqu.trade.providers.protocol import BILL_ZONE, BilledItem

TIME, REFERENCE, NUMBER, STATE, CURRENCY = "交易时间", "微信订单号", "商户订单号", "交易状态", "货币种类"
AMOUNT, REFUND_NUMBER, REFUND_AMOUNT, REFUND_STATE = "订单金额", "商户退款单号", "申请退款金额", "退款状态"
FEE, TOTALS = "手续费", "总交易单数"


def read_bill(content: bytes, *, sha1: str) -> list[BilledItem]:
    """Payments and refunds of a bill as downloaded. Raises ValueError when it is not the bill that `sha1` is of."""
    try:
        plain = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("not gzipped") from error
    if hashlib.sha1(plain, usedforsecurity=False).hexdigest() != sha1.lower():
        raise ValueError("the bill arrived damaged")
    rows = [
        [cell.strip().removeprefix("`") for cell in row] for row in csv.reader(io.StringIO(plain.decode("utf-8-sig")))
    ]
    columns = rows[0]
    found = []
    for row in rows[1:]:
        if not row or row[0] == TOTALS:
            break
        item = _item(dict(zip(columns, row, strict=False)))
        if item is not None:
            found.append(item)
    return found


def _item(cells: dict[str, str]) -> BilledItem | None:
    """None of a payment that was revoked and of a refund that failed: no money stayed where it went."""
    is_refund = cells[STATE] == "REFUND"
    if cells[STATE] not in ("SUCCESS", "REFUND") or (is_refund and cells[REFUND_STATE] == "FAIL"):
        return None
    currency = cells[CURRENCY]
    return BilledItem(
        kind="refund" if is_refund else "payment",
        number=cells[REFUND_NUMBER] if is_refund else cells[NUMBER],
        reference=cells[REFERENCE],
        amount_minor=parse_decimal(cells[REFUND_AMOUNT] if is_refund else cells[AMOUNT], currency),
        currency=currency,
        fee_minor=fee_minor(cells.get(FEE, ""), currency),
        at=datetime.strptime(cells[TIME], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BILL_ZONE),
        under_way=is_refund and cells[REFUND_STATE] == "PROCESSING",
    )
