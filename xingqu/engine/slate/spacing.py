"""Spacing: how close two items of one creator, one seller, or with a product, may stand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import none_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.view import View

# what is kept by each of ``Spacing.masks``, strictest first
RULES = (
    ("creator", "seller", "commerce", "shares"),
    ("creator", "seller", "commerce"),
    ("creator", "commerce"),
    ("creator", "seller"),
    ("creator",),
    ("seller",),
    (),
)


class Spacing:
    """Which of ``rows`` may stand at a position, given what stands near it on both sides.

    When none may, the rules give way so that a page is never left empty for their sake: first the shares of a page that
    one creator and one seller may have, then the seller's gap (a piece of content has none), then commerce, then both,
    then the creator's.
    """

    def __init__(self, view: View, rows: NDArray[np.int32], above: NDArray[np.int32], size: int) -> None:
        params, self._snapshot = view.params.spacing, view.snapshot
        self._creators, self._sellers = self._snapshot.creator_id[rows], self._snapshot.seller_id[rows]
        self._content = self._snapshot.product_id[rows] == 0
        self._creator_gap, self._seller_gap = params.creator_gap, params.seller_gap
        self._commerce_gap = commerce_gap_in_force(view)
        self._creator_cap = max(1, math.ceil(params.creator_share * size))
        self._seller_cap = max(1, math.ceil(params.seller_share * size))
        # positions of the page from 0; what stands above it has negative ones
        self._placed = {position - above.size: int(row) for position, row in enumerate(above)}
        self._last_commerce = -1_000
        # a page that continues another is spaced against what it was told stands above, nothing else
        if not view.request.previous_item_ids.size:
            self._last_commerce = -1 - view.state.items_since_commerce

    def place(self, position: int, row: int) -> None:
        """``row`` now stands at ``position``."""
        self._placed[position] = row

    def masks(self, position: int) -> Iterator[NDArray[np.bool_]]:
        """Over ``rows``: first by all rules, then by ever fewer, as ``RULES`` says."""
        creator = none_of(self._creators, self._near(self._snapshot.creator_id, position, self._creator_gap))
        seller = none_of(self._sellers, self._near(self._snapshot.seller_id, position, self._seller_gap))
        everything = np.ones(self._creators.size, dtype=np.bool_)
        near_commerce = position - self._last_commerce < self._commerce_gap
        near_commerce |= self._near(self._snapshot.product_id, position, self._commerce_gap).size > 0
        commerce = self._content if near_commerce else everything
        shares = none_of(self._creators, self._used_up(self._snapshot.creator_id, self._creator_cap))
        shares &= none_of(self._sellers, self._used_up(self._snapshot.seller_id, self._seller_cap))
        masks = {"creator": creator, "seller": seller, "commerce": commerce, "shares": shares}
        for kept in RULES:
            allowed = everything
            for rule in kept:
                allowed = allowed & masks[rule]
            yield allowed

    def _used_up(self, ids: NDArray[np.int64], cap: int) -> NDArray[np.int64]:
        """The ids, other than 0, that have their share of this page."""
        rows = [row for position, row in self._placed.items() if position >= 0]
        distinct, count = np.unique(ids[rows], return_counts=True)
        used: NDArray[np.int64] = distinct[(count >= cap) & (distinct != 0)]
        return used

    def _near(self, ids: NDArray[np.int64], position: int, gap: int) -> NDArray[np.int64]:
        """The ids, other than 0, of what stands less than ``gap`` places away."""
        rows = [
            self._placed[place]
            for place in range(position - gap + 1, position + gap)
            if place in self._placed and ids[self._placed[place]] != 0
        ]
        return ids[rows]


def commerce_gap_in_force(view: View) -> int:
    """1 (no spacing) where the catalogue has too little without a product to keep it up."""
    params = view.params.spacing
    scarce = view.snapshot.index.content_share < params.content_scarce_share
    return 1 if scarce else params.commerce_gap


def cap_per_creator(snapshot: ItemSnapshot, rows_by_value: NDArray[np.int32], cap: int) -> NDArray[np.bool_]:
    """Keep at most ``cap`` rows of a creator (the first), so that one creator cannot fill the pool."""
    creators = snapshot.index.creator_index[rows_by_value]
    order = np.argsort(creators, kind="stable")
    ordered = creators[order]
    rank = np.arange(ordered.size) - np.searchsorted(ordered, ordered)
    keep = np.empty(ordered.size, dtype=np.bool_)
    keep[order] = rank < cap
    return keep
