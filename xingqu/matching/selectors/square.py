"""The creator square (达人广场): creators as merchants find them. Bands, unless a creator agreed to figures."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.accounts.contracts import CreatorCard
from xingqu.accounts.selectors import creators_by_ids, find_creators
from xingqu.catalogue.selectors import category_ids_below, tags_by_ids
from xingqu.content.selectors import contents_of_creator
from xingqu.engine.matching.fit import Offers, fit_creators, reasons_of
from xingqu.experience.selectors.reputation import reputations
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.matching.domain.bands import GMV_BANDS_MINOR, GPM_BANDS_MINOR, band_of, bounds_of
from xingqu.matching.domain.reasons import CLEARLY, of_tag
from xingqu.matching.models import CreatorListing
from xingqu.matching.selectors import arrays
from xingqu.matching.selectors.arrays import CreatorFigures
from xingqu.matching.selectors.portrait import portrait_of, tag_shares

SQUARE_SORTS: Final = ("fit", "gmv", "gpm", "followers", "recent")
GOODS_MOST: Final = 200
PLACES_MOST: Final = 2_000
TAGS_SHOWN: Final = 4
WORKS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class SquareQuery:
    """What a merchant looks for; `product_id` None: whom the shop's goods as a whole suit. Bands count from 0."""

    q: str = ""
    product_id: int | None = None
    category_id: int | None = None
    min_gmv_band: int | None = None
    min_gpm_band: int | None = None
    min_followers: int | None = None
    min_level: int | None = None
    min_score: int | None = None
    min_kept_percent: int | None = None
    sort: str = "fit"


@dataclass(frozen=True, eq=False)
class _Ranked:
    figures: CreatorFigures
    lift: NDArray[np.float64]  # (n,) nan where the audience is too small
    goods: Offers


def square(
    *, organisation_id: int, query: SquareQuery, offset: int, limit: int
) -> tuple[list[dict[str, Any]], int | None, int]:
    """A page of creators, the place to go on from, and how many there are."""
    ranked = _ranked(organisation_id, query.product_id)
    allowed = _allowed(ranked.figures, query)
    rows = np.flatnonzero(allowed)
    order = rows[np.lexsort((rows, -_score(ranked, query.sort)[rows]))][:PLACES_MOST]
    page = order[offset : offset + limit]
    items = _described(ranked, page)
    return items, offset + limit if order.size > offset + limit else None, int(rows.size)


def _ranked(organisation_id: int, product_id: int | None) -> _Ranked:
    figures, offers, audiences = arrays.creator_figures(), arrays.offers(), arrays.audiences()
    goods = np.flatnonzero(offers.shop_id == organisation_id)[:GOODS_MOST]
    if product_id is not None:
        place = offers.places([product_id])
        goods = place[(place >= 0) & (offers.shop_id[place] == organisation_id)] if len(offers) else place[:0]
        if not goods.size:
            raise NotFound(field="product_id", expected="a product of this shop with an open plan")
    part = offers.select(goods)
    lift = np.full(len(figures), np.nan)
    if goods.size and len(audiences):
        told = fit_creators(part, audiences)
        place = np.minimum(np.searchsorted(audiences.creator_id, figures.creator_id), len(audiences) - 1)
        known = audiences.creator_id[place] == figures.creator_id
        lift = np.where(known, told[place], np.nan)
    return _Ranked(figures, lift, part)


def _score(ranked: _Ranked, sort: str) -> NDArray[np.float64]:
    figures = ranked.figures
    plain: dict[str, NDArray[Any]] = {
        "gmv": figures.amount_minor,
        "gpm": figures.per_mille_minor,
        "followers": figures.followers,
        "recent": figures.last_published_ms,
    }
    score: NDArray[Any] = plain.get(sort, np.nan_to_num(ranked.lift, nan=0.0))
    return score.astype(np.float64)


def _allowed(figures: CreatorFigures, query: SquareQuery) -> NDArray[np.bool_]:
    hidden = list(CreatorListing.objects.filter(is_listed=False).values_list("creator_id", flat=True))
    allowed = ~np.isin(figures.creator_id, hidden)
    if query.q.strip():
        allowed &= np.isin(figures.creator_id, find_creators(text=query.q, limit=500))
    if query.category_id is not None:
        allowed &= np.isin(figures.category_id, category_ids_below(category_id=query.category_id))
    if query.min_gmv_band is not None:
        allowed &= figures.amount_minor >= GMV_BANDS_MINOR[query.min_gmv_band]
    if query.min_gpm_band is not None:
        allowed &= figures.per_mille_minor >= GPM_BANDS_MINOR[query.min_gpm_band]
    if query.min_followers is not None:
        allowed &= figures.followers >= query.min_followers
    if query.min_level or query.min_score or query.min_kept_percent:
        allowed &= np.isin(figures.creator_id, _reputed(figures.creator_id[allowed], query))
    return allowed


def _reputed(creator_ids: NDArray[np.int64], query: SquareQuery) -> list[int]:
    """Those whose last kept level, score and share of kept promises reach what is asked for."""
    least_level, least_score, least_kept = query.min_level or 0, query.min_score or 0, query.min_kept_percent or 0
    return [
        creator_id
        for creator_id, found in reputations(creator_ids=creator_ids.tolist()).items()
        if found.level >= least_level
        and (not least_score or (found.score or 0) >= least_score)
        and (not least_kept or (found.kept_rate is not None and found.kept_rate * 100 >= least_kept))
    ]


