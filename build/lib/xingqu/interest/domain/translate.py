"""Signals of the platform into the engine's columns."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from xingqu.engine.columns import NO_TAG, NotInterestedReason, Signal
from xingqu.engine.state.signals import SignalBatch
from xingqu.engine.state.user import UserState
from xingqu.signals.contracts import SignalEvent

ENGINE_REASON: Final = {
    "": NotInterestedReason.UNSPECIFIED,
    "content": NotInterestedReason.UNSPECIFIED,
    "creator": NotInterestedReason.CREATOR,
    "product": NotInterestedReason.PRODUCT,
    "tag": NotInterestedReason.TOPIC,
    "repetitive": NotInterestedReason.SEEN_TOO_OFTEN,
}
LESS_STRENGTH: Final = 6.0  # "less of this": as strong as naming the topic as the reason of "not interested"


def to_engine(events: Sequence[SignalEvent], *, item_of_product: Callable[[int], int]) -> SignalBatch:
    """Engine columns of `events`. A signal about a product alone is told by a content that shows the product."""
    return SignalBatch.of(
        kind=[event.kind for event in events],
        item_id=[e.content_id or (item_of_product(e.product_id) if e.product_id else 0) for e in events],
        value=[_value(event) for event in events],
        at_ms=[event.occurred_at_ms for event in events],
        creator_id=[event.creator_id for event in events],
        tag_id=[event.tag_id or NO_TAG for event in events],
    )


def _value(event: SignalEvent) -> float:
    if event.kind == Signal.NOT_INTERESTED:
        return float(ENGINE_REASON[event.reason])
    if event.kind in (Signal.COMPLETION, Signal.ADD_TO_CART, Signal.ORDER, Signal.RETURN):
        return float(max(event.value, 1))
    return float(event.value)


def lessen_tag(state: UserState, tag_id: int, *, at_ms: int, half_lives_ms: tuple[int, int, int]) -> None:
    """Take a lot away from one tag at every horizon."""
    amount = np.full((1, len(half_lives_ms)), -LESS_STRENGTH)
    state.tags.add(np.array([tag_id], np.int64), amount, np.array([at_ms], np.int64), half_lives_ms)
