"""`python -m bench.engine.niche`: how soon a new item with a small hidden audience finds it, on KuaiRec's full matrix.

Half of the videos are old: 15 % of their answers, drawn at random, are all that is known of people, as 16 numbers each.
The other half's videos with an audience of 4 to 15 % are the new items, without any history, text or tag. Each is
given 200 exposures among 450 people, ten of whom are there at a time: it is shown to one of the ten. Then it is compared,
on the other 250 people who are unknown to both, with the same item as an old one that has the answers of all 450.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder
from bench.engine.kuairec import read_matrix
from xingqu.engine.coldstart.audience import Audience

DIMENSIONS, KNOWN_SHARE = 16, 0.15
EXPOSURES, THERE, LEARNERS, JUDGED = 200, 10, 450, 60
NICHE = (0.04, 0.15)


@dataclass(frozen=True)
class Found:
    """Precision on unseen people: of everybody, of the new item, of the same item by its whole history.

    ``learning``: precision of the exposures that the new item learned from.
    """

    everybody: float
    new: float
    old: float
    learning: float

    @property
    def ratio(self) -> float:
        return self.new / self.old


def tastes_of(truth: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """(people, DIMENSIONS), about standard normal, from the known part of ``truth``."""
    known = rng.random(truth.shape) < KNOWN_SHARE
    rate = (truth & known).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    told = np.where(known, truth - rate, 0.0)
    left, length, _ = np.linalg.svd(told, full_matrices=False)
    tastes = left[:, :DIMENSIONS] * length[:DIMENSIONS]
    standard: NDArray[np.float64] = (tastes - tastes.mean(axis=0)) / tastes.std(axis=0)
    return standard


def play(truth: NDArray[np.bool_], seed: int, *, items: int = 40, thompson: bool = True) -> Found:
    """Mean over ``items`` new ones. Without ``thompson`` the new item is shown to anybody."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(truth.shape[1])
    tastes = tastes_of(truth[:, order[: order.size // 2]], rng)
    audience = truth[:, order].mean(axis=0)
    later = np.arange(order.size) >= order.size // 2
    niche = order[later & (audience >= NICHE[0]) & (audience <= NICHE[1])][:items]
    hits = np.zeros((niche.size, 4))
    for place, item in enumerate(niche):
        people = rng.permutation(truth.shape[0])
        learners, judges = people[:LEARNERS], people[LEARNERS:]
        new, learning = _exposed(tastes, truth[:, item], learners, rng, thompson)
        old = Audience.unknown(DIMENSIONS)
        for person in learners:
            old = old.learned(tastes[person], bool(truth[person, item]))
        shows = [rng.choice(judges, THERE, replace=False) for _ in range(JUDGED)]
        hits[place] = (
            truth[judges, item].mean(),
            np.mean([truth[there[new.log_odds(tastes[there]).argmax()], item] for there in shows]),
            np.mean([truth[there[old.log_odds(tastes[there]).argmax()], item] for there in shows]),
            learning,
        )
    return Found(*(float(mean) for mean in hits.mean(axis=0)))


def _exposed(
    tastes: NDArray[np.float64],
    truth: NDArray[np.bool_],
    learners: NDArray[np.int64],
    rng: np.random.Generator,
    thompson: bool,
) -> tuple[Audience, float]:
    audience, left, hits = Audience.unknown(DIMENSIONS), list(learners), 0
    for _ in range(EXPOSURES):
        there = rng.choice(len(left), min(THERE, len(left)), replace=False)
        picked = int(there[0])
        if thompson:
            odds = audience.sampled_log_odds(tastes[[left[i] for i in there]], rng)
            picked = int(there[int(odds.argmax())])
        person = left.pop(picked)
        hits += int(truth[person])
        audience = audience.learned(tastes[person], bool(truth[person]))
    return audience, hits / EXPOSURES


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.niche", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    truth = read_matrix(find_folder(args.data, "kuairec")).truth
    print(
        "| exposures chosen by | seed | precision among everybody | new item | old item | new ÷ old | while learning |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, thompson in (("Thompson sampling", True), ("chance", False)):
        for seed in range(args.seeds):
            found = play(truth, seed, thompson=thompson)
            figures = (found.everybody, found.new, found.old, found.ratio, found.learning)
            print(f"| {name} | {seed} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
