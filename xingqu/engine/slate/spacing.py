"""Spacing: how close two items of one creator, one seller, or with a product, may stand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.kernels import I64, U8, Bool, njit
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
CREATOR, SELLER, COMMERCE, SHARES = 1, 2, 4, 8
_BITS = dict(zip(RULES[0], (CREATOR, SELLER, COMMERCE, SHARES), strict=True))
_KEPT = tuple(np.uint8(sum(_BITS[rule] for rule in kept)) for kept in RULES)


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
        # (creator, seller, product) by position of the page from 0; what stands above it has negative ones
        self._placed = {position - above.size: self._ids(int(row)) for position, row in enumerate(above)}
        self._last_commerce = -1_000
        # a page that continues another is spaced against what it was told stands above, nothing else
        if not view.request.previous_item_ids.size:
            self._last_commerce = -1 - view.state.items_since_commerce

    def place(self, position: int, row: int) -> None:
        """``row`` now stands at ``position``."""
        ids = self._placed[position] = self._ids(row)
        self._creators_used.add(ids[0])
        self._sellers_used.add(ids[1])

    def masks(self, position: int) -> Iterator[NDArray[np.bool_]]:
        """Over ``rows``: first by all rules, then by ever fewer, as ``RULES`` says."""
        near_commerce = position - self._last_commerce < self._commerce_gap
        near_commerce |= self._near(2, position, self._commerce_gap).size > 0
        broken = broken_rules(
            self._creators,
            self._sellers,
            self._content,
            self._near(0, position, self._creator_gap),
            self._near(1, position, self._seller_gap),
            near_commerce,
            np.array(self._creators_used.up, dtype=np.int64),
            np.array(self._sellers_used.up, dtype=np.int64),
        )
        for kept in _KEPT:
            allowed: NDArray[np.bool_] = (broken & kept) == 0
            yield allowed

    def _ids(self, row: int) -> tuple[int, int, int]:
        snapshot = self._snapshot
        return int(snapshot.creator_id[row]), int(snapshot.seller_id[row]), int(snapshot.product_id[row])

    def _near(self, part: int, position: int, gap: int) -> NDArray[np.int64]:
        """The ids, other than 0, of what stands less than ``gap`` places away."""
        placed = self._placed
        found = [placed[place][part] for place in range(position - gap + 1, position + gap) if place in placed]
        return np.array([key for key in found if key], dtype=np.int64)


@njit(cache=True, nogil=True)
def broken_rules(
    creators: I64,
    sellers: I64,
    content: Bool,
    near_creators: I64,
    near_sellers: I64,
    near_commerce: bool,
    full_creators: I64,
    full_sellers: I64,
) -> U8:
    """Of each candidate the rules that it would break."""
    broken = np.zeros(creators.size, dtype=np.uint8)
    for i in range(creators.size):
        for key in near_creators:
            if creators[i] == key:
                broken[i] |= CREATOR
        for key in near_sellers:
            if sellers[i] == key:
                broken[i] |= SELLER
        if near_commerce and not content[i]:
            broken[i] |= COMMERCE
        for key in full_creators:
            if creators[i] == key:
                broken[i] |= SHARES
        for key in full_sellers:
            if sellers[i] == key:
                broken[i] |= SHARES
    return broken


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
