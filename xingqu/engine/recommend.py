"""``recommend``: a page for one person; a pure function of snapshot, state, request and generator."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel, Head, Surface
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.reasons import explain
from xingqu.engine.ranking.scorer import Ranked, rank_rows
from xingqu.engine.retrieval import (
    clusters,
    content,
    covisit,
    due,
    exploration,
    followed,
    fresh,
    interest_tags,
    popular,
    sequence,
    sessions,
    taste,
)
from xingqu.engine.retrieval.candidates import Candidates
from xingqu.engine.slate.assemble import Chosen, Draw, Pool, assemble, shortlist
from xingqu.engine.slate.commerce import commerce_term
from xingqu.engine.slate.fatigue import tire
from xingqu.engine.slate.value import value_of, worth_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.rating import rated
from xingqu.engine.state.user import UserState
from xingqu.engine.trace import ChannelTrace, How, SlotTrace, Trace, membership
from xingqu.engine.view import Request, View, build_view

__all__ = ["Request", "Slate", "recommend"]

# whom an item is credited to when several channels bring it: the most telling first
_CREDIT = (
    Channel.FOLLOWED,
    Channel.DUE,
    Channel.SESSIONS,
    Channel.COVISIT,
    Channel.SEQUENCE,
    Channel.INTEREST_TAGS,
    Channel.CONTENT,
    Channel.TASTE,
    Channel.CLUSTERS,
    Channel.EXPLORATION,
    Channel.FRESH,
    Channel.POPULAR,
)


@dataclass(frozen=True, eq=False)
class Slate:
    """A page of ``k <= size`` items, best place first.

    ``propensity``: probability of this item at this position, given the positions above (1 where nothing was
    drawn). ``reason_*``: (k, 3), strongest first; tag -1, weight 0 and horizon -1 where there is no personal
    reason. ``offset`` and its variance: the person's part of the log-odds, which a taste model must be told together with
    the answer; 0 where none serves. ``features`` (k, len(Feature)) and ``prior_logit`` (k, len(Head)): what they were ranked
    by. ``person``: their mean in that model (1 + k,), empty where none serves. ``repeated``: seen before, shown again
    because nothing else was left.
    ``draws``: of each slot reserved for exploration what it was drawn from, None elsewhere. ``stage_ns``: time spent.
    ``trace``: how it came about, where the request asked for it.
    """

    item_id: NDArray[np.int64]
    channel: NDArray[np.int8]
    score: NDArray[np.float32]
    propensity: NDArray[np.float32]
    repeated: NDArray[np.bool_]
    reason_tag_ids: NDArray[np.int32]
    reason_weights: NDArray[np.float32]
    reason_horizon: NDArray[np.int8]
    predictions: dict[Head, NDArray[np.float32]]
    features: NDArray[np.float32]
    prior_logit: NDArray[np.float32]
    offset: NDArray[np.float64]
    offset_variance: NDArray[np.float64]
    person: NDArray[np.float64]
    personalised: bool
    stage_ns: dict[str, int]
    draws: tuple[Draw | None, ...] = ()
    trace: Trace | None = None

    def __len__(self) -> int:
        return int(self.item_id.size)


class _Stopwatch:
    def __init__(self) -> None:
        self.stage_ns: dict[str, int] = {}
        self._last = time.perf_counter_ns()

    def lap(self, stage: str) -> None:
        now = time.perf_counter_ns()
        self.stage_ns[stage] = now - self._last
        self._last = now


def recommend(
    snapshot: ItemSnapshot,
    state: UserState,
    request: Request,
    rng: np.random.Generator,
    params: EngineParams,
) -> Slate:
    """Rank the next page. Changes nothing; equal arguments and generator state give an equal page.

    Raises ValueError for a negative size.
    """
    if request.size < 0:
        raise ValueError("size must not be negative")
    watch = _Stopwatch()
    view = build_view(snapshot, state, request, params)
    watch.lap("view")
    found = _retrieve(view, rng, watch)
    rows = np.unique(np.concatenate([c.rows for c in found.values()])).astype(np.int32)
    covisit_score, *following = (
        _laid_out(rows, found[c]) for c in (Channel.COVISIT, Channel.SEQUENCE, Channel.SESSIONS)
    )
    next_score = np.maximum(*following)
    watch.lap("union")
    ranked = rank_rows(view, rows, covisit_score, next_score)
    predictions = ranked.predictions
    values = _values(view, rows, predictions)
    pool = _pool(rows, next(reversed(values.values())), found)
    watch.lap("score")
    chosen = assemble(view, pool, request.size, rng)
    watch.lap("slate")
    shown = ranked.of([c.entry for c in chosen]) if rows.size else ranked
    if any(c.entry < 0 for c in chosen):
        again = np.array([c.row for c in chosen], dtype=np.int32)
        shown = rank_rows(view, again, np.zeros(again.size, dtype=np.float32))
    slate = _slate(view, chosen, shown, watch)
    if not request.trace:
        return slate
    return replace(slate, trace=_trace(view, found, pool, ranked, values, chosen, watch))


def _retrieve(view: View, rng: np.random.Generator, watch: _Stopwatch) -> dict[Channel, Candidates]:
    limits, surface = view.params.retrieval, view.request.surface
    found = {channel: Candidates.none() for channel in Channel}
    found[Channel.FOLLOWED] = followed.retrieve(
        view, limits.followed_limit * (4 if surface == Surface.FOLLOWING else 1)
    )
    watch.lap("followed")
    if surface == Surface.FOLLOWING:
        return found
    found[Channel.COVISIT] = covisit.retrieve(view, limits.covisit_limit)
    watch.lap("covisit")
    found[Channel.SEQUENCE] = sequence.retrieve(view, limits.sequence_limit)
    watch.lap("sequence")
    found[Channel.SESSIONS] = sessions.retrieve(view, limits.sessions_limit)
    watch.lap("sessions")
    found[Channel.INTEREST_TAGS] = interest_tags.retrieve(view, limits.interest_tags_limit)
    watch.lap("interest_tags")
    found[Channel.CONTENT] = content.retrieve(view, limits.content_limit)
    watch.lap("content")
    if surface == Surface.FOR_YOU:
        found[Channel.TASTE] = taste.retrieve(view, limits.taste_limit)
        watch.lap("taste")
        found[Channel.CLUSTERS] = clusters.retrieve(view, limits.clusters_limit)
        watch.lap("clusters")
        found[Channel.DUE] = due.retrieve(view, limits.due_limit)
        watch.lap("due")
    related = sum(len(candidates) for candidates in found.values())
    if surface == Surface.SIMILAR and related >= 2 * view.request.size:
        return found
    # a page larger than the channels' limits is filled up from here
    found[Channel.POPULAR] = popular.retrieve(view, max(limits.popular_limit, 2 * view.request.size))
    watch.lap("popular")
    if surface == Surface.FOR_YOU:
        found[Channel.FRESH] = fresh.retrieve(view, rng, limits.fresh_limit)
        watch.lap("fresh")
        found[Channel.EXPLORATION] = exploration.retrieve(view, rng, limits.exploration_limit)
        watch.lap("exploration")
    return found


def _values(view: View, rows: NDArray[np.int32], predictions: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """The running value of each row after every step before the page; see ``Trace.values``."""
    value = value_of(predictions, view.params.value)
    rating = rated(value, view.snapshot.rating[rows], view.params.snapshot.rating)
    exposure = worth_of(view, rows, rating)
    commerce = exposure + _commerce(view, rows, predictions, exposure)
    values = {"value": value, "rating": rating, "exposure": exposure, "commerce": commerce}
    if view.request.surface != Surface.FOLLOWING:
        values["fatigue"] = tire(view, rows, values["commerce"])
    return values


def _commerce(
    view: View, rows: NDArray[np.int32], predictions: NDArray[np.float32], value: NDArray[np.float32]
) -> NDArray[np.float32]:
    snapshot, load = view.snapshot, view.request.commerce_load
    sells = snapshot.product_id[rows] != 0
    return commerce_term(predictions, snapshot.price_minor[rows], sells, load, view.params.commerce, value)


def _laid_out(rows: NDArray[np.int32], candidates: Candidates) -> NDArray[np.float32]:
    """The channel's scores over ``rows`` (ascending), 0 for what it did not bring."""
    scores = np.zeros(rows.size, dtype=np.float32)
    scores[np.searchsorted(rows, candidates.rows)] = candidates.score
    return scores


