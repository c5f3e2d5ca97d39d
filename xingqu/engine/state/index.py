"""What is derived from a snapshot's arrays once, so that a request does not have to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import COMMERCE_HEADS, Counter, Head
from xingqu.engine.params import SnapshotParams, ValueParams
from xingqu.engine.state.rating import rated


@dataclass(frozen=True, eq=False)
class SnapshotIndex:
    """``t`` tags, ``c`` creators, ``g`` categories are numbered compactly within the snapshot."""

    tags: NDArray[np.int32]  # (t,) the platform's tag ids, ascending
    tag_rows: NDArray[np.int32]  # (links,) compact tag of each link
    tag_vectors: NDArray[np.float32]  # (links,) idf-weighted, unit length per item
    tag_shares: NDArray[np.float32]  # (links,) as weighted by the platform, unit length per item
    idf: NDArray[np.float32]  # (t,)
    posting_indptr: NDArray[np.int64]  # (t + 1,)
    posting_rows: NDArray[np.int32]  # items of a tag, most promising first
    posting_vectors: NDArray[np.float32]
    neighbour_indptr: NDArray[np.int64]  # (t + 1,)
    neighbour_tags: NDArray[np.int32]  # compact, closest first
    neighbour_weights: NDArray[np.float32]
    creators: NDArray[np.int64]  # (c,) ascending
    creator_index: NDArray[np.int32]  # (n,)
    creator_indptr: NDArray[np.int64]
    creator_rows: NDArray[np.int32]  # newest first within a creator
    categories: NDArray[np.int32]  # (g,) ascending
    category_index: NDArray[np.int32]  # (n,)
    prior_logit: NDArray[np.float32]  # (n, heads) smoothed log-odds; -inf where a head cannot happen
    quality: NDArray[np.float32]  # (n,) lower confidence bound of the value rate, and what buyers say
    value_mean: NDArray[np.float32]  # (n,) posterior mean of the value rate
    value_deviation: NDArray[np.float32]  # (n,) its posterior deviation
    popular_content: NDArray[np.int32]  # rows without product, best quality first
    popular_commerce: NDArray[np.int32]
    category_indptr: NDArray[np.int64]  # (g + 1,)
    category_rows: NDArray[np.int32]  # rows with a product by category, best quality first
    newest: NDArray[np.int32]  # (n,) rows by publication, newest first
    newest_negated_ms: NDArray[np.int64]  # (n,) their times, negated: ascending
    content_share: float  # of visible items, those without a product
    id_starts: NDArray[np.int32]  # row of the first id of each stretch of 2 ** ``id_shift`` ids, from the lowest id on
    id_shift: int
    visible_bits: NDArray[np.uint8]  # a bit a row, the lowest first
    visible_count: int
    rows_32: NDArray[np.int32]  # (n,) 0..n-1

    def __post_init__(self) -> None:
        seal(self)


def seal(holder: Any) -> None:
    """Make the arrays of a dataclass read-only, wherever they came from.

    They are shared between requests; and compiled functions tell read-only arrays from others, so that a
    snapshot read from a file must look like one freshly built or everything is compiled a second time.
    """
    for item in fields(holder):
        value = getattr(holder, item.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)


def build_index(arrays: Mapping[str, NDArray[Any]], *, built_at_ms: int, params: SnapshotParams) -> SnapshotIndex:
    """Derive the index; a second or so for 100,000 items of 8 tags."""
    size = arrays["item_id"].size
    prior_logit, mean, deviation = _value_rates(arrays, params)
    quality = rated(mean - np.float32(params.confidence_z) * deviation, arrays["rating"], params.rating)
    tie = _scatter(arrays["item_id"])
    by_quality = np.lexsort((tie, -quality)).astype(np.int32)
    is_commerce = arrays["product_id"] != 0
    parts: dict[str, Any] = _tag_parts(arrays, quality, params)
    creators, creator_index = np.unique(arrays["creator_id"], return_inverse=True)
    creator_order = np.lexsort((-arrays["published_at_ms"], creator_index)).astype(np.int32)
    categories, category_index = np.unique(arrays["category_id"], return_inverse=True)
    popular_commerce = by_quality[is_commerce[by_quality]]
    category_order = popular_commerce[np.argsort(category_index[popular_commerce], kind="stable")]
    newest = np.lexsort((tie, -arrays["published_at_ms"])).astype(np.int32)
    visible = arrays["visible"]
    return SnapshotIndex(
        creators=creators,
        creator_index=creator_index.astype(np.int32),
        creator_indptr=_pointer(creator_index, creators.size),
        creator_rows=creator_order,
        categories=categories,
        category_index=category_index.astype(np.int32),
        prior_logit=prior_logit,
        quality=quality,
        value_mean=mean,
        value_deviation=deviation,
        popular_content=by_quality[~is_commerce[by_quality]],
        popular_commerce=popular_commerce,
        category_indptr=_pointer(category_index[popular_commerce], categories.size),
        category_rows=category_order,
        newest=newest,
        newest_negated_ms=-arrays["published_at_ms"][newest],
        content_share=float((visible & ~is_commerce).sum() / max(1, visible.sum())),
        **id_table(arrays["item_id"]),
        visible_bits=np.packbits(visible, bitorder="little"),
        visible_count=int(visible.sum()),
        rows_32=np.arange(size, dtype=np.int32),
        **parts,
    )


def id_table(item_id: NDArray[np.int64]) -> dict[str, Any]:
    """Where to start to look for an id: about four ids a stretch where ids are dense."""
    if not item_id.size:
        return {"id_starts": np.zeros(1, dtype=np.int32), "id_shift": 0}
    span = int(item_id[-1]) - int(item_id[0])
    shift = (span // max(1, item_id.size // 4)).bit_length()
    stretch = (item_id - item_id[0]) >> shift
    starts = np.searchsorted(stretch, np.arange((span >> shift) + 2)).astype(np.int32)
    return {"id_starts": starts, "id_shift": shift}


def _pointer(groups: NDArray[Any], count: int) -> NDArray[np.int64]:
    pointer = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(groups, minlength=count), out=pointer[1:])
    return pointer


def _scatter(ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A fixed shuffle of ids, so that ties do not favour whoever was listed first."""
    mixed = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    scattered: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return scattered


