"""The demo's plan as the seed makes it."""

from functools import cache

from xingqu.content.demo.making import SeedSpec


@cache
def planned_contents() -> tuple[SeedSpec, ...]:
    """Every content of the plan, in the order of making."""
    return ()


def ensure_creators() -> None:
    """Make the plan's creators that are not there yet."""
