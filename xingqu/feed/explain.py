"""Reasons in the words a client can translate."""

from collections.abc import Mapping
from typing import Any, Final

from xingqu.catalogue.contracts import TagName
from xingqu.interest.contracts import Recommended, words_of

BY_HORIZON: Final = {
    "instant": "interest_of_the_moment",
    "mid": "interest_of_these_days",
    "long_term": "interest_of_long_standing",
}
BY_CHANNEL: Final = {
    "covisit": "people_like_you_went_on_to",
    "sequence": "people_like_you_went_on_to",
    "interest_tags": "near_your_interests",
    "fresh": "new_here",
    "popular": "popular_now",
    "followed": "creator_you_follow",
    "exploration": "something_new_for_you",
    "sessions": "people_like_you_went_on_to",
    "taste": "near_your_interests",
    "clusters": "interest_of_long_standing",
    "due": "time_to_buy_again",
    "content": "near_your_interests",
}


def text_code_of(place: Recommended, *, personalised: bool) -> str:
    """The sentence that says best why the content is there."""
    if not personalised:
        return f"not_personalised_{place.channel}"
    if place.channel in ("followed", "due"):
        return BY_CHANNEL[place.channel]
    if place.reasons:
        return BY_HORIZON[place.reasons[0].horizon]
    return BY_CHANNEL[place.channel]


def why_tags(place: Recommended, names: Mapping[int, TagName]) -> list[dict[str, Any]]:
    """The tags of a place with their names, strongest first."""
    return [
        {
            "tag_id": reason.tag_id,
            "name": names[reason.tag_id].name,
            "name_en": names[reason.tag_id].name_en,
            "weight": reason.weight,
            "horizon": reason.horizon,
            "words": words_of(reason.weight),
        }
        for reason in place.reasons
        if reason.tag_id in names
    ]
