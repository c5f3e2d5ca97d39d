"""The feed of followed creators: theirs only, also what is sold out for now."""

from collections.abc import Sequence

from xingqu.accounts.contracts import Actor
from xingqu.feed.contracts import FeedItem, FeedPage, Stopwatch
from xingqu.feed.filters import lawful, visible
from xingqu.feed.hydrators import contents, flash, tags
from xingqu.feed.pipelines.for_you import SPARE
from xingqu.feed.sources import recommended
from xingqu.interest import services as interest


def serve(*, actor: Actor, size: int, exclude: Sequence[int]) -> FeedPage:
    """The next page of `size` contents; shorter when nothing more may be shown."""
    watch = Stopwatch()
    ranked = recommended.fetch(actor=actor, surface="following", size=size + SPARE, exclude=exclude)
    watch.lap("recommend")
    ids = [item.content_id for item in ranked.items]
    cards = contents.hydrate(content_ids=ids, viewer=actor)
    watch.lap("hydrate")
    ids = visible.keep(content_ids=ids, cards=cards)
    ids = lawful.keep(content_ids=ids, cards=cards)
    served = interest.record_served(actor=actor, page=ranked, content_ids=ids[:size])
    watch.lap("record")
    names = tags.hydrate(places=served.items)
    watch.lap("names")
    prices = flash.hydrate(cards=[cards[place.content_id] for place in served.items])
    watch.lap("prices")
    return FeedPage(
        request_id=served.request_id,
        personalised=served.personalised,
        items=tuple(FeedItem(place=place, card=cards[place.content_id]) for place in served.items),
        tags=names,
        exhausted=len(served.items) < size,
        stage_ns=ranked.stage_ns | watch.stage_ns,
        flash=prices,
    )
