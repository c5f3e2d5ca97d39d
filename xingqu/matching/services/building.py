"""Audiences, offers and creators' figures: read from the rooms that have them, written to files that all processes read."""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from xingqu.accounts.selectors import creators_by_ids
from xingqu.alliance.selectors.market import OpenOffer, creators_sales, offers_mark, open_offers
from xingqu.catalogue.contracts import SnapshotRow
from xingqu.catalogue.selectors import snapshot_rows
from xingqu.content.selectors import follower_counts
from xingqu.engine.matching.fit import Offers
from xingqu.engine.matching.learning import learn_prior_views
from xingqu.engine.matching.params import FitParams
from xingqu.experience.selectors import latest_scores
from xingqu.interest.selectors import creator_views, creator_works, creators_audiences, product_outcomes
from xingqu.kit import clock
from xingqu.matching.selectors import arrays

BUDGET_S: Final = 30.0  # of processor time, for reading audiences
CHUNK: Final = 500
DEMO_HOURS: Final = 0.25
AT_LEAST_EVERY_S: Final = 1_800.0  # prices, stock and figures move without any plan being touched
FIGURES_DAYS: Final = 30
_built: dict[str, tuple[Any, float]] = {}


def build_audiences_if_due() -> bool:
    """Read the audiences anew when they have grown old; as long as none is told of, whenever asked.

    Real people's are read seldom, so that two readings do not tell who came; those of a demo are made up.
    """
    environment = settings.ENVIRONMENT
    held = arrays.audiences()
    due_h = DEMO_HOURS if environment.demo else environment.audience_hours
    if len(held) > 1 and arrays.age_hours(held) < due_h:
        return False
    build_audiences()
    return True


def build_audiences() -> None:
    """Read the audiences anew."""
    made = creators_audiences(people_most=settings.ENVIRONMENT.audience_people, budget_s=BUDGET_S)
    _write(arrays.AUDIENCES.name, made.to_arrays())
    arrays.AUDIENCES.forget()


def build_offers_if_due() -> bool:
    """Lay the offers out anew when plans, the snapshot or the audiences changed, and now and then without."""
    outcomes = arrays.audiences().made_at_ms
    mark = (str(arrays.folder()), offers_mark(at=clock.now()), outcomes)
    before, at_s = _built.get("offers", (None, 0.0))
    if mark == before and time.monotonic() - at_s < AT_LEAST_EVERY_S:
        return False
    build_offers()
    _built["offers"] = (mark, time.monotonic())
    return True


def build_offers() -> None:
    """Lay all open offers out in arrays."""
    found = {offer.product_id: offer for offer in open_offers(at=clock.now())}
    ids = list(found)
    rows: list[SnapshotRow] = []
    for start in range(0, len(ids), CHUNK):
        rows += [row for row in snapshot_rows(ids=ids[start : start + CHUNK]) if row.can_buy]
    _write(arrays.OFFERS.name, _laid_out(rows, found).to_arrays())
    arrays.OFFERS.forget()


def _laid_out(rows: list[SnapshotRow], found: Mapping[int, OpenOffer]) -> Offers:
    outcomes = product_outcomes()
    ids = np.array([row.product_id for row in rows], dtype=np.int64)
    place = np.minimum(np.searchsorted(outcomes.product_id, ids), max(outcomes.product_id.size - 1, 0))
    known = outcomes.product_id[place] == ids if outcomes.product_id.size else np.zeros(ids.size, np.bool_)
    of = [found[row.product_id] for row in rows]
    scores = latest_scores(shop_ids={row.shop_id for row in rows})
    best_bp = [max(offer.simple_bp, offer.colonel_bp) for offer in of]
    audiences = arrays.audiences()
    params = replace(FitParams(), prior_views=learn_prior_views(outcomes.views, outcomes.orders))
    return Offers.build(
        product_id=ids,
        shop_id=[row.shop_id for row in rows],
        category_id=[row.category_id for row in rows],
        price_minor=[row.price_minor for row in rows],
        commission_bp=best_bp,
        views=_counted(outcomes.views, place, known),
        orders=_counted(outcomes.orders, place, known),
        tag_indptr=np.concatenate([[0], np.cumsum([len(row.feature_tags) for row in rows], dtype=np.int64)]),
        tag_ids=np.array([tag for row in rows for tag, _ in row.feature_tags], dtype=np.int64),
        tag_weights=np.array([weight for row in rows for _, weight in row.feature_tags], dtype=np.float64),
        audiences=audiences if len(audiences) else None,
        columns={
            "simple_bp": np.array([offer.simple_bp for offer in of], dtype=np.int32),
            "colonel_bp": np.array([offer.colonel_bp for offer in of], dtype=np.int32),
            "colonel_plan_id": np.array([offer.colonel_plan_id for offer in of], dtype=np.int64),
            "named": np.array([offer.named for offer in of], dtype=np.int8),
            "sold": np.array([row.sold_count for row in rows], dtype=np.int64),
            "score_tenths": np.array([round(scores.get(row.shop_id, -0.1) * 10) for row in rows], dtype=np.int32),
            "published_ms": np.array(
                [int(row.published_at.timestamp() * 1000) if row.published_at else 0 for row in rows], dtype=np.int64
            ),
        },
        params=params,
    )


def _counted(counts: NDArray[np.float64], place: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(known, counts[place], 0.0) if counts.size else np.zeros(place.size)


def build_creators() -> None:
    """What creators made and sold lately. A shop's own account is none: it sells as the shop, and takes nothing up."""
    since = clock.now() - timedelta(days=FIGURES_DAYS)
    works, sales = creator_works(), creators_sales(since=since)
    views = creator_views(since=since.date())
    ids = np.union1d(works.creator_id, np.fromiter(sales, np.int64, len(sales)))
    parts = (ids[start : start + CHUNK].tolist() for start in range(0, ids.size, CHUNK))
    shops = [pk for part in parts for pk, card in creators_by_ids(ids=part).items() if card.is_shop]
    ids = ids[~np.isin(ids, shops)]
    followers = follower_counts(creator_ids=ids.tolist())
    place = np.minimum(np.searchsorted(works.creator_id, ids), max(works.creator_id.size - 1, 0))
    known = works.creator_id[place] == ids if works.creator_id.size else np.zeros(ids.size, np.bool_)

    def made(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(known, column[place], 0) if column.size else np.zeros(ids.size, np.int64)

    def told(values: Mapping[int, int]) -> NDArray[np.int64]:
        return np.array([values.get(pk, 0) for pk in ids.tolist()], dtype=np.int64)

    _write(
        arrays.CREATORS.name,
        {
            "creator_id": ids,
            "amount_minor": told({pk: one.amount_minor for pk, one in sales.items()}),
            "orders": told({pk: one.orders for pk, one in sales.items()}),
            "views": told(views),
            "works": made(works.works),
            "followers": told(followers),
            "category_id": made(works.category_id),
            "last_published_ms": made(works.last_published_ms),
        },
    )
    arrays.CREATORS.forget()


def _write(name: str, plain: Mapping[str, NDArray[Any]]) -> None:
    """Put a file in the place of the one before: a reader sees the old or the new, never a part."""
    folder = arrays.folder()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.{os.getpid()}.part"
    with part.open("wb") as file:
        np.savez(file, **plain)  # type: ignore[arg-type]
    part.rename(folder / name)
