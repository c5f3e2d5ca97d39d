"""Spacing: how close two items of one creator, one seller, or with a product, may stand."""

from __future__ import annotations

import math
from collections import Counter
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


class _Share:
    """Which ids, other than 0, stand on the page as often as they may."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._count: Counter[int] = Counter()
        self.up: list[int] = []

    def add(self, key: int) -> None:
        self._count[key] += 1
        if key and self._count[key] == self._cap:
            self.up.append(key)


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
        self._creators_used = _Share(max(1, math.ceil(params.creator_share * size)))
        self._sellers_used = _Share(max(1, math.ceil(params.seller_share * size)))
        # positions of the page from 0; what stands above it has negative ones
        self._placed = {position - above.size: int(row) for position, row in enumerate(above)}
        self._last_commerce = -1_000
        # a page that continues another is spaced against what it was told stands above, nothing else
        if not view.request.previous_item_ids.size:
            self._last_commerce = -1 - view.state.items_since_commerce

    def place(self, position: int, row: int) -> None:
        """``row`` now stands at ``position``."""
        self._placed[position] = row
        self._creators_used.add(int(self._snapshot.creator_id[row]))
        self._sellers_used.add(int(self._snapshot.seller_id[row]))

    def masks(self, position: int) -> Iterator[NDArray[np.bool_]]:
        """Over ``rows``: first by all rules, then by ever fewer, as ``RULES`` says."""
        creator = none_of(self._creators, self._near(self._snapshot.creator_id, position, self._creator_gap))
        seller = none_of(self._sellers, self._near(self._snapshot.seller_id, position, self._seller_gap))
        everything = np.ones(self._creators.size, dtype=np.bool_)
        near_commerce = position - self._last_commerce < self._commerce_gap
        near_commerce |= self._near(self._snapshot.product_id, position, self._commerce_gap).size > 0
        commerce = self._content if near_commerce else everything
        shares = everything
        for ids, used in ((self._creators, self._creators_used.up), (self._sellers, self._sellers_used.up)):
            if used:
                shares = shares & none_of(ids, np.array(used, dtype=np.int64))
        masks = {"creator": creator, "seller": seller, "commerce": commerce, "shares": shares}
        for kept in RULES:
            allowed = everything
            for rule in kept:
                allowed = allowed & masks[rule]
            yield allowed

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
