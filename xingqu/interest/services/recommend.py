"""The next page for an actor: state read, engine asked, page recorded."""

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Surface
from xingqu.engine.evaluate.channel_samples import ChannelSample
from xingqu.engine.recommend import Request
from xingqu.engine.recommend import recommend as rank
from xingqu.engine.state.user import UserState, set_personalised
from xingqu.engine.warming import warm_up as warm_up_engine
from xingqu.interest.contracts import Page
from xingqu.interest.services.channels import keep_sample, takes_sample
from xingqu.interest.services.commerce import commerce_state
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.ports import StatesUnavailable
from xingqu.interest.stores.served import encode_page, recommended_of, request_id_of
from xingqu.kit import clock
from xingqu.signals.services import open_log, seal_record

log = logging.getLogger(__name__)


def recommend(
    *,
    actor: Actor,
    size: int,
    surface: str = "for_you",
    exclude: Sequence[int] = (),
    previous: Sequence[int] = (),
    seed_content_id: int = 0,
) -> Page:
    """Rank the next `size` contents for the actor, with channels, reasons and propensities. See `record_served`.

    `surface`: for_you, following, or similar (to `seed_content_id`). `exclude`: contents the client holds already.
    `previous`: the contents just above, newest last, for spacing. The page may be shorter than asked, even empty. While the
    store of states does not answer everybody gets what is for nobody in particular; of whom one follows it raises
    StatesUnavailable.
    """
    watch = _Stages()
    served = snapshots().get()
    watch.lap("snapshot")
    state = _state_of(actor, Surface(surface))
    watch.lap("state_read")
    now_ms = clock.now_ms()
    sampled = surface == Surface.FOR_YOU and state.personalised and takes_sample()
    request = Request(
        size=size,
        now_ms=now_ms,
        exclude_item_ids=np.asarray(exclude, dtype=np.int64),
        previous_item_ids=np.asarray(previous, dtype=np.int64),
        surface=Surface(surface),
        seed_item_id=seed_content_id,
        commerce_load=commerce_state(events_total=state.events_total).load if surface == Surface.FOR_YOU else 0.0,
        trace=sampled,
    )
    slate = rank(served.items, state, request, _generator(os.getpid()), PARAMS)
    watch.lap("engine")
    stages = watch.stage_ns | {f"engine_{name}": spent_ns for name, spent_ns in slate.stage_ns.items()}
    return Page(
        request_id="",
        at_ms=now_ms,
        surface=surface,
        snapshot_version=served.items.version,
        personalised=slate.personalised,
        items=recommended_of(slate),
        stage_ns=stages,
        sample=None if slate.trace is None else ChannelSample.of(slate.trace, now_ms),
    )


def record_served(*, actor: Actor, page: Page, content_ids: Sequence[int], surface: str = "") -> Page:
    """Record those contents of the page that are really shown, in this order; returns that page with its request id.

    `surface` says where, when it was not the surface they were ranked for.
    The record is sealed with the actor's key. It survives a crash of the process, not necessarily of the machine. While the
    store of states does not answer nothing is recorded and the request id stays empty.
    """
    started_ns = time.perf_counter_ns()
    by_id = {item.content_id: item for item in page.items}
    items = tuple(replace(by_id[pk], position=position) for position, pk in enumerate(content_ids))
    shown = replace(page, items=items, surface=surface or page.surface, sample=None)
    try:
        slot = state_store().ensure_slot(actor.key)
    except StatesUnavailable:
        return shown
    position = open_log(name="served", sync=False).append(seal_record(slot=slot, data=encode_page(shown)))
    if page.sample is not None:
        keep_sample(slot=slot, sample=page.sample.with_shown(content_ids))
    spent_ns = time.perf_counter_ns() - started_ns
    request_id = request_id_of(position.segment, position.start)
    return replace(shown, request_id=request_id, stage_ns=page.stage_ns | {"record": spent_ns})


def warm_up() -> None:
    """Load what the first request would wait for: compiled functions, state store, snapshot."""
    warm_up_engine(PARAMS)
    try:
        state_store()
    except StatesUnavailable:
        log.warning("the store of states does not answer yet; pages are for nobody in particular until it does")
    snapshots().refresh()


def _state_of(actor: Actor, surface: Surface) -> UserState:
    try:
        return state_store().read(actor.key)
    except StatesUnavailable:
        if surface == Surface.FOLLOWING:  # an empty page would say that nobody is followed
            raise
        state = UserState.empty()
        set_personalised(state, False)
        return state


@cache
def _generator(pid: int) -> np.random.Generator:
    """Each process draws from its own stream, also when it was forked."""
    return np.random.default_rng()


class _Stages:
    def __init__(self) -> None:
        self.stage_ns: dict[str, int] = {}
        self._last_ns = time.perf_counter_ns()

    def lap(self, name: str) -> None:
        now_ns = time.perf_counter_ns()
        self.stage_ns[name] = now_ns - self._last_ns
        self._last_ns = now_ns
