"""Items: an immutable snapshot of everything that may be recommended.

A row is an index 0..n-1 and belongs to one snapshot; ids are stable. Build a new snapshot beside the old
one and swap the reference: readers never see a half-built one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xingqu.engine.columns import Counter
from xingqu.engine.kernels import find_rows
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.models import Models
from xingqu.engine.params import SnapshotParams
from xingqu.engine.state.index import SnapshotIndex, build_index, seal

COLUMN_TYPES: dict[str, Any] = {
    "item_id": np.int64,
    "creator_id": np.int64,
    "seller_id": np.int64,
    "category_id": np.int32,
    "kind": np.int8,
    "product_id": np.int64,
    "price_minor": np.int64,
    "published_at_ms": np.int64,
    "duration_ms": np.int32,
    "visible": np.bool_,
    "pool_stage": np.int8,
    "pool_owed": np.float32,
    "rating": np.float32,
}
CSR_TYPES: dict[str, Any] = {
    "tag_indptr": np.int64,
    "tag_ids": np.int32,
    "tag_weights": np.float32,
    "covisit_indptr": np.int64,
    "covisit_rows": np.int32,
    "covisit_weights": np.float32,
}
MODEL_PREFIX = "model-"


class SnapshotError(ValueError):
    """The arrays given do not make a snapshot; the message names the array."""


@dataclass(frozen=True, eq=False)
class ItemSnapshot:
    """All arrays are ``n`` long and read-only unless noted. Make one with ``build``."""

    version: int
    built_at_ms: int
    item_id: NDArray[np.int64]  # content id, ascending, unique
    creator_id: NDArray[np.int64]
    seller_id: NDArray[np.int64]  # 0: none
    category_id: NDArray[np.int32]
    kind: NDArray[np.int8]  # columns.Kind
    product_id: NDArray[np.int64]  # 0: no anchor, not commerce
    price_minor: NDArray[np.int64]
    published_at_ms: NDArray[np.int64]
    duration_ms: NDArray[np.int32]
    visible: NDArray[np.bool_]
    pool_stage: NDArray[np.int8]  # coldstart.params.Stage
    pool_owed: NDArray[np.float32]  # guaranteed exposures not had in time, as a share of the guarantee
    rating: NDArray[np.float32]  # stars of the product above the site's mean, see state.rating; 0: nothing to say
    counters: NDArray[np.float32]  # (n, len(Counter)), decayed
    tag_indptr: NDArray[np.int64]  # (n + 1,)
    tag_ids: NDArray[np.int32]  # (links,), the platform's ids, ascending within an item
    tag_weights: NDArray[np.float32]  # (links,), positive
    covisit_indptr: NDArray[np.int64]  # (n + 1,)
    covisit_rows: NDArray[np.int32]  # best first within an item
    covisit_weights: NDArray[np.float32]
    index: SnapshotIndex = field(repr=False)
    models: Models = field(default_factory=Models, repr=False)  # over the same rows

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        return int(self.item_id.size)

    @classmethod
    def build(
        cls,
        *,
        version: int,
        built_at_ms: int,
        item_id: ArrayLike,
        creator_id: ArrayLike,
        tag_indptr: ArrayLike,
        tag_ids: ArrayLike,
        tag_weights: ArrayLike | None = None,
        params: SnapshotParams | None = None,
        models: Models | None = None,
        **optional: ArrayLike,
    ) -> ItemSnapshot:
        """Check, sort by ``item_id`` and index the arrays.

        ``optional`` takes the other fields of the class; a missing one is all zero (``visible``: all true;
        ``covisit_*``: no neighbours). ``covisit_rows`` are rows of the arrays as given and are mapped.
        ``models`` may be those of an older snapshot: they are laid over the new rows.
        Raises SnapshotError when lengths differ, ids repeat, a CSR is malformed or a number is not finite.
        """
        ids = np.asarray(item_id, dtype=np.int64)
        links = np.asarray(tag_ids)
        given: dict[str, Any] = {
            "item_id": ids,
            "creator_id": creator_id,
            "tag_indptr": tag_indptr,
            "tag_ids": links,
            "tag_weights": np.ones(links.size, np.float32) if tag_weights is None else tag_weights,
            **optional,
        }
        unknown = set(given) - set(COLUMN_TYPES) - set(CSR_TYPES) - {"counters"}
        if unknown:
            raise SnapshotError(f"unknown arrays: {sorted(unknown)}")
        arrays = _sorted_columns(given, np.argsort(ids, kind="stable"))
        _check(arrays)
        index = build_index(arrays, built_at_ms=built_at_ms, params=params or SnapshotParams())
        tags = ItemTags(arrays["item_id"], arrays["tag_indptr"], arrays["tag_ids"])
        learned = (models or Models()).aligned(tags)
        return cls(version=version, built_at_ms=built_at_ms, index=index, models=learned, **arrays)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything ``from_arrays`` needs, as plain arrays (scalars 0-dimensional)."""
        plain = {f.name: np.asarray(getattr(self, f.name)) for f in fields(self) if f.name not in ("index", "models")}
        return plain | {MODEL_PREFIX + name: array for name, array in self.models.to_arrays().items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], *, params: SnapshotParams | None = None) -> ItemSnapshot:
        """Inverse of ``to_arrays``; the derived index is rebuilt."""
        models = models_in(arrays)
        rest: dict[str, Any] = {
            name: array
            for name, array in arrays.items()
            if name not in ("version", "built_at_ms") and not name.startswith(MODEL_PREFIX)
        }
        rest["counters"] = widened(rest["counters"])
        version, built_at_ms = int(arrays["version"]), int(arrays["built_at_ms"])
        return cls.build(version=version, built_at_ms=built_at_ms, params=params, models=models, **rest)

    def rows_of(self, item_ids: ArrayLike) -> NDArray[np.int32]:
        """Row of each id, -1 where unknown."""
        wanted = np.array(item_ids, dtype=np.int64)
        rows: NDArray[np.int32] = find_rows(self.item_id, self.index.id_starts, self.index.id_shift, wanted)
        return rows