def _pool(rows: NDArray[np.int32], value: NDArray[np.float32], found: dict[Channel, Candidates]) -> Pool:
    channel = np.zeros(rows.size, dtype=np.int8)
    missed = np.ones(rows.size, dtype=np.float32)
    member = {}
    for source in reversed(_CREDIT):
        place = np.searchsorted(rows, found[source].rows)
        channel[place] = source
        # found by at least one channel
        missed[place] *= 1.0 - found[source].inclusion
        member[source] = np.zeros(rows.size, dtype=np.bool_)
        member[source][place] = True
    return Pool(
        rows=rows,
        value=value,
        channel=channel,
        inclusion=1.0 - missed,
        fresh=member[Channel.FRESH],
        exploration=member[Channel.EXPLORATION],
    )


def _slate(view: View, chosen: list[Chosen], shown: Ranked, watch: _Stopwatch) -> Slate:
    rows = np.array([c.row for c in chosen], dtype=np.int32)
    tags, weights, horizons = explain(view, rows)
    offset, offset_variance = _offsets(view, rows)
    watch.lap("reasons")
    return Slate(
        item_id=view.snapshot.item_id[rows],
        channel=np.array([c.channel for c in chosen], dtype=np.int8),
        score=value_of(shown.predictions, view.params.value),
        propensity=np.array([c.propensity for c in chosen], dtype=np.float32),
        repeated=np.array([c.entry < 0 for c in chosen], dtype=np.bool_),
        reason_tag_ids=tags,
        reason_weights=weights,
        reason_horizon=horizons,
        predictions={head: shown.predictions[:, head] for head in Head},
        features=shown.features,
        prior_logit=shown.prior_logit,
        offset=offset,
        offset_variance=offset_variance,
        person=np.empty(0) if view.person is None else view.person.mean,
        personalised=view.personalised,
        stage_ns=watch.stage_ns,
        draws=tuple(c.draw for c in chosen),
    )


