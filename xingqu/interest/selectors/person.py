"""Reads of interest: a person's tags, what was served to them, all that is kept of them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.engine.coldstart.params import Stage, Why
from xingqu.engine.coldstart.pools import wilson_bounds
from xingqu.engine.columns import Counter, Horizon
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.rating import gains_of
from xingqu.engine.state.user import UserState, interests
from xingqu.interest.contracts import (
    InterestTag,
    InterestTags,
    ItemReach,
    OutcomeRate,
    Page,
    PoolCard,
    PoolStep,
    words_of,
)
from xingqu.interest.models import PoolItem, PoolMove
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.served import decode_page, place_of, request_id_of
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.signals.contracts import SignalEvent
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log, unseal_record

SHOWN_TAGS: Final = 60
_PRODUCT_CHUNK: Final = 512
NORMAL_95: Final = 1.96
FAINT: Final = 0.02  # an interest below this has no effect one would notice and is not shown


def read_state(*, actor: Actor) -> UserState:
    """The actor's state, an empty one for somebody new."""
    return state_store().read(actor.key)


def interest_tags(*, actor: Actor) -> InterestTags:
    """The actor's interests, strongest first, with pinned and blocked ones whatever their weight."""
    state = read_state(actor=actor)
    found = interests(state, clock.now_ms(), PARAMS)
    shown = found[(found["score"] > FAINT) | found["pinned"] | found["blocked"]][:SHOWN_TAGS]
    names = catalogue.tags_by_ids([int(tag_id) for tag_id in shown["tag_id"]])
    tags = [_tag(row, names[int(row["tag_id"])]) for row in shown if int(row["tag_id"]) in names]
    return InterestTags(personalised=state.personalised, tags=tuple(tags), event_count=state.events_total)


def served_page(*, actor: Actor, request_id: str) -> Page:
    """A page that was served to this actor. Raises NotFound for an unknown id and for somebody else's page alike."""
    place = place_of(request_id)
    record = open_log(name="served", sync=False).read_one(*place) if place is not None else None
    if record is None:
        raise NotFound(field="request_id", expected="the request_id of a page served to you")
    slot, data = unseal_record(record=record)
    if data is None or slot not in state_store().slots(actor.key):
        raise NotFound(field="request_id", expected="the request_id of a page served to you")
    return decode_page(data, request_id=request_id)


def is_known_content(*, content_id: int) -> bool:
    """Whether the current item snapshot has the content."""
    return bool(snapshots().get().items.rows_of([content_id])[0] >= 0)


def products_shown_by(*, content_ids: Sequence[int]) -> list[int]:
    """The product each content shows, 0 where it shows none."""
    items = snapshots().get().items
    rows = items.rows_of(content_ids)
    return [int(items.product_id[row]) if row >= 0 else 0 for row in rows.tolist()]


def product_shown_by(content_id: int) -> int:
    """The product a content shows, 0 when it shows none."""
    return products_shown_by(content_ids=[content_id])[0]


def content_showing(*, product_id: int) -> int:
    """A content that shows the product, 0 when there is none."""
    return snapshots().get().item_showing(product_id)


def promising_products(*, limit: int) -> list[int]:
    """Products shown by visible contents, those whose contents do best first."""
    items = snapshots().get().items
    return _first_products(items, items.index.popular_commerce, limit)


def products_with_tag(*, tag_id: int, limit: int) -> list[int]:
    """Products shown by visible contents that carry the tag, most promising first."""
    items = snapshots().get().items
    tag = int(np.searchsorted(items.index.tags, tag_id))
    if tag >= items.index.tags.size or items.index.tags[tag] != tag_id:
        return []
    start, end = items.index.posting_indptr[tag], items.index.posting_indptr[tag + 1]
    return _first_products(items, items.index.posting_rows[start:end], limit)


def review_gains(*, product_ids: Sequence[int]) -> list[float]:
    """By what share each product is worth more (less: negative) for what its buyers say; see `engine.state.rating`.

    0 for one without reviews, or that no content in the snapshot shows. Reads no database.
    """
    served = snapshots().get()
    items, asked = served.items, np.array(product_ids, dtype=np.int64)
    gains = np.zeros(asked.size, dtype=np.float32)
    if served.product_ids.size:
        place = np.minimum(np.searchsorted(served.product_ids, asked), served.product_ids.size - 1)
        known = served.product_ids[place] == asked
        rows = items.rows_of(served.item_of_product[place[known]])
        gains[known] = gains_of(items.rating[rows], PARAMS.snapshot.rating)
    found: list[float] = gains.tolist()
    return found


