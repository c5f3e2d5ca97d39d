"""`python -m bench.engine.kuairec_bounds`: what a closed loop on this matrix can win at all, by lists that know too much.

Three lists of 100 videos a person, none of which an engine could make, because each is told what a loop has to find out:

- *popularity*: how many of the 700 people take to each video, and how readily this person takes to anything (both fitted on
  the whole matrix: Rasch 1960);
- *and taste*: the same, with the best linear guess of the person's row from all answers of 560 others and from a half of
  their own row (the other half is what is guessed, and the other way round);
- *told N*: the log-odds of each video as they would be known from the log and from N answers for every video alike.

A bonus for videos outside the best liked fifth is raised until the tail's share is reached: if the probabilities are right,
no other choice has more hits at that share.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.engine.data import default_folder, find_folder
from bench.engine.kuairec import Matrix, read_matrix
from xingqu.engine.evaluate.closed_loop import Played, figures_of, head_of

F64 = NDArray[np.float64]
ROUNDS = 100
TAIL_SHARE = 0.08
TOLD = (30, 100, 300, 3_000)
FOLDS, RIDGE, NOISE = 5, 6_000.0, 0.04


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine.kuairec_bounds", description=__doc__)
    parser.add_argument("--data", type=Path, default=default_folder())
    args = parser.parse_args()
    matrix = read_matrix(find_folder(args.data, "kuairec"))
    readiness, log_odds = fit_rasch(matrix.truth)
    head = head_of(matrix.truth)
    chance = rate(readiness[:, None] + log_odds)
    print(
        f"| what is known | most positives | positives at a tail share of {TAIL_SHARE} | its gini |\n|---|---:|---:|---:|"
    )
    _line(matrix, "popularity and readiness", chance, np.where(head, 0.0, 1.0) * chance)
    taste = with_taste(matrix.truth, chance)
    _line(matrix, "and taste: all answers of 560 others, half of one's own", taste, np.where(head, 0.0, 1.0) * taste)
    for answers in TOLD:
        known, tail = told(matrix, log_odds, answers)
        _line(matrix, f"{answers} answers about every video", rate(readiness[:, None] + known), tail(readiness))
    return 0


def fit_rasch(truth: NDArray[np.bool_]) -> tuple[F64, F64]:
    """(people,) readiness and (items,) log-odds, by damped Newton steps with a weak prior."""
    answers = truth.astype(np.float64)
    mean = (answers.sum(axis=0) + 0.5) / (truth.shape[0] + 10)
    log_odds, readiness = np.log(mean / (1 - mean)), np.zeros(truth.shape[0])
    for _ in range(30):
        chance = rate(readiness[:, None] + log_odds)
        spread = chance * (1 - chance)
        step = ((answers - chance).sum(axis=1) - 0.1 * readiness) / (spread.sum(axis=1) + 0.1)
        readiness += np.clip(step, -1, 1)
        log_odds += np.clip(((answers - chance).sum(axis=0) - 0.01 * log_odds) / (spread.sum(axis=0) + 0.1), -1, 1)
    return readiness, log_odds


def rate(log_odds: F64) -> F64:
    found: F64 = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30)))
    return found


def with_taste(truth: NDArray[np.bool_], chance: F64) -> F64:
    """``chance`` plus kernel ridge over people on what it leaves unexplained, out of sample in people and items."""
    rng, scale = np.random.default_rng(0), np.sqrt(chance * (1 - chance) + NOISE)
    left, guess = (truth - chance) / scale, np.zeros_like(chance)
    for fold in np.array_split(rng.permutation(truth.shape[0]), FOLDS):
        others = np.setdiff1d(np.arange(truth.shape[0]), fold)
        for part in np.array_split(rng.permutation(truth.shape[1]), 2):
            seen = np.setdiff1d(np.arange(truth.shape[1]), part)
            kernel = left[np.ix_(others, seen)] @ left[np.ix_(others, seen)].T + RIDGE * np.eye(others.size)
            like = left[np.ix_(fold, seen)] @ left[np.ix_(others, seen)].T
            guess[np.ix_(fold, part)] = like @ np.linalg.solve(kernel, left[np.ix_(others, part)])
    found: F64 = np.clip(chance + scale * guess, 1e-3, None)
    return found


def told(matrix: Matrix, log_odds: F64, answers: int) -> tuple[F64, Callable[[F64], F64]]:
    """Posterior mean (items,) of the log-odds after ``answers`` for every video and a look at the log; and a function that
    gives (people, items) the chance of a hit on the tail, in which a video may or may not be."""
    inside = matrix.log_video[np.isin(matrix.log_video, matrix.video_id)]
    liked = np.log1p(np.bincount(np.searchsorted(matrix.video_id, inside), minlength=matrix.video_id.size))
    inputs = np.column_stack([np.ones(liked.size), liked, liked**2])
    guess = inputs @ np.linalg.lstsq(inputs, log_odds, rcond=None)[0]
    prior = float((log_odds - guess).var())
    mean = matrix.truth.mean()
    noise = 1.0 / (answers * 2 * mean * (1 - mean))  # twice the information of an average pair: shown to whom it suits
    seen = log_odds + np.sqrt(noise) * np.random.default_rng(0).normal(size=log_odds.size)
    variance = 1.0 / (1.0 / prior + 1.0 / noise)
    known: F64 = variance * (guess / prior + seen / noise)
    deviation = np.sqrt(variance)
    low, high = -12.0, 6.0
    for _ in range(40):  # what four fifths of the videos are expected to stay below
        middle = (low + high) / 2
        low, high = (middle, high) if rate(1.702 * (middle - known) / deviation).mean() < 0.8 else (low, middle)
    distance = (low - known) / deviation
    member = rate(1.702 * distance)
    density = np.exp(-(distance**2) / 2) / np.sqrt(2 * np.pi)
    lower = known - deviation * np.minimum(density / np.maximum(member, 1e-4), 3.0)  # its log-odds if it is in the tail
    return known, lambda readiness: member * rate(readiness[:, None] + lower)


def _line(matrix: Matrix, name: str, chance: F64, tail: F64) -> None:
    plain = _figures(matrix, chance)
    low, high = 0.0, 12.0
    for _ in range(9):
        middle = (low + high) / 2
        reached = _figures(matrix, chance + middle * tail)["tail share"] >= TAIL_SHARE
        low, high = (low, middle) if reached else (middle, high)
    long = _figures(matrix, chance + high * tail)
    print(f"| {name} | {plain['positives']:.2f} | {long['positives']:.2f} | {long['gini']:.2f} |", flush=True)


def _figures(matrix: Matrix, score: F64) -> dict[str, float]:
    rows = np.argpartition(-score, ROUNDS, axis=1)[:, :ROUNDS].astype(np.int32)
    hits = np.take_along_axis(matrix.truth, rows.astype(np.int64), axis=1)
    return figures_of(Played(rows, hits), matrix.truth, matrix.interest)


if __name__ == "__main__":
    sys.exit(main())