def _trace(
    view: View,
    found: dict[Channel, Candidates],
    pool: Pool,
    ranked: Ranked,
    values: dict[str, NDArray[np.float32]],
    chosen: list[Chosen],
    watch: _Stopwatch,
) -> Trace:
    item_id = view.snapshot.item_id
    channels = {
        channel: ChannelTrace(
            item_id[candidates.rows],
            candidates.score,
            candidates.inclusion,
            watch.stage_ns.get(channel.name.lower(), 0),
        )
        for channel, candidates in found.items()
    }
    slots = []
    for one in chosen:
        how = How.REPEATED if one.entry < 0 else How.RANKED if one.weighed is not None else How.DRAWN
        slots.append(SlotTrace(int(item_id[one.row]), one.entry, one.channel, one.propensity, how, one.weighed))
    return Trace(
        channels=channels,
        item_id=item_id[pool.rows],
        credited=pool.channel,
        brought=membership(pool.rows, found),
        features=ranked.features,
        predictions=ranked.predictions,
        values=values,
        shortlist=shortlist(view, pool, view.request.size),
        slots=tuple(slots),
    )


def _offsets(view: View, rows: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    model, person = view.snapshot.models.taste, view.person
    if model is None or person is None:
        return np.zeros(rows.size), np.zeros(rows.size)
    return model.offsets(person, rows)
