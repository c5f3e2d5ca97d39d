"""Training of the learned ranking, and whether it may serve: only heads that win on held-out impressions are adopted."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Head
from xingqu.engine.learn.calibration import CORNERS, area_under_curve, calibration_error, fit_calibration, log_loss
from xingqu.engine.learn.delay import DelayParams, delayed_rows
from xingqu.engine.learn.impressions import DAY_MS, Impressions, Outcomes, batches_of
from xingqu.engine.learn.multitask_net import RankerNet, log_probabilities, loss_of, torch
from xingqu.engine.params import ScorerParams
from xingqu.engine.ranking.kernels import chain_logits, linear_logits, to_probabilities, to_stages
from xingqu.engine.ranking.ranker import (
    FIGURES,
    PARENT,
    PLACES,
    SURFACES,
    RankerModel,
    model_inputs,
    place_bucket,
)

F32 = NDArray[np.float32]
Bool = NDArray[np.bool_]
PLACE_PACE = 10.0
LEAST_JUDGED = 10  # hits without which a head is not judged


@dataclass(frozen=True)
class RankerConfig:
    """Everything that shapes a training."""

    experts: int = 4
    width: int = 16
    learning_rate: float = 3e-3
    weight_decay: float = 1e-3
    batch_rows: int = 1_024
    epochs: int = 30  # the most; fewer when validation stops improving
    patience: int = 3
    counterfactual: float = 0.0  # weight of the inverse-propensity loss of conditional stages
    places: bool = True  # whether positions are told apart while learning
    held_out_share: float = (
        0.1  # of each head's settled impressions, the newest, for judging; as many before, for tuning
    )
    least_hits: int = 40  # of a head, to learn it at all
    gate_deviations: float = 1.28  # by which the loss must have fallen, in standard errors
    budget_s: float = 600.0  # processor seconds; training ends after the epoch that passes it
    delay: DelayParams | None = field(default_factory=DelayParams)  # None: recent orders are not learned from
    # impressions younger than this do not yet know; for orders see ``delay``
    settled_ms: dict[Head, int] = field(
        default_factory=lambda: {
            Head.ORDER: 7 * DAY_MS,
            Head.RETURN: 21 * DAY_MS,
            Head.REPURCHASE: 45 * DAY_MS,
        }
    )


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Rows, some of them twice: an order that came late is a row of its own, which counts for that head only."""

    inputs: F32
    stages: F32  # finite
    surface: NDArray[np.int64]
    bucket: NDArray[np.int64]
    labels: Bool  # (n, heads)
    weights: F32  # (n, heads); 0 where a row is not for learning this head
    validation: Bool  # (n, heads)
    test: Bool


def train_ranker(
    rows: Impressions, outcomes: Outcomes, *, now_ms: int, scorer: ScorerParams, config: RankerConfig, seed: int
) -> RankerModel:
    """The network, calibrated, with what each head came to on its newest held-out impressions.

    ``adopted`` is false for every head that did not win there. Equal arguments give an equal model on one machine.
    """
    hand = linear_logits(rows.features, scorer.matrix, rows.prior_logit)
    stages = to_stages(hand, PARENT)
    data = training_set(rows, outcomes, stages, now_ms=now_ms, config=config)
    net = _fit(data, config, seed)
    learned_parts: dict[str, F32] = {name: part.detach().numpy().copy() for name, part in net.named_parameters()}
    model = replace(RankerModel.silent(), **learned_parts)  # type: ignore[arg-type]
    size = len(rows)
    raw = chain_logits(stages + model.corrections(data.inputs[:size]), PARENT)
    labels = data.labels[:size]
    lines = [
        fit_calibration(raw[chosen, head], labels[chosen, head]) for head, chosen in enumerate(data.validation[:size].T)
    ]
    knots, levels = (np.stack([_line(line, part) for line in lines]) for part in (0, 1))
    model = replace(model, knots=knots, levels=levels)
    served = model.logits(rows.features, hand, rows.surface.astype(np.int64))
    figures, adopted = judge(hand, served, labels, data.test[:size], config.gate_deviations)
    learned = data.weights.any(axis=0)
    return replace(model, figures=figures, adopted=adopted & learned)


