"""The commerce load in service: a controller each for newcomers and for those who are known, moved by the worker, read by every
process that serves.

They live in a small file that is replaced whole. What a crash loses or repeats of the evidence is forgotten within a few
hundred impressions, so the file need not be in step with the log.
"""

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from xingqu.engine.columns import Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.slate.commerce import CommerceState, Evidence, update_load
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.storage import PARAMS, state_store
from xingqu.signals.contracts import SignalEvent

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0
KNOWN_REMEMBERED: Final = 200_000


class Whom(StrEnum):
    """Whose pages a load is for: those who did little so far, or all others."""

    NEWCOMERS = "newcomers"
    KNOWN = "known"


@dataclass
class _Held:
    states: dict[Whom, CommerceState]
    stamp: int | None
    looked_at_s: float


_held: dict[tuple[Path, int], _Held] = {}
_known_slots: dict[tuple[Path, int], set[int]] = {}  # who is known stays known


def commerce_state(*, events_total: int) -> CommerceState:
    """The controller's state for somebody who did so much, at most a second old; the initial one before there is any."""
    return _states()[whom(events_total)]


def whom(events_total: int) -> Whom:
    return Whom.NEWCOMERS if events_total < PARAMS.commerce.newcomer_events else Whom.KNOWN


def observe_commerce(
    people: NDArray[np.int64], events: Sequence[SignalEvent], told: SignalBatch, items: ItemSnapshot
) -> None:
    """Move the loads by what happened on the for-you feed; other surfaces are asked for, not composed by the house.

    `people`: the slot of each event.
    """
    composed = np.array([event.surface in ("", "for_you") for event in events], dtype=np.bool_)
    rows = items.rows_of(told.item_id)
    shown = composed & (told.kind == Signal.IMPRESSION) & (rows >= 0)
    if not shown.any():
        return
    known = np.isin(people, _known_among(np.unique(people[shown])))
    watched = watched_signals(told, items, PARAMS) & composed
    refused = composed & (told.kind == Signal.NOT_INTERESTED)
    states = dict(_states())
    for of, own in ((Whom.KNOWN, known), (Whom.NEWCOMERS, ~known)):
        evidence = Evidence(
            impressions=int((shown & own).sum()),
            commerce=int((items.product_id[rows[shown & own]] != 0).sum()),
            watched=int((watched & own).sum()),
            turned_away=int((refused & own).sum()),
        )
        states[of] = update_load(states[of], evidence, PARAMS.commerce)
    path = _path()
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({str(of): state.as_dict() for of, state in states.items()}), encoding="ascii")
    part.rename(path)
    _held[(path, os.getpid())] = _Held(states, path.stat().st_mtime_ns, time.monotonic())


def _states() -> Mapping[Whom, CommerceState]:
    path, now_s = _path(), time.monotonic()
    held = _held.setdefault((path, os.getpid()), _Held(_initial(), None, -LOOK_EVERY_S))
    if now_s - held.looked_at_s >= LOOK_EVERY_S:
        held.looked_at_s = now_s
        try:
            stamp = path.stat().st_mtime_ns
            if stamp != held.stamp:
                held.states, held.stamp = _read(path), stamp
        except FileNotFoundError:
            held.states, held.stamp = _initial(), None
        except (ValueError, TypeError, AttributeError, KeyError):
            log.exception("the commerce state cannot be read; the one before stays")
    return held.states


def _read(path: Path) -> dict[Whom, CommerceState]:
    told = json.loads(path.read_text(encoding="ascii"))
    if "load" in told:  # of a release with one load for all
        return _initial() | {Whom.KNOWN: CommerceState.from_dict(told)}
    return {of: CommerceState.from_dict(told[of]) for of in Whom}


def _initial() -> dict[Whom, CommerceState]:
    return dict.fromkeys(Whom, CommerceState())


def _known_among(slots: NDArray[np.int64]) -> list[int]:
    known = _known_slots.setdefault((_path(), os.getpid()), set())
    if len(known) > KNOWN_REMEMBERED:
        known.clear()
    for slot in slots.tolist():
        if slot not in known and whom(state_store().read_slot(slot).events_total) == Whom.KNOWN:
            known.add(slot)
    return list(known.intersection(slots.tolist()))


def _path() -> Path:
    return Path(settings.HOME) / "commerce.json"
