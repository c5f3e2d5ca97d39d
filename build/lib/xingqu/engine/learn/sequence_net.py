"""The sequence model as it learns, in torch; the same arithmetic as ``sequence_model``, with dropout and gradients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.item_graph import ItemGraph
from xingqu.engine.learn.item_tags import ItemTags, compact_tags
from xingqu.engine.learn.sequence_model import LAYER_ARRAYS, SequenceModel, split_norms

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:  # training is an optional extra: serving needs numpy alone
    raise ImportError("training needs torch: pip install 'xingqu[train]'") from error

from xingqu.engine.learn.recurrent_net import Recurrent
from xingqu.engine.learn.sequence_loss import smooth

__all__ = ["Net", "Noise", "functional", "torch", "unit"]
EPSILON = 1e-6


class Noise:
    """Dropout masks from numpy's generator: on a processor several times faster than torch's own."""

    def __init__(self, rate: float, seed: int) -> None:
        self.rate = rate
        self._rng = np.random.default_rng(seed)

    def keep(self, shape: tuple[int, ...]) -> torch.Tensor:
        """0 with the probability ``rate``, else what makes the mean 1."""
        kept = self._rng.random(shape, dtype=np.float32) >= self.rate
        return torch.from_numpy(kept.astype(np.float32) * np.float32(1.0 / (1.0 - self.rate)))


class Layer(nn.Module):
    """Attention to what came before and a gated feed-forward part, each let in through a gate."""

    def __init__(self, dim: int, heads: int, max_len: int, noise: Noise) -> None:
        super().__init__()
        self.heads, self.noise = heads, noise
        wide = 2 * dim

        def weight(rows: int, columns: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, columns) / rows**0.5)

        self.norm_1, self.norm_2 = nn.Parameter(torch.ones(dim)), nn.Parameter(torch.ones(dim))
        self.query, self.key, self.value = weight(dim, dim), weight(dim, dim), weight(dim, dim)
        self.out = nn.Parameter(torch.randn(dim, dim) * 0.02)
        self.gate_1, self.gate_2 = nn.Parameter(torch.zeros(dim, dim)), nn.Parameter(torch.zeros(dim, dim))
        self.bias = nn.Parameter(torch.zeros(heads, max_len))
        self.up, self.gate = weight(dim, wide), weight(dim, wide)
        self.down = nn.Parameter(torch.randn(wide, dim) * 0.02)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """(b, l, d) to (b, l, d)."""
        batch, length, dim = hidden.shape
        normed = normalise(hidden, self.norm_1)
        query, key, value = (
            (normed @ w).view(batch, length, self.heads, -1).transpose(1, 2) for w in (self.query, self.key, self.value)
        )
        place = torch.arange(length)
        distance = place[:, None] - place[None]
        logits = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5 + self.bias[:, distance.clamp(min=0)]
        weights = logits.masked_fill(distance < 0, float("-inf")).softmax(-1)
        attended = (weights @ value).transpose(1, 2).reshape(batch, length, dim) @ self.out
        if self.training:
            attended = attended * self.noise.keep(attended.shape)
        hidden = hidden + attended * torch.sigmoid(normed @ self.gate_1)
        normed = normalise(hidden, self.norm_2)
        fed = (functional.silu(normed @ self.gate) * (normed @ self.up)) @ self.down
        if self.training:
            fed = fed * self.noise.keep(fed.shape)
        return hidden + fed * torch.sigmoid(normed @ self.gate_2)


class Net(nn.Module):
    """Items (n), tags (t) and layers. Row ``n`` of the item table is the empty place."""

    def __init__(
        self,
        items: ItemTags,
        *,
        dim: int,
        layers: int,
        heads: int,
        max_len: int,
        scale: float,
        noise: Noise,
        graph: ItemGraph | None = None,
        recurrent: bool = False,
        spread: tuple[float, float] | None = None,
    ) -> None:
        super().__init__()
        size = int(items.item_id.size)
        self.tag_id = np.unique(items.tag_ids)
        self.max_len, self.noise, self.scale = max_len, noise, scale
        self.graph = graph
        self.share = nn.Parameter(torch.ones(()))  # of the neighbours' mean in an item's own vector
        of_items, of_tags = spread or (dim**-0.5, dim**-0.5)
        self.own = nn.Parameter(torch.randn(size, dim) * of_items)
        self.tags = nn.Parameter(torch.randn(self.tag_id.size, dim) * of_tags)
        self.layers = nn.ModuleList(Layer(dim, heads, max_len, noise) for _ in range(layers))
        self.recurrent = Recurrent(dim, max_len, noise.rate) if recurrent else None
        self.norm = nn.Parameter(torch.ones(dim))
        rows, places = compact_tags(items, self.tag_id)
        counts = np.bincount(rows, minlength=size)
        self.link_tags = torch.from_numpy(places)
        self.link_starts = torch.from_numpy(np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64))

    def table(self) -> torch.Tensor:
        """(n, d): every item's vector."""
        own = self.smoothed()
        if not self.link_tags.numel():
            return own
        return own + functional.embedding_bag(self.link_tags, self.tags, self.link_starts, mode="mean")

    def smoothed(self) -> torch.Tensor:
        """(n, d): the items' own vectors and, where there is a graph, their neighbours'."""
        return self.own if self.graph is None else self.own + self.share * smooth(self.own, self.graph)

    def forward(self, rows: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
        """Unit vectors (b, l, d) after each place of ``rows`` (b, l); places after a sequence's end hold 0 and say nothing."""
        if self.recurrent is not None:
            return unit(self.recurrent(table[rows]))
        hidden = table[rows] * table.shape[1] ** 0.5
        if self.training:
            hidden = hidden * self.noise.keep(hidden.shape)
        for layer in self.layers:
            hidden = layer(hidden)
        return unit(normalise(hidden, self.norm))

    def export(self, item_id: NDArray[np.int64]) -> SequenceModel:
        """The model to serve, as it stands now."""

        def plain(tensor: torch.Tensor) -> NDArray[np.float32]:
            return np.array(tensor.detach().numpy(), dtype=np.float32)

        targets, norms = split_norms(plain(self.table()))
        return SequenceModel(
            item_id=item_id,
            item_own=plain(self.smoothed()),
            targets=targets,
            norms=norms,
            tag_id=self.tag_id,
            tag_vectors=plain(self.tags),
            norm=plain(self.norm),
            layers=tuple({name: plain(getattr(layer, name)) for name in LAYER_ARRAYS} for layer in self.layers),
            max_len=self.max_len,
            scale=self.scale,
            recurrent=None if self.recurrent is None else self.recurrent.export(),
        )

    def _shape(self) -> tuple[int, bool]:
        return len(self.layers), self.recurrent is not None

    def load(self, model: SequenceModel) -> None:
        """Start from a model aligned to the same items. Raises ValueError when the shapes differ.

        Its vectors are smoothed already, so smoothing starts from nothing.
        """
        if model.item_own.shape != tuple(self.own.shape) or self._shape() != (
            len(model.layers),
            model.recurrent is not None,
        ):
            raise ValueError("the model to continue from has other items or another shape")
        with torch.no_grad():
            self.own.copy_(torch.from_numpy(np.array(model.item_own)))
            self.share.zero_()
            self.norm.copy_(torch.from_numpy(np.array(model.norm)))
            known = np.isin(self.tag_id, model.tag_id)
            place = np.searchsorted(model.tag_id, self.tag_id[known])
            self.tags[torch.from_numpy(known)] = torch.from_numpy(model.tag_vectors[place])
            if self.recurrent is not None and model.recurrent is not None:
                self.recurrent.load(model.recurrent)
            for layer, arrays in zip(self.layers, model.layers, strict=True):
                for name in LAYER_ARRAYS:
                    getattr(layer, name).copy_(torch.from_numpy(np.array(arrays[name])))


def normalise(hidden: torch.Tensor, gain: torch.Tensor) -> torch.Tensor:
    """Root mean square normalisation over the last axis."""
    return hidden * torch.rsqrt(hidden.square().mean(-1, keepdim=True) + EPSILON) * gain


def unit(vectors: torch.Tensor) -> torch.Tensor:
    return functional.normalize(vectors, dim=-1, eps=EPSILON)
