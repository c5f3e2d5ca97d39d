"""The commerce load in service: one controller in the worker, read by every process that serves.

It lives in a small file that is replaced whole. What a crash loses or repeats of the evidence is forgotten within a few
hundred impressions, so the file need not be in step with the log.
"""

import json
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings

from xingqu.engine.columns import Signal
from xingqu.engine.learn.counters import watched_signals
from xingqu.engine.slate.commerce import CommerceState, Evidence, update_load
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.storage import PARAMS
from xingqu.signals.contracts import SignalEvent

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0


@dataclass
class _Held:
    state: CommerceState
    stamp: int | None
    looked_at_s: float


_held: dict[tuple[Path, int], _Held] = {}


def commerce_state() -> CommerceState:
    """The controller's state, at most a second old; the initial one before there is any."""
    path, now_s = _path(), time.monotonic()
    held = _held.setdefault((path, os.getpid()), _Held(CommerceState(), None, -LOOK_EVERY_S))
    if now_s - held.looked_at_s >= LOOK_EVERY_S:
        held.looked_at_s = now_s
        try:
            stamp = path.stat().st_mtime_ns
            if stamp != held.stamp:
                held.state, held.stamp = CommerceState.from_dict(json.loads(path.read_text(encoding="ascii"))), stamp
        except FileNotFoundError:
            held.state, held.stamp = CommerceState(), None
        except (ValueError, TypeError):
            log.exception("the commerce state cannot be read; the one before stays")
    return held.state


def observe_commerce(events: Sequence[SignalEvent], told: SignalBatch, items: ItemSnapshot) -> None:
    """Move the load by what happened on the for-you feed; other surfaces are asked for, not composed by the house."""
    composed = np.array([event.surface in ("", "for_you") for event in events], dtype=np.bool_)
    rows = items.rows_of(told.item_id)
    shown = composed & (told.kind == Signal.IMPRESSION) & (rows >= 0)
    impressions = int(shown.sum())
    if not impressions:
        return
    evidence = Evidence(
        impressions=impressions,
        commerce=int((items.product_id[rows[shown]] != 0).sum()),
        watched=int((watched_signals(told, items, PARAMS) & composed).sum()),
        turned_away=int((composed & (told.kind == Signal.NOT_INTERESTED)).sum()),
    )
    path = _path()
    state = update_load(commerce_state(), evidence, PARAMS.commerce)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(state.as_dict()), encoding="ascii")
    part.rename(path)
    _held[(path, os.getpid())] = _Held(state, path.stat().st_mtime_ns, time.monotonic())


def _path() -> Path:
    return Path(settings.HOME) / "commerce.json"
