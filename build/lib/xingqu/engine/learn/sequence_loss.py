"""Two pieces of the training that torch alone does slowly: smoothing over a graph, and a softmax that is not kept.

The softmax's gradients are made with its value, a block of rows at a time, in half precision where products are (after
Liger's fused linear cross-entropy, Hsu et al. 2024): the logits of a batch never leave the processor's cache.
"""

from __future__ import annotations

from typing import Any

import torch

from xingqu.engine.learn.item_graph import ItemGraph

BLOCK_ROWS = 256


class _Smooth(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(ctx: Any, vectors: torch.Tensor, graph: ItemGraph) -> torch.Tensor:
        ctx.graph = graph
        return torch.from_numpy(graph.forward @ vectors.detach().numpy())

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return torch.from_numpy(ctx.graph.backward @ gradients[0].numpy()), None


class _SampledSoftmax(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(
        ctx: Any,
        vectors: torch.Tensor,
        own: torch.Tensor,
        others: torch.Tensor,
        hit: torch.Tensor,
        scale: float,
        correction: float,
    ) -> torch.Tensor:
        """Mean over m rows; ``own`` (m, d) the targets, ``others`` (k, d), ``hit`` (m,) which of them is the target, or -1."""
        rows = vectors.shape[0]
        scaled, halves = (vectors * scale).to(torch.bfloat16), others.to(torch.bfloat16)
        positive = (vectors * own).sum(1) * scale
        by_vectors, by_own = torch.empty_like(vectors), torch.empty_like(own)
        by_others = torch.zeros_like(others)
        loss = vectors.new_zeros(())
        for start in range(0, rows, BLOCK_ROWS):
            part = slice(start, start + BLOCK_ROWS)
            logits = (scaled[part] @ halves.T).float().add_(correction)
            known = torch.nonzero(hit[part] >= 0).squeeze(1)
            logits[known, hit[part][known]] = float("-inf")
            top = torch.maximum(logits.amax(1), positive[part])
            weights = logits.sub_(top[:, None]).exp_()
            own_weight = (positive[part] - top).exp()
            total = weights.sum(1) + own_weight
            loss += (total.log() + top - positive[part]).sum()
            share = weights.div_(total[:, None]).to(torch.bfloat16)
            own_pull = (own_weight / total - 1.0)[:, None]
            by_vectors[part] = ((share @ halves).float() + own_pull * own[part]) * (scale / rows)
            by_own[part] = own_pull * vectors[part] * (scale / rows)
            by_others += (share.T @ scaled[part]).float()
        ctx.save_for_backward(by_vectors, by_own, by_others / rows)
        return loss / rows

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        by_vectors, by_own, by_others = ctx.saved_tensors
        return gradients[0] * by_vectors, gradients[0] * by_own, gradients[0] * by_others, None, None, None


def smooth(vectors: torch.Tensor, graph: ItemGraph) -> torch.Tensor:
    """(n, d): the mean over each item's neighbours."""
    result: torch.Tensor = _Smooth.apply(vectors, graph)
    return result


def sampled_softmax(
    vectors: torch.Tensor,
    own: torch.Tensor,
    others: torch.Tensor,
    hit: torch.Tensor,
    *,
    scale: float,
    correction: float,
) -> torch.Tensor:
    """Mean cross-entropy of ``own`` (m, d) against the shared ``others`` (k, d) for ``vectors`` (m, d), all of unit length.

    ``hit`` (m,): which of ``others`` is the target itself and doesn't count, or -1. ``correction`` is added to the others'
    logits: minus the logarithm of their sampling rate.
    """
    result: torch.Tensor = _SampledSoftmax.apply(vectors, own, others, hit, scale, correction)
    return result
