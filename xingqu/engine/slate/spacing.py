"""Spacing: how close two items of one creator, one seller, or with a product, may stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.view import View


class Spacing:
    """Remembers what stands just above and says which candidates may come next.

    When nothing may come next, the rules give way one after the other: first the seller's, then commerce,
    then the creator's, so that a page is never left empty for their sake.
    """

    def __init__(self, view: View) -> None:
        params, self._snapshot = view.params.spacing, view.snapshot
        self._creator_gap, self._seller_gap = params.creator_gap, params.seller_gap
        scarce = view.snapshot.index.content_share < params.content_scarce_share
        self._commerce_gap = 1 if scarce else params.commerce_gap
        self._above: list[int] = [int(row) for row in view.recent_rows]
        recent_commerce = any(self._snapshot.product_id[row] != 0 for row in self._above)
        since = view.state.items_since_commerce
        explicit = view.request.previous_item_ids.size > 0
        self._items_since_commerce = 1_000 if explicit or recent_commerce else since
        for distance, row in enumerate(reversed(self._above)):
            if self._snapshot.product_id[row] != 0:
                self._items_since_commerce = distance
                break

    @property
    def commerce_gap(self) -> int:
        """The gap in force: 1 where the catalogue has too little content without product."""
        return self._commerce_gap

    def push(self, row: int) -> None:
        self._above.append(row)
        commerce = self._snapshot.product_id[row] != 0
        self._items_since_commerce = 0 if commerce else self._items_since_commerce + 1

    def masks(self, rows: NDArray[np.int32]) -> Iterator[NDArray[np.bool_]]:
        """Which of ``rows`` may come next: first by all rules, then by ever fewer."""
        snapshot = self._snapshot
        creator = self._far_from(snapshot.creator_id, rows, self._creator_gap)
        seller = self._far_from(snapshot.seller_id, rows, self._seller_gap)
        commerce = np.ones(rows.size, dtype=np.bool_)
        if self._items_since_commerce < self._commerce_gap - 1:
            commerce = snapshot.product_id[rows] == 0
        yield creator & seller & commerce
        yield creator & commerce
        yield creator
        yield np.ones(rows.size, dtype=np.bool_)

    def _far_from(self, ids: NDArray[np.int64], rows: NDArray[np.int32], gap: int) -> NDArray[np.bool_]:
        far = np.ones(rows.size, dtype=np.bool_)
        own = ids[rows]
        for row in self._above[max(0, len(self._above) - gap + 1) :] if gap > 1 else []:
            if ids[row] != 0:
                far &= own != ids[row]
        return far


def cap_per_creator(snapshot: ItemSnapshot, rows_by_value: NDArray[np.int32], cap: int) -> NDArray[np.bool_]:
    """Keep at most ``cap`` rows of a creator (the first), so that one creator cannot fill the pool."""
    creators = snapshot.index.creator_index[rows_by_value]
    order = np.argsort(creators, kind="stable")
    ordered = creators[order]
    rank = np.arange(ordered.size) - np.searchsorted(ordered, ordered)
    keep = np.empty(ordered.size, dtype=np.bool_)
    keep[order] = rank < cap
    return keep
