"""The selection square (选品广场): what a creator could sell, by how well it suits the audience and what it would earn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from xingqu.alliance.selectors.market import agreed_offers, sold_by_creators, taken_up
from xingqu.alliance.selectors.plans import plans_for
from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards, category_ids_below, search_products, tags_by_ids
from xingqu.engine.matching.audience import Audiences
from xingqu.engine.matching.fit import WHOLE_BP, Fits, Offers, best, fit_audience, reasons_of
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.matching.domain.reasons import CLEARLY, of_tag, reason
from xingqu.matching.selectors import arrays
from xingqu.review.selectors import product_summary

HITS_MOST: Final = 5_000
PLACES_MOST: Final = 2_000  # nobody pages further
TREND_DAYS: Final = 30
SELECTION_SORTS: Final = ("fit", "audience", "commission", "sales", "new")
SIMPLE, COLONEL, NAMED = "simple_plan", "colonel_activity", ("exclusive_plan", "targeted_plan")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a creator looks for. Rates in basis points, prices in minor units, scores 0 to 100; None: whatever."""

    q: str = ""
    category_id: int | None = None
    min_commission_bp: int | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    min_sold: int | None = None
    min_shop_score: float | None = None
    plan_kind: str | None = None
    sort: str = "fit"


@dataclass(frozen=True, eq=False)
class View:
    """All offers as one creator sees them."""

    offers: Offers
    audiences: Audiences
    at: int  # row of the creator's audience, -1: none
    rates: NDArray[np.int32]  # (n,) basis points that this creator would get
    agreed: NDArray[np.bool_]  # (n,) by a plan that names the creator
    fits: Fits


def view_of(*, creator_id: int) -> View:
    """The offers with this creator's rates and audience. Two or three statements, whatever the number of offers."""
    offers, audiences = arrays.offers(), arrays.audiences()
    at = audiences.place(creator_id)
    rates = offers.commission_bp.astype(np.int32).copy()
    agreed = np.zeros(len(offers), np.bool_)
    own = agreed_offers(creator_id=creator_id, at=clock.now())
    places = offers.places(list(own))
    for place, chosen in zip(places.tolist(), own.values(), strict=True):
        if place >= 0:
            named = chosen.kind in NAMED
            rates[place] = chosen.commission_bp if named else max(chosen.commission_bp, int(rates[place]))
            agreed[place] = named
    fits = fit_audience(offers, audiences, at if at > 0 else -1, rates)
    return View(offers, audiences, at if at > 0 else -1, rates, agreed, fits)


def selection(
    *, creator_id: int, wanted: Wanted, offset: int, limit: int
) -> tuple[list[dict[str, Any]], int | None, int]:
    """A page of what suits, the place to go on from, and how many there are. What can't be bought any more is left out."""
    view = view_of(creator_id=creator_id)
    allowed = _allowed(view, wanted)
    rows = best(_scores(view, wanted.sort), allowed, min(offset + limit + 1, PLACES_MOST))
    page = rows[offset : offset + limit]
    items = described(creator_id=creator_id, view=view, rows=page)
    return items, offset + limit if rows.size > offset + limit else None, int(allowed.sum())


def _scores(view: View, sort: str) -> NDArray[Any]:
    columns = view.offers.columns
    if sort == "audience":
        return view.fits.lift
    if sort == "commission":
        return view.offers.price_minor * view.rates.astype(np.int64)
    if sort == "sales":
        return columns["sold"]
    if sort == "new":
        return columns["published_ms"]
    return view.fits.earned_minor


def _allowed(view: View, wanted: Wanted) -> NDArray[np.bool_]:
    offers, columns = view.offers, view.offers.columns
    allowed = view.rates > 0
    if wanted.q.strip():
        hits = search_products(q=wanted.q, limit=HITS_MOST).ids
        found = np.zeros(len(offers), np.bool_)
        places = offers.places(hits)
        found[places[places >= 0]] = True
        allowed &= found
    if wanted.category_id is not None:
        allowed &= np.isin(offers.category_id, category_ids_below(category_id=wanted.category_id))
    for column, least in (
        (view.rates, wanted.min_commission_bp),
        (offers.price_minor, wanted.min_price_minor),
        (columns["sold"], wanted.min_sold),
        (columns["score_tenths"], None if wanted.min_shop_score is None else wanted.min_shop_score * 10),
    ):
        if least is not None:
            allowed &= column >= least
    if wanted.max_price_minor is not None:
        allowed &= offers.price_minor <= wanted.max_price_minor
    return allowed & _of_kind(view, wanted.plan_kind)