def quality_of(
    model: RankerModel | None,
    rows: Impressions,
    outcomes: Outcomes,
    *,
    now_ms: int,
    scorer: ScorerParams,
    config: RankerConfig,
) -> float:
    """Relative information on the judging rows: by how much of their entropy the losses of the heads fall, on the mean.

    Of the hand-set scorer where there is no model. Heads with too few hits there do not count; 0 when none counts.
    """
    served = hand = linear_logits(rows.features, scorer.matrix, rows.prior_logit)
    if model is not None:
        served = model.logits(rows.features, hand, rows.surface.astype(np.int64))
    labels = outcomes.by(now_ms)
    _, _, test = _roles(rows, np.isfinite(hand), now_ms, config)
    gains = []
    for head in Head:
        truth = labels[test[:, head], head]
        if min(truth.sum(), (~truth).sum()) < LEAST_JUDGED:
            continue
        rate = truth.mean()
        entropy = -(rate * np.log(rate) + (1 - rate) * np.log1p(-rate))
        loss = log_loss(to_probabilities(served[test[:, head]], 0.0, 1.0)[:, head], truth).mean()
        gains.append(1.0 - loss / entropy)
    return float(np.mean(gains)) if gains else 0.0


def training_set(
    rows: Impressions, outcomes: Outcomes, stages: F32, *, now_ms: int, config: RankerConfig
) -> TrainingSet:
    """Labels as known at ``now_ms``, and who learns, tunes and judges which head."""
    size, labels = len(rows), outcomes.by(now_ms)
    surface = rows.surface.astype(np.int64)
    inputs = model_inputs(rows.features, stages, surface)
    weights, validation, test = _roles(rows, np.isfinite(stages), now_ms, config)
    again, label, weight = _recent_orders(rows, outcomes, inputs, ~(validation | test)[:, Head.ORDER], now_ms, config)
    more, counted = labels[again], np.zeros((again.size, len(Head)), dtype=np.float32)
    more[:, Head.ORDER], counted[:, Head.ORDER] = label, weight
    labels, weights = np.concatenate([labels, more]), np.concatenate([weights, counted])
    enough = (labels & (weights > 0)).sum(axis=0) >= config.least_hits
    whole, none = np.concatenate([np.arange(size), again]), np.zeros((again.size, len(Head)), dtype=np.bool_)
    place = place_bucket(rows.position) if config.places else np.zeros(size, dtype=np.int64)
    return TrainingSet(
        inputs=inputs[whole],
        stages=np.where(np.isfinite(stages), stages, 0.0).astype(np.float32)[whole],
        surface=surface[whole],
        bucket=place[whole],
        labels=labels,
        weights=weights * enough,
        validation=np.concatenate([validation, none]),
        test=np.concatenate([test, none]),
    )


def _roles(rows: Impressions, possible: Bool, now_ms: int, config: RankerConfig) -> tuple[F32, Bool, Bool]:
    """Weight for learning, and whether a row tunes or judges, (n, heads) each: the newest judge, those before tune."""
    weights = np.zeros(possible.shape, dtype=np.float32)
    validation, test = np.zeros_like(possible), np.zeros_like(possible)
    order = np.argsort(rows.at_ms, kind="stable")
    for head in Head:
        settled = possible[order, head] & (now_ms - rows.at_ms[order] >= config.settled_ms.get(head, 0))
        usable = order[settled]
        held = int(usable.size * config.held_out_share)
        test[usable[usable.size - held :], head] = True
        validation[usable[usable.size - 2 * held : usable.size - held], head] = True
        weights[usable[: usable.size - 2 * held], head] = 1.0
    return weights, validation, test


def _recent_orders(
    rows: Impressions, outcomes: Outcomes, inputs: F32, free: Bool, now_ms: int, config: RankerConfig
) -> tuple[NDArray[np.int64], Bool, NDArray[np.float64]]:
    """Impressions whose orders may be under way, with label and weight; none of those that tune or judge."""
    if config.delay is None:
        return np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0)
    sells = np.flatnonzero(np.isfinite(rows.prior_logit[:, Head.ORDER]))
    ordered_ms = outcomes.at_ms[sells, Head.ORDER]
    found = delayed_rows(inputs[sells], rows.at_ms[sells], ordered_ms, now_ms, config.delay)
    row = sells[found.row]
    recent = ~found.old & free[row]
    return row[recent], found.label[recent], found.weight[recent]


