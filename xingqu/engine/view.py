"""One request's view of snapshot and state: what may be shown, and the person laid out over the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Flag, Signal, Surface
from xingqu.engine.learn.replenish import due_of
from xingqu.engine.learn.taste import Person
from xingqu.engine.params import EngineParams
from xingqu.engine.row_set import RowSet, SparseColumn
from xingqu.engine.state.evidence import answers_in, answers_of, told_by
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.tables import InterestTable
from xingqu.engine.state.user import UserState, intensities


def _no_ids() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Request:
    """What is asked for.

    ``exclude_item_ids``: never in the answer (what the client already holds). ``previous_item_ids``: the
    items just above this page, newest last, for spacing; empty: the last impressions are used.
    ``seed_item_id`` is the item that ``Surface.SIMILAR`` starts from. ``commerce_load``: see ``slate.commerce``.
    ``trace``: tell in ``Slate.trace`` how the page came about; the page is the same.
    """

    size: int
    now_ms: int
    exclude_item_ids: NDArray[np.int64] = field(default_factory=_no_ids)
    previous_item_ids: NDArray[np.int64] = field(default_factory=_no_ids)
    surface: Surface = Surface.FOR_YOU
    seed_item_id: int = 0
    commerce_load: float = 0.0
    trace: bool = False


@dataclass(frozen=True, eq=False)
class Profile:
    """A person's histogram over today's clusters, ``p`` of them; see ``state.memory.Histogram``."""

    place: NDArray[np.int64]  # (p,) fine clusters of the snapshot's model, ascending
    liked: NDArray[np.float64]
    shown: NDArray[np.float64]
    days: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class View:
    """``n`` items, ``t`` tags, ``c`` creators, ``g`` categories, all compact numbers of the snapshot."""

    snapshot: ItemSnapshot
    state: UserState
    request: Request
    params: EngineParams
    personalised: bool
    eligible: RowSet  # may be retrieved
    repeatable: RowSet  # may be shown if nothing else is left: eligible or merely seen
    tag_rows: NDArray[np.int32]  # (k,) tags the person has a weight on
    tag_intensity: NDArray[np.float64]  # (k, horizons) in (-aversion, 1)
    tags_dense: NDArray[np.float32]  # (t, horizons + 1): the intensities; last the seed item's tag vector
    tags_overall: NDArray[np.float32]  # (t, 1) the intensities of all horizons in one
    creator_affinity: SparseColumn  # (c,) in (-1, 1)
    creator_followed: SparseColumn  # (c,) bool
    category_affinity: SparseColumn  # (g,)
    seed_row: int  # -1: none
    recent_rows: NDArray[np.int32]  # shown just above this page, newest last
    ring_told: tuple[NDArray[np.int32], NDArray[np.float64]]  # see ``evidence.told_by``
    person: Person | None  # what a taste model makes of their events; None where no such model serves

    @property
    def now_ms(self) -> int:
        return self.request.now_ms

    @cached_property
    def clusters(self) -> Profile | None:
        """None without clusters, for someone who never liked anything, or who wishes not to be known."""
        model, counted = self.snapshot.models.clusters, self.state.clusters
        if model is None or not self.personalised or not len(counted):
            return None
        place = model.places(counted.keys)
        known = np.flatnonzero((place >= 0) & (counted.liked + counted.shown > 0))
        unique, group = np.unique(place[known], return_inverse=True)
        days = np.zeros(unique.size, dtype=np.int64)
        np.maximum.at(days, group, counted.days_met[known])
        return Profile(
            place=unique,
            liked=_summed(group, counted.liked[known], unique.size),
            shown=_summed(group, counted.shown[known], unique.size),
            days=days,
        )

    @cached_property
    def due(self) -> SparseColumn:
        """(g,) chance that the person will soon buy of each category again."""
        bought = self.state.purchases
        if not self.personalised or not len(bought):
            return SparseColumn(np.empty(0, np.int64), np.empty(0, np.float32))
        due = due_of(bought, self.now_ms, self.snapshot.models.due, self.params.due)
        place = _positions(self.snapshot.index.categories, due.category_id)
        kept = np.flatnonzero((place >= 0) & (due.chance > 0))
        kept = kept[np.argsort(place[kept])]
        return SparseColumn(place[kept], due.chance[kept].astype(np.float32))


def _summed(group: NDArray[np.int64], values: NDArray[np.float32], size: int) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.bincount(group, weights=values, minlength=size).astype(np.float64)
    return total


def build_view(snapshot: ItemSnapshot, state: UserState, request: Request, params: EngineParams) -> View:
    index, now_ms = snapshot.index, request.now_ms
    personalised, told = state.personalised, told_by(state, snapshot, params)
    repeatable = _repeatable(snapshot, state, request)
    followed = np.sort(_compact(index.creators, state.creators.with_flag(Flag.FOLLOWED)))
    if request.surface == Surface.FOLLOWING:
        repeatable = _of_creators(snapshot, repeatable, followed)
    eligible = repeatable.copy()
    if request.surface != Surface.SIMILAR:
        eligible.discard(snapshot.rows_of(state.seen.ids))
    tag_rows, intensity = _tag_intensity(snapshot, state, now_ms, params)
    dense = np.zeros((index.tags.size, intensity.shape[1] + 1), dtype=np.float32)
    dense[tag_rows, :-1] = intensity
    overall = np.zeros((index.tags.size, 1), dtype=np.float32)
    overall[tag_rows, 0] = intensity @ np.asarray(params.state.shares)
    seed_row = -1
    if request.surface == Surface.SIMILAR:
        seed_row = int(snapshot.rows_of([request.seed_item_id])[0])
        if seed_row >= 0:
            seed = np.array([seed_row], dtype=np.int32)
            repeatable.discard(seed)
            eligible.discard(seed)
            links = slice(snapshot.tag_indptr[seed_row], snapshot.tag_indptr[seed_row + 1])
            dense[index.tag_rows[links], -1] = index.tag_vectors[links]
    # the page of followed creators is what the person asked for, not a guess about them
    if not personalised and request.surface != Surface.FOLLOWING:
        followed = followed[:0]
    return View(
        snapshot=snapshot,
        state=state,
        request=request,
        params=params,
        personalised=personalised,
        eligible=eligible,
        repeatable=repeatable,
        tag_rows=tag_rows,
        tag_intensity=intensity,
        tags_dense=dense,
        tags_overall=overall,
        creator_affinity=_affinity(index.creators, state.creators, now_ms, params, personalised),
        creator_followed=SparseColumn(followed, np.ones(followed.size, dtype=np.bool_)),
        category_affinity=_affinity(index.categories, state.categories, now_ms, params, personalised),
        seed_row=seed_row,
        recent_rows=_recent_rows(snapshot, state, request, params),
        ring_told=told,
        person=_person(snapshot, state, told, params),
    )


def person_of(snapshot: ItemSnapshot, state: UserState, params: EngineParams) -> Person | None:
    """The person as the snapshot's taste model sees them; the average one where they wish not to be known."""
    model = snapshot.models.taste
    if model is None:
        return None
    return model.person(*answers_of(state, snapshot, params))


