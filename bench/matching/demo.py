"""`python -m bench.matching.demo --seeds N`: the same question on the demo's catalogue and the demo's shoppers.

Shipped products with the tags that the platform reads off them; half of them, by lot, are shown in clips of the demo's creators (each
has its categories), the other half are the offers. Shoppers are those of `simulator.taste`: their leaning to a card is what the
simulator lets them act by, so that the truth is known. Everybody is shown clips by lot; what they do with them goes through
`apply_signals`. Of one half of the people the audiences are made and sales counted (views and orders of some shoppers for each offer,
as a shop with little trade has them); the other half of a creator's audience judges, by their true leanings.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.matching.kuairec import COLUMNS, F64, I64, Runs, differences, figures, means
from simulator.taste import Taste
from xingqu.catalogue.domain.feature_tags import read_tags
from xingqu.content.demo.plan import planned_creators
from xingqu.engine.columns import Signal
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.matching.audience import Audiences, Interests, gather, read_person
from xingqu.engine.matching.fit import Offers, fit_audience
from xingqu.engine.matching.learning import learn_prior_views
from xingqu.engine.matching.params import AudienceParams, FitParams
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

PEOPLE = 1_200
SHOWN = 60  # clips that everybody meets
VIEWS = 150  # shoppers of whom it is known what they did with an offer
NOW_MS = 1_700_000_000_000
DURATION_MS = 12_000


@dataclass(frozen=True, eq=False)
class Goods:
    """The catalogue: all (n,), tags in CSR form."""

    category: I64
    price_minor: I64
    creator: I64
    tag_indptr: I64
    tag_ids: I64
    tag_weights: F64

    def tags_of(self, row: int) -> list[int]:
        return [int(tag) for tag in self.tag_ids[self.tag_indptr[row] : self.tag_indptr[row + 1]]]

    def card(self, row: int) -> dict[str, Any]:
        """As the simulator's shoppers read it: the strongest tags, and the product's category."""
        part = slice(self.tag_indptr[row], self.tag_indptr[row + 1])
        order = np.argsort(-self.tag_weights[part], kind="stable")[:5]
        topics = [{"id": int(tag)} for tag in self.tag_ids[part][order]]
        return {"anchors": [{"product": {"category_id": int(self.category[row])}}], "topic_tags": topics}


def read_goods() -> Goods:
    """The shipped catalogue with the tags that the platform reads, weighed as it weighs them before rarity."""
    packed = resources.files("xingqu.catalogue").joinpath("data/products.jsonl.gz").read_bytes()
    records = [json.loads(line) for line in gzip.decompress(packed).decode().splitlines() if line.strip()]
    creators = {category: n for n, one in enumerate(planned_creators(), 1) for category in one.categories}
    categories = sorted({record["category"][-1] for record in records})
    numbers: dict[str, int] = {}
    links: list[dict[int, float]] = []
    for record in records:
        told = read_tags(
            name=record["name"],
            brief=record["brief"] or "",
            attributes=record["attributes"],
            category_tags=[record["category"][-1]],
            stated=[],
        )
        links.append({numbers.setdefault(tag, len(numbers) + 1): strength for tag, (strength, _) in told.items()})
    return Goods(
        category=np.array([1 + categories.index(record["category"][-1]) for record in records]),
        price_minor=np.array([round(float(record["price"]) * 100) for record in records]),
        creator=np.array([creators.get(record["category"][-1], 1) for record in records]),
        tag_indptr=np.concatenate([[0], np.cumsum([len(of) for of in links])]),
        tag_ids=np.array([tag for of in links for tag in sorted(of)]),
        tag_weights=np.array([of[tag] for of in links for tag in sorted(of)]),
    )


def part_of(goods: Goods, rows: I64) -> tuple[I64, I64, F64]:
    """Tags of some goods in CSR form."""
    spans = [slice(goods.tag_indptr[row], goods.tag_indptr[row + 1]) for row in rows]
    indptr = np.concatenate([[0], np.cumsum([span.stop - span.start for span in spans])])
    ids = np.concatenate([goods.tag_ids[span] for span in spans])
    return indptr, ids, np.concatenate([goods.tag_weights[span] for span in spans])


def snapshot_of(goods: Goods, rows: I64) -> ItemSnapshot:
    """A clip for each of the goods, by the creator of its category."""
    indptr, ids, weights = part_of(goods, rows)
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=rows + 1,
        creator_id=goods.creator[rows],
        category_id=goods.category[rows],
        product_id=rows + 1,
        price_minor=goods.price_minor[rows],
        duration_ms=np.full(rows.size, DURATION_MS),
        tag_indptr=indptr,
        tag_ids=ids,
        tag_weights=weights,
    )


def evening(taste: Taste, goods: Goods, rows: I64, snapshot: ItemSnapshot, draw: random.Random) -> Interests | None:
    """What is known of a shopper after an evening."""
    kinds, items, values, times = [], [], [], []
    for place, row in enumerate(draw.sample(rows.tolist(), min(SHOWN, rows.size))):
        done = taste.react(goods.card(row), draw)
        told = [(Signal.IMPRESSION, 0.0), (Signal.DWELL, done.watched * DURATION_MS)]
        told += [
            (kind, 1.0)
            for kind, happened in (
                (Signal.LIKE, done.liked),
                (Signal.PRODUCT_CLICK, done.clicked),
                (Signal.ADD_TO_CART, done.cart),
                (Signal.FOLLOW, done.followed),
                (Signal.NOT_INTERESTED, done.dismissed),
            )
            if happened
        ]
        for kind, value in told:
            kinds.append(int(kind))
            items.append(row + 1)
            values.append(0.0 if kind == Signal.NOT_INTERESTED else value)
            times.append(NOW_MS - 3_600_000 + 20_000 * place)
    state, params = UserState.empty(), EngineParams()
    apply_signals(state, SignalBatch.of(kind=kinds, item_id=items, value=values, at_ms=times), snapshot, params)
    return read_person(state, NOW_MS + 86_400_000, params, AudienceParams())


def play(goods: Goods, seed: int) -> Runs:
    """All methods on one seed's people: figures of each creator's list."""
    rng, draw = np.random.default_rng(seed), random.Random(seed)
    shuffled = rng.permutation(goods.category.size)
    rows, offered = np.sort(shuffled[::2]), np.sort(shuffled[1::2])
    snapshot = snapshot_of(goods, rows)
    kinds = sorted(set(goods.category.tolist()))
    tastes = [Taste(seed * 100_003 + number, kinds) for number in range(PEOPLE)]
    half = PEOPLE // 2
    known = [evening(taste, goods, rows, snapshot, draw) for taste in tastes]
    leaning = np.array([[taste.leaning(goods.card(row)) for row in offered.tolist()] for taste in tastes])
    audiences = gather([one for one in known[:half] if one is not None], made_at_ms=NOW_MS)
    asked = rng.integers(0, half, (VIEWS, offered.size))
    cared = rng.random(asked.shape) < leaning[asked, np.arange(offered.size)]
    orders = (cared & (rng.random(asked.shape) < 0.35 * 0.4 * 0.5)).sum(axis=0)
    clicked = (cared & (rng.random(asked.shape) < 0.35)).sum(axis=0)
    views = np.full(offered.size, VIEWS)
    params = FitParams(prior_views=learn_prior_views(views, orders))
    offers = offers_of(goods, offered, views, orders, audiences, params)
    everybody = leaning[half:].mean(axis=0)
    found: Runs = {}
    for at in range(1, len(audiences)):
        creator = int(audiences.creator_id[at])
        weights_of = {
            half + n: float(one.belonging[one.creators == creator][0])
            for n, one in enumerate(known[half:])
            if one is not None and creator in one.creators
        }
        if len(weights_of) < AudienceParams().group_least:
            continue
        share = np.array(list(weights_of.values()))
        truth = share @ leaning[list(weights_of)] / share.sum()
        fits = fit_audience(offers, audiences, at)
        scores: dict[str, NDArray[Any]] = {
            "random": rng.random(truth.size),
            "popularity": clicked + 1e-6 * rng.random(truth.size),
            "popularity (sales)": orders + 1e-6 * rng.random(truth.size),
            "expected sales": fits.conversion,
            "expected commission (the default order)": fits.earned_minor,
            "audience fit alone": fits.lift,
            "oracle": truth,
        }
        for name, score in scores.items():
            found.setdefault(name, []).append(
                figures(score.astype(np.float64), truth, everybody, goods.category[offered])
            )
    people = int(np.median(audiences.people[1:]))
    print(
        f"seed {seed}: {len(found['random'])} creators, audiences of {people}, prior of {params.prior_views:.0f} views",
        flush=True,
    )
    return found


def offers_of(
    goods: Goods, rows: I64, views: NDArray[Any], orders: NDArray[Any], audiences: Audiences, params: FitParams
) -> Offers:
    """Some goods, as what may be sold."""
    indptr, ids, weights = part_of(goods, rows)
    return Offers.build(
        product_id=rows + 1,
        shop_id=np.ones(rows.size),
        category_id=goods.category[rows],
        price_minor=goods.price_minor[rows],
        commission_bp=np.full(rows.size, 1_000),
        views=views,
        orders=orders,
        tag_indptr=indptr,
        tag_ids=ids,
        tag_weights=weights,
        audiences=audiences,
        params=params,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.demo", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="first seed; those from 100 on were used while building")
    args = parser.parse_args()
    goods = read_goods()
    found = [play(goods, seed) for seed in range(args.first, args.first + args.seeds)]
    runs = [means(one) for one in found]
    print(markdown_table({name: [run[name] for run in runs] for name in runs[0]}, COLUMNS))
    print(differences(found, "popularity"))


if __name__ == "__main__":
    main()
