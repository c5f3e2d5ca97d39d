"""No content that shows a product which was taken off the site by the platform."""

from collections.abc import Iterable, Mapping

from xingqu.content.contracts import ContentCardData

BARRED = frozenset({"banned", "not_approved"})


def keep(*, content_ids: Iterable[int], cards: Mapping[int, ContentCardData]) -> list[int]:
    """Ids of contents none of whose products is barred, in order."""
    return [pk for pk in content_ids if not any(a.product.sale_state.code in BARRED for a in cards[pk].anchors)]
