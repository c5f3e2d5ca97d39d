"""What shows that a creator did what was agreed: published works and explanations on air."""

from datetime import datetime

from xingqu.content.selectors.published import published_with
from xingqu.live.selectors.explained import explained_in


def find_proof(
    *, creator_id: int, product_id: int, since: datetime, only: tuple[str, int] | None = None
) -> tuple[str, int] | None:
    """("content" or "live", id) of the first work with a product since a moment; `only`: of this one."""
    found = [
        ("content", pk, at)
        for pk, _, at in published_with(creator_id=creator_id, product_ids=[product_id], since=since)
    ]
    found += [
        ("live", pk, at) for pk, _, at in explained_in(creator_id=creator_id, product_ids=[product_id], since=since)
    ]
    first = min(((at, kind, pk) for kind, pk, at in found if only in (None, (kind, pk))), default=None)
    return None if first is None else (first[1], first[2])