def _fit(data: TrainingSet, config: RankerConfig, seed: int) -> RankerNet:
    generator, rng = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    net = RankerNet(experts=config.experts, width=config.width, generator=generator)
    # Places learn faster than what else could explain them, or features that the old ranking followed take their part.
    rest = [part for name, part in net.named_parameters() if name != "place"]
    groups = [
        {"params": rest, "lr": config.learning_rate, "weight_decay": config.weight_decay},
        {"params": [net.place], "lr": PLACE_PACE * config.learning_rate, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups)
    learning = np.flatnonzero(data.weights.any(axis=1))
    scale = torch.from_numpy(_scale(data))
    best, best_loss, worse = copy.deepcopy(net.state_dict()), _validate(net, data, scale), 0
    started_s = time.process_time()
    for _ in range(config.epochs):
        for part in batches_of(learning.size, config.batch_rows, rng):
            chosen = learning[part]
            logits = net.stage_logits(*_tensors(data, chosen))
            labels, weights = torch.from_numpy(data.labels[chosen]).float(), torch.from_numpy(data.weights[chosen])
            losses = loss_of(log_probabilities(logits), logits, labels, weights, config.counterfactual)
            optimiser.zero_grad()
            (losses.mean(0) * scale).sum().backward()
            optimiser.step()
        now = _validate(net, data, scale)
        if now < best_loss:
            best, best_loss, worse = copy.deepcopy(net.state_dict()), now, 0
        else:
            worse += 1
            if worse >= config.patience:
                break
        if time.process_time() - started_s > config.budget_s:
            break
    net.load_state_dict(best)
    share = np.zeros((len(SURFACES), len(PLACES)), dtype=np.float32)
    np.add.at(share, (data.surface, data.bucket), 1.0)
    net.centre_places(torch.from_numpy(share))
    return net


def _scale(data: TrainingSet) -> F32:
    """One over the entropy of each head's rate: a rare outcome counts as much as a common one; 0 where none is learned."""
    weight = data.weights.sum(axis=0)
    rate = np.clip((data.labels * data.weights).sum(axis=0) / np.maximum(weight, 1.0), 1e-6, 1 - 1e-6)
    entropy = -(rate * np.log(rate) + (1 - rate) * np.log1p(-rate))
    share = np.maximum(weight / len(data.labels), 1e-9)  # of the rows that say anything about the head
    scale: F32 = np.where(weight > 0, 1.0 / (entropy * share), 0.0).astype(np.float32)
    return scale


def _validate(net: RankerNet, data: TrainingSet, scale: torch.Tensor) -> float:
    """Mean loss on the tuning rows of the heads that are learned, as ``_fit`` weighs them."""
    rows = np.flatnonzero(data.validation.any(axis=1))
    if not rows.size:
        return float("inf")
    with torch.no_grad():
        logits = net.stage_logits(*_tensors(data, rows))
        labels = torch.from_numpy(data.labels[rows]).float()
        told = torch.from_numpy(data.validation[rows]).float()
        losses = loss_of(log_probabilities(logits), logits, labels, told, 0.0)
        share = told.mean(0).clamp(min=1e-9) / (torch.from_numpy(data.weights).gt(0).float().mean(0)).clamp(min=1e-9)
        return float((losses.mean(0) / share * scale).sum())


def _tensors(data: TrainingSet, rows: NDArray[np.integer]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(part[rows]) for part in (data.inputs, data.stages, data.surface, data.bucket))


def judge(hand: F32, served: F32, labels: Bool, test: Bool, deviations: float) -> tuple[NDArray[np.float64], Bool]:
    """(heads, len(FIGURES)) on the judging rows, and which heads lost less than the hand-set scorer beyond chance."""
    figures, adopted = np.zeros((len(Head), len(FIGURES))), np.zeros(len(Head), dtype=np.bool_)
    ours, theirs = to_probabilities(served, 0.0, 1.0), to_probabilities(hand, 0.0, 1.0)
    for head in Head:
        chosen = test[:, head]
        truth = labels[chosen, head]
        if truth.size < 2:
            continue
        pair = theirs[chosen, head], ours[chosen, head]
        before, after = (log_loss(p, truth) for p in pair)
        gain = before - after
        adopted[head] = gain.mean() > deviations * gain.std() / np.sqrt(gain.size) > 0
        areas, errors = ([measure(p, truth) for p in pair] for measure in (area_under_curve, calibration_error))
        figures[head] = (truth.size, truth.sum(), before.mean(), after.mean(), *areas, *errors)
    return figures, adopted


def _line(line: tuple[F32, F32] | None, part: int) -> F32:
    """Corners of a calibration, or of the line that changes nothing."""
    if line is not None:
        return line[part]
    return np.linspace(-8.0, 2.0, CORNERS, dtype=np.float32)
