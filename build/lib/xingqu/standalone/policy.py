"""What other settings would have earned, from the pages the journal keeps and what people then did.

Only what was drawn by chance says something about another policy: the slots reserved for exploration, each one decision.
(New items' slots are drawn by what they are owed, see ``engine.coldstart``.) The reward is 1 when the person answered the
item with one of the signals asked for within a time after the page, else 0. The pages hold the scores of all that might
have been drawn, so the probability under other settings is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from xingqu.engine.columns import Channel
from xingqu.engine.evaluate.offpolicy import (
    Decisions,
    Evaluation,
    evaluate_policy,
    fit_ridge,
    predict_reward,
    target_of_draw,
)
from xingqu.engine.params import EngineParams, QuotaParams
from xingqu.standalone.codec import ServedPage, decode_events, decode_page
from xingqu.standalone.engine import open_store
from xingqu.standalone.errors import InvalidInput
from xingqu.standalone.names import Names
from xingqu.standalone.schema import SIGNALS
from xingqu.standalone.stores.ports import Store

POSITIVE: Final = ("product_click", "add_to_cart", "order", "like", "save")
FOLDS: Final = 5
FEATURES: Final = 3
_CHANGEABLE: Final = ("temperature", "uniform_floor")


@dataclass(frozen=True, eq=False)
class LoggedDraw:
    """One exploring slot that was filled, and what came of it."""

    at_ms: int
    item_id: int
    channel: Channel
    position: int
    propensity: float
    reward: float
    picked: int
    scores: NDArray[np.float32]

    def features(self) -> NDArray[np.float64]:
        """(k, FEATURES) of all that might have come: score, the same standardised, its square."""
        scores = self.scores.astype(np.float64)
        standard = (scores - scores.mean()) / (scores.std() + 1e-9)
        return np.column_stack([scores, standard, standard**2])


def draws_of(store: Store, *, success: frozenset[str], within_ms: int) -> list[LoggedDraw]:
    """All exploring slots in the journal. Raises InvalidInput for a signal that does not exist."""
    unknown = success - set(SIGNALS)
    if unknown or not success:
        raise InvalidInput("no such signal", field="reward", expected="some of " + ", ".join(SIGNALS))
    kinds = np.array([int(SIGNALS[name]) for name in sorted(success)], dtype=np.int8)
    found = []
    for record in store.people():
        journal = store.person_journal(record.person)
        pages = [page for page in map(decode_page, journal) if page is not None]
        if pages:
            events = np.concatenate([decode_events(data) for data in journal])
            events = events[np.isin(events["kind"], kinds)]
            found += [draw for page in pages for draw in _draws_of_page(page, events, within_ms)]
    return found


def _draws_of_page(page: ServedPage, events: NDArray[Any], within_ms: int) -> Iterator[LoggedDraw]:
    near = events[(events["at_ms"] >= page.at_ms) & (events["at_ms"] <= page.at_ms + within_ms)]
    for position, (picked, scores) in page.draws.items():
        item = page.items[position]
        yield LoggedDraw(
            at_ms=page.at_ms,
            item_id=int(item["item_id"]),
            channel=Channel(int(item["channel"])),
            position=position,
            propensity=float(item["propensity"]),
            reward=float((near["item_id"] == item["item_id"]).any()),
            picked=picked,
            scores=scores,
        )


def decisions_of(draws: list[LoggedDraw], *, logged: QuotaParams, target: QuotaParams) -> Decisions:
    """The draws with the target's probabilities, and a cross-fitted model's expectations for the doubly robust estimate."""
    probabilities = [target_of_draw(draw.scores, draw.picked, logged=logged, target=target) for draw in draws]
    propensity = np.array([draw.propensity for draw in draws])
    ratio = np.array([after / before for before, after, _ in probabilities])
    reward = np.array([draw.reward for draw in draws])
    features = [draw.features() for draw in draws]
    picked = np.array([f[draw.picked] for f, draw in zip(features, draws, strict=True)]).reshape(len(draws), FEATURES)
    predicted, expected = np.zeros(len(draws)), np.zeros(len(draws))
    fold = np.random.default_rng(0).permutation(len(draws)) % FOLDS
    for part in range(FOLDS):
        held = np.flatnonzero(fold == part)
        if not held.size:
            continue
        model = fit_ridge(picked[fold != part], reward[fold != part], ridge=1.0)
        predicted[held] = predict_reward(model, picked[held])
        for index in held:
            expected[index] = float(probabilities[index][2] @ predict_reward(model, features[index]))
    return Decisions.of(
        propensity=propensity,
        target=np.minimum(propensity * ratio, 1.0),
        reward=reward,
        predicted=predicted,
        predicted_target=expected,
    )


def changed_quota(quota: QuotaParams, changes: Mapping[str, str]) -> QuotaParams:
    """Raises InvalidInput for a setting that the log can't judge, or a number out of range."""
    values: dict[str, Any] = {}
    for name, text in changes.items():
        try:
            values[name] = float(text)
        except ValueError:
            values[name] = -1.0
        if name not in _CHANGEABLE or not 0 <= values[name] <= (1 if name == "uniform_floor" else 20):
            raise InvalidInput(
                f"{name}={text} can't be judged", field=name, expected="temperature=0..20 or uniform_floor=0..1"
            )
    return replace(quota, **values)


