"""Audiences: what the people of a creator share. Sums over people go in and out, never one person.

A person belongs to the audience of each creator they have an affinity for (``state.user``: what was watched, liked, clicked and
bought, at three half-lives) or follow. Everybody counts the same, whatever they did: a person's interests are a vector of unit
length, weighted by how much they care for the creator. What fewer than a handful share is left out, and small audiences are
left out as a whole, before anything leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Flag, Horizon
from xingqu.engine.matching.params import AudienceParams
from xingqu.engine.params import EngineParams, StateParams
from xingqu.engine.state.tables import InterestTable
from xingqu.engine.state.user import UserState, intensities

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
EVERYBODY = 0  # the "creator" that everybody belongs to


@dataclass(frozen=True, eq=False)
class Interests:
    """One person, on the way into a sum."""

    tags: I64  # (k,)
    tag_scores: F32  # (k,) in (0, 1)
    categories: I64
    category_scores: F32
    creators: I64
    belonging: F32  # (c,) in (0, 1]
    price_log: float  # of what they click and buy; nan where that is not known


@dataclass(frozen=True, eq=False)
class Shares:
    """What audiences share of one kind (tags or categories), by row in CSR form; ids ascend within a row."""

    indptr: I64
    ids: I32
    weight: F32  # mean over the audience of unit vectors
    people: I32  # how many have it as an interest

    def row(self, at: int) -> tuple[I32, F32, I32]:
        part = slice(self.indptr[at], self.indptr[at + 1])
        return self.ids[part], self.weight[part], self.people[part]

    def dense(self, at: int, ids: NDArray[np.integer]) -> F32:
        """(len(ids),) weights of a row laid out over ascending ``ids``."""
        own, weight, _ = self.row(at)
        result = np.zeros(ids.size, dtype=np.float32)
        if ids.size and own.size:
            place = np.minimum(np.searchsorted(ids, own), ids.size - 1)
            known = ids[place] == own
            result[place[known]] = weight[known]
        return result


@dataclass(frozen=True, eq=False)
class Audiences:
    """Audiences of at least ``group_least`` people, by ascending creator; the first row is everybody (creator 0)."""

    made_at_ms: int
    creator_id: I64  # (c,)
    people: I32  # (c,)
    tags: Shares
    categories: Shares
    price_log: F32  # (c,) mean of log prices; nan where too few are known
    price_spread: F32
    price_people: I32

    def __len__(self) -> int:
        return int(self.creator_id.size)

    def place(self, creator_id: int) -> int:
        """Row of a creator's audience, -1 where it is too small to be told of."""
        at = int(np.searchsorted(self.creator_id, creator_id))
        return at if at < len(self) and int(self.creator_id[at]) == creator_id else -1

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays; ``from_arrays`` reads them."""
        flat: dict[str, NDArray[Any]] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Shares):
                flat |= {f"{item.name}_{part.name}": getattr(value, part.name) for part in fields(value)}
            else:
                flat[item.name] = np.asarray(value)
        return flat

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Audiences:
        """Raises KeyError when one is missing."""
        shares: dict[str, Any] = {
            kind: Shares(**{f.name: arrays[f"{kind}_{f.name}"] for f in fields(Shares)}) for kind in _KINDS
        }
        rest: dict[str, Any] = {f.name: arrays[f.name] for f in fields(cls) if f.name not in (*_KINDS, "made_at_ms")}
        return cls(made_at_ms=int(arrays["made_at_ms"]), **shares, **rest)


_KINDS = ("tags", "categories")


def lasting(table: InterestTable, now_ms: int, params: StateParams) -> NDArray[np.float64]:
    """(k,) what stays of interests beyond the moment: the horizons of days and of months, by their shares."""
    kept = [Horizon.MID, Horizon.LONG_TERM]
    shares = np.asarray(params.shares)[kept]
    scores: NDArray[np.float64] = intensities(table, now_ms, params)[:, kept] @ (shares / shares.sum())
    return scores


def read_person(state: UserState, now_ms: int, engine: EngineParams, params: AudienceParams) -> Interests | None:
    """What a person adds to audiences; None for somebody who wishes not to be known, or likes nobody."""
    if not state.personalised:
        return None
    affinity = lasting(state.creators, now_ms, engine.state)
    followed = (state.creators.flags & Flag.FOLLOWED) != 0
    blocked = (state.creators.flags & Flag.BLOCKED) != 0
    affinity = np.where(followed, np.maximum(affinity, params.followed_affinity), affinity)
    belongs = (affinity >= params.affinity_least) & ~blocked
    tags, tag_scores = _liked(state.tags, now_ms, engine.state)
    if not tags.size:
        return None
    categories, category_scores = _liked(state.categories, now_ms, engine.state)
    return Interests(
        tags=tags,
        tag_scores=tag_scores,
        categories=categories,
        category_scores=category_scores,
        creators=state.creators.keys[belongs],
        belonging=affinity[belongs].astype(np.float32),
        price_log=state.price_log_sum / state.price_weight if state.price_weight > 0 else float("nan"),
    )


def _liked(table: InterestTable, now_ms: int, params: StateParams) -> tuple[I64, F32]:
    scores = lasting(table, now_ms, params)
    kept = (scores > 0) & ((table.flags & Flag.BLOCKED) == 0)
    return table.keys[kept], scores[kept].astype(np.float32)


def gather(people: Iterable[Interests], *, made_at_ms: int, params: AudienceParams | None = None) -> Audiences:
    """The audiences of all creators that these people care for, and everybody's together."""
    settings, known = params or AudienceParams(), list(people)
    creators = np.concatenate([np.zeros(0, np.int64), *(one.creators for one in known)])
    belonging = np.concatenate([np.zeros(0, np.float32), *(one.belonging for one in known)])
    person = np.repeat(np.arange(len(known)), [one.creators.size for one in known])
    creator_id, group = np.unique(creators, return_inverse=True)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(creator_id.size + 1))
    prices = np.array([one.price_log for one in known], dtype=np.float64)
    of_tags = _Columns([(one.tags, one.tag_scores) for one in known])
    of_categories = _Columns([(one.categories, one.category_scores) for one in known])
    kept: list[int] = []
    rows: list[_Row] = []
    everybody = np.arange(len(known))
    members = [(EVERYBODY, everybody, np.ones(len(known), np.float32))]
    for at, creator in enumerate(creator_id.tolist()):
        part = order[bounds[at] : bounds[at + 1]]
        members.append((creator, person[part], belonging[part]))
    for creator, who, weight in members:
        if who.size < settings.group_least:
            continue
        kept.append(creator)
        rows.append(
            _Row(
                who.size,
                of_tags.shared(who, weight, settings, settings.tags_most),
                of_categories.shared(who, weight, settings, settings.categories_most),
                *_usual_price(prices[who], settings),
            )
        )
    return Audiences(
        made_at_ms=made_at_ms,
        creator_id=np.array(kept, dtype=np.int64),
        people=np.array([row.people for row in rows], dtype=np.int32),
        tags=_stacked([row.tags for row in rows]),
        categories=_stacked([row.categories for row in rows]),
        price_log=np.array([row.price for row in rows], dtype=np.float32),
        price_spread=np.array([row.spread for row in rows], dtype=np.float32),
        price_people=np.array([row.priced for row in rows], dtype=np.int32),
    )


