"""Signals into the durable log and into the user's state, before anything is acknowledged."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from xingqu.accounts import selectors as accounts
from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.engine.columns import Signal
from xingqu.engine.state.signals import apply_signals
from xingqu.engine.state.user import UserState
from xingqu.interest.contracts import Observed
from xingqu.interest.domain.translate import lessen_tag, to_engine
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.ports import ActorGone, EventUpdate
from xingqu.interest.stores.snapshots import ServedSnapshot
from xingqu.kit import clock
from xingqu.kit.errors import Conflict
from xingqu.signals.contracts import Rejection, SignalEvent
from xingqu.signals.services import append_batch, check_batch, open_log

DAY_MS: Final = 86_400_000
_writing = threading.Lock()  # a process applies what it logged in the order it was logged


def observe_batch(
    *, actor: Actor, raw_events: Sequence[Any], sent_at_ms: int
) -> tuple[Observed, tuple[Rejection, ...]]:
    """Check a client's batch, log it durably, apply it to the actor's state; refused events come back with their reasons.

    Raises ClockSkew when the client's clock cannot be trusted, Conflict while the actor's data is being deleted.
    """
    now_ms = clock.now_ms()
    checked = check_batch(raw_events=raw_events, sent_at_ms=sent_at_ms, now_ms=now_ms)
    unknown = _unknown_targets(checked.events)
    known = [event for index, event in checked.events if index not in unknown]
    rejected = sorted((*checked.rejected, *unknown.values()), key=lambda rejection: rejection.index)
    return observe(actor=actor, events=known, received_at_ms=now_ms), tuple(rejected)


def observe(*, actor: Actor, events: Sequence[SignalEvent], received_at_ms: int) -> Observed:
    """Log checked events durably and apply each to the actor's state exactly once.

    When this returns, the next page knows the events and no crash loses them. Raises Conflict while the actor's data
    is being deleted, OSError when the disk refuses (then nothing was taken), StatesUnavailable when the store of states does not
    answer (then the client tells again, and what was logged already counts once).
    """
    for _ in range(3):
        known = state_store().known_events(actor.key, [event.event_id for event in events])
        fresh = list({event.event_id: event for event, old in zip(events, known, strict=True) if not old}.values())
        if not fresh:
            return Observed(accepted=0, duplicates=len(events))
        try:
            applied = _log_and_apply(actor, fresh, received_at_ms)
        except ActorGone:
            continue  # the data was deleted in between: begin again, as somebody new
        return Observed(accepted=applied, duplicates=len(events) - applied)
    raise Conflict("Your data is being deleted. Try again.")


def tell(
    *,
    actor: Actor,
    kind: Signal,
    reference: str,
    content_id: int = 0,
    product_id: int = 0,
    creator_id: int = 0,
    value: int = 0,
    at_ms: int | None = None,
) -> bool:
    """A signal that the server itself knows of (an order, a return). Applied once for each `reference`; returns whether now."""
    now_ms = clock.now_ms()
    event = SignalEvent(
        event_id=uuid5(NAMESPACE_URL, f"xingqu:{kind.name}:{reference}").bytes,
        kind=kind,
        occurred_at_ms=min(at_ms or now_ms, now_ms),
        content_id=content_id,
        product_id=product_id,
        creator_id=creator_id,
        value=value,
        surface="server",
    )
    return observe(actor=actor, events=[event], received_at_ms=now_ms).accepted == 1


def apply_events(state: UserState, events: Sequence[SignalEvent], served: ServedSnapshot, now_ms: int) -> None:
    """Change `state` by the events, in place."""
    batch = to_engine(events, item_of_product=served.item_showing)
    apply_signals(state, batch, served.items, PARAMS, now_ms=now_ms)
    for event in events:
        if event.kind == Signal.NOT_INTERESTED and event.reason == "tag" and event.tag_id:
            half_lives_ms = PARAMS.state.half_lives_ms
            lessen_tag(state, event.tag_id, at_ms=event.occurred_at_ms, half_lives_ms=half_lives_ms)


def event_update(slot: int, received_at_ms: int, events: Sequence[SignalEvent], position: Any) -> EventUpdate:
    """What the store needs to know of a logged batch."""
    ids = [event.event_id for event in events]
    return EventUpdate(slot=slot, event_ids=ids, day=received_at_ms // DAY_MS, position=position)


def _log_and_apply(actor: Actor, events: list[SignalEvent], received_at_ms: int) -> int:
    store, served = state_store(), snapshots().get()
    events = [_with_searched_tag(event) for event in events]
    with _writing:
        slot = store.ensure_slot(actor.key)
        try:
            position = append_batch(slot=slot, received_at_ms=received_at_ms, events=events)
        except KeyError as error:
            # being deleted, or the machine died before the store had it on disk: then this ends it
            if slot in store.slots(actor.key):
                store.delete(actor.key)
            raise ActorGone(actor.key) from error
        try:
            applied = store.apply(
                event_update(slot, received_at_ms, events, position),
                lambda state, fresh: apply_events(state, [events[i] for i in fresh], served, received_at_ms),
            )
        except ActorGone:
            raise
        except BaseException:
            open_log(name="signals").roll()  # leave the logged batch to recovery: later ones must not hide it
            raise
    return len(applied)


def _with_searched_tag(event: SignalEvent) -> SignalEvent:
    """A search carries the interest tag its words name, when there is one."""
    if event.kind != Signal.SEARCH or event.tag_id:
        return event
    words = [event.query.strip().lower(), event.query.strip()]
    found = catalogue.tag_ids_by_name(words)
    return replace(event, tag_id=next((found[word] for word in words if word in found), 0))


def _unknown_targets(events: Sequence[tuple[int, SignalEvent]]) -> dict[int, Rejection]:
    """Events about something that does not exist, by index."""
    served = snapshots().get()
    rejected: dict[int, Rejection] = {}
    contents = [(index, event.content_id) for index, event in events if event.content_id]
    rows = served.items.rows_of([content_id for _, content_id in contents])
    for (index, _), row in zip(contents, rows, strict=True):
        if row < 0:
            rejected[index] = _unknown(index, "content_id", "a published content")
    checks = (
        ("product_id", "a product", served.product_ids, lambda ids: catalogue.cards(ids)),
        ("creator_id", "a creator", served.creator_ids, lambda ids: accounts.creators_by_ids(ids=ids)),
        ("tag_id", "an interest tag", served.tag_ids, lambda ids: catalogue.tags_by_ids(ids)),
    )
    for field, what, known, look_up in checks:
        wanted = [(index, int(getattr(event, field))) for index, event in events if getattr(event, field)]
        if not wanted:
            continue
        strange = {pk for pk in {pk for _, pk in wanted} if not _contains(known, pk)}
        strange -= set(look_up(strange)) if strange else set()
        for index, pk in wanted:
            if pk in strange:
                rejected.setdefault(index, _unknown(index, field, what))
    return rejected


def _contains(ascending: Any, value: int) -> bool:
    position = int(np.searchsorted(ascending, value))
    return position < ascending.size and int(ascending[position]) == value


def _unknown(index: int, field: str, what: str) -> Rejection:
    return Rejection(
        index, f"unknown_{field.removesuffix('_id')}", field, "There is no such thing.", f"the id of {what}"
    )
