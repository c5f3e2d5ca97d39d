"""Fitting the weights of the session's evidence: which of the candidates came next, by maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.next_item import CONTEXT, FEATURES, Blend, Evidence, sequence_alone
from xingqu.engine.learn.sequence_net import functional, torch

HIDDEN = 32
EPOCHS = 8
MINIMUM_STEPS = 300
BATCH = 256
RATE = 5e-3


def fit_blend(evidence: Sequence[Evidence], target: NDArray[np.integer], *, seed: int) -> Blend:
    """Weights under which ``target`` (b,) is likely among the candidates; cases where it is none of them say nothing.

    Without a single case to learn from the sequence model alone counts. Equal arguments give equal weights.
    """
    place = [int(np.searchsorted(case.rows, item)) for case, item in zip(evidence, target, strict=True)]
    told = [
        (case, at)
        for case, at, item in zip(evidence, place, target, strict=True)
        if at < case.rows.size and case.rows[at] == item
    ]
    if not told:
        return sequence_alone()
    width = max(case.rows.size for case, _ in told)
    features = torch.zeros(len(told), width, FEATURES)
    valid = torch.zeros(len(told), width, dtype=torch.bool)
    for line, (case, _) in enumerate(told):
        features[line, : case.rows.size] = torch.from_numpy(case.features)
        valid[line, : case.rows.size] = True
    context = torch.from_numpy(np.stack([case.context for case, _ in told]))
    wanted = torch.tensor([at for _, at in told])
    mean, deviation = features[valid].mean(0), features[valid].std(0) + 1e-3
    context_mean, context_deviation = context.mean(0), context.std(0, unbiased=False) + 1e-3
    features.sub_(mean).div_(deviation).masked_fill_(~valid[:, :, None], 0.0)  # in place: the largest there is
    weights = _fit(features, valid, (context - context_mean) / context_deviation, wanted, seed)
    plain = [np.array(part.detach().numpy(), dtype=np.float32) for part in weights]
    scales = [np.array(part.numpy()) for part in (mean, deviation, context_mean, context_deviation)]
    return Blend(*scales, *plain)


def _fit(
    features: torch.Tensor, valid: torch.Tensor, context: torch.Tensor, wanted: torch.Tensor, seed: int
) -> list[torch.Tensor]:
    """Linear, by context, inward, its bias and outward weights, for standardised features (b, m, FEATURES)."""
    generator = torch.Generator().manual_seed(seed)
    inward = torch.randn(FEATURES + CONTEXT, HIDDEN, generator=generator) / (FEATURES + CONTEXT) ** 0.5
    outward = torch.randn(HIDDEN, generator=generator) * 0.02
    weights = [
        torch.zeros(FEATURES),
        torch.zeros(CONTEXT, FEATURES),
        inward,
        torch.zeros(HIDDEN),
        outward,
    ]
    weights[0][0] = 1.0
    for part in weights:
        part.requires_grad_(True)
    optimiser = torch.optim.Adam(weights, lr=RATE, fused=True)
    batches = -(-wanted.numel() // BATCH)
    epochs = max(EPOCHS, -(-MINIMUM_STEPS // batches))
    steps, step = epochs * batches, 0
    for _ in range(epochs):
        for chosen in torch.randperm(wanted.numel(), generator=generator).split(BATCH):
            optimiser.param_groups[0]["lr"] = RATE * (1.0 - step / steps)
            step += 1
            scores = _score(weights, features[chosen], context[chosen]).masked_fill(~valid[chosen], float("-inf"))
            optimiser.zero_grad()
            functional.cross_entropy(scores, wanted[chosen]).backward()
            optimiser.step()
    return weights


def _score(weights: list[torch.Tensor], features: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
    linear, by_context, inward, bias, outward = weights
    hidden = features @ inward[:FEATURES] + (context @ inward[FEATURES:] + bias)[:, None]
    direct = torch.einsum("bmf,bf->bm", features, linear + context @ by_context)
    return direct + hidden.relu() @ outward
