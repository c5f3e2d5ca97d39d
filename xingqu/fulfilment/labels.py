"""Labels of packages as a PDF: 100 x 150 mm at the 203 dots an inch of thermal printers, one package a page.

Set as one-bit pictures, dot for dot as such a printer burns them, so that bars are whole dots wide and every reader reads them.
"""

import io
from collections.abc import Sequence
from typing import Any

from barcode.codex import Code128
from PIL import Image, ImageDraw

from xingqu.fulfilment.contracts import PackageRow
from xingqu.fulfilment.domain.carriers import BY_CODE
from xingqu.kit.fonts import load_font

DOTS_PER_INCH = 203
WIDTH, HEIGHT, MARGIN = 800, 1200, 32  # dots
BAR_DOTS = 3
QUIET_BARS = 10
MAX_GOODS = 8


def labels_pdf(packages: Sequence[PackageRow], sender: dict[str, Any] | None) -> bytes:
    """A PDF with one page for each package, at least one."""
    pages = [label_image(package, sender) for package in packages]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_PER_INCH)
    return buffer.getvalue()


def label_image(package: PackageRow, sender: dict[str, Any] | None) -> Image.Image:
    """One label."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = Pen(ImageDraw.Draw(image))
    carrier = BY_CODE[package.carrier_code]
    pen.text(carrier.name, 44, 700)
    if package.routing_code:
        pen.draw.text((WIDTH - MARGIN, MARGIN), package.routing_code, font=load_font(64, 900), fill=0, anchor="ra")
    pen.y = max(pen.y, MARGIN + 84)
    pen.rule()
    _barcode(image, pen, package.tracking_no)
    pen.rule()
    _person(pen, "收", package.recipient, 34)
    pen.rule()
    if sender is not None:
        _person(pen, "寄", sender, 26)
        pen.rule()
    for name, option, quantity in package.goods[:MAX_GOODS]:
        pen.text(f"{quantity} × {name}{' ' + option if option else ''}", 24, 400, lines=1)
    if len(package.goods) > MAX_GOODS:
        pen.text(f"… {len(package.goods)}", 24, 400)
    pen.y = max(pen.y, HEIGHT - MARGIN - 32 * len(package.order_nos[:3]))
    for order_no in package.order_nos[:3]:
        pen.text(order_no, 24, 400)
    return image.point(lambda value: 255 if value > 140 else 0).convert("1")


class Pen:
    """Writes from top to bottom."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw, self.y = draw, MARGIN

    def text(self, text: str, size: int, weight: int, *, lines: int = 3) -> None:
        """Text broken to the width, by characters as Chinese is."""
        font = load_font(size, weight)
        for _ in range(lines):
            count = len(text)
            while count > 1 and font.getlength(text[:count]) > WIDTH - 2 * MARGIN:
                count -= 1
            self.draw.text((MARGIN, self.y), text[:count], font=font, fill=0)
            self.y += size + 10
            text = text[count:]
            if not text:
                break

    def rule(self) -> None:
        self.y += 6
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), fill=0, width=3)
        self.y += 12


def bars_of(number: str) -> str:
    """The modules of a number in Code 128: 1 is a bar, 0 a space."""
    return str(Code128(number).build()[0])


def _barcode(image: Image.Image, pen: Pen, number: str) -> None:
    modules = bars_of(number)
    dots = BAR_DOTS if (len(modules) + 2 * QUIET_BARS) * BAR_DOTS <= WIDTH else BAR_DOTS - 1
    left = (WIDTH - len(modules) * dots) // 2
    for place, module in enumerate(modules):
        if module == "1":
            x = left + place * dots
            pen.draw.rectangle((x, pen.y, x + dots - 1, pen.y + 150), fill=0)
    pen.draw.text((WIDTH // 2, pen.y + 160), number, font=load_font(34, 500), fill=0, anchor="ma")
    pen.y += 210


def _person(pen: Pen, mark: str, place: dict[str, Any], size: int) -> None:
    pen.text(f"{mark}  {place['recipient']}  {place['phone']}", size, 700, lines=1)
    pen.text(f"{place['province']}{place['city']}{place['district']}{place['detail']}", size, 500)
