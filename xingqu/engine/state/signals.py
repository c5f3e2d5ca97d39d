"""Signals into a user state: graded, spread over tags, creator and category, at three half-lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.columns import Flag, Kind, Signal
from xingqu.engine.params import EngineParams, SignalParams
from xingqu.engine.state.apply_kernels import (
    HAS_FOLLOW,
    HAS_ORDER,
    HAS_PRICED,
    HAS_REFUSAL,
    grade_events,
    lay_out,
    plain_amounts,
    since_commerce,
    tag_amounts,
    what_events_say,
)
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState

_CODES = np.arange(max(Signal) + 1)
_IS_QUANTITY = np.isin(_CODES, (Signal.ADD_TO_CART, Signal.ORDER, Signal.RETURN))
_IS_PRICED = np.isin(_CODES, (Signal.PRODUCT_CLICK, Signal.ADD_TO_CART, Signal.ORDER))
_IS_FOLLOW = np.isin(_CODES, (Signal.FOLLOW, Signal.UNFOLLOW))
_LOWEST, _HIGHEST = int(min(Signal)), int(max(Signal))
# looking a member up in its class is dearer than all that is done with it here
_NOT_INTERESTED, _ORDER = int(Signal.NOT_INTERESTED), int(Signal.ORDER)
_PRICE_MEMORY = 30.0


@dataclass(frozen=True, eq=False)
class SignalBatch:
    """One row an event; all arrays ``m`` long. The units of ``value`` stand in ``columns.Signal``.

    ``item_id`` 0 and ``creator_id`` 0 mean none, ``tag_id`` -1 means none. A creator given here is used
    where the item is not in the snapshot (a follow from a creator's page); a tag given here is used for a
    search.
    """

    kind: NDArray[np.int8]
    item_id: NDArray[np.int64]
    value: NDArray[np.float32]
    at_ms: NDArray[np.int64]
    creator_id: NDArray[np.int64]
    tag_id: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        *,
        kind: ArrayLike,
        item_id: ArrayLike,
        at_ms: ArrayLike,
        value: ArrayLike | None = None,
        creator_id: ArrayLike | None = None,
        tag_id: ArrayLike | None = None,
    ) -> SignalBatch:
        """Raises ValueError when lengths differ, a kind is unknown or a value is not finite."""
        # copies: compiled functions tell strided and read-only arrays from others
        kinds = np.array(kind, dtype=np.int8, ndmin=1)
        size = kinds.size
        batch = cls(
            kind=kinds,
            item_id=np.array(item_id, dtype=np.int64, ndmin=1),
            value=_filled(value, size, np.float32, 0),
            at_ms=np.array(at_ms, dtype=np.int64, ndmin=1),
            creator_id=_filled(creator_id, size, np.int64, 0),
            tag_id=_filled(tag_id, size, np.int32, -1),
        )
        columns = (batch.item_id, batch.value, batch.at_ms, batch.creator_id, batch.tag_id)
        if any(column.shape != (size,) for column in columns):
            raise ValueError("signal columns differ in length")
        if size and (kinds.min() < _LOWEST or kinds.max() > _HIGHEST):
            raise ValueError("unknown signal kind")
        if size and not 0 <= batch.value.min() <= batch.value.max() < np.inf:
            raise ValueError("signal values must be finite and not negative")
        return batch

    def __len__(self) -> int:
        return int(self.kind.size)


def _filled(given: ArrayLike | None, size: int, dtype: Any, default: int) -> NDArray[Any]:
    return np.full(size, default, dtype) if given is None else np.array(given, dtype=dtype, ndmin=1)


def grade_dwell(
    dwell_ms: NDArray[Any], duration_ms: NDArray[Any], kind: NDArray[Any], params: SignalParams
) -> NDArray[np.float64]:
    """How much a look says, from -1 (gone at once) over 0 (neither) to 1 (seen whole) and above (replayed).

    A look shorter than a quarter of the clip, or than two seconds, is a quick skip; the threshold is capped
    so that ten seconds of a five-minute clip do not count as one. A picture has a nominal duration.
    """
    nominal = np.where(kind == Kind.PICTURE_POST, params.picture_duration_ms, duration_ms).astype(np.float64)
    nominal = np.where(nominal <= 0, params.unknown_duration_ms, nominal)
    threshold = np.minimum(nominal * params.quick_skip_share, params.quick_skip_ceiling_ms)
    threshold = np.maximum(threshold, np.minimum(params.quick_skip_floor_ms, nominal * 0.8))
    dwell = np.asarray(dwell_ms, dtype=np.float64)
    negative = dwell / threshold - 1.0
    positive = np.minimum((dwell - threshold) / np.maximum(nominal - threshold, 1.0), 1.0)
    replay = params.replay_bonus * np.log2(np.maximum(dwell / nominal, 1.0))
    grade: NDArray[np.float64] = np.where(dwell < threshold, negative, positive + replay)
    return np.minimum(grade, params.dwell_maximum)


def grade_signals(
    batch: SignalBatch, rows: NDArray[np.int32], snapshot: ItemSnapshot, params: SignalParams
) -> NDArray[np.float64]:
    """Signed strength of each event on what it is about; 0 where it says nothing. ``rows``: -1 unknown."""
    graded: NDArray[np.float64] = grade_events(
        batch.kind,
        batch.value,
        rows,
        snapshot.duration_ms,
        snapshot.kind,
        params.strengths,
        _IS_QUANTITY,
        params.grading,
    )
    return graded


def apply_signals(
    state: UserState,
    batch: SignalBatch,
    snapshot: ItemSnapshot,
    params: EngineParams,
    *,
    now_ms: int | None = None,
) -> None:
    """Change ``state`` by the batch, in place. Late events count as if they had come in time.

    With ``now_ms`` no event counts as later than that. With personalisation off only what the person set by
    hand (follow, not interested) and what was seen is kept. Duplicates are the caller's to refuse: a signal
    applied twice counts twice (what was seen does not change).
    """
    if not len(batch):
        return
    at_ms = batch.at_ms if now_ms is None else np.minimum(batch.at_ms, now_ms)
    rows = snapshot.rows_of(batch.item_id)
    met, creator_id, category_id, has = lay_out(
        batch.kind, batch.item_id, batch.creator_id, rows, snapshot.creator_id, snapshot.category_id, _IS_PRICED
    )
    state.seen.add(batch.item_id[met], at_ms[met], params.state.seen_capacity)
    if has & HAS_REFUSAL:
        refused = (batch.kind == _NOT_INTERESTED) & (batch.item_id > 0)
        state.hidden.add(batch.item_id[refused], at_ms[refused], params.state.hidden_capacity)
    _count_since_commerce(state, batch, rows, at_ms, snapshot)
    if has & HAS_FOLLOW:
        _set_follows(state, batch.kind, creator_id, at_ms)
    if state.personalised:
        state.events_total += len(batch)
        state.events.add(batch.kind, batch.item_id, batch.value, at_ms, params.state.event_capacity)
        _learn(state, batch, _Laid(rows, creator_id, category_id, at_ms), snapshot, params)
        if has & HAS_PRICED:
            _learn_price(state, batch, rows, snapshot)
        if has & HAS_ORDER:
            bought = (rows >= 0) & (batch.kind == _ORDER)
            state.purchases.add(category_id[bought], at_ms[bought], params.state.purchase_capacity)
    state.creators.trim(params.state.creator_capacity)


@dataclass(frozen=True, eq=False)
class _Laid:
    """Where each event of a batch belongs: row (-1: unknown item), creator, category, time."""

    rows: NDArray[np.int32]
    creator_id: NDArray[np.int64]
    category_id: NDArray[np.int64]
    at_ms: NDArray[np.int64]


def _count_since_commerce(
    state: UserState,
    batch: SignalBatch,
    rows: NDArray[np.int32],
    at_ms: NDArray[np.int64],
    snapshot: ItemSnapshot,
) -> None:
    if not snapshot.product_id.size:
        return
    state.items_since_commerce = since_commerce(
        batch.kind, rows, at_ms, snapshot.product_id, state.items_since_commerce, 1_000
    )


def _set_follows(
    state: UserState, kind: NDArray[np.int8], creator_id: NDArray[np.int64], at_ms: NDArray[np.int64]
) -> None:
    follows = np.flatnonzero(_IS_FOLLOW[kind] & (creator_id > 0))
    for i in follows[np.argsort(at_ms[follows], kind="stable")]:
        state.creators.set_flag(int(creator_id[i]), Flag.FOLLOWED, bool(kind[i] == Signal.FOLLOW))


def _learn(state: UserState, batch: SignalBatch, laid: _Laid, snapshot: ItemSnapshot, params: EngineParams) -> None:
    limits, signals, kind = params.state, params.signals, batch.kind
    rows, at_ms, gains, half_lives = laid.rows, laid.at_ms, signals.gains, limits.half_lives
    effects, telling = what_events_say(
        kind,
        batch.value,
        rows,
        snapshot.duration_ms,
        snapshot.kind,
        signals.strengths,
        _IS_QUANTITY,
        signals.grading,
        signals.refusals,
    )
    if telling:
        links = (snapshot.tag_indptr, snapshot.tag_ids, snapshot.index.tag_shares)
        state.tags.add(*tag_amounts(kind, rows, batch.tag_id, at_ms, effects, gains, *links), half_lives)
        state.tags.trim(limits.tag_capacity)
        state.creators.add(*plain_amounts(laid.creator_id, rows, kind, at_ms, effects, 1, gains), half_lives)
        state.categories.add(*plain_amounts(laid.category_id, rows, kind, at_ms, effects, 2, gains), half_lives)
        state.categories.trim(limits.category_capacity)
    model = snapshot.models.clusters
    if model is not None:
        # which clusters of interest the person met and took to; not what they turned from, which is forgotten in time
        clusters = (model.item_cluster, model.cluster_id)
        state.clusters.count(kind, rows, effects, at_ms, clusters, limits.cluster_capacity)


def _learn_price(state: UserState, batch: SignalBatch, rows: NDArray[np.int32], snapshot: ItemSnapshot) -> None:
    for i in np.flatnonzero(_IS_PRICED[batch.kind] & (rows >= 0)):
        price = int(snapshot.price_minor[rows[i]])
        if price > 0:
            keep = 1.0 - 1.0 / _PRICE_MEMORY
            state.price_log_sum = state.price_log_sum * keep + float(np.log(price))
            state.price_weight = state.price_weight * keep + 1.0
