"""A contract as a PDF, A4, set as one-bit pictures in the face of the house, with the digest of its content on every page."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from xingqu.kit.fonts import load_font

DOTS_PER_INCH = 200
WIDTH, HEIGHT, MARGIN = 1654, 2339, 130  # dots
FOOT = 2180
RELEASES = {"proportional": "按比例 in proportion", "threshold": "达标 at the threshold"}
SIDES = {"merchant": "商家 Merchant", "creator": "达人 Creator"}


def contract_pdf(content: dict[str, Any], digest: str) -> bytes:
    """The document, as many pages as it needs."""
    rows = [part for words, size, weight in _rows(content) for part in _broken(words, size, weight)]
    pages: list[Image.Image] = []
    while rows:
        image = Image.new("L", (WIDTH, HEIGHT), 255)
        draw, y = ImageDraw.Draw(image), MARGIN
        while rows and y + rows[0][1] < FOOT:
            words, size, weight = rows.pop(0)
            draw.text((MARGIN, y), words, font=load_font(size, weight), fill=0)
            y += size + 22
        foot = f"{content['contract_no']}  ·  {len(pages) + 1}  ·  SHA-256 {digest}"
        draw.text((MARGIN, FOOT + 40), foot, font=load_font(22, 400), fill=0)
        pages.append(image.point(lambda value: 255 if value > 150 else 0).convert("1"))
    buffer = io.BytesIO()
    pages[0].save(
        buffer, "PDF", save_all=True, append_images=pages[1:], resolution=DOTS_PER_INCH, title=content["contract_no"]
    )
    return buffer.getvalue()


def _broken(words: str, size: int, weight: int) -> list[tuple[str, int, int]]:
    """A row as the lines it takes, broken by characters."""
    font, lines = load_font(size, weight), []
    while font.getlength(words) > WIDTH - 2 * MARGIN:
        count = len(words)
        while count > 1 and font.getlength(words[:count]) > WIDTH - 2 * MARGIN:
            count -= 1
        lines.append((words[:count], size, weight))
        words = words[count:]
    return [*lines, (words, size, weight)]


def _rows(content: dict[str, Any]) -> Sequence[tuple[str, int, int]]:
    terms, money = content["terms"], content["currency"]
    plain = [
        f"商家 Merchant: {content['shop']['name']} (#{content['shop']['id']})",
        f"达人 Creator: {content['creator']['name']} (@{content['creator']['handle']}, #{content['creator']['id']})",
        "",
        *(f"商品 Product: {product['name']} (#{product['id']})" for product in content["products"]),
        f"佣金 Commission: {terms['commission_bp'] / 100:g}%",
        f"合作期 Days: {terms['starts_on']} – {terms['ends_on']}",
        f"作品与直播 Works and live rooms: {terms['works']} / {terms['lives']}",
        f"坑位费 Slot fee: {_money(terms['slot_fee_minor'])} {money}",
        *_fee_rows(terms, money, content["break_off_bp"]),
        *([f"约定 Also agreed: {terms['note']}"] if terms["note"] else []),
        "",
        f"条款第 {content['terms_version']} 版 Version {content['terms_version']} of the terms",
        f"提出 Offered: {SIDES[content['offered_by']]}, {content['offered_at']}",
        f"接受 Accepted: {SIDES[content['accepted_by']]}, {content['accepted_at']}",
    ]
    title = [
        ("合作合同 Collaboration contract", 56, 800),
        (f"编号 No. {content['contract_no']}", 32, 600),
        ("", 32, 400),
    ]
    return [*title, *((words, 32, 400) for words in plain)]


def _fee_rows(terms: dict[str, Any], money: str, break_off_bp: int) -> list[str]:
    if not terms["slot_fee_minor"]:
        return []
    return [
        f"结算成交目标 Settled GMV for the whole fee: {_money(terms['target_minor'])} {money}",
        f"释放方式 Release: {RELEASES[terms['release_kind']]}; {', '.join(terms['release_days'])}",
        "坑位费由平台托管, 余额在最后一个释放日退回商家。",
        "The platform keeps the fee; on the last day of release the rest goes back to the merchant.",
        f"商家中途解约, 达人至少得坑位费的 {break_off_bp / 100:g}%; 达人中途解约, 仅得已结算部分。",
        f"If the merchant breaks off, the creator has at least {break_off_bp / 100:g}% of the fee; if the creator does, what",
        "was earned by then.",
    ]


def _money(minor: int) -> str:
    return f"{minor / 100:,.2f}"