def hot_tags(*, limit: int) -> list[int]:
    """Tags that people deal with most these days: watches, clicks and orders of their contents, decayed."""
    items = snapshots().get().items
    if not len(items):
        return []
    heat = 1.0 + items.counters[:, [Counter.WATCHES, Counter.PRODUCT_CLICKS, Counter.ORDERS]] @ np.array(
        [1.0, 3.0, 10.0]
    )
    row_of_link = np.repeat(np.arange(len(items)), np.diff(items.tag_indptr))
    weights = np.where(items.visible, heat, 0.0)[row_of_link] * items.index.tag_shares
    by_tag = np.bincount(items.index.tag_rows, weights=weights, minlength=items.index.tags.size)
    return [int(tag_id) for tag_id in items.index.tags[np.argsort(-by_tag, kind="stable")[:limit]]]


def pool_cards(*, content_ids: Sequence[int]) -> dict[int, PoolCard]:
    """Where the contents stand in the traffic pools; those that never were in one are absent."""
    return {row.content_id: _pool_card(row) for row in PoolItem.objects.filter(pk__in=list(content_ids))}


def pool_steps(*, content_id: int) -> list[PoolStep]:
    """The gates that a content passed, latest first."""
    return [
        PoolStep(
            at=clock.from_ms(row.at_ms),
            before=Stage(row.before).name.lower(),
            after=Stage(row.after).name.lower(),
            why=Why(row.why).name.lower(),
            impressions=row.impressions,
            positives=row.positives,
            low=round(row.low, 4),
            high=round(row.high, 4),
            benchmark=round(row.benchmark, 4),
        )
        for row in PoolMove.objects.filter(content_id=content_id).order_by("-number")
    ]


def item_reach(*, content_id: int, tags_limit: int = 12) -> ItemReach:
    """Outcomes and audience of a content. Raises NotFound when the current snapshot does not have it."""
    items = snapshots().get().items
    row = int(items.rows_of([content_id])[0])
    if row < 0:
        raise NotFound(field="content_id", expected="a published content")
    counts = {counter.name.lower(): round(float(items.counters[row, counter]), 2) for counter in Counter}
    weights: dict[int, float] = {}
    for link in range(int(items.covisit_indptr[row]), int(items.covisit_indptr[row + 1])):
        near, strength = int(items.covisit_rows[link]), float(items.covisit_weights[link])
        for place in range(int(items.tag_indptr[near]), int(items.tag_indptr[near + 1])):
            tag_id = int(items.tag_ids[place])
            weights[tag_id] = weights.get(tag_id, 0.0) + strength * float(items.index.tag_shares[place])
    strongest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:tags_limit]
    top = strongest[0][1] if strongest else 1.0
    audience = tuple((tag_id, round(weight / top, 4)) for tag_id, weight in strongest)
    return ItemReach(
        counts=counts, audience=audience, visible=bool(items.visible[row]), rates=_outcome_rates(items, row)
    )


def _outcome_rates(items: ItemSnapshot, row: int) -> tuple[OutcomeRate, ...]:
    shown, shown_all = float(items.counters[row, Counter.IMPRESSIONS]), float(items.counters[:, 0].sum())
    rates = []
    for counter in Counter:
        if counter == Counter.IMPRESSIONS:
            continue
        count = float(items.counters[row, counter])
        low, high = wilson_bounds(min(count, shown), shown, NORMAL_95)
        rates.append(
            OutcomeRate(
                outcome=counter.name.lower(),
                count=round(count, 2),
                rate=round(count / shown, 5) if shown else 0.0,
                low=round(low, 5),
                high=round(high, 5),
                expected=round(float(items.counters[:, counter].sum()) / shown_all, 5) if shown_all else None,
            )
        )
    return tuple(rates)


def _pool_card(row: PoolItem) -> PoolCard:
    params, stage = PARAMS.pools, Stage(row.stage)
    level = params.levels[stage - 1] if Stage.ENTRY <= stage <= Stage.BREAKOUT else None
    positives = min(row.positives, row.impressions)
    low, high = wilson_bounds(positives, row.impressions, params.confidence_z)
    return PoolCard(
        content_id=row.content_id,
        stage=stage.name.lower(),
        why=Why(row.why).name.lower(),
        since=clock.from_ms(row.since_ms),
        impressions=row.impressions,
        positives=positives,
        low=round(low, 4),
        high=round(high, 4),
        benchmark=round(row.benchmark, 4),
        tolerated=round(row.benchmark * params.tolerated_share, 4),
        judged_from=level.judged_from if level else 0,
        guaranteed=level.exposures if level else None,
        due_at=clock.from_ms(row.since_ms + level.within_ms) if level else None,
        impressions_all=row.impressions_all,
        positives_all=min(row.positives_all, row.impressions_all),
    )


