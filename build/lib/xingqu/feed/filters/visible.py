"""The last word on what may be seen, after ranking: the snapshot may be seconds old, this is not."""

from collections.abc import Iterable, Mapping

from xingqu.content.contracts import ContentCardData


def keep(*, content_ids: Iterable[int], cards: Mapping[int, ContentCardData]) -> list[int]:
    """Ids of contents that are published now, in order."""
    return [pk for pk in content_ids if pk in cards]
