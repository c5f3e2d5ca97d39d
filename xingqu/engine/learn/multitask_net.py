"""The ranking network in torch, for training; ``ranking.ranker`` serves the same in numpy."""

from __future__ import annotations

import numpy as np

from xingqu.engine.columns import Head
from xingqu.engine.ranking.ranker import INPUTS, PARENT, PLACED, PLACES, SURFACES

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:  # training is an optional extra: serving needs numpy alone
    raise ImportError("training needs torch: pip install 'xingqu[train]'") from error

__all__ = ["RankerNet", "log_probabilities", "loss_of", "torch"]
LEAST_LOG = -20.0
MOST_LOG = -1e-6


class RankerNet(nn.Module):
    """Parameters named as the arrays of ``RankerModel``. What is new says nothing: outward and linear parts begin at 0."""

    def __init__(self, *, experts: int, width: int, generator: torch.Generator) -> None:
        super().__init__()
        heads = len(Head)
        inward = torch.randn(INPUTS, experts * width, generator=generator) / INPUTS**0.5
        self.inward = nn.Parameter(inward)
        self.inward_bias = nn.Parameter(torch.full((experts * width,), 0.1))
        self.gate = nn.Parameter(torch.randn(INPUTS, heads * experts, generator=generator) * 0.1)
        self.gate_bias = nn.Parameter(torch.zeros(heads * experts))
        self.outward = nn.Parameter(torch.randn(heads, width, generator=generator) * 0.02)
        self.outward_bias = nn.Parameter(torch.zeros(heads))
        self.linear = nn.Parameter(torch.zeros(INPUTS, heads))
        self.place = nn.Parameter(torch.zeros(heads, len(SURFACES), len(PLACES)))
        self.experts, self.width = experts, width
        self.register_buffer("is_placed", torch.from_numpy(PLACED[:, None, None].astype(np.float32)))

    def corrections(self, inputs: torch.Tensor) -> torch.Tensor:
        """(b, heads) from (b, INPUTS)."""
        hidden = functional.relu(inputs @ self.inward + self.inward_bias).unflatten(1, (self.experts, self.width))
        gates = (inputs @ self.gate + self.gate_bias).unflatten(1, (len(Head), self.experts)).softmax(-1)
        said = torch.einsum("bew,hw->bhe", hidden, self.outward)
        mixed: torch.Tensor = (gates * said).sum(-1)
        return mixed + inputs @ self.linear + self.outward_bias

    def stage_logits(
        self, inputs: torch.Tensor, stages: torch.Tensor, surface: torch.Tensor, bucket: torch.Tensor
    ) -> torch.Tensor:
        """(b, heads) of each stage, at the place where the item stood. ``stages`` is finite."""
        placed: torch.Tensor = (self.place * self.is_placed)[:, surface, bucket].T
        return stages + self.corrections(inputs) + placed

    def centre_places(self, share: torch.Tensor) -> None:
        """Move the mean effect of places, by their share of the impressions (surfaces, buckets), into the bias.

        Each surface keeps its own level by the input that names it.
        """
        with torch.no_grad():
            within = share / share.sum(1, keepdim=True).clamp(min=1e-9)
            mean = (self.place * self.is_placed * within).sum(-1)  # (heads, surfaces)
            self.linear[-len(SURFACES) :] += mean.T
            self.place -= mean[:, :, None]
            self.place *= self.is_placed


def log_probabilities(stage_logits: torch.Tensor) -> torch.Tensor:
    """(b, heads): logarithms of the probabilities over all impressions; a stage's is added to its parent's."""
    own = functional.logsigmoid(stage_logits)
    columns: list[torch.Tensor] = []
    for head in range(own.shape[1]):
        above = int(PARENT[head])
        columns.append(own[:, head] + columns[above] if above >= 0 else own[:, head])
    return torch.stack(columns, 1).clamp(LEAST_LOG, MOST_LOG)


def loss_of(
    logs: torch.Tensor, stage_logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor, counterfactual: float
) -> torch.Tensor:
    """(b, heads) weighted losses over all impressions, and the counterfactual part of the conditional stages.

    The latter (ESCM2, Wang et al. 2022) is the loss of a stage among those whose parent happened, weighed by the inverse
    of the predicted probability that it does, which no gradient flows through.
    """
    over_all = -(labels * logs + (1 - labels) * torch.log1p(-logs.exp()))
    if counterfactual:
        over_all = over_all + counterfactual * _conditional_loss(logs, stage_logits, labels)
    return over_all * weights


def _conditional_loss(logs: torch.Tensor, stage_logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    parts = []
    for head in range(logs.shape[1]):
        above = int(PARENT[head])
        if above < 0:
            parts.append(torch.zeros_like(logs[:, 0]))
            continue
        propensity = logs[:, above].detach().exp().clamp(min=0.01)
        own = functional.binary_cross_entropy_with_logits(stage_logits[:, head], labels[:, head], reduction="none")
        parts.append(own * labels[:, above] / propensity)
    return torch.stack(parts, 1)
