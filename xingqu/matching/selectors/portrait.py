"""A creator's audience as groups: tags, categories, price band. Steps so wide that no single person moves them."""

from typing import Any, Final

import numpy as np

from xingqu.catalogue.selectors import tags_by_ids
from xingqu.engine.matching.audience import Audiences
from xingqu.engine.matching.params import AudienceParams
from xingqu.kit import clock
from xingqu.matching.domain.bands import PEOPLE_BANDS, band_of, bounds_of, told_price, told_share
from xingqu.matching.selectors import arrays

TAGS_SHOWN: Final = 12
CATEGORIES_SHOWN: Final = 6


def portrait_of(*, creator_id: int) -> dict[str, Any]:
    """What most sets an audience apart stands first. With an audience that is too small nothing is told but that."""
    audiences = arrays.audiences()
    at = audiences.place(creator_id)
    told: dict[str, Any] = {
        "known": at > 0,
        "group_least": AudienceParams().group_least,
        "made_at": clock.from_ms(audiences.made_at_ms) if audiences.made_at_ms else None,
        "people_from": None,
        "people_to": None,
        "tags": [],
        "categories": [],
        "price_from_minor": None,
        "price_to_minor": None,
    }
    if at <= 0:
        return told
    told["people_from"], told["people_to"] = bounds_of(band_of(int(audiences.people[at]), PEOPLE_BANDS), PEOPLE_BANDS)
    told["tags"] = tag_shares(audiences, at)
    told["categories"] = _categories(audiences, at)
    if np.isfinite(audiences.price_log[at]):
        middle, spread = float(audiences.price_log[at]), float(audiences.price_spread[at])
        told["price_from_minor"] = told_price(np.exp(middle - spread))
        told["price_to_minor"] = told_price(np.exp(middle + spread))
    return told


def tag_shares(audiences: Audiences, at: int, limit: int = TAGS_SHOWN) -> list[dict[str, Any]]:
    """Interests that this audience has more often than everybody, with both shares."""
    ids, _, having = audiences.tags.row(at)
    of_all = dict(zip(audiences.tags.row(0)[0].tolist(), audiences.tags.row(0)[2].tolist(), strict=True))
    people, everybody = int(audiences.people[at]), int(audiences.people[0])
    rows = []
    for tag_id, count in zip(ids.tolist(), having.tolist(), strict=True):
        if count:
            share, usual = told_share(count, people), told_share(of_all.get(tag_id, 0), everybody)
            rows.append({"tag_id": tag_id, "share": share, "share_of_everybody": usual})
    rows.sort(key=lambda row: (row["share_of_everybody"] - row["share"], -row["share"], row["tag_id"]))
    names = tags_by_ids([row["tag_id"] for row in rows[:limit]])
    return [
        row | {"name": names[row["tag_id"]].name, "name_en": names[row["tag_id"]].name_en}
        for row in rows[:limit]
        if row["tag_id"] in names
    ]


def _categories(audiences: Audiences, at: int) -> list[dict[str, Any]]:
    ids, _, having = audiences.categories.row(at)
    people = int(audiences.people[at])
    rows = [
        {"category_id": category_id, "share": told_share(count, people)}
        for category_id, count in zip(ids.tolist(), having.tolist(), strict=True)
        if count and category_id
    ]
    return sorted(rows, key=lambda row: (-row["share"], row["category_id"]))[:CATEGORIES_SHOWN]
