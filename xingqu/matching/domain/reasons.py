"""Why something is recommended, as codes with figures that clients put into words. Pure."""

from typing import Any

from xingqu.engine.matching.fit import TagReason
from xingqu.matching.domain.bands import told_share

CLEARLY = 1.15  # a lift from which it is worth saying


def reason(code: str, **figures: Any) -> dict[str, Any]:
    """One reason; what it has no figure for is None."""
    return {"code": code, "tag_id": None, "share": None, "share_of_everybody": None, "value": None, **figures}


def of_tag(found: TagReason, people: int, everybody: int) -> dict[str, Any]:
    """So many of the audience have this interest, of everybody so many."""
    return reason(
        "audience_likes",
        tag_id=found.tag_id,
        share=told_share(round(found.share * people), people),
        share_of_everybody=told_share(round(found.share_of_everybody * everybody), everybody),
    )
