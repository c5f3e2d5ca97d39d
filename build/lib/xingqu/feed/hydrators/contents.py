"""Content cards by id."""

from collections.abc import Iterable

from xingqu.accounts.contracts import Actor
from xingqu.content import selectors as content
from xingqu.content.contracts import ContentCardData


def hydrate(*, content_ids: Iterable[int], viewer: Actor) -> dict[int, ContentCardData]:
    """Cards of those contents that are published at this moment, with the viewer's marks."""
    return content.cards(ids=content_ids, viewer=viewer)
