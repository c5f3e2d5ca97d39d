"""`python -m bench.matching.kuairec --data DIR --seeds N`: do products matched to an audience meet what it really likes?

The matrix knows whether each of 700 people takes to each of 3,327 videos. A seed splits the videos by lot: one half are works,
the other half stand for products. Works of a second-level category are dealt to creators (four in five of a creator's works are of
their category). Everybody meets works as a feed would show them (what more people like more often) and their answers go through the
engine's `apply_signals`. People are split by lot as well: of one half the audiences are made (`xingqu.engine.matching`), and how well
products do in general is counted. What the other half of a creator's audience takes to among the products is the truth.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder, read_table
from bench.engine.kuairec import START_MS, UNKNOWN, Matrix, read_matrix
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

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
LIST = 20
SMALL = 1e-3  # of the likes, added to a category's share
SHOWN = 150  # works that everybody meets
WORKS_LEAST = 12  # of a creator
OWN_SHARE = 0.8
# Weight of everybody's answers beside those of an audience: the best of several on seeds 100 to 105.
DRAWN_TO_ALL = 300.0
DURATION_MS = 10_000
COLUMNS = ("NDCG@20", "liked", "interest", "mix")


@dataclass(frozen=True, eq=False)
class Site:
    """One seed's site: who made which work, what stands for products, who learns and who judges."""

    works: I64  # columns of the matrix
    creator: I64  # (works,)
    products: I64
    learners: I64  # rows of the matrix
    judges: I64


def second_level(folder: Path, video_id: I64) -> I64:
    """(items,) second-level category, 0 where it is unknown."""
    found: dict[int, int] = {}
    for row in read_table(folder / "videos.csv.gz", ["video_id"]):
        category = row.get("second_level_category_id") or ""
        if (row["video_id"] or "").isdigit() and category not in UNKNOWN and category.isdigit():
            found[int(row["video_id"])] = int(category)
    return np.array([found.get(int(video), 0) for video in video_id], dtype=np.int64)


