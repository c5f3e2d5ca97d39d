"""Amounts of an invoice, to the cent. Prices include tax, as consumers pay them; all in minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


@dataclass(frozen=True, slots=True)
class TaxRule:
    """`category_id` None: for every category; `rate_bp` in basis points."""

    category_id: int | None
    rate_bp: int
    effective_from: datetime


def rate_for(rules: Iterable[TaxRule], *, category_path: Sequence[int], at: datetime, usual_bp: int) -> int:
    """Tax rate in basis points: the deepest category's rule in force, of two the newer; `usual_bp` without one.
    `category_path` is from the top down."""

    def rank(rule: TaxRule) -> tuple[int, datetime]:
        return 0 if rule.category_id is None else 1 + category_path.index(rule.category_id), rule.effective_from

    fitting = [rule for rule in rules if rule.effective_from <= at and rule.category_id in (None, *category_path)]
    best = max(fitting, key=rank, default=None)
    return usual_bp if best is None else best.rate_bp


def tax_in(gross_minor: int, rate_bp: int) -> int:
    """The tax that a price holds, rounded half up."""
    share = Decimal(gross_minor) * rate_bp / (10_000 + rate_bp)
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def red_tax(*, gross_minor: int, tax_minor: int, red_before_minor: int, red_minor: int) -> int:
    """Tax of a red letter over a part of a line, so that parts of the whole sum to its tax exactly."""

    def up_to(part_minor: int) -> int:
        return int((Decimal(tax_minor) * part_minor / gross_minor).quantize(Decimal(1), ROUND_HALF_UP))

    return up_to(red_before_minor + red_minor) - up_to(red_before_minor)


def capitals(amount_minor: int) -> str:
    """A yuan amount in the capitals that documents use: 12050 is 壹佰贰拾元伍角整. Raises ValueError below 0."""
    if amount_minor < 0:
        raise ValueError("capitals are of amounts from 0 on")
    yuan, cents = divmod(amount_minor, 100)
    jiao, fen = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return (text or "零元") + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    text, gap = "", False
    for group in range(len(GROUPS) - 1, -1, -1):
        part = number // 10 ** (4 * group) % 10_000
        if not part:
            gap = gap or bool(text)
            continue
        if text and (gap or part < 1_000):
            text += "零"
        text += _group(part) + GROUPS[group]
        gap = False
    return text


def _group(part: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if not digit:
            gap = gap or bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