def _first_products(items: ItemSnapshot, rows: Any, limit: int) -> list[int]:
    found: dict[int, None] = {}
    for start in range(0, len(rows), _PRODUCT_CHUNK):
        part = rows[start : start + _PRODUCT_CHUNK]
        found |= dict.fromkeys(int(pk) for pk in items.product_id[part[items.visible[part]]] if pk)
        if len(found) >= limit:
            break
    return list(found)[:limit]


def export(*, actor: Actor) -> dict[str, Any]:
    """All that is kept of the actor's behaviour: the state, every logged signal, every recorded page."""
    slots = set(state_store().slots(actor.key))
    state, tags = read_state(actor=actor), interest_tags(actor=actor)
    return {
        "exported_at": clock.now(),
        "actor": actor.key,
        "state": {
            "personalised": state.personalised,
            "event_count": state.events_total,
            "tags": [asdict(tag) for tag in tags.tags],
            "creators": _table(state.creators.keys, state.creators.flags),
            "categories": _table(state.categories.keys, state.categories.flags),
            "clusters": _clusters(state),
            "purchases": _purchases(state),
            "seen_content_ids": state.seen.ids.tolist(),
            "hidden_content_ids": state.hidden.ids.tolist(),
        },
        "signals": [_signal(event) for event in _signals(slots)],
        "served": [_page(page) for page in _pages(slots)],
    }


def _signals(slots: set[int]) -> Iterator[SignalEvent]:
    if slots:
        for batch in read_batches(positions={}, slots=slots):
            yield from batch.events


def _pages(slots: set[int]) -> Iterator[Page]:
    if not slots:
        return
    for position, record in open_log(name="served", sync=False).read({}):
        if int.from_bytes(record[:4], "little") in slots:
            _, data = unseal_record(record=record)
            if data is not None:
                yield decode_page(data, request_id=request_id_of(position.segment, position.start))


def _page(page: Page) -> dict[str, Any]:
    """As JSON knows it: a bias of what cannot happen is null."""
    row = asdict(page)
    for item in row["items"]:
        item["biases"] = [bias if np.isfinite(bias) else None for bias in item["biases"]]
    return row


def _signal(event: SignalEvent) -> dict[str, Any]:
    row = {key: value for key, value in asdict(event).items() if value not in (0, "", -1)}
    row["event_id"], row["kind"] = event.event_id.hex(), event.kind.name.lower()
    row["occurred_at"] = clock.from_ms(row.pop("occurred_at_ms"))
    return row


def _clusters(state: UserState) -> list[dict[str, Any]]:
    met = state.clusters
    columns = (met.keys.tolist(), met.liked.tolist(), met.shown.tolist(), met.days_met.tolist())
    return [
        {"id": key, "liked": round(liked, 3), "shown": int(shown), "days": days}
        for key, liked, shown, days in zip(*columns, strict=True)
    ]


def _purchases(state: UserState) -> list[dict[str, Any]]:
    """On which days something of a category was bought, latest first."""
    epoch = date(1970, 1, 1)
    return [
        {"category_id": key, "days": [str(epoch + timedelta(days=day)) for day in days if day]}
        for key, days in zip(state.purchases.keys.tolist(), state.purchases.days.tolist(), strict=True)
    ]


def _table(keys: Any, flags: Any) -> list[dict[str, int]]:
    return [{"id": int(key), "flags": int(flag)} for key, flag in zip(keys, flags, strict=True)]


def _tag(row: Any, name: Any) -> InterestTag:
    weights = [float(np.clip(row[horizon.name.lower()], 0.0, 1.0)) for horizon in Horizon]
    shares = np.asarray(PARAMS.state.shares) * weights
    weight = float(np.clip(row["score"], 0.0, 1.0))
    touched_at_ms = int(row["touched_at_ms"])
    return InterestTag(
        tag_id=int(row["tag_id"]),
        name=name.name,
        name_en=name.name_en,
        weight=round(weight, 4),
        horizon=Horizon(int(np.argmax(shares))).name.lower(),
        words=words_of(weight),
        pinned=bool(row["pinned"]),
        blocked=bool(row["blocked"]),
        instant=round(weights[0], 4),
        mid=round(weights[1], 4),
        long_term=round(weights[2], 4),
        last_at=clock.from_ms(touched_at_ms) if touched_at_ms > 0 else None,
    )
