"""Signals into a user state: graded, spread over tags, creator and category, at three half-lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.columns import Flag, Kind, Signal
from xingqu.engine.params import EngineParams, ReasonEffect, SignalParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState

_CODES = np.arange(max(Signal) + 1)
_IS_QUANTITY = np.isin(_CODES, (Signal.ADD_TO_CART, Signal.ORDER, Signal.RETURN))
_IS_PRICED = np.isin(_CODES, (Signal.PRODUCT_CLICK, Signal.ADD_TO_CART, Signal.ORDER))
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
        kinds = np.atleast_1d(np.asarray(kind, dtype=np.int8))
        size = kinds.size
        batch = cls(
            kind=kinds,
            item_id=np.atleast_1d(np.asarray(item_id, dtype=np.int64)),
            value=_filled(value, size, np.float32, 0),
            at_ms=np.atleast_1d(np.asarray(at_ms, dtype=np.int64)),
            creator_id=_filled(creator_id, size, np.int64, 0),
            tag_id=_filled(tag_id, size, np.int32, -1),
        )
        columns = (batch.item_id, batch.value, batch.at_ms, batch.creator_id, batch.tag_id)
        if any(column.shape != (size,) for column in columns):
            raise ValueError("signal columns differ in length")
        if size and (kinds.min() < min(Signal) or kinds.max() > max(Signal)):
            raise ValueError("unknown signal kind")
        if not np.isfinite(batch.value).all() or (batch.value < 0).any():
            raise ValueError("signal values must be finite and not negative")
        return batch

    def __len__(self) -> int:
        return int(self.kind.size)


def _filled(given: ArrayLike | None, size: int, dtype: Any, default: int) -> NDArray[Any]:
    return np.full(size, default, dtype) if given is None else np.atleast_1d(np.asarray(given, dtype=dtype))


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
    strengths = params.strengths[batch.kind]
    many = _IS_QUANTITY[batch.kind]
    if many.any():
        units = np.maximum(batch.value[many], 1.0)
        strengths[many] *= np.minimum(1.0 + np.log2(units), params.quantity_maximum)
    completed = batch.kind == Signal.COMPLETION
    if completed.any():
        plays = np.clip(batch.value[completed], 1.0, 8.0)
        strengths[completed] *= 1.0 + params.replay_bonus * np.log2(plays)
    looked = (batch.kind == Signal.DWELL) | (batch.kind == Signal.SKIP)
    if looked.any() and len(snapshot):
        safe = np.maximum(rows[looked], 0)
        grade = grade_dwell(batch.value[looked], snapshot.duration_ms[safe], snapshot.kind[safe], params)
        dwell = np.where(grade < 0, grade * params.dwell_negative, grade * params.dwell_positive)
        # a swipe says "enough": early it is a refusal, late it is nothing
        skip = np.minimum(grade, 0.0) * params.skip_negative
        strengths[looked] = np.where(batch.kind[looked] == Signal.DWELL, dwell, skip)
    return strengths


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
    met = (batch.item_id > 0) & (batch.kind != Signal.SEARCH)
    state.seen.add(batch.item_id[met], at_ms[met], params.state.seen_capacity)
    refused = (batch.kind == Signal.NOT_INTERESTED) & (batch.item_id > 0)
    state.hidden.add(batch.item_id[refused], at_ms[refused], params.state.hidden_capacity)
    _count_since_commerce(state, batch, rows, at_ms, snapshot)
    creator_id = np.where(rows >= 0, snapshot.creator_id[np.maximum(rows, 0)] if len(snapshot) else 0, batch.creator_id)
    _set_follows(state, batch.kind, creator_id, at_ms)
    if state.personalised:
        state.events_total += len(batch)
        state.events.add(batch.kind, batch.item_id, batch.value, at_ms, params.state.event_capacity)
        _learn(state, batch, rows, creator_id, at_ms, snapshot, params)
        _learn_price(state, batch, rows, snapshot)
    state.creators.trim(params.state.creator_capacity)


def _count_since_commerce(
    state: UserState,
    batch: SignalBatch,
    rows: NDArray[np.int32],
    at_ms: NDArray[np.int64],
    snapshot: ItemSnapshot,
) -> None:
    shown = np.flatnonzero((batch.kind == Signal.IMPRESSION) & (rows >= 0))
    if not shown.size:
        return
    ordered = rows[shown[np.argsort(at_ms[shown], kind="stable")]]
    commerce = np.flatnonzero(snapshot.product_id[ordered] != 0)
    since = ordered.size - 1 - int(commerce[-1]) if commerce.size else state.items_since_commerce + ordered.size
    state.items_since_commerce = min(since, 1_000)


def _set_follows(
    state: UserState, kind: NDArray[np.int8], creator_id: NDArray[np.int64], at_ms: NDArray[np.int64]
) -> None:
    follows = np.flatnonzero(((kind == Signal.FOLLOW) | (kind == Signal.UNFOLLOW)) & (creator_id > 0))
    for i in follows[np.argsort(at_ms[follows], kind="stable")]:
        state.creators.set_flag(int(creator_id[i]), Flag.FOLLOWED, bool(kind[i] == Signal.FOLLOW))


def _learn(
    state: UserState,
    batch: SignalBatch,
    rows: NDArray[np.int32],
    creator_id: NDArray[np.int64],
    at_ms: NDArray[np.int64],
    snapshot: ItemSnapshot,
    params: EngineParams,
) -> None:
    limits, signals = params.state, params.signals
    on_tags = grade_signals(batch, rows, snapshot, signals)
    on_creator, on_category = on_tags.copy(), on_tags.copy()
    for i in np.flatnonzero(batch.kind == Signal.NOT_INTERESTED):
        effect = _effect(signals, float(batch.value[i]))
        on_tags[i], on_creator[i], on_category[i] = effect.tags, effect.creator, effect.category
    # following says who, not what
    about_person = (batch.kind == Signal.FOLLOW) | (batch.kind == Signal.UNFOLLOW)
    on_tags[about_person] *= 0.3
    on_category[about_person] = 0.0
    gains = signals.gains[batch.kind]

    event, link = _links(np.where((rows >= 0) & (on_tags != 0), rows, -1), snapshot.tag_indptr)
    searched = np.flatnonzero((batch.kind == Signal.SEARCH) & (batch.tag_id >= 0))
    keys = np.concatenate([snapshot.tag_ids[link], batch.tag_id[searched]]).astype(np.int64)
    amount = np.concatenate([on_tags[event] * snapshot.index.tag_shares[link], on_tags[searched]])
    source = np.concatenate([event, searched])
    state.tags.add(keys, amount[:, None] * gains[source], at_ms[source], limits.half_lives_ms)
    state.tags.trim(limits.tag_capacity)

    who = (creator_id > 0) & (on_creator != 0)
    state.creators.add(creator_id[who], on_creator[who, None] * gains[who], at_ms[who], limits.half_lives_ms)
    what = (rows >= 0) & (on_category != 0)
    categories = snapshot.category_id[rows[what]].astype(np.int64)
    state.categories.add(categories, on_category[what, None] * gains[what], at_ms[what], limits.half_lives_ms)
    state.categories.trim(limits.category_capacity)
    bought = (rows >= 0) & (batch.kind == Signal.ORDER)
    categories = snapshot.category_id[rows[bought]].astype(np.int64)
    state.purchases.add(categories, at_ms[bought], limits.purchase_capacity)
    _count_clusters(state, batch, rows, on_tags, at_ms, snapshot, params)


def _count_clusters(
    state: UserState,
    batch: SignalBatch,
    rows: NDArray[np.int32],
    strength: NDArray[np.float64],
    at_ms: NDArray[np.int64],
    snapshot: ItemSnapshot,
    params: EngineParams,
) -> None:
    """Which clusters of interest the person met and took to; not what they turned from, which is forgotten in time."""
    model = snapshot.models.clusters
    if model is None:
        return
    shown = batch.kind == Signal.IMPRESSION
    met = np.flatnonzero((rows >= 0) & (shown | (strength > 0)))
    cluster = model.item_cluster[rows[met]]
    met, cluster = met[cluster >= 0], cluster[cluster >= 0]
    liked = np.maximum(strength[met], 0.0)
    state.clusters.add(model.cluster_id[cluster], liked, shown[met], at_ms[met], params.state.cluster_capacity)


def _effect(signals: SignalParams, reason: float) -> ReasonEffect:
    return signals.not_interested.get(int(reason), signals.not_interested[0])


def _links(rows: NDArray[np.int32], indptr: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(event, link) for every link of every known row."""
    known = np.flatnonzero(rows >= 0)
    start = indptr[rows[known]]
    length = indptr[rows[known] + 1] - start
    event = np.repeat(known, length)
    offset = np.repeat(start - np.concatenate([[0], np.cumsum(length)[:-1]]), length) if known.size else start
    return event, offset + np.arange(event.size)


def _learn_price(state: UserState, batch: SignalBatch, rows: NDArray[np.int32], snapshot: ItemSnapshot) -> None:
    for i in np.flatnonzero(_IS_PRICED[batch.kind] & (rows >= 0)):
        price = int(snapshot.price_minor[rows[i]])
        if price > 0:
            keep = 1.0 - 1.0 / _PRICE_MEMORY
            state.price_log_sum = state.price_log_sum * keep + float(np.log(price))
            state.price_weight = state.price_weight * keep + 1.0
