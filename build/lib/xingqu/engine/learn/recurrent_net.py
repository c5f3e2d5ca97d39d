"""The recurrent reading of a session as it learns, in torch; the same arithmetic as ``recurrent``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from xingqu.engine.learn.recurrent import INPUT_SCALE


class Recurrent(nn.Module):
    """Causal: what stands after a place has no say in it."""

    def __init__(self, dim: int, max_len: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.recurrence = nn.GRU(dim, dim, batch_first=True)
        self.ask, self.answer = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)
        self.weigh = nn.Linear(dim, 1, bias=False)
        self.out = nn.Linear(2 * dim, dim, bias=False)
        self.place = nn.Parameter(torch.randn(max_len, dim) * 0.02)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """(b, l, d) to (b, l, d)."""
        items = functional.normalize(vectors, dim=-1, eps=1e-6) * (INPUT_SCALE * vectors.shape[-1] ** 0.5)
        items = functional.dropout(items, self.dropout, self.training)
        states = self.recurrence(items)[0]
        place = torch.arange(items.shape[1])
        distance = place[:, None] - place[None]
        pairs = self.ask(states)[:, :, None] + self.answer(states)[:, None] + self.place[distance.clamp(min=0)]
        attention = self.weigh(torch.sigmoid(pairs)).squeeze(-1).masked_fill(distance < 0, 0.0)
        read: torch.Tensor = self.out(torch.cat([states, attention @ items], dim=-1))
        return read

    def _named(self) -> dict[str, torch.Tensor]:
        """The parameters by the names of ``recurrent.RECURRENT_ARRAYS``; matrices are views, (from, to)."""
        cell = self.recurrence
        return {
            "inward": cell.weight_ih_l0.T,
            "inward_bias": cell.bias_ih_l0,
            "again": cell.weight_hh_l0.T,
            "again_bias": cell.bias_hh_l0,
            "ask": self.ask.weight.T,
            "ask_bias": self.ask.bias,
            "answer": self.answer.weight.T,
            "place": self.place,
            "weigh": self.weigh.weight[0],
            "out": self.out.weight.T,
        }

    def export(self) -> dict[str, NDArray[np.float32]]:
        return {n: np.array(part.detach().numpy(), dtype=np.float32, order="C") for n, part in self._named().items()}

    def load(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        with torch.no_grad():
            for name, part in self._named().items():
                part.copy_(torch.from_numpy(np.array(arrays[name])))