def make_site(matrix: Matrix, category: I64, rng: np.random.Generator) -> Site:
    """Split videos and people, deal the works."""
    shuffled = rng.permutation(matrix.video_id.size)
    works, products = np.sort(shuffled[: shuffled.size // 2]), np.sort(shuffled[shuffled.size // 2 :])
    people = rng.permutation(matrix.truth.shape[0])
    creator = np.zeros(works.size, dtype=np.int64)
    number = 0
    for kind in np.unique(category[works]):
        own = rng.permutation(np.flatnonzero(category[works] == kind))
        for start in range(0, own.size - WORKS_LEAST + 1, WORKS_LEAST * 2):
            number += 1
            creator[own[start : start + WORKS_LEAST * 2]] = number
    strayed = np.flatnonzero(rng.random(works.size) > OWN_SHARE)
    creator[strayed] = rng.integers(1, number + 1, strayed.size)
    creator[creator == 0] = rng.integers(1, number + 1, int((creator == 0).sum()))
    half = people.size // 2
    return Site(works, creator, products, people[:half], people[half:])


def snapshot_of(matrix: Matrix, site: Site) -> ItemSnapshot:
    """The works, by their creators."""
    everything = matrix.everything
    rows = np.searchsorted(everything.item_id, matrix.video_id[site.works])
    links = [everything.tag_ids[everything.tag_indptr[r] : everything.tag_indptr[r + 1]] for r in rows]
    return ItemSnapshot.build(
        version=1,
        built_at_ms=START_MS,
        item_id=matrix.video_id[site.works],
        creator_id=site.creator,
        category_id=np.maximum(matrix.interest[site.works], 0),
        duration_ms=np.full(site.works.size, DURATION_MS),
        tag_indptr=np.concatenate([[0], np.cumsum([part.size for part in links])]),
        tag_ids=np.concatenate(links),
    )


def live(matrix: Matrix, site: Site, snapshot: ItemSnapshot, rng: np.random.Generator) -> list[UserState]:
    """States of all people after an evening each."""
    liking = matrix.truth[:, site.works]
    draw = 0.02 + liking.mean(axis=0)
    states = []
    for person in range(matrix.truth.shape[0]):
        shown = rng.choice(site.works.size, SHOWN, replace=False, p=draw / draw.sum())
        took = liking[person, shown]
        state = UserState.empty()
        told = SignalBatch.of(
            kind=np.full(SHOWN, Signal.DWELL),
            item_id=matrix.video_id[site.works[shown]],
            value=np.where(took, 2 * DURATION_MS, DURATION_MS // 10),
            at_ms=START_MS + 15_000 * np.arange(SHOWN),
        )
        apply_signals(state, told, snapshot, EngineParams())
        states.append(state)
    return states


def offers_of(matrix: Matrix, site: Site, audiences: Audiences, params: FitParams, *, known: bool) -> Offers:
    """The products, with what the learners did with each of them (``known``) or as if all of them were new."""
    everything = matrix.everything
    rows = np.searchsorted(everything.item_id, matrix.video_id[site.products])
    links = [everything.tag_ids[everything.tag_indptr[r] : everything.tag_indptr[r + 1]] for r in rows]
    size = site.products.size
    takers = matrix.truth[np.ix_(site.learners, site.products)].sum(axis=0)
    return Offers.build(
        product_id=matrix.video_id[site.products],
        shop_id=np.ones(size),
        category_id=np.maximum(matrix.interest[site.products], 0),
        price_minor=np.full(size, 10_000),
        commission_bp=np.full(size, 1_000),
        views=np.full(size, site.learners.size if known else 0),
        orders=takers if known else np.zeros(size),
        tag_indptr=np.concatenate([[0], np.cumsum([part.size for part in links])]),
        tag_ids=np.concatenate(links),
        tag_weights=np.ones(sum(part.size for part in links)),
        audiences=audiences,
        params=params,
    )


def figures(scores: F64, truth: F64, everybody: F64, category: I64) -> dict[str, float]:
    """Of one list for one audience.

    `NDCG@20` and `liked`: gains are the shares of the audience that take to a product (``truth``). `interest`: mean real interest
    in the listed products' categories, which is the category's share of what the audience takes to by its share of what
    ``everybody`` does. `mix`: cosine between the listed categories and those that the audience takes to.
    """
    order = np.argsort(-scores, kind="stable")[:LIST]
    discount = 1.0 / np.log2(np.arange(2, LIST + 2))
    ideal = np.sort(truth)[::-1][:LIST]
    width = int(category.max()) + 1
    liked_mix = np.bincount(category, truth, minlength=width)
    usual_mix = np.bincount(category, everybody, minlength=width)
    interest = (liked_mix / liked_mix.sum() + SMALL) / (usual_mix / usual_mix.sum() + SMALL)
    listed_mix = np.bincount(category[order], minlength=width)
    norm = np.linalg.norm(liked_mix) * np.linalg.norm(listed_mix)
    return {
        "NDCG@20": float((truth[order] * discount).sum() / max((ideal * discount).sum(), 1e-9)),
        "liked": float(truth[order].mean()),
        "interest": float(interest[category[order]].mean()),
        "mix": float(liked_mix @ listed_mix / norm) if norm else 0.0,
    }


Known = list[tuple[int, Interests]]


def _known(read: list[Interests | None], rows: I64) -> Known:
    return [(row, one) for row, one in ((row, read[row]) for row in rows.tolist()) if one is not None]


def _members(known: Known, creator: int) -> dict[int, float]:
    """Who belongs to a creator's audience, by row, and how much."""
    return {row: float(one.belonging[one.creators == creator][0]) for row, one in known if creator in one.creators}


Runs = dict[str, list[dict[str, float]]]


def play(matrix: Matrix, category: I64, seed: int) -> Runs:
    """All methods on one seed's site: figures of each creator's list."""
    rng = np.random.default_rng(seed)
    site = make_site(matrix, category, rng)
    states = live(matrix, site, snapshot_of(matrix, site), rng)
    settings, engine = AudienceParams(), EngineParams()
    now_ms = START_MS + 86_400_000
    read = [read_person(state, now_ms, engine, settings) for state in states]
    learners = _known(read, site.learners)
    audiences = gather([one for _, one in learners], made_at_ms=now_ms, params=settings)
    counted = matrix.truth[np.ix_(site.learners, site.products)].sum(axis=0)
    params = FitParams(prior_views=learn_prior_views(np.full(counted.size, site.learners.size), counted))
    known = offers_of(matrix, site, audiences, params, known=True)
    new = offers_of(matrix, site, audiences, params, known=False)
    judged = _known(read, site.judges)
    truth_all = matrix.truth[:, site.products]
    everybody = truth_all[site.judges].mean(axis=0)
    found: Runs = {}
    kinds = np.unique(category[site.products], return_inverse=True)[1]
    for at in range(1, len(audiences)):
        creator = int(audiences.creator_id[at])
        belonging = _members(judged, creator)
        if len(belonging) < settings.group_least:
            continue
        weights = np.array(list(belonging.values()))
        truth = weights @ truth_all[list(belonging)] / weights.sum()
        warm = fit_audience(known, audiences, at)
        own = _members(learners, creator)
        own_weights = np.array(list(own.values()))
        answers = own_weights @ truth_all[list(own)] + DRAWN_TO_ALL * truth_all[site.learners].mean(axis=0)
        scores = {
            "random": rng.random(truth.size),
            "popularity": known.conversion,
            "matched": warm.earned_minor,
            "audience fit alone": warm.lift,
            "what the audience's learners took to (a bound)": answers,
            "matched, all products new": fit_audience(new, audiences, at).earned_minor,
            "oracle": truth,
        }
        for name, score in scores.items():
            found.setdefault(name, []).append(figures(np.asarray(score, np.float64), truth, everybody, kinds))
    size = int(np.median(audiences.people[1:]))
    print(
        f"seed {seed}: {len(found['random'])} creators, audiences of {size}, prior of {params.prior_views:.0f} views",
        flush=True,
    )
    return found


def means(found: Runs) -> dict[str, dict[str, float]]:
    """Of one seed, over its creators."""
    return {name: {key: float(np.mean([run[key] for run in runs])) for key in COLUMNS} for name, runs in found.items()}


def differences(found: list[Runs], against: str) -> str:
    """Paired differences to a method over all creators of all seeds, with standard errors."""
    lines = [f"| difference to {against} | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    for name in found[0]:
        if name == against:
            continue
        cells = []
        for key in COLUMNS:
            gaps = [
                own[key] - other[key] for runs in found for own, other in zip(runs[name], runs[against], strict=True)
            ]
            cells.append(f"{np.mean(gaps):+.4f} ± {np.std(gaps, ddof=1) / np.sqrt(len(gaps)):.4f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.matching.kuairec", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="first seed; those from 100 on were used while building")
    args = parser.parse_args()
    folder = find_folder(args.data, "kuairec")
    matrix = read_matrix(folder)
    category = second_level(folder, matrix.video_id)
    found = [play(matrix, category, seed) for seed in range(args.first, args.first + args.seeds)]
    runs = [means(one) for one in found]
    print(markdown_table({name: [run[name] for run in runs] for name in runs[0]}, COLUMNS))
    print(differences(found, "popularity"))


if __name__ == "__main__":
    main()
