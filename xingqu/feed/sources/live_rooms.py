"""Live rooms for this actor, by the probability of entering, staying and buying (decision 0113)."""

from collections.abc import Collection
from dataclasses import dataclass

from xingqu.accounts.contracts import Actor
from xingqu.catalogue.selectors import cards
from xingqu.content.selectors import followed_creator_ids
from xingqu.feed.live_ranking import PARAMS, RoomChances, chances
from xingqu.interest import selectors as interest
from xingqu.live.contracts import LiveCandidate
from xingqu.live.selectors import feed_candidates


@dataclass(frozen=True, slots=True)
class RankedRoom:
    """A room with its chances at this actor."""

    room_id: int
    chances: RoomChances


def fetch(*, actor: Actor, exclude: Collection[int] = ()) -> list[RankedRoom]:
    """Rooms that are live at this moment, the best first. Rooms that are hardly worth a place are left out."""
    candidates = [one for one in feed_candidates() if one.room_id not in exclude]
    if not candidates:
        return []
    known = interest.interest_tags(actor=actor)
    weights = {tag.tag_id: -1.0 if tag.blocked else tag.weight for tag in known.tags} if known.personalised else {}
    products = cards({pk for one in candidates for pk in one.product_ids})
    followed = set(followed_creator_ids(actor=actor))
    found = []
    for one in candidates:
        tags = {pk: [tag.id for tag in products[pk].feature_tags] for pk in one.product_ids if pk in products}
        reached = chances(
            match=match(one, tags, weights),
            followed=one.creator_id in followed,
            visitors=one.visitors,
            stayers=one.stayers,
            buyers=one.buyers,
            shown=one.shown,
            shown_entries=one.shown_entries,
        )
        if reached.score >= PARAMS.least:
            found.append(RankedRoom(one.room_id, reached))
    return sorted(found, key=lambda room: (-room.chances.score, room.room_id))


def match(one: LiveCandidate, tags: dict[int, list[int]], weights: dict[int, float]) -> float:
    """How far a room's goods are what somebody is interested in, from 0 to 1: the best of its products, the explained one in full,
    the others by half. A blocked tag of the explained product makes it 0."""
    best = 0.0
    for product_id in one.product_ids:
        felt = [weights.get(tag_id, 0.0) for tag_id in tags.get(product_id, ())]
        if product_id == one.explained_id and any(value < 0 for value in felt):
            return 0.0
        value = max(felt, default=0.0) * (1.0 if product_id == one.explained_id else 0.5)
        best = max(best, value)
    return min(best, 1.0)
