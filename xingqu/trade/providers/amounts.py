"""Amounts as providers write them."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from xingqu.kit.money import EXPONENTS


def decimal_text(amount_minor: int, currency: str) -> str:
    """``899.00`` of 89900 CNY."""
    return str(Decimal(amount_minor).scaleb(-EXPONENTS[currency]))


def fee_minor(text: str, currency: str) -> int:
    """Minor units of a fee, which a bill may give to five places; 0 of an empty cell. Raises ValueError."""
    try:
        value = Decimal(text.strip() or "0").scaleb(EXPONENTS[currency])
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no amount") from error
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
