"""What products would sell to an audience: how much more it likes their kind than everybody does, times what they earn.

``expected orders a view = own rate x lift x price fit`` where the own rate is the product's orders by its views, drawn towards
what products of its price do, the lift is the audience's affinity to the product's tags by everybody's, and the price fit is how
near the price is to what the audience pays. Times price and commission rate it is what a thousand views would earn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.matching.audience import Audiences
from xingqu.engine.matching.params import FitParams

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
WHOLE_BP = 10_000


@dataclass(frozen=True, eq=False)
class Offers:
    """``n`` products that somebody may sell, with ``t`` tags among them. Make one with ``build``."""

    product_id: I64  # (n,) ascending
    shop_id: I64
    category_id: I64
    price_minor: I64
    commission_bp: I32  # of the plan that is open to everybody, 0 where there is none
    conversion: F32  # (n,) orders a view, whoever looks
    tags: I32  # (t,) the platform's ids, ascending
    tag_indptr: I64  # (n + 1,)
    tag_rows: I32  # (links,)
    tag_values: F32  # (links,) weighed by how rare the tag is, of unit length a product
    of_everybody: F32  # (n,) affinity of all people
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # (n,) each; what else lists sort and filter by

    def __len__(self) -> int:
        return int(self.product_id.size)

    @classmethod
    def build(
        cls,
        *,
        product_id: ArrayLike,
        shop_id: ArrayLike,
        category_id: ArrayLike,
        price_minor: ArrayLike,
        commission_bp: ArrayLike,
        views: ArrayLike,
        orders: ArrayLike,
        tag_indptr: ArrayLike,
        tag_ids: ArrayLike,
        tag_weights: ArrayLike,
        audiences: Audiences | None = None,
        columns: Mapping[str, ArrayLike] | None = None,
        params: FitParams | None = None,
    ) -> Offers:
        """From products by ascending id. ``views``, ``orders``: decayed counts of what shows them."""
        settings = params or FitParams()
        indptr, links = np.asarray(tag_indptr, np.int64), np.asarray(tag_ids)
        tags, rows = np.unique(links, return_inverse=True)
        size = indptr.size - 1
        seen = np.bincount(rows, minlength=tags.size)
        rarity = np.log1p(size / np.maximum(seen, 1))
        values = np.asarray(tag_weights, np.float64) * rarity[rows]
        norm = np.sqrt(_row_sums(values**2, indptr))
        values = values / np.maximum(np.repeat(norm, np.diff(indptr)), 1e-9)
        price = np.asarray(price_minor, np.int64)
        made = cls(
            product_id=np.asarray(product_id, np.int64),
            shop_id=np.asarray(shop_id, np.int64),
            category_id=np.asarray(category_id, np.int64),
            price_minor=price,
            commission_bp=np.asarray(commission_bp, np.int32),
            conversion=expected_conversion(np.asarray(views), np.asarray(orders), price, settings).astype(np.float32),
            tags=tags.astype(np.int32),
            tag_indptr=indptr,
            tag_rows=rows.astype(np.int32),
            tag_values=values.astype(np.float32),
            of_everybody=np.zeros(size, np.float32),
            columns={name: np.asarray(column) for name, column in (columns or {}).items()},
        )
        return made.seen_by(audiences) if audiences is not None and len(audiences) else made

    def seen_by(self, audiences: Audiences) -> Offers:
        """The same with everybody's affinity as of these audiences."""
        everybody = self.affinity(audiences.tags.dense(0, self.tags))
        return Offers(**{f.name: getattr(self, f.name) for f in fields(self)} | {"of_everybody": everybody})

    def select(self, rows: I64) -> Offers:
        """Those in ``rows`` alone, in that order."""
        size = np.diff(self.tag_indptr)[rows]
        indptr = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        links = np.repeat(self.tag_indptr[:-1][rows] - indptr[:-1], size) + np.arange(indptr[-1])
        plain = ("product_id", "shop_id", "category_id", "price_minor", "commission_bp", "conversion", "of_everybody")
        return Offers(
            **{name: getattr(self, name)[rows] for name in plain},
            tags=self.tags,
            tag_indptr=indptr,
            tag_rows=self.tag_rows[links],
            tag_values=self.tag_values[links],
            columns={name: column[rows] for name, column in self.columns.items()},
        )

    def affinity(self, interests: F32) -> F32:
        """(n,) how much somebody with ``interests`` (t,) likes the tags of each product."""
        return _row_sums(self.tag_values * interests[self.tag_rows], self.tag_indptr).astype(np.float32)

    def places(self, product_ids: ArrayLike) -> I64:
        """(m,) row of each product, -1 where it is not among them."""
        wanted = np.asarray(product_ids, np.int64)
        if not len(self):
            return np.full(wanted.size, -1, np.int64)
        at = np.minimum(np.searchsorted(self.product_id, wanted), len(self) - 1)
        return np.where(self.product_id[at] == wanted, at, -1)

    def tags_of(self, row: int) -> tuple[I32, F32]:
        """Tag ids of a product and how much each says."""
        part = slice(self.tag_indptr[row], self.tag_indptr[row + 1])
        return self.tags[self.tag_rows[part]], self.tag_values[part]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays; ``from_arrays`` reads them."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "columns"}
        return plain | {f"column-{name}": column for name, column in self.columns.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Offers:
        """Raises KeyError when one is missing."""
        columns = {name.removeprefix("column-"): array for name, array in arrays.items() if name.startswith("column-")}
        return cls(**{f.name: arrays[f.name] for f in fields(cls) if f.name != "columns"}, columns=columns)


@dataclass(frozen=True, eq=False)
class Fits:
    """One audience against all offers; all (n,)."""

    lift: F32  # 1: likes it as everybody does
    price_fit: F32
    conversion: F32  # expected orders a view of this audience
    earned_minor: F32  # expected commission of a thousand views


def expected_conversion(views: NDArray[Any], orders: NDArray[Any], price_minor: I64, params: FitParams) -> F64:
    """Orders a view: a product's own, drawn towards what products of its price do (empirical Bayes, one prior for all)."""
    seen = float(views.sum())
    overall = (float(orders.sum()) + params.prior_conversion * params.prior_views) / (seen + params.prior_views)
    usual = float(np.median(price_minor)) if price_minor.size else 1.0
    relative = np.clip(np.maximum(price_minor, 1) / max(usual, 1.0), 0.05, 20.0)
    prior = overall * relative**-params.price_slope
    drawn: F64 = (orders + prior * params.prior_views) / (views + params.prior_views)
    return drawn


def fit_audience(
    offers: Offers, audiences: Audiences, at: int, commission_bp: I32 | None = None, params: FitParams | None = None
) -> Fits:
    """The audience in row ``at`` (-1: nobody is known of, then it is taken to be as everybody) against all offers.

    ``commission_bp``: the rates that this creator gets; those open to everybody where it is not given.
    """
    settings = params or FitParams()
    if at < 0:
        lift = np.ones(len(offers), np.float32)
        price = lift
    else:
        own = offers.affinity(audiences.tags.dense(at, offers.tags))
        lift = lift_of(own, offers.of_everybody, settings)
        price = price_fit(offers.price_minor, audiences, at, settings)
    conversion = np.minimum(offers.conversion * lift**settings.exponent * price, 1.0)
    rates = offers.commission_bp if commission_bp is None else commission_bp
    earned = (conversion * np.float32(1_000)) * offers.price_minor * (rates / np.float32(WHOLE_BP))
    return Fits(lift, price, conversion, earned.astype(np.float32))


def lift_of(own: F32, of_everybody: F32, params: FitParams) -> F32:
    """How much more an audience likes something than everybody does, drawn to 1 where hardly anybody does."""
    ratio = (own + np.float32(params.smoothing)) / (of_everybody + np.float32(params.smoothing))
    lift: F32 = np.clip(ratio, np.float32(1 / params.lift_limit), np.float32(params.lift_limit))
    return lift


def price_fit(price_minor: I64, audiences: Audiences, at: int, params: FitParams) -> F32:
    """How near prices are to what the audience pays, by how near they are to what everybody pays."""
    if not np.isfinite(audiences.price_log[at]) or not np.isfinite(audiences.price_log[0]):
        return np.ones(price_minor.size, np.float32)
    log_price = np.log(np.maximum(price_minor, 1)).astype(np.float32)
    ratio = _nearness(log_price, audiences, at, params) - _nearness(log_price, audiences, 0, params)
    limit = float(np.log(params.price_limit))
    fit: F32 = np.exp(np.clip(ratio, -limit, limit)).astype(np.float32)
    return fit


def _nearness(log_price: F32, audiences: Audiences, at: int, params: FitParams) -> F32:
    spread = float(audiences.price_spread[at]) + params.price_spread
    nearness: F32 = np.float32(-0.5) * ((log_price - audiences.price_log[at]) / np.float32(spread)) ** 2
    return nearness


def best(scores: NDArray[Any], allowed: NDArray[np.bool_] | None, count: int) -> I64:
    """The rows of the highest scores among those allowed, best first; equals by row."""
    rows = np.arange(scores.size) if allowed is None else np.flatnonzero(allowed)
    if not rows.size or count <= 0:
        return np.empty(0, np.int64)
    own = scores[rows]
    if count < rows.size:
        edge = np.partition(own, rows.size - count)[rows.size - count]
        above = own >= edge
        rows, own = rows[above], own[above]
    return rows[np.lexsort((rows, -own))[:count]]


@dataclass(frozen=True, slots=True)
class PoolFit:
    """How well several products together suit one audience. ``tag_ids``: what speaks for it, the strongest first."""

    creator_id: int
    lift: float
    earned_minor: float  # a thousand views, of the products that suit best
    tag_ids: tuple[int, ...]


POOL_BEST = 10  # of a pool, products that count: a creator shows some of them


def fit_pool(offers: Offers, audiences: Audiences, rows: I64, params: FitParams | None = None) -> list[PoolFit]:
    """The offers in ``rows`` together, against every audience."""
    settings = params or FitParams()
    part = offers.select(rows)
    found = []
    for at in range(1, len(audiences)):
        fits = fit_audience(part, audiences, at, params=settings)
        chosen = np.argsort(-fits.lift, kind="stable")[:POOL_BEST]
        found.append(
            PoolFit(
                creator_id=int(audiences.creator_id[at]),
                lift=float(np.exp(np.log(fits.lift[chosen]).mean())),
                earned_minor=float(fits.earned_minor[chosen].mean()),
                tag_ids=_tags_of(part, audiences, at, chosen),
            )
        )
    return found


def fit_creators(offers: Offers, audiences: Audiences, params: FitParams | None = None) -> F64:
    """(creators,) lift of each audience for the offers as a whole, by the mean of their tag vectors; 1 for the first, everybody."""
    settings = params or FitParams()
    mean = np.bincount(offers.tag_rows, offers.tag_values, minlength=offers.tags.size) / max(len(offers), 1)
    shares = audiences.tags
    if not offers.tags.size or not shares.ids.size:
        return np.ones(len(audiences))
    place = np.minimum(np.searchsorted(offers.tags, shares.ids), offers.tags.size - 1)
    worth = np.where(offers.tags[place] == shares.ids, mean[place], 0.0) * shares.weight
    own = _row_sums(worth, shares.indptr)
    ratio: F64 = (own + settings.smoothing) / (own[0] + settings.smoothing)
    return np.clip(ratio, 1 / settings.lift_limit, settings.lift_limit)


def _tags_of(offers: Offers, audiences: Audiences, at: int, rows: I64) -> tuple[int, ...]:
    worth: dict[int, float] = {}
    for row in rows.tolist():
        for one in reasons_of(offers, audiences, at, row):
            worth[one.tag_id] = worth.get(one.tag_id, 0.0) + one.worth
    return tuple(sorted(worth, key=lambda tag: (-worth[tag], tag))[:3])


@dataclass(frozen=True, slots=True)
class TagReason:
    """A tag that speaks for an audience and a product: shares of the audience and of everybody who have it as an interest."""

    tag_id: int
    share: float
    share_of_everybody: float
    worth: float  # of the affinity, what this tag makes of it


def reasons_of(offers: Offers, audiences: Audiences, at: int, row: int, limit: int = 2) -> list[TagReason]:
    """The tags that most speak for a product, and that this audience has more often than everybody."""
    if at < 0:
        return []
    tags, values = offers.tags_of(row)
    found = []
    for tag_id, value in zip(tags.tolist(), values.tolist(), strict=True):
        weight, share = _share(audiences, at, tag_id)
        _, of_all = _share(audiences, 0, tag_id)
        if share > 0:
            found.append(TagReason(tag_id, share, of_all, weight * value))
    found.sort(key=lambda one: (-one.worth * min(one.share / max(one.share_of_everybody, 0.01), 5.0), one.tag_id))
    return found[:limit]


def _share(audiences: Audiences, at: int, tag_id: int) -> tuple[float, float]:
    ids, weight, people = audiences.tags.row(at)
    place = int(np.searchsorted(ids, tag_id))
    if place >= ids.size or int(ids[place]) != tag_id:
        return 0.0, 0.0
    return float(weight[place]), float(people[place]) / max(int(audiences.people[at]), 1)


def _row_sums(values: NDArray[Any], indptr: I64) -> NDArray[Any]:
    """(n,) sums of the links of each row; 0 where a row has none."""
    ended = np.append(values, values.dtype.type(0))  # where rows without links at the end may begin
    return np.where(np.diff(indptr) > 0, np.add.reduceat(ended, indptr[:-1]), 0) if indptr.size > 1 else values[:0]