def _person(
    snapshot: ItemSnapshot,
    state: UserState,
    told: tuple[NDArray[np.int32], NDArray[np.float64]],
    params: EngineParams,
) -> Person | None:
    """``person_of``, where it is known what the ring tells."""
    model = snapshot.models.taste
    if model is None or not state.personalised:
        return person_of(snapshot, state, params)
    return model.person(*answers_in(*told, params))


def _repeatable(snapshot: ItemSnapshot, state: UserState, request: Request) -> RowSet:
    """Visible and neither excluded, refused by the person, nor of a tag or creator they blocked."""
    index = snapshot.index
    allowed = RowSet(index.visible_bits.copy(), len(snapshot), index.visible_count)
    allowed.discard(snapshot.rows_of(np.concatenate([request.exclude_item_ids, state.hidden.ids])))
    for tag in _compact(index.tags, state.tags.with_flag(Flag.BLOCKED)):
        allowed.discard(index.posting_rows[index.posting_indptr[tag] : index.posting_indptr[tag + 1]])
    for creator in _compact(index.creators, state.creators.with_flag(Flag.BLOCKED)):
        allowed.discard(_rows_of_creator(snapshot, creator))
    return allowed


def _of_creators(snapshot: ItemSnapshot, allowed: RowSet, creators: NDArray[np.int64]) -> RowSet:
    """Those of ``allowed`` that are of one of the ``creators``."""
    result = RowSet.none(allowed.size)
    for creator in creators:
        rows = _rows_of_creator(snapshot, creator)
        result.include(rows[allowed[rows]])
    return result


def _rows_of_creator(snapshot: ItemSnapshot, creator: np.int64) -> NDArray[np.int32]:
    index = snapshot.index
    return index.creator_rows[index.creator_indptr[creator] : index.creator_indptr[creator + 1]]


def _positions(sorted_ids: NDArray[np.integer], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    if not sorted_ids.size:
        return np.full(ids.size, -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(sorted_ids, ids), sorted_ids.size - 1)
    return np.where(sorted_ids[found] == ids, found, -1)


def _compact(sorted_ids: NDArray[np.integer], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    found = _positions(sorted_ids, ids)
    return found[found >= 0]


def _tag_intensity(
    snapshot: ItemSnapshot, state: UserState, now_ms: int, params: EngineParams
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    intensity = intensities(state.tags, now_ms, params.state)
    pinned = (state.tags.flags & Flag.PINNED) != 0
    intensity[pinned] = np.maximum(intensity[pinned], params.state.pinned_intensity)
    intensity = np.where(intensity < 0, intensity * params.state.aversion, intensity)
    found = _positions(snapshot.index.tags, state.tags.keys)
    known = found >= 0 if state.personalised else np.zeros(found.size, dtype=np.bool_)
    return found[known].astype(np.int32), intensity[known]


def _affinity(
    sorted_ids: NDArray[np.integer],
    table: InterestTable,
    now_ms: int,
    params: EngineParams,
    personalised: bool,
) -> SparseColumn:
    if not personalised:
        return SparseColumn(np.empty(0, np.int64), np.empty(0, np.float32))
    found = _positions(sorted_ids, table.keys)
    score = intensities(table, now_ms, params.state) @ np.asarray(params.state.shares)
    known = found >= 0
    # the keys of a table ascend, and so do their places
    return SparseColumn(found[known], score[known].astype(np.float32))


def _recent_rows(snapshot: ItemSnapshot, state: UserState, request: Request, params: EngineParams) -> NDArray[np.int32]:
    spacing = params.spacing
    count = max(spacing.creator_gap, spacing.seller_gap, spacing.commerce_gap) - 1
    recent = request.previous_item_ids
    if not recent.size and request.surface == Surface.FOR_YOU:
        recent = state.events.last_items(Signal.IMPRESSION, count)
    rows = snapshot.rows_of(recent[max(0, recent.size - count) :])
    return rows[rows >= 0]
