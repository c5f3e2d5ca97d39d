"""Reads for operators: one person as the engine sees them, who looked at whom, and the book of trainings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.accounts import selectors as accounts
from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Flag, Signal
from xingqu.engine.state.tables import TimedIds
from xingqu.engine.state.user import UserState, intensities
from xingqu.interest.contracts import ClusterCount, PersonEvent, PersonState
from xingqu.interest.models import ChannelReport, PersonLookup, Training
from xingqu.interest.selectors.person import interest_tags, read_state
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock


def person_state(*, actor: Actor, events_limit: int = 120) -> PersonState:
    """All that the engine goes by for one person, the latest first."""
    state, slots = read_state(actor=actor), state_store().slots(actor.key)
    ring, now_ms = state.events, clock.now_ms()
    latest = np.arange(len(ring))[::-1][:events_limit]
    affinity = intensities(state.creators, now_ms, PARAMS.state) @ np.asarray(PARAMS.state.shares)
    liked = np.argsort(-np.abs(affinity), kind="stable")[:12]
    flags = state.creators.flags
    return PersonState(
        known=bool(slots),
        personalised=state.personalised,
        events_total=state.events_total,
        event_capacity=PARAMS.state.event_capacity,
        state_bytes=len(state.encode()) if slots else 0,
        interests=interest_tags(actor=actor),
        events=tuple(
            PersonEvent(
                kind=Signal(int(ring.kind[row])).name.lower(),
                content_id=int(ring.item_id[row]),
                value=float(ring.value[row]),
                at=clock.from_ms(int(ring.at_ms[row])),
            )
            for row in latest
        ),
        clusters=_cluster_counts(state),
        seen_total=len(state.seen.ids),
        seen=_timed(state.seen, 24),
        hidden=_timed(state.hidden, 24),
        creators=tuple(
            (
                int(state.creators.keys[row]),
                round(float(affinity[row]), 4),
                bool(flags[row] & Flag.FOLLOWED),
                bool(flags[row] & Flag.BLOCKED),
            )
            for row in liked
        ),
        usual_price_minor=round(float(np.exp(state.price_log_sum / state.price_weight)))
        if state.price_weight
        else None,
    )


def _cluster_counts(state: UserState, *, limit: int = 24) -> tuple[ClusterCount, ...]:
    """Those liked most, with the tags that most of their most promising items carry."""
    items, met = snapshots().get().items, state.clusters
    model, days = items.models.clusters, met.days_met
    found = []
    for row in np.lexsort((met.keys, -met.liked))[:limit]:
        place = int(model.places(met.keys[row : row + 1])[0]) if model is not None else -1
        tag_ids: NDArray[np.int32] = np.empty(0, np.int32)
        if model is not None and place >= 0:
            rows = model.rows[model.indptr[place] : model.indptr[place + 1]][:40]
            links = [items.tag_ids[items.tag_indptr[one] : items.tag_indptr[one + 1]] for one in rows]
            names, counts = np.unique(np.concatenate([tag_ids, *links]), return_counts=True)
            tag_ids = names[np.argsort(-counts, kind="stable")[:3]]
        found.append(
            ClusterCount(
                cluster_id=int(met.keys[row]),
                coarse_id=int(model.parent[place]) if model is not None and place >= 0 else -1,
                liked=round(float(met.liked[row]), 2),
                shown=round(float(met.shown[row]), 2),
                days=int(days[row]),
                last_at=clock.from_ms(int(met.last_s[row]) * 1000) if met.last_s[row] else None,
                tag_ids=tuple(int(tag_id) for tag_id in tag_ids),
            )
        )
    return tuple(found)


def _timed(ids: TimedIds, limit: int) -> tuple[tuple[int, datetime], ...]:
    latest = np.argsort(-ids.at_s.astype(np.int64), kind="stable")[:limit]
    return tuple((int(ids.ids[row]), clock.from_ms(int(ids.at_s[row]) * 1000)) for row in latest)


def lookups_page(*, before_id: int | None, limit: int) -> list[dict[str, Any]]:
    """What operators looked at, newest first."""
    rows = PersonLookup.objects.order_by("-id")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[:limit])
    names = accounts.person_labels(ids={row.operator_id for row in found})
    return [
        {
            "id": row.pk,
            "operator_id": row.operator_id,
            "operator": names.get(row.operator_id, ("", ""))[0],
            "what": row.what,
            "query": row.query,
            "actor_key": row.actor_key,
            "reason": row.reason,
            "at": row.at,
        }
        for row in found
    ]


def trainings_page(*, kind: str, before_id: int | None, limit: int) -> list[Training]:
    """Trainings of one kind (of all, if it is empty), newest first."""
    rows = Training.objects.order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return list(rows[:limit])


def latest_channel_report() -> ChannelReport | None:
    """The newest report on the channels, if one was made."""
    return ChannelReport.objects.order_by("-id").first()


def models_served() -> Sequence[str]:
    """Names of the models that serve with the current items."""
    return sorted(snapshots().get().items.models.present())
