"""The page, place by place: reserved slots drawn, the others by value less diversity, within spacing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel
from xingqu.engine.slate.diversity import Diversity
from xingqu.engine.slate.quota import draw, reserve_positions
from xingqu.engine.slate.spacing import Spacing, cap_per_creator, commerce_gap_in_force
from xingqu.engine.view import View


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates of all channels, each row once. ``inclusion``: probability of having been retrieved."""

    rows: NDArray[np.int32]
    value: NDArray[np.float32]
    channel: NDArray[np.int8]
    inclusion: NDArray[np.float32]
    fresh: NDArray[np.bool_]
    exploration: NDArray[np.bool_]


@dataclass(frozen=True)
class Chosen:
    """One filled position. ``entry`` is the place in the pool, -1 for a repeated item."""

    row: int
    entry: int
    channel: Channel
    propensity: float


def assemble(view: View, pool: Pool, size: int, rng: np.random.Generator) -> list[Chosen]:
    """At most ``size`` positions; fewer only when nothing more may be shown."""
    entries = _shortlist(view, pool, size)
    rows, value = pool.rows[entries], pool.value[entries]
    spacing = Spacing(view, rows, view.recent_rows)
    diversity = Diversity(view, rows)
    reserved = reserve_positions(view, size, rng)
    free = np.ones(entries.size, dtype=np.bool_)
    optimistic = pool.value + view.params.quota.optimism * view.snapshot.index.value_deviation[pool.rows]
    chosen: list[Chosen] = []
    for position in range(min(size, entries.size)):
        channel, chance = reserved.get(position, (None, 1.0))
        place, probability = -1, 1.0
        if channel is not None:
            member = (pool.fresh if channel is Channel.FRESH else pool.exploration)[entries]
            may = np.flatnonzero(free & member & next(spacing.masks()))
            if may.size:
                drawn, probability = draw(optimistic[entries[may]], view.params.quota, rng)
                place = int(may[drawn])
                probability *= chance
        if place < 0:
            channel = None
            place = _best(free, diversity.adjust(value), spacing)
        entry = int(entries[place])
        free[place] = False
        found_by = channel if channel is not None else Channel(int(pool.channel[entry]))
        propensity = probability * float(pool.inclusion[entry])
        chosen.append(Chosen(int(rows[place]), entry, found_by, min(1.0, propensity)))
        spacing.push(int(rows[place]))
        diversity.push(int(rows[place]))
    return chosen + _repeats(view, chosen, size)


def _shortlist(view: View, pool: Pool, size: int) -> NDArray[np.int64]:
    """The best, enough of them without product where commerce is spaced, and all that may be drawn."""
    limit = view.params.diversity.pool
    order = np.lexsort((pool.rows, -pool.value))
    cap = size // max(1, view.params.spacing.creator_gap) + 2
    capped = order[cap_per_creator(view.snapshot, pool.rows[order], cap)]
    if capped.size < size:
        capped = order
    keep = [capped[:limit]]
    if commerce_gap_in_force(view) > 1:
        content = capped[view.snapshot.product_id[pool.rows[capped]] == 0]
        keep.append(content[: max(size, limit // 4)])
    keep.append(np.flatnonzero(pool.fresh | pool.exploration))
    return np.unique(np.concatenate(keep))


def _best(free: NDArray[np.bool_], value: NDArray[np.float32], spacing: Spacing) -> int:
    """Place of the most valuable candidate under the strictest rules that leave any."""
    for mask in spacing.masks():
        may = np.flatnonzero(free & mask)
        if may.size:
            return int(may[np.argmax(value[may])])
    raise ValueError("no candidate is free")


def _repeats(view: View, chosen: list[Chosen], size: int) -> list[Chosen]:
    """When everything was seen: what was seen longest ago comes back, never what was refused or excluded."""
    missing = size - len(chosen)
    if missing <= 0:
        return []
    seen = view.state.seen
    rows = view.snapshot.rows_of(seen.ids)
    may = (rows >= 0) & view.repeatable[np.maximum(rows, 0)] if len(view.snapshot) else rows >= 0
    may &= ~np.isin(rows, np.array([c.row for c in chosen], dtype=np.int64))
    rows, at_s = rows[may], seen.at_s[may]
    rows = rows[np.lexsort((rows, at_s))][: missing * 4]
    above = np.concatenate([view.recent_rows, np.array([c.row for c in chosen], dtype=np.int32)])
    spacing = Spacing(view, rows, above)
    free = np.ones(rows.size, dtype=np.bool_)
    repeated: list[Chosen] = []
    oldest_first = -np.arange(rows.size, dtype=np.float32)
    while len(repeated) < missing and free.any():
        place = _best(free, oldest_first, spacing)
        free[place] = False
        spacing.push(int(rows[place]))
        repeated.append(Chosen(int(rows[place]), -1, Channel.POPULAR, 1.0))
    return repeated
