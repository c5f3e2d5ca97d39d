"""Spacing: how close two items of one creator, one seller, or with a product, may stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import none_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.view import View


class Spacing:
    """Which of ``rows`` may come next, given what stands above.

    When none may, the rules give way so that a page is never left empty for their sake: first the seller's
    (a piece of content has none), then commerce, then both, then the creator's.
    """

    def __init__(self, view: View, rows: NDArray[np.int32], above: NDArray[np.int32]) -> None:
        params, self._snapshot = view.params.spacing, view.snapshot
        self._creators, self._sellers = self._snapshot.creator_id[rows], self._snapshot.seller_id[rows]
        self._content = self._snapshot.product_id[rows] == 0
        self._size = rows.size
        self._creator_gap, self._seller_gap = params.creator_gap, params.seller_gap
        self._commerce_gap = commerce_gap_in_force(view)
        self._above: list[int] = []
        # a page that continues another is spaced against what it was told stands above, nothing else
        told = view.request.previous_item_ids.size > 0
        self._items_since_commerce = 1_000 if told else view.state.items_since_commerce
        for row in above:
            self.push(int(row))

    def push(self, row: int) -> None:
        """``row`` now stands above."""
        self._above.append(row)
        commerce = self._snapshot.product_id[row] != 0
        self._items_since_commerce = 0 if commerce else self._items_since_commerce + 1

    def masks(self) -> Iterator[NDArray[np.bool_]]:
        """Over ``rows``: first by all rules, then by ever fewer."""
        creator = self._far(self._creators, self._snapshot.creator_id, self._creator_gap)
        seller = self._far(self._sellers, self._snapshot.seller_id, self._seller_gap)
        everything = np.ones(self._size, dtype=np.bool_)
        near_commerce = self._items_since_commerce < self._commerce_gap - 1
        commerce = self._content if near_commerce else everything
        yield creator & seller & commerce
        yield creator & commerce
        yield creator & seller
        yield creator
        yield seller
        yield everything

    def _far(self, own: NDArray[np.int64], ids: NDArray[np.int64], gap: int) -> NDArray[np.bool_]:
        near = ids[self._above[max(0, len(self._above) - gap + 1) :] if gap > 1 else []]
        return none_of(own, near[near != 0])


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