def _of_kind(view: View, kind: str | None) -> NDArray[np.bool_]:
    columns = view.offers.columns
    if kind == SIMPLE:
        return columns["simple_bp"] > 0
    if kind == COLONEL:
        return columns["colonel_bp"] > 0
    return view.agreed if kind in NAMED else np.ones(len(view.offers), np.bool_)


def described(*, creator_id: int, view: View, rows: Iterable[int]) -> list[dict[str, Any]]:
    """Offers in words: product, terms as they are this moment, what is to be expected, and why."""
    places = [int(row) for row in rows]
    ids = [int(view.offers.product_id[row]) for row in places]
    products = cards(ids)
    chosen = plans_for(creator_id=creator_id, product_ids=ids, at=clock.now())
    taken = taken_up(creator_id=creator_id, product_ids=ids)
    told = []
    for row, product_id in zip(places, ids, strict=True):
        product = products.get(product_id)
        terms = _terms(view.offers, row, chosen.get(product_id))
        if product is not None and product.sale_state.can_buy and terms is not None:
            told.append(_item(view, row, product, terms) | {"taken_up": product_id in taken})
    named = tags_by_ids({one["tag_id"] for item in told for one in item["reasons"] if one["tag_id"] is not None})
    for item in told:
        item["reasons"] = [_with_name(one, named) for one in item["reasons"]]
    return told


def _terms(offers: Offers, row: int, chosen: Any) -> dict[str, Any] | None:
    """The plan to take up: what counts for the creator now, else a colonel's activity that pays more."""
    colonel_bp = int(offers.columns["colonel_bp"][row])
    if chosen is not None and (chosen.kind != SIMPLE or chosen.commission_bp >= colonel_bp):
        return {"plan_id": chosen.plan_id, "kind": str(chosen.kind.value), "commission_bp": chosen.commission_bp}
    if colonel_bp > 0:
        plan_id = int(offers.columns["colonel_plan_id"][row])
        return {"plan_id": plan_id, "kind": COLONEL, "commission_bp": colonel_bp}
    return None


def _item(view: View, row: int, product: ProductCardData, terms: dict[str, Any]) -> dict[str, Any]:
    score = int(view.offers.columns["score_tenths"][row])
    conversion = float(view.fits.conversion[row])
    expected_minor = product.price_minor * terms["commission_bp"] // WHOLE_BP
    return {
        "product": product,
        **terms,
        "expected_minor": expected_minor,
        "sales_per_mille": round(conversion * 1_000, 2),
        "earned_per_mille_minor": round(conversion * 1_000 * expected_minor),
        "lift": round(float(view.fits.lift[row]), 2) if view.at > 0 else None,
        "shop_score": score / 10 if score >= 0 else None,
        "reasons": _reasons(view, row),
    }


def _reasons(view: View, row: int) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    if view.at > 0:
        people, everybody = int(view.audiences.people[view.at]), int(view.audiences.people[0])
        found = reasons_of(view.offers, view.audiences, view.at, row)
        told += [of_tag(one, people, everybody) for one in found]
        if float(view.fits.price_fit[row]) >= CLEARLY:
            told.append(reason("price_suits"))
    if bool(view.agreed[row]):
        told.append(reason("named_plan"))
    sold = int(view.offers.columns["sold"][row])
    if sold:
        told.append(reason("sold", value=sold))
    return told


def _with_name(one: dict[str, Any], named: dict[int, Any]) -> dict[str, Any]:
    tag = named.get(one["tag_id"]) if one["tag_id"] is not None else None
    return one | {"tag": tag.name if tag else None, "tag_en": tag.name_en if tag else None}


def offer_detail(*, creator_id: int, product_id: int) -> dict[str, Any]:
    """One offer with its reviews and what creators sold of it day by day. Raises NotFound for what is not offered to them."""
    view = view_of(creator_id=creator_id)
    place = int(view.offers.places([product_id])[0])
    items = described(creator_id=creator_id, view=view, rows=[place]) if place >= 0 else []
    if not items:
        raise NotFound(field="product_id", expected="a product with a plan open to this creator")
    return items[0] | {"reviews": product_summary(product_id=product_id), "trend": _trend(product_id)}


def _trend(product_id: int) -> list[dict[str, Any]]:
    """Lines and sums that creators brought, by day of the site; every day of the last 30, oldest first."""
    today = clock.now().astimezone(timezone.get_default_timezone()).date()
    days = {today - timedelta(days=back): [0, 0] for back in range(TREND_DAYS - 1, -1, -1)}
    for at, amount in sold_by_creators(product_id=product_id, since=clock.now() - timedelta(days=TREND_DAYS)):
        day = at.astimezone(timezone.get_default_timezone()).date()
        if day in days:
            days[day][0] += 1
            days[day][1] += amount
    return [{"day": day, "orders": orders, "amount_minor": amount} for day, (orders, amount) in days.items()]
