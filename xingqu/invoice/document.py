"""An invoice as a PDF, A4, set as one-bit pictures like the labels of packages, in the same face.

It says plainly what it is: the shop's own numbered document, or one numbered by the gateway that is named.
"""

import io
from collections.abc import Sequence

from django.utils import timezone
from PIL import Image, ImageDraw

from xingqu.invoice.contracts import Document, DocumentLine
from xingqu.invoice.domain.amounts import capitals
from xingqu.invoice.issuers import OWN
from xingqu.kit.fonts import load_font

DOTS_PER_INCH = 200
WIDTH, HEIGHT, MARGIN = 1654, 2339, 110  # dots
LINES_A_PAGE = 22
ROW = 62
# Column heads (zh, en) with their right edge; the first is set from the left.
COLUMNS = (
    ("货物或服务", "Goods", 760),
    ("数量", "Qty", 860),
    ("税率", "Rate", 970),
    ("金额", "Net", 1180),
    ("税额", "Tax", 1360),
    ("价税合计", "Gross", WIDTH - MARGIN),
)


def invoice_pdf(document: Document) -> bytes:
    """The document, as many pages as its lines need."""
    groups = [document.lines[at : at + LINES_A_PAGE] for at in range(0, len(document.lines), LINES_A_PAGE)]
    pages = [_page(document, lines, number, len(groups)) for number, lines in enumerate(groups, 1)]
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=DOTS_PER_INCH,
        title=f"{document.order_no} {document.number}",
    )
    return buffer.getvalue()


class _Sheet:
    def __init__(self) -> None:
        self.image = Image.new("L", (WIDTH, HEIGHT), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.y = MARGIN

    def text(
        self, words: str, x: int, size: int, weight: int = 400, anchor: str = "la", most: int | None = None
    ) -> None:
        font = load_font(size, weight)
        if most is not None and font.getlength(words) > most:
            while words and font.getlength(words + "…") > most:
                words = words[:-1]
            words += "…"
        self.draw.text((x, self.y), words, font=font, fill=0, anchor=anchor)

    def row(self, words: str, size: int = 30, weight: int = 400) -> None:
        """Words over the whole width, broken by characters."""
        font = load_font(size, weight)
        while words:
            count = len(words)
            while count > 1 and font.getlength(words[:count]) > WIDTH - 2 * MARGIN:
                count -= 1
            self.text(words[:count], MARGIN, size, weight)
            self.y += size + 14
            words = words[count:]

    def rule(self) -> None:
        self.y += 10
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), fill=0, width=2)
        self.y += 18


def _page(document: Document, lines: Sequence[DocumentLine], number: int, count: int) -> Image.Image:
    sheet = _Sheet()
    _head(sheet, document, f"{number}/{count}")
    _party(sheet, "购买方 Buyer", document.buyer)
    _party(sheet, "销售方 Seller", document.seller)
    sign = -1 if document.kind == "red" else 1
    left = MARGIN
    for zh, en, right in COLUMNS:
        sheet.text(f"{zh} {en}", left if left == MARGIN else right, 26, 700, "la" if left == MARGIN else "ra")
        left = right
    sheet.y += ROW
    for line in lines:
        _line(sheet, line, sign)
    sheet.rule()
    if number == count:
        _sums(sheet, document, sign)
    return sheet.image.point(lambda value: 255 if value > 150 else 0).convert("1")


def _head(sheet: _Sheet, document: Document, page: str) -> None:
    sheet.text(
        "电子发票 Electronic invoice" + ("（红字 credit note）" if document.kind == "red" else ""), MARGIN, 52, 800
    )
    sheet.text(page, WIDTH - MARGIN, 26, 400, "ra")
    sheet.y += 86
    issued = timezone.localtime(document.issued_at).strftime("%Y-%m-%d") if document.issued_at else ""
    sheet.row(f"号码 No. {document.number}    日期 Date {issued}    订单 Order {document.order_no}", 30, 600)
    if document.red_of:
        sheet.row(f"冲红原号码 Corrects No. {document.red_of}", 30, 600)
    if document.issuer == OWN:
        sheet.row(
            "本店自行编号的发票单据，非税务机关监制 · The shop's own numbered document, not one of a tax authority", 24
        )
    else:
        sheet.row(f"由 {document.issuer} 编号开具 · Numbered and issued by {document.issuer}", 24)
    sheet.rule()


def _party(sheet: _Sheet, title: str, party: dict[str, str]) -> None:
    sheet.row(f"{title}  {party['name']}", 32, 700)
    if party.get("tax_no"):
        sheet.row(f"统一社会信用代码 Tax No. {party['tax_no']}")
    place = "  ".join(part for part in (party.get("address"), party.get("phone")) if part)
    bank = "  ".join(part for part in (party.get("bank"), party.get("account")) if part)
    for words in (place, bank):
        if words:
            sheet.row(words, 26)
    sheet.rule()


def _line(sheet: _Sheet, line: DocumentLine, sign: int) -> None:
    sheet.text(f"{line.name} {line.option_text}".strip(), MARGIN, 28, 400, "la", COLUMNS[0][2] - MARGIN - 20)
    values = (
        str(line.quantity),
        f"{line.rate_bp / 100:g}%",
        _money(sign * line.net_minor),
        _money(sign * line.tax_minor),
        _money(sign * line.gross_minor),
    )
    for words, (_, _, right) in zip(values, COLUMNS[1:], strict=True):
        sheet.text(words, right, 28, 400, "ra")
    sheet.y += ROW


def _sums(sheet: _Sheet, document: Document, sign: int) -> None:
    sums = (document.net_minor, document.tax_minor, document.gross_minor)
    sheet.text("合计 Total", MARGIN, 30, 700)
    for minor, (_, _, right) in zip(sums, COLUMNS[3:], strict=True):
        sheet.text(_money(sign * minor), right, 30, 700, "ra")
    sheet.y += ROW
    if document.currency == "CNY":
        minus = "（负数）" if sign < 0 else ""
        sheet.row(f"价税合计（大写） {minus}{capitals(document.gross_minor)}", 32, 600)
    else:
        sheet.row(f"Currency {document.currency}", 28)


def _money(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"