def _value_rates(
    arrays: Mapping[str, NDArray[Any]], params: SnapshotParams
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Smoothed log-odds per head, and the value rate's posterior mean and deviation.

    Each rate is a beta posterior whose prior mean is the catalogue's own rate (itself held near the
    stated prior until there is data); few impressions therefore mean "unknown", not "best" or "worst".
    """
    counters = arrays["counters"].astype(np.float64)
    impressions = counters[:, Counter.IMPRESSIONS]
    is_commerce = arrays["product_id"] != 0
    weights = ValueParams().weight
    logits = np.empty((impressions.size, len(Head)), dtype=np.float32)
    mean = np.zeros(impressions.size)
    variance = np.zeros(impressions.size)
    for head in Head:
        possible = is_commerce if head in COMMERCE_HEADS else np.ones_like(is_commerce)
        # decayed counters may briefly exceed the impressions they belong to
        hits = np.minimum(counters[:, head + 1], impressions)
        strength = params.prior_rate_impressions
        overall = (hits[possible].sum() + params.prior_rate[head] * strength) / (impressions[possible].sum() + strength)
        total = impressions + params.prior_impressions
        rate = np.clip((hits + overall * params.prior_impressions) / total, 1e-6, 1 - 1e-6)
        logits[:, head] = np.where(possible, np.log(rate / (1 - rate)), -np.inf)
        mean += np.where(possible, weights[head] * rate, 0.0)
        variance += np.where(possible, weights[head] ** 2 * rate * (1 - rate) / (total + 1), 0.0)
    return logits, mean.astype(np.float32), np.sqrt(variance).astype(np.float32)


def _tag_parts(
    arrays: Mapping[str, NDArray[Any]], quality: NDArray[np.float32], params: SnapshotParams
) -> dict[str, NDArray[Any]]:
    size = arrays["item_id"].size
    tags, inverse = np.unique(arrays["tag_ids"], return_inverse=True)
    tag_rows = inverse.astype(np.int32)
    item_of_link = np.repeat(np.arange(size, dtype=np.int32), np.diff(arrays["tag_indptr"]))
    frequency = np.bincount(tag_rows, minlength=tags.size)
    # Robertson and Sparck Jones's form, kept positive: a tag on every item still carries a little
    idf = np.log1p((size - frequency + 0.5) / (frequency + 0.5)) + 0.05
    shares = _unit_rows(arrays["tag_weights"].astype(np.float64), item_of_link, size)
    vectors = _unit_rows(arrays["tag_weights"] * idf[tag_rows], item_of_link, size)
    order = np.lexsort((-quality[item_of_link], tag_rows))
    neighbours = _neighbours(tag_rows, item_of_link, frequency, params)
    return {
        "tags": tags.astype(np.int32),
        "tag_rows": tag_rows,
        "tag_vectors": vectors,
        "tag_shares": shares,
        "idf": idf.astype(np.float32),
        "posting_indptr": _pointer(tag_rows, tags.size),
        "posting_rows": item_of_link[order],
        "posting_vectors": vectors[order],
        **neighbours,
    }


def _unit_rows(weights: NDArray[Any], row_of_link: NDArray[np.int32], size: int) -> NDArray[np.float32]:
    norm = np.sqrt(np.bincount(row_of_link, weights=weights**2, minlength=size))
    unit: NDArray[np.float32] = (weights / np.maximum(norm[row_of_link], 1e-12)).astype(np.float32)
    return unit


def _neighbours(
    tag_rows: NDArray[np.int32],
    item_of_link: NDArray[np.int32],
    frequency: NDArray[np.int64],
    params: SnapshotParams,
) -> dict[str, NDArray[Any]]:
    """Tags that stand on the same items: cosine of their item sets, closest first, per tag."""
    count = frequency.size
    last = item_of_link[-1] if item_of_link.size else 0
    # an even sample of items is enough to know which tags keep company
    stride = int(last) // params.neighbour_items_limit + 1
    sampled = item_of_link % stride == 0
    tags, items = tag_rows[sampled].astype(np.int64), item_of_link[sampled]
    keys: list[NDArray[np.int64]] = []
    shift = 1
    while shift < tags.size:
        together = items[shift:] == items[:-shift]
        if not together.any():
            break
        low = np.minimum(tags[shift:], tags[:-shift])[together]
        high = np.maximum(tags[shift:], tags[:-shift])[together]
        keys.append(low * count + high)
        shift += 1
    pairs, together_count = np.unique(np.concatenate(keys or [np.empty(0, np.int64)]), return_counts=True)
    keep = together_count >= params.neighbour_minimum_items
    low, high = pairs[keep] // max(count, 1), pairs[keep] % max(count, 1)
    cosine = together_count[keep] * stride / np.sqrt(frequency[low] * frequency[high])
    source, target = np.concatenate([low, high]), np.concatenate([high, low])
    weight = np.concatenate([cosine, cosine])
    order = np.lexsort((-weight, source))
    source, target, weight = source[order], target[order], weight[order]
    start = np.searchsorted(source, source)
    near = np.arange(source.size) - start < params.neighbours_per_tag
    return {
        "neighbour_indptr": _pointer(source[near], count),
        "neighbour_tags": target[near].astype(np.int32),
        "neighbour_weights": weight[near].astype(np.float32),
    }
