"""`python -m bench.matching.rank`: fit ranking of 100,000 products for a creator, beside the floor of a plain product of matrices.

The offers have 8 tags each of 4,000; 400 creators have audiences. Measured is what a request does with the arrays: lay the creator's
interests out, lifts, price fit, expected commission, a filter by price, the best 60. The floor is one dense float32 product of
(100,000, 64) by (64,) with `argpartition`, in the same minute.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from xingqu.engine.matching.audience import Audiences, Shares
from xingqu.engine.matching.fit import Offers, best, fit_audience

TAGS, TAGS_AN_OFFER, TAGS_AN_AUDIENCE, CREATORS, BEST = 4_000, 8, 300, 400, 60
TARGET_MS = 50.0


def make_audiences(rng: np.random.Generator) -> Audiences:
    """Audiences with as many tags as one keeps at most."""
    ids = np.concatenate([np.sort(rng.choice(TAGS, TAGS_AN_AUDIENCE, replace=False)) for _ in range(CREATORS + 1)])
    indptr = np.arange(CREATORS + 2) * TAGS_AN_AUDIENCE
    weight = rng.random(ids.size).astype(np.float32)
    shares = Shares(indptr, ids.astype(np.int32), weight, np.full(ids.size, 9, np.int32))
    nothing = np.empty(0, np.int32)
    return Audiences(
        made_at_ms=1,
        creator_id=np.arange(CREATORS + 1),
        people=np.full(CREATORS + 1, 500, np.int32),
        tags=shares,
        categories=Shares(np.zeros(CREATORS + 2, np.int64), nothing, nothing.astype(np.float32), nothing),
        price_log=rng.normal(9, 1, CREATORS + 1).astype(np.float32),
        price_spread=np.full(CREATORS + 1, 0.8, np.float32),
        price_people=np.full(CREATORS + 1, 100, np.int32),
    )


def make_offers(rng: np.random.Generator, count: int, audiences: Audiences) -> Offers:
    """Offers of drawn tags and prices."""
    return Offers.build(
        product_id=np.arange(1, count + 1),
        shop_id=rng.integers(1, 2_000, count),
        category_id=rng.integers(1, 100, count),
        price_minor=np.exp(rng.normal(9, 1, count)).astype(np.int64) + 100,
        commission_bp=rng.integers(100, 5_000, count),
        views=rng.integers(0, 5_000, count).astype(np.float64),
        orders=rng.integers(0, 20, count).astype(np.float64),
        tag_indptr=np.arange(count + 1) * TAGS_AN_OFFER,
        tag_ids=np.sort(
            rng.integers(0, TAGS // TAGS_AN_OFFER, (count, TAGS_AN_OFFER))
            + np.arange(TAGS_AN_OFFER) * (TAGS // TAGS_AN_OFFER)
        ).ravel(),
        tag_weights=rng.random(count * TAGS_AN_OFFER),
        audiences=audiences,
    )


def timed(run: Callable[[int], object], rounds: int) -> tuple[float, float, float]:
    """(p50, p99, p50 of processor time) in milliseconds."""
    taken, worked = [], []
    for number in range(rounds):
        started, worked_from = time.perf_counter(), time.thread_time()
        run(number)
        taken.append(1_000 * (time.perf_counter() - started))
        worked.append(1_000 * (time.thread_time() - worked_from))
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 99)), float(np.percentile(worked, 50))


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.rank", description=__doc__)
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args()
    rng = np.random.default_rng(7)
    audiences = make_audiences(rng)
    offers = make_offers(rng, args.offers, audiences)
    items = rng.random((args.offers, 64), dtype=np.float32)
    person = rng.random(64, dtype=np.float32)

    def rank(number: int) -> object:
        fits = fit_audience(offers, audiences, 1 + number % CREATORS)
        return best(fits.earned_minor, offers.price_minor <= 20_000, BEST)

    def floor(_: int) -> object:
        return np.argpartition(-(items @ person), BEST)[:BEST]

    for warm in range(5):
        rank(warm)
        floor(warm)
    for name, run in (("fit ranking", rank), ("floor: one dense product and argpartition", floor)):
        middle, high, worked = timed(run, args.rounds)
        print(
            f"{name}: p50 {middle:.1f} ms, p99 {high:.1f} ms, p50 of processor time {worked:.1f} ms ({args.rounds} rounds)"
        )
    print(f"target: {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    main()
