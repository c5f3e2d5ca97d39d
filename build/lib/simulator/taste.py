"""What a seeded shopper likes, and what they do with a card that they meet."""

import hashlib
import math
import random
from dataclasses import dataclass
from typing import Any

DWELL_CAP = 1.25  # nobody in this population watches a clip much more than once
FAVOURITE_PULL = 3.2
TAG_PULL = 1.4
INDIFFERENCE = -1.9


@dataclass(frozen=True)
class Reaction:
    """What one card got: watched part (1.0 is the whole clip) and what else was done."""

    watched: float
    liked: bool
    clicked: bool
    cart: bool
    followed: bool
    dismissed: bool


class Taste:
    """A shopper's stable leaning: a few favourite categories, and a leaning for or against every tag by seeded chance."""

    def __init__(self, seed: int, category_ids: list[int]) -> None:
        self._seed = seed
        draw = random.Random(seed)
        self._favourites = {c: draw.uniform(0.6, 1.0) for c in draw.sample(category_ids, min(3, len(category_ids)))}
        self._likes_much = draw.uniform(0.1, 0.5)

    def leaning(self, card: dict[str, Any]) -> float:
        """Probability that the shopper cares for a card."""
        categories = {a["product"]["category_id"] for a in card["anchors"]}
        pull = max((self._favourites.get(c, 0.0) for c in categories), default=0.0)
        tags = [self._tag(t["id"]) for t in card["topic_tags"]]
        return 1 / (1 + math.exp(-(INDIFFERENCE + FAVOURITE_PULL * pull + TAG_PULL * max(tags, default=0.0))))

    def react(self, card: dict[str, Any], draw: random.Random) -> Reaction:
        """Draw what happens with a card."""
        cares = draw.random() < self.leaning(card)
        watched = min(draw.betavariate(4, 1.6) * DWELL_CAP if cares else draw.betavariate(1.1, 6), DWELL_CAP)
        clicked = cares and bool(card["anchors"]) and draw.random() < 0.35
        return Reaction(
            watched=watched,
            liked=cares and draw.random() < self._likes_much,
            clicked=clicked,
            cart=clicked and draw.random() < 0.4,
            followed=cares and draw.random() < 0.06,
            dismissed=not cares and draw.random() < 0.02,
        )

    def _tag(self, tag_id: int) -> float:
        digest = hashlib.blake2b(f"{self._seed}:{tag_id}".encode(), digest_size=4).digest()
        value = int.from_bytes(digest, "big") / 2**32
        return (value - 0.8) * 5 if value > 0.8 else 0.0  # one tag in five matters to a person