def report_of_store(
    folder: Path,
    redis_url: str | None,
    changes: Mapping[str, str],
    *,
    success: frozenset[str],
    within_ms: int,
    clip: float | None = None,
    confidence: float = 0.95,
) -> str:
    """The report on changed settings of exploration, from the store's journal; beside a server that runs."""
    logged = EngineParams().quota
    target = changed_quota(logged, changes)
    store = open_store(folder, redis_url, readonly=True)
    try:
        draws = draws_of(store, success=success, within_ms=within_ms)
    finally:
        store.close()
    decisions = decisions_of(draws, logged=logged, target=target)
    return report(decisions, clip=clip, confidence=confidence)


def write_decisions(folder: Path, redis_url: str | None, path: Path, *, success: frozenset[str], within_ms: int) -> int:
    """The journal's decisions as JSON, one a line: add ``target_propensity`` and give the file back with ``--file``."""
    store = open_store(folder, redis_url, readonly=True)
    try:
        names = Names(store)
        draws = draws_of(store, success=success, within_ms=within_ms)
        with path.open("wb") as file:
            for draw in draws:
                line = {
                    "at_ms": draw.at_ms,
                    "item": names.name("item", draw.item_id),
                    "channel": draw.channel.name.lower(),
                    "position": draw.position,
                    "score": float(draw.scores[draw.picked]),
                    "propensity": draw.propensity,
                    "reward": draw.reward,
                }
                file.write(orjson.dumps(line) + b"\n")
    finally:
        store.close()
    return len(draws)


def read_decisions(path: Path) -> Decisions:
    """One JSON object a line: propensity, target_propensity, reward; for the doubly robust estimate also predicted and
    predicted_target. Raises InvalidInput with the line's number, DecisionError."""
    columns: dict[str, list[float]] = defaultdict(list)
    needed, optional = ("propensity", "target_propensity", "reward"), ("predicted", "predicted_target")
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                line = orjson.loads(text)
                for name in (*needed, *(name for name in optional if name in line)):
                    columns[name].append(float(line[name]))
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
                raise InvalidInput(
                    f"line {number}: {error!r}", field="file", expected="JSON with " + ", ".join(needed)
                ) from error
    columns["target"] = columns.pop("target_propensity", [])
    return Decisions.of(**{"propensity": [], "reward": [], **columns})


def report(decisions: Decisions, *, clip: float | None = None, confidence: float = 0.95) -> str:
    """A table for people. Raises DecisionError."""
    result = evaluate_policy(decisions, clip=clip, confidence=confidence)
    lines = [f"{'':8}  {'mean reward':>12}  {confidence:.0%} interval"]
    for estimate in result.estimates():
        lines.append(f"{estimate.method:8}  {estimate.value:12.5f}  {estimate.low:.5f} to {estimate.high:.5f}")
    return "\n".join([*lines, "", *_remarks(result)])


def _remarks(result: Evaluation) -> list[str]:
    share = result.effective_sample_size / result.decisions
    clipping = (
        "not clipped" if result.clip is None else f"clipped at {result.clip:g}: {result.clipped_share:.2%} of them"
    )
    lines = [
        f"{result.decisions} decisions; effective sample size {result.effective_sample_size:.0f} ({share:.0%})",
        f"weights: mean {result.mean_weight:.3f}, largest {result.largest_weight:.2f}, {clipping}",
    ]
    if share < 0.1:
        lines.append("The target differs too much from what was served: these figures rest on few decisions.")
    if abs(result.mean_weight - 1) > 0.2:
        lines.append(
            "The mean weight is far from 1: the target does things that were never served, or propensities are off."
        )
    return lines