_Share = tuple[I64, F32, I64]


@dataclass(frozen=True, eq=False)
class _Row:
    people: int
    tags: _Share
    categories: _Share
    price: float
    spread: float
    priced: int


class _Columns:
    """Interests of all people as one matrix in CSR form, rows of unit length."""

    def __init__(self, people: list[tuple[I64, F32]]) -> None:
        sizes = np.array([ids.size for ids, _ in people], dtype=np.int64)
        self._start = np.concatenate([[0], np.cumsum(sizes)])
        self._size = sizes
        ids = np.concatenate([np.zeros(0, np.int64), *(ids for ids, _ in people)])
        self._known, self._column = np.unique(ids, return_inverse=True)
        self._score = np.concatenate([np.zeros(0, np.float32), *(scores for _, scores in people)])
        self._unit = np.concatenate(
            [np.zeros(0, np.float32), *(scores / max(float(np.linalg.norm(scores)), 1e-9) for _, scores in people)]
        )

    def shared(self, who: I64, weight: F32, params: AudienceParams, most: int) -> _Share:
        """(ids, mean weight, how many have it) of what enough of these people share, the heaviest of them, by id."""
        size = self._size[who]
        first = self._start[who]
        place = np.repeat(first - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(size.sum())
        column, width = self._column[place], self._known.size
        total = np.bincount(column, self._unit[place] * np.repeat(weight, size), minlength=width)
        having = np.bincount(column[self._score[place] >= params.felt], minlength=width)
        met = np.bincount(column, minlength=width)
        shared = np.flatnonzero(met >= params.shared_least)
        heaviest = shared[np.argsort(-total[shared], kind="stable")[:most]]
        heaviest.sort()
        mean = (total[heaviest] / max(float(weight.sum()), 1e-9)).astype(np.float32)
        counted = np.where(having[heaviest] >= params.shared_least, having[heaviest], 0)
        return self._known[heaviest], mean, counted


def _usual_price(prices: NDArray[np.float64], params: AudienceParams) -> tuple[float, float, int]:
    known = prices[np.isfinite(prices)]
    if known.size < params.group_least:
        return float("nan"), float("nan"), 0
    return float(known.mean()), float(known.std()), int(known.size)


def _stacked(rows: list[_Share]) -> Shares:
    return Shares(
        indptr=np.concatenate([[0], np.cumsum([row[0].size for row in rows])]).astype(np.int64),
        ids=np.concatenate([np.zeros(0, np.int64), *(row[0] for row in rows)]).astype(np.int32),
        weight=np.concatenate([np.zeros(0, np.float32), *(row[1] for row in rows)]),
        people=np.concatenate([np.zeros(0, np.int64), *(row[2] for row in rows)]).astype(np.int32),
    )
