"""Names of the interest tags that reasons speak of."""

from collections.abc import Iterable

from xingqu.catalogue import selectors as catalogue
from xingqu.catalogue.contracts import TagName
from xingqu.interest.contracts import Recommended


def hydrate(*, places: Iterable[Recommended]) -> dict[int, TagName]:
    """Names by tag id."""
    wanted = {reason.tag_id for place in places for reason in place.reasons}
    return catalogue.tags_by_ids(wanted) if wanted else {}
