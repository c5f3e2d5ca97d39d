"""Training of the sequence model: sampled or full softmax over the next item, early stopping, continuation.

Sampled negatives are drawn uniformly, shared by a batch and corrected for their sampling rate (Bengio and Senecal 2008),
so that the loss estimates the full softmax. The weights that count are a moving average of those trained.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.evaluate.metrics import ndcg, pessimistic_ranks
from xingqu.engine.evaluate.splits import NextItem, Sequences
from xingqu.engine.learn.item_graph import ItemGraph
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_loss import sampled_softmax
from xingqu.engine.learn.sequence_model import SequenceModel
from xingqu.engine.learn.sequence_net import Net, Noise, functional, torch, unit


@dataclass(frozen=True)
class SequenceConfig:
    """Everything that shapes a training."""

    dim: int = 64
    layers: int = 2
    heads: int = 2
    max_len: int = 50
    dropout: float = 0.4
    scale: float = 12.0  # logits are cosines times this: the inverse temperature
    negatives: int = 1_024  # shared by a batch; 0: all items (full softmax)
    label_smoothing: float = 0.0
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    batch_people: int = 256
    epochs: int = 60  # the most; fewer when validation stops improving
    patience: int = 4  # validations without improvement before the end
    validate_every: int = 2  # epochs
    validation_people: int = 4_000
    # deviations that items' and tags' vectors start with; None: of unit length. Small beginnings where most items are met
    # a few times only: what is not learned must not drown what is
    spread: tuple[float, float] | None = None
    decay: bool = False  # whether the learning rate falls to nothing over the epochs
    recurrent: bool = False  # a recurrent reading instead of the layers, for short sessions
    neighbours: int = 0  # of an item in the graph its vector is smoothed over; 0: no smoothing
    fused: bool = False  # the sampled softmax in half precision, block by block
    averaging: float = 0.995  # of the moving average of weights, a step
    budget_s: float = 1_200.0  # processor seconds; training ends after the epoch that passes it


@dataclass(frozen=True)
class Progress:
    """``epochs`` trained (those that made the model), processor seconds spent, (epoch, loss, NDCG@10) on the way."""

    epochs: int
    spent_s: float
    history: list[tuple[int, float, float]] = field(default_factory=list)


def train_sequence(
    sequences: Sequences,
    items: ItemTags,
    config: SequenceConfig,
    *,
    seed: int,
    validation: NextItem | None = None,
    start: SequenceModel | None = None,
    tell: Callable[[str], None] | None = None,
) -> tuple[SequenceModel, Progress]:
    """Learn to name each item of ``sequences`` from those before it.

    Rows of ``sequences`` are rows of ``items``. With ``validation`` the model of the best NDCG@10 there is returned, else
    the one after ``config.epochs``. ``start`` (aligned to ``items``) is continued from. Equal arguments give an equal model
    on one machine with one thread count. Raises ValueError for a row outside ``items``.
    """
    if sequences.rows.size and not 0 <= sequences.rows.min() <= sequences.rows.max() < items.item_id.size:
        raise ValueError("a sequence names a row that is not among the items")
    started_s = time.process_time()
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    graph = ItemGraph.of(sequences, items.item_id.size, config.neighbours) if config.neighbours else None
    net = _new_net(items, config, graph, seed)
    if start is not None:
        net.load(start)
    average = copy.deepcopy(net).eval()
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
    )
    best: tuple[float, SequenceModel | None, int] = (-1.0, None, 0)
    history: list[tuple[int, float, float]] = []
    steps, epoch = 0, 0
    batches = -(-int((sequences.lengths >= 2).sum()) // config.batch_people)
    for epoch in range(1, config.epochs + 1):
        losses = []
        net.train()
        for rows in _batches(sequences, config, rng):
            _set_rate(optimiser, config, steps / max(1, batches * config.epochs))
            losses.append(_step(net, optimiser, rows, config, rng))
            steps += 1
            _follow(average, net, min(config.averaging, steps / (steps + 10)))
        spent_s = time.process_time() - started_s
        last = epoch == config.epochs or spent_s > config.budget_s
        if validation is not None and (last or epoch % config.validate_every == 0):
            quality = _validate(average, validation, config)
            history.append((epoch, float(np.mean(losses)), quality))
            if tell:
                tell(f"epoch {epoch} loss {np.mean(losses):.4f} NDCG@10 {quality:.4f} {spent_s:.0f} s")
            if quality > best[0]:
                best = (quality, average.export(items.item_id), epoch)
            last |= epoch - best[2] >= config.patience * config.validate_every
        if last:
            break
    model = best[1] if best[1] is not None else average.export(items.item_id)
    return model, Progress(best[2] or epoch, time.process_time() - started_s, history)


def _new_net(items: ItemTags, config: SequenceConfig, graph: ItemGraph | None, seed: int) -> Net:
    return Net(
        items,
        dim=config.dim,
        layers=0 if config.recurrent else config.layers,
        heads=config.heads,
        max_len=config.max_len,
        scale=config.scale,
        noise=Noise(config.dropout, seed),
        graph=graph,
        recurrent=config.recurrent,
        spread=config.spread,
    )


def _set_rate(optimiser: torch.optim.Optimizer, config: SequenceConfig, done: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = config.learning_rate * (max(0.02, 1.0 - done) if config.decay else 1.0)


def _batches(sequences: Sequences, config: SequenceConfig, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """(b, l + 1) rows, -1 after the end. People of like length stand together, so that little is computed in vain."""
    people = rng.permutation(np.flatnonzero(sequences.lengths >= 2))
    length = np.minimum(sequences.lengths, config.max_len + 1)
    # sorted by length with a little disorder, so that batches differ from epoch to epoch
    people = people[np.argsort(length[people] * rng.uniform(0.8, 1.25, people.size), kind="stable")]
    starts = np.arange(0, people.size, config.batch_people)
    for start in rng.permutation(starts):
        members = people[start : start + config.batch_people]
        width = int(length[members].max())
        place = np.arange(width)
        first = sequences.indptr[members + 1] - length[members]
        inside = place < length[members][:, None]
        yield np.where(inside, sequences.rows[np.where(inside, first[:, None] + place, 0)], -1).astype(np.int64)


def _step(
    net: Net,
    optimiser: torch.optim.Optimizer,
    batch: NDArray[np.int64],
    config: SequenceConfig,
    rng: np.random.Generator,
) -> float:
    rows = torch.from_numpy(batch)
    table = net.table()
    told = rows[:, 1:] >= 0
    vectors = net(rows[:, :-1].clamp(min=0), table)[told]
    loss = softmax_loss(vectors, rows[:, 1:][told], table, config, rng)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def softmax_loss(
    vectors: torch.Tensor, target: torch.Tensor, table: torch.Tensor, config: SequenceConfig, rng: np.random.Generator
) -> torch.Tensor:
    """Mean cross-entropy of ``target`` (m,) for unit ``vectors`` (m, d), over all items or over drawn ones."""
    size = table.shape[0]
    if not config.negatives or config.negatives >= size // 2:
        logits = config.scale * vectors @ unit(table).T
        return functional.cross_entropy(logits, target, label_smoothing=config.label_smoothing)
    drawn = torch.from_numpy(rng.choice(size, config.negatives, replace=False))
    if config.fused:
        place = torch.full((size,), -1)
        place[drawn] = torch.arange(drawn.numel())
        correction = float(np.log((size - 1) / config.negatives))
        own, others = unit(table[target]), unit(table[drawn])
        return sampled_softmax(vectors, own, others, place[target], scale=config.scale, correction=correction)
    others = config.scale * vectors @ unit(table[drawn]).T + float(np.log((size - 1) / config.negatives))
    place = torch.full((size,), -1)
    place[drawn] = torch.arange(config.negatives)
    met = torch.nonzero(place[target] >= 0)[:, 0]
    # a target drawn as its own negative doesn't count as one
    others = others.index_put((met, place[target[met]]), torch.tensor(float("-inf")))
    own = config.scale * (vectors * unit(table[target])).sum(-1, keepdim=True)
    logits = torch.cat([own, others], dim=1)
    return functional.cross_entropy(logits, torch.zeros_like(target))


def _follow(average: Net, net: Net, keep: float) -> None:
    with torch.no_grad():
        torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1.0 - keep)


def _validate(net: Net, validation: NextItem, config: SequenceConfig) -> float:
    """NDCG@10 over all items, for at most ``validation_people`` cases taken evenly.

    What a person met before is left out where nobody returns to anything.
    """
    cases = np.unique(np.linspace(0, len(validation) - 1, min(len(validation), config.validation_people)).astype(int))
    once = not any(validation.target[case] in validation.history[int(case)] for case in cases)
    ranks = []
    with torch.no_grad():
        table = net.table()
        targets = unit(table)
        for start in range(0, cases.size, 256):
            members = cases[start : start + 256]
            found = [validation.history[int(case)][-config.max_len :] for case in members]
            rows = torch.zeros((members.size, max(part.size for part in found)), dtype=torch.int64)
            for line, part in enumerate(found):
                rows[line, : part.size] = torch.from_numpy(part.astype(np.int64))
            ends = torch.tensor([part.size - 1 for part in found])
            vectors = net(rows, table)[torch.arange(members.size), ends]
            scores = (vectors @ targets.T).numpy()
            if once:
                for line, case in enumerate(members):
                    scores[line, validation.history[int(case)]] = -np.inf
            ranks.append(pessimistic_ranks(scores, validation.target[members]))
    return ndcg(np.concatenate(ranks), 10)
