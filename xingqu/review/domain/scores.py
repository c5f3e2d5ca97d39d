"""The arithmetic and the manners of reviews, pure."""


def score_hundredths(total: int, count: int) -> int:
    """Average score in hundredths, rounded half up; `count` > 0."""
    return (200 * total + count) // (2 * count)


def overall_score(goods: int, service: int, logistics: int) -> float:
    """Average of the three parts with one decimal place."""
    return round((goods + service + logistics) / 3, 1)


def mask_name(name: str) -> str:
    """A name as others read it: first and last character, the rest hidden (``小***手``)."""
    shown = name.strip()
    return f"{shown[:1]}***{shown[-1:] if len(shown) > 1 else ''}"
