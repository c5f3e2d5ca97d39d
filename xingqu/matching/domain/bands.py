"""Figures as bands: what is told of a creator who did not agree to more, and of any group of people. Pure."""

from collections.abc import Sequence

# Lower ends, in minor units: 30 days of sales, and sales of a thousand views.
GMV_BANDS_MINOR = (0, 1, 100_000, 1_000_000, 10_000_000, 100_000_000)
GPM_BANDS_MINOR = (0, 1, 1_000, 5_000, 20_000, 100_000)
PEOPLE_BANDS = (20, 50, 100, 200, 500, 1_000, 5_000, 20_000, 100_000)


def band_of(value: float, ends: Sequence[int]) -> int:
    """The number of the band, from 0; a value below the first end is in the first."""
    return max(0, sum(value >= end for end in ends) - 1)


def bounds_of(band: int, ends: Sequence[int]) -> tuple[int, int | None]:
    """Lower end and upper end (None: open) of a band."""
    return ends[band], ends[band + 1] if band + 1 < len(ends) else None


def told_share(count: int, people: int) -> float:
    """A share of a group in steps that no single person moves: at least as wide as five people of it, at most to the percent."""
    if people <= 0:
        return 0.0
    step = max(0.01, 5 / people)
    return min(1.0, round(round(count / people / step) * step, 4))


def told_price(minor: float) -> int:
    """A price to two digits."""
    whole = max(1, round(minor))
    unit = int(10 ** max(0, len(str(whole)) - 2))
    return round(whole / unit) * unit
