"""Contents ranked for the actor by the interest engine."""

from collections.abc import Sequence
from typing import Final

from xingqu.accounts.contracts import Actor
from xingqu.interest import services as interest
from xingqu.interest.contracts import Page

SPACING_MEMORY: Final = 6  # how many of the contents above a page keep their distance to what follows


def fetch(*, actor: Actor, surface: str, size: int, exclude: Sequence[int], seed_content_id: int = 0) -> Page:
    """Up to `size` contents, best first. The last of `exclude` are taken for the ones just above."""
    return interest.recommend(
        actor=actor,
        surface=surface,
        size=size,
        exclude=exclude,
        previous=exclude[-SPACING_MEMORY:],
        seed_content_id=seed_content_id,
    )
