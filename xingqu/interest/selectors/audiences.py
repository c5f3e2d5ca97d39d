"""Audiences of creators and outcomes of products, as sums: no person's data leaves here."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from xingqu.engine.columns import Counter
from xingqu.engine.matching.audience import Audiences, Interests, gather, read_person
from xingqu.engine.matching.params import AudienceParams
from xingqu.interest.models import ContentDay
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log

LOOK_EVERY: Final = 256


@dataclass(frozen=True, eq=False)
class ProductOutcomes:
    """Decayed counts over the contents that show each product; ``product_id`` ascends."""

    product_id: NDArray[np.int64]
    views: NDArray[np.float64]
    orders: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CreatorWorks:
    """Visible contents by creator, ascending; the category most of those with a product show, 0 for none."""

    creator_id: NDArray[np.int64]
    works: NDArray[np.int64]
    category_id: NDArray[np.int64]
    last_published_ms: NDArray[np.int64]


def creators_audiences(*, people_most: int, budget_s: float, params: AudienceParams | None = None) -> Audiences:
    """What the audiences of all creators share, of the people who did something most lately.

    `people_most` are looked at, for `budget_s` of processor time at most. Who switched personalisation off is in none.
    """
    settings = params or AudienceParams()
    return gather(_people(people_most, budget_s, settings), made_at_ms=clock.now_ms(), params=settings)


def _people(people_most: int, budget_s: float, params: AudienceParams) -> Iterator[Interests]:
    store, now_ms, until_s = state_store(), clock.now_ms(), time.thread_time() + budget_s
    for slot in _recent_slots(people_most, time.thread_time() + budget_s / 2):
        if time.thread_time() > until_s:
            return
        found = read_person(store.read_slot(slot), now_ms, PARAMS, params)
        if found is not None:
            yield found


def _recent_slots(most: int, until_s: float) -> list[int]:
    """Slots of who is in the newest part of the log. Two slots of one person (a guest who signed in) lead to one state."""
    slots: dict[int, None] = {}
    for segment in reversed(open_log(name="signals").segments()):
        found: dict[int, None] = {}
        for number, batch in enumerate(read_batches(positions={}, segments=[segment])):
            found[batch.slot] = None
            if number % LOOK_EVERY == LOOK_EVERY - 1 and time.thread_time() > until_s:
                break
        slots |= found
        if len(slots) >= most or time.thread_time() > until_s:
            break
    return list(slots)[:most]


def product_outcomes() -> ProductOutcomes:
    """Views and orders by product, of the snapshot that is served."""
    items = snapshots().get().items
    shown = np.flatnonzero(items.product_id > 0)
    product_id, group = np.unique(items.product_id[shown], return_inverse=True)
    counted: dict[str, Any] = {
        name: np.bincount(group, items.counters[shown, column].astype(np.float64), minlength=product_id.size)
        for name, column in (("views", Counter.IMPRESSIONS), ("orders", Counter.ORDERS))
    }
    return ProductOutcomes(product_id=product_id, **counted)


def creator_works() -> CreatorWorks:
    """What each creator has published, of the snapshot that is served."""
    items = snapshots().get().items
    rows = np.flatnonzero(items.visible)
    creator_id, group = np.unique(items.creator_id[rows], return_inverse=True)
    last = np.zeros(creator_id.size, dtype=np.int64)
    np.maximum.at(last, group, items.published_at_ms[rows])
    category = np.zeros(creator_id.size, dtype=np.int64)
    selling = items.product_id[rows] > 0
    pairs, counts = np.unique(np.stack([group[selling], items.category_id[rows][selling]]), axis=1, return_counts=True)
    for at in np.argsort(counts, kind="stable"):
        category[pairs[0, at]] = pairs[1, at]
    return CreatorWorks(creator_id, np.bincount(group, minlength=creator_id.size), category, last)


def creator_views(*, since: date) -> dict[int, int]:
    """Impressions of each creator's contents since a day."""
    items = snapshots().get().items
    total: dict[int, int] = {}
    rows = ContentDay.objects.filter(day__gte=since).order_by().values_list("content_id").annotate(Sum("impressions"))
    counted = list(rows)
    places = items.rows_of([content_id for content_id, _ in counted]) if counted else np.empty(0, np.int32)
    for place, (_, impressions) in zip(places.tolist(), counted, strict=True):
        if place >= 0:
            creator = int(items.creator_id[place])
            total[creator] = total.get(creator, 0) + int(impressions)
    return total