def _described(ranked: _Ranked, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    figures, audiences = ranked.figures, arrays.audiences()
    ids = [int(figures.creator_id[row]) for row in rows]
    known = creators_by_ids(ids=ids)
    standing = reputations(creator_ids=ids)
    listings = {row.creator_id: row for row in CreatorListing.objects.filter(creator_id__in=ids)}
    told = []
    for row, creator_id in zip(rows.tolist(), ids, strict=True):
        card = known.get(creator_id)
        if card is None:
            continue
        at = audiences.place(creator_id)
        told.append(
            _card(figures, row, card, listings.get(creator_id))
            | {
                "level": standing[creator_id].level if creator_id in standing else 0,
                "score": standing[creator_id].score if creator_id in standing else None,
                "kept_rate": standing[creator_id].kept_rate if creator_id in standing else None,
                "promises": standing[creator_id].promises if creator_id in standing else 0,
                "lift": None if np.isnan(ranked.lift[row]) else round(float(ranked.lift[row]), 2),
                "audience": tag_shares(audiences, at, TAGS_SHOWN) if at > 0 else [],
                "reasons": _reasons(ranked.goods, at) if ranked.lift[row] >= CLEARLY else [],
            }
        )
    names = tags_by_ids({one["tag_id"] for item in told for one in item["reasons"]})
    for item in told:
        item["reasons"] = [
            one | {"tag": names[one["tag_id"]].name, "tag_en": names[one["tag_id"]].name_en}
            for one in item["reasons"]
            if one["tag_id"] in names
        ]
    return told


def _card(figures: CreatorFigures, row: int, card: CreatorCard, listing: CreatorListing | None) -> dict[str, Any]:
    """Bands for everybody; figures where the creator agreed."""
    amount, per_mille = int(figures.amount_minor[row]), float(figures.per_mille_minor[row])
    gmv_band, gpm_band = band_of(amount, GMV_BANDS_MINOR), band_of(per_mille, GPM_BANDS_MINOR)
    exact = listing is not None and listing.shows_exact
    last_ms = int(figures.last_published_ms[row])
    return {
        "id": card.id,
        "name": card.display_name,
        "name_en": card.display_name_en,
        "handle": card.handle,
        "avatar_url": card.avatar_url,
        "intro": listing.intro if listing is not None and listing.intro else card.bio,
        "organisation_id": card.organisation_id,
        "category_id": int(figures.category_id[row]) or None,
        "followers": int(figures.followers[row]),
        "works": int(figures.works[row]),
        "last_published_at": clock.from_ms(last_ms) if last_ms else None,
        "gmv_band": gmv_band,
        "gmv_from_minor": bounds_of(gmv_band, GMV_BANDS_MINOR)[0],
        "gmv_to_minor": bounds_of(gmv_band, GMV_BANDS_MINOR)[1],
        "gpm_band": gpm_band,
        "gpm_from_minor": bounds_of(gpm_band, GPM_BANDS_MINOR)[0],
        "gpm_to_minor": bounds_of(gpm_band, GPM_BANDS_MINOR)[1],
        "gmv_minor": amount if exact else None,
        "gpm_minor": round(per_mille) if exact else None,
        "orders": int(figures.orders[row]) if exact else None,
    }


def _reasons(goods: Offers, at: int) -> list[dict[str, Any]]:
    audiences = arrays.audiences()
    if at <= 0:
        return []
    best: dict[int, Any] = {}
    for row in range(min(len(goods), 20)):
        for one in reasons_of(goods, audiences, at, row):
            if one.tag_id not in best or one.worth > best[one.tag_id].worth:
                best[one.tag_id] = one
    people, everybody = int(audiences.people[at]), int(audiences.people[0])
    strongest = sorted(best.values(), key=lambda one: (-one.worth, one.tag_id))[:2]
    return [of_tag(one, people, everybody) for one in strongest]


def creator_detail(*, organisation_id: int, creator_id: int, product_id: int | None) -> dict[str, Any]:
    """One creator with the audience's portrait and the latest works. Raises NotFound for one who is not listed."""
    ranked = _ranked(organisation_id, product_id)
    row = ranked.figures.place(creator_id)
    hidden = CreatorListing.objects.filter(creator_id=creator_id, is_listed=False).exists()
    found = [] if row < 0 or hidden else _described(ranked, np.array([row]))
    if not found:
        raise NotFound(field="creator_id", expected="a creator of the square")
    works, _ = contents_of_creator(creator_id=creator_id, viewer=None, cursor=None, limit=WORKS_SHOWN)
    recent = [
        {
            "id": work.id,
            "kind": work.kind,
            "title": work.title,
            "poster_url": work.poster_url,
            "views": work.counts.views,
            "likes": work.counts.likes,
            "published_at": work.published_at,
        }
        for work in works
    ]
    return found[0] | {"portrait": portrait_of(creator_id=creator_id), "recent": recent}


def listing_of(*, creator_id: int) -> dict[str, Any]:
    """What a creator agreed to show."""
    row = CreatorListing.objects.filter(creator_id=creator_id).first()
    if row is None:
        return {"is_listed": True, "shows_exact": False, "intro": ""}
    return {"is_listed": row.is_listed, "shows_exact": row.shows_exact, "intro": row.intro}
