"""The traffic pools in service: counted from the log, judged with each snapshot, written down for who wants to know why.

The book lies in the same file as the position up to which the log was read, so a crash neither loses nor repeats an
exposure. The tables are written before that file: after a crash the same moves come again and change nothing.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from xingqu.engine.coldstart.params import Stage
from xingqu.engine.coldstart.pools import Move, PoolBook, reference_quality
from xingqu.engine.columns import Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.models import PoolItem, PoolMove
from xingqu.interest.storage import PARAMS

_ROWS_AT_ONCE = 200


def observe_pools(book: PoolBook, told: SignalBatch, items: ItemSnapshot) -> None:
    """Count impressions, and what was watched and not refused, of the items in the book."""
    shown = told.kind == Signal.IMPRESSION
    watched = watched_signals(told, items, PARAMS)
    refused = told.kind == Signal.NOT_INTERESTED
    counted = shown | watched | refused
    if counted.any():
        good = watched[counted].astype(np.float64) - refused[counted]
        book.observe(told.item_id[counted], shown[counted].astype(np.float64), good)


def advance_pools(
    book: PoolBook, columns: dict[str, Any], counters: NDArray[np.float32], *, now_ms: int
) -> dict[str, NDArray[Any]]:
    """Let new contents in, let the others through the gates; returns the snapshot's pool columns. Writes the tables."""
    params, ids = PARAMS.pools, np.asarray(columns["item_id"], dtype=np.int64)
    published = np.asarray(columns.get("published_at_ms", np.zeros(ids.size)), dtype=np.int64)
    visible = np.asarray(columns.get("visible", np.ones(ids.size)), dtype=np.bool_)
    young = visible & (published > now_ms - params.enter_within_ms)
    moves = book.enter(ids[young], now_ms=now_ms)
    stage = book.columns_for(ids, now_ms=now_ms, params=params)["pool_stage"]
    reference = reference_quality(counters, stage, params)
    moves += book.judge(reference, now_ms=now_ms, params=params)
    _write(book, moves, reference)
    return book.columns_for(ids, now_ms=now_ms, params=params)


@transaction.atomic
def _write(book: PoolBook, moves: Sequence[Move], reference: float) -> None:
    moved = {move.item_id for move in moves}
    active = book.in_pool() | np.isin(book.item_id, list(moved)) if moved else book.in_pool()
    levels = PARAMS.pools.levels
    rows = []
    for row in np.flatnonzero(active).tolist():
        stage = int(book.stage[row])
        level = levels[stage - 1] if Stage.ENTRY <= stage <= Stage.BREAKOUT else levels[-1]
        rows.append(
            PoolItem(
                content_id=int(book.item_id[row]),
                stage=stage,
                why=int(book.why[row]),
                since_ms=int(book.since_ms[row]),
                impressions=_whole(book.impressions[row]),
                positives=_whole(book.positives[row]),
                impressions_all=_whole(book.impressions_all[row]),
                positives_all=_whole(book.positives_all[row]),
                benchmark=level.benchmark_share * reference,
            )
        )
    if rows:
        fields = [f.name for f in PoolItem._meta.fields if not f.primary_key]
        PoolItem.objects.bulk_create(
            rows, batch_size=_ROWS_AT_ONCE, update_conflicts=True, unique_fields=["content_id"], update_fields=fields
        )
    if moves:
        PoolMove.objects.bulk_create(
            [
                PoolMove(
                    content_id=move.item_id,
                    number=move.number,
                    at_ms=move.at_ms,
                    before=move.before,
                    after=move.after,
                    why=move.why,
                    impressions=move.impressions,
                    positives=move.positives,
                    low=move.low,
                    high=move.high,
                    benchmark=move.benchmark,
                )
                for move in moves
            ],
            batch_size=_ROWS_AT_ONCE,
            ignore_conflicts=True,
        )


def _whole(count: float) -> int:
    return max(0, round(float(count)))
