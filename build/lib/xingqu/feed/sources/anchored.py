"""Products that recommended contents show."""

from xingqu.interest import selectors as interest
from xingqu.interest.contracts import Page


def product_ids(*, page: Page) -> list[int]:
    """Products of the page's contents in its order, each once."""
    shown = interest.products_shown_by(content_ids=[item.content_id for item in page.items])
    return list(dict.fromkeys(pk for pk in shown if pk))
