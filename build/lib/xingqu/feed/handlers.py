"""What the feed does when something happened elsewhere: the snapshot it ranks over is to be built anew."""

from xingqu.events.catalogue import ProductChanged, ProductDelisted, ProductListed
from xingqu.events.content import ContentPublished, ContentWithdrawn
from xingqu.feed import services


def refresh_contents(fact: ContentPublished | ContentWithdrawn) -> None:
    """A content came or went."""
    services.mark_dirty()


def refresh_products(fact: ProductListed | ProductChanged | ProductDelisted) -> None:
    """A product changed: the contents that show it did not, but what is known of them did."""
    services.mark_dirty(everything=True)