def widened(counters: NDArray[Any]) -> NDArray[Any]:
    """(n, len(Counter)): counters of an older release, which had fewer of them, with 0 for what it did not count."""
    missing = len(Counter) - counters.shape[1]
    return np.pad(counters, ((0, 0), (0, missing))) if missing > 0 else counters


def models_in(arrays: Mapping[str, NDArray[Any]]) -> Models:
    """The models among a snapshot's arrays."""
    return Models.from_arrays(
        {n.removeprefix(MODEL_PREFIX): a for n, a in arrays.items() if n.startswith(MODEL_PREFIX)}
    )


def _sorted_columns(given: dict[str, Any], order: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    size = order.size
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype in COLUMN_TYPES.items():
        default = np.ones(size, np.bool_) if name == "visible" else np.zeros(size, dtype)
        column = np.asarray(given.get(name, default)).astype(dtype)
        if column.shape != (size,):
            raise SnapshotError(f"{name} has shape {column.shape}, expected ({size},)")
        arrays[name] = column[order]
    counters = np.asarray(given.get("counters", np.zeros((size, len(Counter)))), dtype=np.float32)
    if counters.shape != (size, len(Counter)):
        raise SnapshotError(f"counters has shape {counters.shape}, expected ({size}, {len(Counter)})")
    arrays["counters"] = np.ascontiguousarray(counters[order])
    empty = {"covisit_indptr": np.zeros(size + 1), "covisit_rows": [], "covisit_weights": []}
    for stem, columns in (("tag", "tag_ids"), ("covisit", "covisit_rows")):
        names = (f"{stem}_indptr", columns, f"{stem}_weights")
        csr = [np.asarray(given.get(name, empty.get(name))).astype(CSR_TYPES[name]) for name in names]
        for name, array in zip(names, _permuted_csr(stem, csr[0], csr[1], csr[2], order), strict=True):
            arrays[name] = array
    inverse = np.empty(size, dtype=np.int32)
    inverse[order] = np.arange(size, dtype=np.int32)
    rows = arrays["covisit_rows"]
    if rows.size and (rows.min() < 0 or rows.max() >= size):
        raise SnapshotError("covisit_rows names a row that does not exist")
    arrays["covisit_rows"] = inverse[rows]
    return arrays


def _permuted_csr(
    stem: str,
    indptr: NDArray[np.int64],
    columns: NDArray[Any],
    weights: NDArray[Any],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[Any], NDArray[Any]]:
    lengths = np.diff(indptr)
    if indptr.size != order.size + 1 or indptr[0] != 0 or (lengths < 0).any():
        raise SnapshotError(f"{stem}_indptr is not a row pointer of {order.size} rows")
    if indptr[-1] != columns.size or columns.size != weights.size:
        raise SnapshotError(f"{stem} columns and weights must both be {int(indptr[-1])} long")
    new_indptr = np.zeros_like(indptr)
    np.cumsum(lengths[order], out=new_indptr[1:])
    positions = np.repeat(indptr[:-1][order] - new_indptr[:-1], lengths[order]) + np.arange(columns.size)
    return new_indptr, columns[positions], weights[positions]


def _check(arrays: dict[str, NDArray[Any]]) -> None:
    if (np.diff(arrays["item_id"]) <= 0).any():
        raise SnapshotError("item_id repeats")
    for name in ("tag_weights", "covisit_weights", "counters", "pool_owed"):
        if not np.isfinite(arrays[name]).all() or (arrays[name] < 0).any():
            raise SnapshotError(f"{name} must be finite and not negative")
    if not np.isfinite(arrays["rating"]).all():
        raise SnapshotError("rating must be finite")
    if (arrays["tag_ids"] < 0).any():
        raise SnapshotError("tag_ids must not be negative")
    row_of_link = np.repeat(np.arange(arrays["item_id"].size), np.diff(arrays["tag_indptr"]))
    order = np.lexsort((arrays["tag_ids"], row_of_link))
    tags = arrays["tag_ids"][order]
    if ((np.diff(tags) == 0) & (np.diff(row_of_link) == 0)).any():
        raise SnapshotError("an item names a tag twice")
    arrays["tag_ids"], arrays["tag_weights"] = tags, arrays["tag_weights"][order]
