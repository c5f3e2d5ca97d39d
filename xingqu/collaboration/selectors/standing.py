"""Figures of creators that offers ask for."""

from datetime import timedelta
from typing import Any

from xingqu.alliance.selectors.performance import brought_minor
from xingqu.collaboration.contracts import Standing
from xingqu.collaboration.models import SampleOffer
from xingqu.content.selectors import creator_page
from xingqu.experience.selectors.reputation import reputation_of
from xingqu.kit import clock

GMV_OVER = timedelta(days=30)


def standing_of(*, creator_id: int) -> Standing:
    """A creator's followers, and what they sold in 30 days. Raises NotFound."""
    followers = creator_page(creator_id=creator_id, viewer=None).followers
    sold = brought_minor(creator_ids=[creator_id], since=clock.now() - GMV_OVER)
    found = reputation_of(creator_id=creator_id)
    return Standing(
        followers=followers,
        gmv_minor=sold.get(creator_id, 0),
        level=found.level,
        credit=found.credit,
        score=found.score,
    )


def lacks(offer: SampleOffer, standing: Standing) -> dict[str, list[Any]]:
    """Conditions of an offer that a creator does not meet: {condition: [asked, has]}."""
    pairs = {
        "followers": (offer.min_followers, standing.followers),
        "gmv_minor": (offer.min_gmv_minor, standing.gmv_minor),
        "level": (offer.min_level, standing.level),
        "credit": (offer.min_credit, standing.credit),
        "score": (offer.min_score, standing.score),
    }
    return {name: [asked, has] for name, (asked, has) in pairs.items() if asked and (has is None or has < asked)}
