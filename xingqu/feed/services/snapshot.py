"""The item snapshot, built here because it joins contents with what interest learned, and the two do not know each other.

A fact marks the snapshot dirty in a file, so that any process may; the worker looks every second and builds. Changed
contents are read by their time of change; everything is read anew when a product changed and now and then anyway, and what
buyers say of products with it.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings

from xingqu.content import selectors as content
from xingqu.content.contracts import SnapshotRow
from xingqu.engine.state.rating import RatingParams, shrunk_ratings
from xingqu.interest import services as interest
from xingqu.kit import clock
from xingqu.review import selectors as reviews

log = logging.getLogger(__name__)
LEARN_EVERY_S: Final = 10.0  # counters enter a new snapshot this often when there is something new
ALL_EVERY_S: Final = 600.0
REST_FACTOR: Final = 3.0  # after a build rest this many times as long as it took
REST_AFTER_FAILURE_S: Final = 10.0
DESCRIBE_S: Final = 2.0  # texts are encoded for so long at a time
OVERLAP: Final = timedelta(seconds=30)  # a transaction may commit later than the time it wrote
KIND_CODE: Final = {"video": 0, "picture": 1}


@dataclass
class Builder:
    """What the building process remembers from one build to the next."""

    rows: dict[int, SnapshotRow] = field(default_factory=dict)
    ratings: dict[int, float] = field(default_factory=dict)
    since: datetime | None = None
    built_at_s: float = 0.0
    all_read_at_s: float = 0.0
    rest_until_s: float = 0.0
    learned_since_build: int = 0
    described: bool = True  # whether every text known of was encoded
    lock: threading.Lock = field(default_factory=threading.Lock)


_builders: dict[tuple[Path, int], Builder] = {}


def mark_dirty(*, everything: bool = False) -> None:
    """Ask for a new snapshot; `everything` also has the contents read anew that did not change themselves."""
    (_folder() / ("dirty-all" if everything else "dirty")).touch()


def rebuild_snapshot() -> int:
    """Read every content and publish a snapshot now; returns its version."""
    builder = _builder()
    with builder.lock:
        interest.learn_from_log()
        return _build(builder, everything=True)


def build_if_due() -> int | None:
    """Publish a snapshot when something asks for one; returns its version, None when nothing does. For the worker."""
    builder, now_s = _builder(), time.monotonic()
    if now_s < builder.rest_until_s:
        return None
    with builder.lock:
        stale = builder.since is None or now_s - builder.all_read_at_s > ALL_EVERY_S
        everything = _take_mark("dirty-all") or stale
        changed = _take_mark("dirty") or everything
        learn_due = now_s - builder.built_at_s >= LEARN_EVERY_S
        if changed or learn_due:
            builder.learned_since_build += interest.learn_from_log()
        if not changed and not (learn_due and builder.learned_since_build):
            _describe(builder)
            return None
        builder.described = False
        return _build(builder, everything=everything)


def _describe(builder: Builder) -> None:
    """When there is nothing to build: what the contents are about, until that is told of all of them."""
    if builder.described:
        return
    texts = {pk: row.text for pk, row in builder.rows.items() if row.visible}
    builder.described = interest.describe_contents(texts=texts, budget_s=DESCRIBE_S) == 0


def _build(builder: Builder, *, everything: bool) -> int:
    started_s, read_at = time.monotonic(), clock.now()
    try:
        if everything:
            builder.rows = {row.content_id: row for row in content.snapshot_rows()}
            builder.ratings = product_ratings()
            builder.all_read_at_s = started_s
        else:
            builder.rows |= {row.content_id: row for row in content.snapshot_rows(since=builder.since)}
        rows = [builder.rows[pk] for pk in sorted(builder.rows)]
        version = interest.publish_snapshot(columns_of(rows, builder.ratings))
    except BaseException:
        mark_dirty(everything=everything)
        builder.rest_until_s = time.monotonic() + REST_AFTER_FAILURE_S
        raise
    builder.since = read_at - OVERLAP
    builder.built_at_s, builder.learned_since_build = started_s, 0
    spent_s = time.monotonic() - started_s
    builder.rest_until_s = started_s + spent_s * (1 + REST_FACTOR)
    log.info("snapshot %s: %s contents in %.2f s", version, len(builder.rows), spent_s)
    return version


def product_ratings() -> dict[int, float]:
    """By product: its reviews' shrunk mean, in stars above the site's. One statement, whatever there is to read."""
    sums = np.array(reviews.score_sums(), dtype=np.int64).reshape(-1, 3)
    gaps = shrunk_ratings(sums[:, 1], sums[:, 2], RatingParams())
    return dict(zip(sums[:, 0].tolist(), gaps.tolist(), strict=True))


def columns_of(rows: list[SnapshotRow], ratings: Mapping[int, float]) -> dict[str, Any]:
    """Columns of `ItemSnapshot.build` from rows by ascending content id. A tag named twice counts once, the heavier."""
    tags = [_tags_of(row) for row in rows]
    indptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(weights) for weights in tags], out=indptr[1:])
    return {
        "item_id": np.array([row.content_id for row in rows], dtype=np.int64),
        "creator_id": np.array([row.creator_id for row in rows], dtype=np.int64),
        "seller_id": np.array([row.shop_id for row in rows], dtype=np.int64),
        "category_id": np.array([row.category_id for row in rows], dtype=np.int32),
        "kind": np.array([KIND_CODE[row.kind] for row in rows], dtype=np.int8),
        "product_id": np.array([row.product_id for row in rows], dtype=np.int64),
        "price_minor": np.array([row.price_minor for row in rows], dtype=np.int64),
        "published_at_ms": np.array([row.published_at_ms for row in rows], dtype=np.int64),
        "duration_ms": np.array([row.duration_ms for row in rows], dtype=np.int32),
        "rating": np.array([ratings.get(row.product_id, 0.0) for row in rows], dtype=np.float32),
        "visible": np.array([row.visible for row in rows], dtype=np.bool_),
        "tag_indptr": indptr,
        "tag_ids": np.array([tag_id for weights in tags for tag_id in weights], dtype=np.int32),
        "tag_weights": np.array([weight for weights in tags for weight in weights.values()], dtype=np.float32),
    }


def _tags_of(row: SnapshotRow) -> dict[int, float]:
    weights: dict[int, float] = {}
    for tag_id, weight in zip(row.tag_ids, row.tag_weights, strict=True):
        if weight > weights.get(tag_id, 0.0):
            weights[tag_id] = weight
    return weights


def _folder() -> Path:
    folder = Path(settings.HOME) / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _take_mark(name: str) -> bool:
    try:
        (_folder() / name).unlink()
    except FileNotFoundError:
        return False
    return True


def _builder() -> Builder:
    return _builders.setdefault((_folder(), os.getpid()), Builder())
