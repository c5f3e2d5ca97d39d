"""A small world: eighty contents over four tags, thirteen creators, every third content with a product."""

from uuid import uuid4

import numpy as np

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import services
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent

ITEMS = 80
TAGS = (1, 2, 3, 4)


def small_snapshot(version: int = 1, *, items: int = ITEMS) -> ItemSnapshot:
    """Content i (from 1) has tag 1 + i % 4, creator 1 + i % 13, and product 1000 + i when 3 divides i."""
    ids = np.arange(1, items + 1)
    return ItemSnapshot.build(
        version=version,
        built_at_ms=clock.now_ms(),
        item_id=ids,
        creator_id=1 + ids % 13,
        seller_id=1 + ids % 5,
        category_id=1 + ids % 4,
        product_id=np.where(ids % 3 == 0, 1000 + ids, 0),
        price_minor=np.where(ids % 3 == 0, 9900, 0),
        published_at_ms=np.full(items, clock.now_ms() - 86_400_000 * 20),
        duration_ms=np.full(items, 10_000),
        tag_indptr=np.arange(items + 1),
        tag_ids=1 + ids % 4,
    )


def tag_of(content_id: int) -> int:
    return 1 + content_id % 4


def event(kind: Signal, **fields: object) -> SignalEvent:
    """An event of this moment with an id of its own."""
    values = {"event_id": uuid4().bytes, "kind": kind, "occurred_at_ms": clock.now_ms()} | fields
    return SignalEvent(**values)  # type: ignore[arg-type]


def linger(actor: Actor, contents: list[int], *, value_ms: int = 12_000) -> int:
    """Look at contents for long, as a client reports it; returns how many events were applied."""
    events = [event(Signal.IMPRESSION, content_id=pk) for pk in contents]
    events += [event(Signal.DWELL, content_id=pk, value=value_ms) for pk in contents]
    events += [event(Signal.COMPLETION, content_id=pk) for pk in contents]
    return services.observe(actor=actor, events=events, received_at_ms=clock.now_ms()).accepted
