"""The page, place by place: reserved slots drawn, the others by value less diversity, within spacing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.coldstart.choice import draw_pool_item
from xingqu.engine.coldstart.whom import weigh_audience
from xingqu.engine.columns import Channel
from xingqu.engine.ranking.scorer import predict
from xingqu.engine.slate.calibration import Calibration
from xingqu.engine.slate.diversity import make_diversity
from xingqu.engine.slate.quota import draw, reserve_positions
from xingqu.engine.slate.spacing import Spacing, cap_per_creator, commerce_gap_in_force
from xingqu.engine.slate.value import value_of
from xingqu.engine.state.rating import rated
from xingqu.engine.trace import Weighed
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


@dataclass(frozen=True, eq=False)
class Draw:
    """What an exploring slot was drawn from: the scores of all that might have come, and which of them did."""

    scores: NDArray[np.float32]
    picked: int


@dataclass(frozen=True)
class Chosen:
    """One filled position. ``entry`` is the place in the pool, -1 for a repeated item; ``draw`` of an exploring slot.

    ``weighed`` of a ranked one, where the request asks for a trace.
    """

    row: int
    entry: int
    channel: Channel
    propensity: float
    draw: Draw | None = None
    weighed: Weighed | None = None


def assemble(view: View, pool: Pool, size: int, rng: np.random.Generator) -> list[Chosen]:
    """At most ``size`` positions; fewer only when nothing more may be shown.

    The reserved slots are drawn first and the ranking is spaced around them: were it the other way round, an
    item would hardly ever be drawn whose creator, or the mere fact of selling something, ranks high.
    """
    entries = shortlist(view, pool, size)
    rows, value = pool.rows[entries], pool.value[entries]
    spacing = Spacing(view, rows, view.recent_rows, size)
    free = np.ones(entries.size, dtype=np.bool_)
    filled = min(size, entries.size)
    drawn = _draw_reserved(view, pool, entries, filled, spacing, free, rng)
    diversity, calibration = make_diversity(view, rows, filled), Calibration(view, rows, value)
    chosen: list[Chosen] = []
    for position in range(filled):
        if position in drawn:
            chosen.append(drawn[position])
        else:
            values = {"value": value, "diversity": diversity.adjust(value)}
            if calibration.works:
                values["calibration"] = calibration.adjust(values["diversity"])
            weighed = _best(free, values, spacing, position)
            free[weighed.place] = False
            entry, row = int(entries[weighed.place]), int(rows[weighed.place])
            spacing.place(position, row)
            channel, inclusion = Channel(int(pool.channel[entry])), float(pool.inclusion[entry])
            told = weighed if view.request.trace else None
            chosen.append(Chosen(row, entry, channel, inclusion, weighed=told))
        diversity.push(chosen[-1].row)
        calibration.push(chosen[-1].row)
    return chosen + _repeats(view, chosen, size)


def _draw_reserved(
    view: View,
    pool: Pool,
    entries: NDArray[np.int64],
    size: int,
    spacing: Spacing,
    free: NDArray[np.bool_],
    rng: np.random.Generator,
) -> dict[int, Chosen]:
    """Draw the reserved slots, marking places as taken. A slot that nothing may fill is ranked instead."""
    members = {Channel.FRESH: pool.fresh[entries], Channel.EXPLORATION: pool.exploration[entries]}
    drawn: dict[int, Chosen] = {}
    for position, (channel, chance) in reserve_positions(view, size, rng).items():
        may = np.flatnonzero(free & members[channel] & next(spacing.masks(position)))
        if not may.size:
            continue
        picked, probability, drawn_from = _pick(view, pool, entries[may], channel, rng)
        place = int(may[picked])
        entry, row = int(entries[place]), int(pool.rows[entries[place]])
        free[place] = False
        spacing.place(position, row)
        propensity = probability * chance * float(pool.inclusion[entry])
        drawn[position] = Chosen(row, entry, channel, propensity, drawn_from)
    return drawn


def _pick(
    view: View, pool: Pool, may: NDArray[np.int64], channel: Channel, rng: np.random.Generator
) -> tuple[int, float, Draw | None]:
    """(which of the entries ``may``, its probability, what an exploring draw was made from).

    A fresh item is drawn by what it may be worth to this person, as far as its audience is known, and by the exposures it is
    owed. Exploration asks what is not known about the person, so there an upper confidence bound of the item's own value
    decides.
    """
    rows, index = pool.rows[may], view.snapshot.index
    doubt = index.value_deviation[rows]
    if channel == Channel.FRESH:
        doubts, owed = weigh_audience(view, rows, doubt, view.snapshot.pool_owed[rows])
        return *draw_pool_item(pool.value[may], doubts, owed, view.params.pools, rng), None
    scores = index.value_mean[rows] + view.params.quota.optimism * doubt
    picked, probability = draw(scores, view.params.quota, rng)
    return picked, probability, Draw(scores.astype(np.float32), picked)


def shortlist(view: View, pool: Pool, size: int) -> NDArray[np.int64]:
    """The best, enough of them without product where commerce is spaced, and all that may be drawn."""
    limit = max(view.params.diversity.pool, 2 * size)
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


def _best(free: NDArray[np.bool_], values: dict[str, NDArray[np.float32]], spacing: Spacing, position: int) -> Weighed:
    """The most valuable candidate, by the last of ``values``, under the strictest rules that leave any."""
    last = next(reversed(values.values()))
    for rule, mask in enumerate(spacing.masks(position)):
        allowed = free & mask
        may = np.flatnonzero(allowed)
        if may.size:
            return Weighed(int(may[np.argmax(last[may])]), values, allowed, rule)
    raise ValueError("no candidate is free")


def _repeats(view: View, chosen: list[Chosen], size: int) -> list[Chosen]:
    """When everything was seen, what was seen longest ago comes back: of the oldest part the most valuable.

    Never what was refused or excluded.
    """
    missing = size - len(chosen)
    if missing <= 0:
        return []
    seen = view.state.seen
    rows = view.snapshot.rows_of(seen.ids)
    may = (rows >= 0) & view.repeatable[np.maximum(rows, 0)] if len(view.snapshot) else rows >= 0
    may &= ~np.isin(rows, np.array([c.row for c in chosen], dtype=np.int64))
    rows, at_s = rows[may], seen.at_s[may]
    oldest = max(2 * missing, int(rows.size * view.params.quota.repeat_share))
    rows = rows[np.lexsort((rows, at_s))][:oldest]
    predictions = predict(view, rows, np.zeros(rows.size, dtype=np.float32))
    value = value_of(predictions, view.params.value)
    value = rated(value, view.snapshot.rating[rows], view.params.snapshot.rating)
    above = np.concatenate([view.recent_rows, np.array([c.row for c in chosen], dtype=np.int32)])
    spacing = Spacing(view, rows, above, missing)
    free = np.ones(rows.size, dtype=np.bool_)
    repeated: list[Chosen] = []
    for position in range(min(missing, rows.size)):
        place = _best(free, {"value": value}, spacing, position).place
        free[place] = False
        spacing.place(position, int(rows[place]))
        repeated.append(Chosen(int(rows[place]), -1, Channel.POPULAR, 1.0))
    return repeated
